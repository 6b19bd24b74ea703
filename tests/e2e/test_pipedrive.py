"""The real daemon with the Pipedrive plugin and the simulated Pipedrive: leads in, each once in the CRM."""
import json
import pathlib
import tempfile
import unittest

import harness
import leads

TOKEN = "pipedrive-token-simulator"


class PipedriveWorld(harness.World):
    """A simulated Pipedrive without limits. Its index shows a record after `lag` ms."""
    lag = 300
    settings = {}
    provision = True

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.crm = harness.Simulator(self.folder, arguments=["--crm", "pipedrive"]).start()
        self.addCleanup(self.crm.stop)
        self.crm.no_limits()
        self.crm.admin("PUT", "options", {"search_lag_ms": self.lag})
        self.daemon = harness.Daemon(self.folder, self.config)
        self.integrate()
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)

    def integrate(self, **more):
        self.daemon.integrate("crm", self.crm.url, plugin="pipedrive", token=TOKEN, settings=self.settings, provision=self.provision, **more)

    def ready(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["mapping_revision"] not in (0, "0"), 30, "the first mapping")

    def map(self, *fields):
        """Adds to the mapping, or replaces what is mapped to the same field."""
        answer = self.daemon.call("GET", "/v1/integrations/crm/mapping")
        mapping = answer.json["mapping"]
        named = {(field["object"], field["remote_field"]) for field in fields}
        mapping["fields"] = [one for one in mapping["fields"] if (one["object"], one["remote_field"]) not in named] + list(fields)
        self.daemon.ok("PUT", "/v1/integrations/crm/mapping", mapping, headers={"If-Match": answer.headers["ETag"]})

    def code(self, entity, name):
        return next(field["field_code"] for field in self.crm.admin("GET", f"fields/{entity}")["results"] if field["field_name"] == name)

    def option(self, entity, name, label):
        field = next(field for field in self.crm.admin("GET", f"fields/{entity}")["results"] if field["field_name"] == name)
        return next(option["id"] for option in field["options"] if option["label"] == label)

    def expect_each_once(self, numbers):
        numbers = list(numbers)
        persons = {person["emails"][0]["value"]: person for person in self.crm.objects("persons")}
        self.assertEqual(sorted(persons), sorted(leads.email(number) for number in numbers))
        self.assertEqual(self.crm.count("persons"), len(numbers), "persons")
        duplicates = self.crm.admin("GET", "duplicates")
        self.assertEqual(duplicates["count"], 0, str(duplicates)[:1500])
        organizations = {one["id"]: one["name"] for one in self.crm.objects("organizations")}
        self.assertEqual(sorted(organizations.values()), sorted({f"Firm {number // 3}" for number in numbers}))
        in_crm = {lead["person_id"]: lead for lead in self.crm.objects("leads")}
        notes = {note["lead_id"]: note["content"] for note in self.crm.objects("notes")}
        self.assertEqual((self.crm.count("leads"), self.crm.count("notes")), (len(numbers), len(numbers)), "leads, notes")
        for number in numbers:
            person = persons[leads.email(number)]
            lead = in_crm[person["id"]]
            self.assertEqual(organizations[person["org_id"]], f"Firm {number // 3}")
            self.assertEqual(lead["organization_id"], person["org_id"])
            self.assertEqual(notes[lead["id"]], f"Note of lead {number}")


class MainPath(PipedriveWorld):
    settings = {"currency": "EUR"}

    def test_each_lead_becomes_a_person_an_organization_a_lead_and_a_note(self):
        self.ready()
        self.daemon.post_leads(leads.many(60))
        settled = self.daemon.wait_settled(90)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (60, 0), settled["failed"]["groups"])
        self.expect_each_once(range(60))
        person = next(one for one in self.crm.objects("persons") if one["emails"][0]["value"] == leads.email(7))
        self.assertEqual(person["name"], "Radia Lovelace 7")
        self.assertTrue(person["custom_fields"][self.code("person", "leadsync key")].startswith("ls-"))
        log = self.daemon.get(f"/v1/integrations/crm/deliveries/{next(self.daemon.deliveries(q=leads.email(7)))['lead']}")
        self.assertEqual({phase["phase"]: phase["status"] for phase in log["attempt_log"][0]["phases"]},
                         {name: "ok" for name in ("company", "person", "association", "lead", "note")})
        self.assertNotIn(TOKEN, json.dumps(log))

    def test_custom_fields_are_shown_by_their_names_and_written_by_code_and_option_id(self):
        self.ready()
        schema = self.daemon.get("/v1/integrations/crm/schema")
        objects = {one["name"]: one for one in schema["objects"]}
        labels = {field["label"]: field for field in objects["lead"]["fields"]}
        budget = labels["Budget"]["name"]
        self.assertEqual((budget, labels["Timeline"]["type"]), (self.code("deal", "Budget") + ":money", "option"))
        self.map({"object": "person", "remote_field": self.code("person", "Product Interest"), "source": "qualifier:Interest"},
                 {"object": "lead", "remote_field": self.code("deal", "Timeline"), "source": "qualifier:Timeline"},
                 {"object": "lead", "remote_field": self.code("deal", "Products"), "source": "qualifier:Interest", "values": {"Badge Printing": "", "Scanner": "Scanner"}},
                 {"object": "lead", "remote_field": budget, "source": "qualifier:Budget"},
                 {"object": "lead", "remote_field": "label_ids", "source": "qualifier:Rating"})
        self.daemon.post_leads([leads.lead(0, qualifiers={"Interest": ["Scanner", "Badge Printing"], "Timeline": ["Next quarter"], "Budget": ["1250.50"], "Rating": ["Hot"]}),
                                leads.lead(1, qualifiers={"Timeline": ["Some day"]})])
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], self.daemon.groups()), (1, {"NO_TAG_MAPPING": 1}), list(self.daemon.deliveries(state="failed")))
        person, lead = self.crm.objects("persons")[0], self.crm.objects("leads")[0]
        interest = [self.option("person", "Product Interest", label) for label in ("Scanner", "Badge Printing")]
        self.assertEqual(person["custom_fields"][self.code("person", "Product Interest")], interest)
        self.assertEqual(lead[self.code("deal", "Timeline")], self.option("deal", "Timeline", "Next quarter"))
        self.assertEqual((lead[self.code("deal", "Budget")], lead[self.code("deal", "Budget") + "_currency"]), (1250.5, "EUR"))
        self.assertEqual(lead[self.code("deal", "Products")], str(self.option("deal", "Products", "Scanner")))
        self.assertEqual(len(lead["label_ids"]), 1)

    def test_a_person_who_is_there_already_is_completed_and_not_doubled(self):
        self.crm.admin("PUT", "options", {"search_lag_ms": 3000})
        self.ready()
        self.daemon.post_leads([leads.lead(0)], event="First fair")
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 1)
        # At once, while the index does not show the person yet.
        self.daemon.post_leads([leads.lead(0, badge="B0b", phone="+49 30 1234567")], event="Second fair")
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 2)
        self.assertEqual((self.crm.count("persons"), self.crm.count("organizations"), self.crm.count("leads")), (1, 1, 2))
        person = self.crm.objects("persons")[0]
        self.assertEqual(([one["value"] for one in person["emails"]], len(person["phones"])), ([leads.email(0)], 1))

    def test_without_an_email_address_our_key_tells_who_it_is(self):
        self.ready()
        self.daemon.post_leads([leads.lead(0, email="")])
        settled = self.daemon.wait_settled(30)
        self.assertEqual(settled["cleared"], 1, settled["failed"]["groups"])
        one = next(self.daemon.deliveries(state="cleared"))
        self.daemon.ok("PATCH", f"/v1/leads/{one['lead']}", {"fields": {"last_name": "King"}})
        harness.wait_until(lambda: [p for p in self.crm.objects("persons") if p["name"].endswith("King")], 30, "the change")
        self.daemon.wait_settled(30)
        self.assertEqual((self.crm.count("persons"), self.crm.count("leads"), self.crm.count("notes")), (1, 1, 1))


class Refusals(PipedriveWorld):
    def test_each_bad_row_is_in_its_own_category(self):
        self.ready()
        self.daemon.post_leads([leads.lead(0), leads.lead(1, email="nobody at all"), leads.lead(2, first_name="N" * 300)])
        self.daemon.wait_settled(60)
        self.assertEqual(self.daemon.groups(), {"DATA_FORMAT_VALIDATION": 1, "DATA_TOO_LONG": 1})
        self.assertEqual(self.crm.count("persons"), 1, "what cannot pass is not sent")

    def test_what_only_the_crm_can_refuse_is_filed_under_its_field(self):
        """The fields change after they were described."""
        self.ready()
        booth, event = self.code("person", "Booth"), self.code("deal", "Event")
        self.map({"object": "person", "remote_field": booth, "source": "qualifier:Booth"},
                 {"object": "lead", "remote_field": event, "source": "qualifier:Hall"})
        self.crm.admin("DELETE", f"fields/person/{booth}")
        self.crm.admin("DELETE", f"fields/deal/{event}")
        self.daemon.post_leads([leads.lead(0, qualifiers={"Booth": ["4711"]}), leads.lead(3, qualifiers={"Hall": ["7"]}), leads.lead(6)])
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], self.daemon.groups()), (1, {"MISSING_REMOTE_FIELD": 2}))
        fields = {group["locus"]["remote_field"] for group in settled["failed"]["groups"][0]["sub_groups"]}
        self.assertEqual(fields, {booth, event}, "v2 refuses, v1 loses in silence")

    def test_a_deleted_record_is_told_as_gone_and_a_deleted_company_is_made_again(self):
        self.ready()
        self.daemon.post_leads([leads.lead(0)])
        self.daemon.wait_settled(30)
        self.crm.admin("DELETE", f"objects/organizations/{self.crm.objects('organizations')[0]['id']}")
        self.daemon.post_leads([leads.lead(1)])
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 2)
        self.assertEqual(self.crm.count("organizations"), 1)
        person = next(one for one in self.crm.objects("persons") if one["emails"][0]["value"] == leads.email(0))
        self.crm.admin("DELETE", f"objects/persons/{person['id']}")
        one = next(self.daemon.deliveries(q=leads.email(0)))
        self.daemon.ok("PATCH", f"/v1/leads/{one['lead']}", {"fields": {"job_title": "Director", "last_name": "King"}})
        harness.wait_until(lambda: self.daemon.groups() == {"TARGET_GONE": 1}, 30, lambda: self.daemon.groups())


class Limits(PipedriveWorld):
    def test_burst_and_search_windows_are_kept_without_a_refusal(self):
        # Half of what is there: where connecting takes long the daemon's windows end early, by half at most.
        self.integrate(limits={"burst": 10, "search": 5})
        self.ready()
        self.crm.admin("PUT", "limits", {"burst": {"amount": 20}, "search": {"amount": 10}, "daily": {"amount": 30000}})
        self.crm.admin("DELETE", "requests")
        self.daemon.post_leads(leads.many(12))
        self.assertEqual(self.daemon.wait_settled(90)["cleared"], 12)
        quotas = self.crm.admin("GET", "requests")["quotas"]
        self.assertEqual((quotas["burst"]["rejected"], quotas["search"]["rejected"]), (0, 0), quotas)
        self.assertGreater(quotas["daily"]["used"], 12 * 40)
        self.expect_each_once(range(12))

    def test_a_spent_budget_and_a_block_of_the_gateway_let_leads_wait(self):
        self.ready()
        self.crm.fault("403_html", count=1, path="/api/v2/persons/search")
        self.daemon.post_leads([leads.lead(0)])
        row = harness.wait_until(lambda: next(self.daemon.deliveries(category="THROTTLED"), None), 30, lambda: list(self.daemon.deliveries()))
        self.assertNotEqual(row["state"], "failed")
        self.crm.admin("PUT", "limits", {"daily": {"amount": 100, "used": 99}})
        self.daemon.post_leads([leads.lead(3)])
        harness.wait_until(lambda: next(self.daemon.deliveries(category="QUOTA_EXHAUSTED"), None), 30, lambda: list(self.daemon.deliveries()))
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)


class Faults(PipedriveWorld):
    lag = 1500

    def test_connections_cut_after_writes_double_nothing(self):
        self.ready()
        for path in ("/api/v2/persons", "/api/v2/organizations", "/v1/leads", "/v1/notes"):
            self.crm.fault("cut_after", method="POST", path=path, count=2, skip=1)
        self.daemon.post_leads(leads.many(15))
        settled = self.daemon.wait_settled(120)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (15, 0), list(self.daemon.deliveries(state="failed"))[:2])
        self.expect_each_once(range(15))

    def test_without_a_key_field_cuts_double_nothing_either(self):
        self.provision = False
        self.integrate()
        self.test_connections_cut_after_writes_double_nothing()

    def test_failures_of_the_server_are_waited_out(self):
        self.ready()
        for kind, path in (("503", "/api/v2/persons"), ("502_html", "/v1/leads"), ("429_burst", "/v1/notes"), ("truncated_body", "/api/v2/organizations")):
            self.crm.fault(kind, method="POST", path=path, count=2)
        self.daemon.post_leads(leads.many(6))
        settled = self.daemon.wait_settled(150)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (6, 0), list(self.daemon.deliveries(state="failed"))[:2])
        self.expect_each_once(range(6))


class OAuth(PipedriveWorld):
    settings = {"authentication": "oauth"}

    def integrate(self, **more):
        secrets = {"client_id": "simulator-client", "client_secret": "simulator-secret", "refresh_token": "simulator-refresh"}
        for name, text in secrets.items():
            self.daemon.set_secret(f"crm.{name}", text)
        self.daemon.integrate("crm", self.crm.url, plugin="pipedrive", settings=self.settings,
                              credential={"kind": "oauth", **{name: {"file": str(self.folder / f"crm.{name}")} for name in secrets}}, **more)

    def test_an_expired_token_is_refreshed_and_a_revoked_one_holds(self):
        self.ready()
        self.daemon.post_leads(leads.many(3))
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], 3)
        self.crm.admin("PUT", "tokens", {"expire_all": True})
        self.daemon.post_leads(leads.many(6))
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], 6)
        self.expect_each_once(range(6))
        self.assertEqual(self.crm.admin("GET", "tokens")["refreshes"], 2)
        self.crm.admin("PUT", "tokens", {"revoke": "all"})
        self.daemon.post_leads(leads.many(9))
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["hold"] == "reconnect", 30, lambda: self.daemon.get("/v1/integrations/crm"))
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)


if __name__ == "__main__":
    unittest.main()
