"""The daemon, the Zoho plugin and the simulated Zoho CRM: each good lead once, each bad one under its own category."""
import pathlib
import tempfile
import unittest

import harness
import leads

SECRETS = {"client_id": "simulator-client", "client_secret": "simulator-secret", "refresh_token": "simulator-refresh"}


class ZohoWorld(harness.World):
    settings = {}
    provision = True

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.crm = harness.Simulator(self.folder, arguments=["--crm", "zoho"]).start()
        self.addCleanup(self.crm.stop)
        self.daemon = harness.Daemon(self.folder)
        for name, text in SECRETS.items():
            self.daemon.set_secret(f"crm.{name}", text)
        self.configure()
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)

    def configure(self, **more):
        credential = {"kind": "oauth", **{name: {"file": str(self.folder / f"crm.{name}")} for name in SECRETS}}
        self.daemon.integrate("crm", self.crm.url, plugin="zoho", credential=credential, limits={"credits": 1_000_000},
                              provision=self.provision, settings=self.settings, **more)

    def wait_for_schema(self):
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["schema_fetched_at"], 30,
                           lambda: self.daemon.get("/v1/integrations/crm"))

    def save_mapping(self, *fields):
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["mapping_revision"] not in (0, "0"), 30, "the first mapping")
        answer = self.daemon.call("GET", "/v1/integrations/crm/mapping")
        mapping = answer.json["mapping"]
        named = {(field["object"], field["remote_field"]) for field in fields}
        mapping["fields"] = [field for field in mapping["fields"] if (field["object"], field["remote_field"]) not in named] + list(fields)
        self.daemon.ok("PUT", "/v1/integrations/crm/mapping", mapping, headers={"If-Match": answer.headers["ETag"]})

    def values(self, module):
        return [record["values"] for record in self.crm.objects(module)]

    def assert_each_once(self, numbers, module="Leads", notes=True):
        wanted = sorted(leads.email(number) for number in numbers)
        self.assertEqual(sorted(person.get("Email", "") for person in self.values(module)), wanted)
        duplicates = self.crm.admin("GET", "duplicates")
        self.assertEqual(duplicates["count"], 0, str(duplicates)[:1500])
        if notes:
            people = {record["id"]: record["values"]["Email"] for record in self.crm.objects(module)}
            held = sorted((people.get(note["Parent_Id"]["id"]), note["Note_Content"]) for note in self.values("Notes"))
            self.assertEqual(held, sorted((leads.email(number), f"Note of lead {number}") for number in numbers))

    def failed(self):
        return {row["email"]: row["category"] for row in self.daemon.deliveries(state="failed")}


class ZohoLeads(ZohoWorld):
    settings = {"tag": "Expo 2026", "campaign_id": "111111000000077001"}

    def test_each_lead_is_in_zoho_once_with_its_company_and_its_note(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(250))
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (250, 0), settled["failed"]["groups"])
        self.assert_each_once(range(250))
        for record in self.crm.objects("Leads"):
            number = int(record["values"]["Email"].split("@")[0][4:])
            self.assertEqual(record["values"]["Company"], f"Firm {number // 3}")
            self.assertEqual(record["values"]["Designation"], "Engineer")
            self.assertEqual(record["tags"], ["Expo 2026"])
            self.assertEqual(record["campaigns"], [{"id": "111111000000077001"}])
            self.assertTrue(record["values"]["leadsync_key"])
        self.assertEqual(self.crm.admin("GET", "tokens")["refreshes"], 1, "one token serves all")
        log = self.daemon.get(f"/v1/integrations/crm/deliveries/{next(self.daemon.deliveries(q=leads.email(7)))['lead']}")
        self.assertNotIn("simulator-refresh", str(log))

        self.daemon.post_leads([leads.lead(7, job_title="Director")])
        harness.wait_until(lambda: [v for v in self.values("Leads") if v["Designation"] == "Director"], 30, "a change of a cleared lead")
        self.daemon.wait_settled(30)
        self.assert_each_once(range(250))

    def test_a_lead_that_zoho_has_already_is_adopted(self):
        self.daemon.start()
        self.daemon.post_leads([leads.lead(0, email="Lead1@Firm0.example", notes="")])
        self.daemon.wait_settled(30)
        self.daemon.post_leads([leads.lead(1, badge="other", notes="")], event="Webinar")
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 2)
        self.assert_each_once([1], notes=False)

    def test_each_bad_lead_fails_under_its_own_category(self):
        self.daemon.start()
        self.wait_for_schema()
        self.save_mapping({"object": "person", "remote_field": "Timeline", "source": "qualifier:Timeline"},
                          {"object": "person", "remote_field": "Booth_Notes", "source": "notes"})
        bad = {2: {"email": "lead2 at firm"}, 4: {"company": ""}, 5: {"qualifiers": {"Timeline": ["NAM Only"]}}, 7: {"notes": "x" * 201},
               8: {"qualifiers": {"Timeline": ["This quarter"]}}}
        self.daemon.post_leads([leads.lead(number, **bad.get(number, {})) for number in range(10)])
        settled = self.daemon.wait_settled(60)
        self.assertEqual(self.failed(), {"lead2 at firm": "DATA_FORMAT_VALIDATION", leads.email(4): "NOT_ENOUGH_DATA",
                                         leads.email(5): "NO_TAG_MAPPING", leads.email(7): "DATA_TOO_LONG"}, settled["failed"]["groups"])
        self.assert_each_once([number for number in range(10) if number not in (2, 4, 5, 7)])

    def test_what_the_crm_refuses_after_the_schema_was_read(self):
        self.daemon.start()
        self.wait_for_schema()
        self.save_mapping({"object": "person", "remote_field": "Timeline", "source": "qualifier:Timeline"})
        self.crm.admin("PUT", "fields/Leads/Timeline", {"pick_list_values": ["Next quarter"]})
        self.crm.admin("PUT", "fields/Leads/City", {"length": 5})
        self.crm.admin("PUT", "fields/Leads/Designation", {"data_type": "integer"})
        self.crm.admin("PUT", "fields/Leads/Phone", {"system_mandatory": True})
        ordinary = {"job_title": "", "phone": "+1 212 555 0100"}
        bad = {1: {"qualifiers": {"Timeline": ["This quarter"]}}, 2: {"city": "Reykjavik"}, 3: {"job_title": "Engineer"}, 4: {"phone": ""}}
        self.daemon.post_leads([leads.lead(number, **{**ordinary, **bad.get(number, {})}) for number in range(8)])
        settled = self.daemon.wait_settled(60)
        self.assertEqual(self.failed(), {leads.email(1): "DATA_VALUE_VALIDATION", leads.email(2): "DATA_TOO_LONG",
                                         leads.email(3): "DATA_FORMAT_VALIDATION", leads.email(4): "NOT_ENOUGH_DATA"}, settled["failed"]["groups"])
        self.assert_each_once([0, 5, 6, 7])

    def test_a_field_that_zoho_drops_without_a_word_is_found(self):
        for unknown in ("drop", "reject"):
            with self.subTest(unknown):
                self.crm.admin("PUT", "options", {"unknown_fields": unknown})
                if unknown == "drop":
                    self.daemon.start()
                    self.wait_for_schema()
                    self.crm.admin("DELETE", "fields/Leads/City")
                    self.daemon.post_leads([leads.lead(0, city="Ulm"), leads.lead(1)])
                else:
                    self.daemon.post_leads([leads.lead(3, city="Ulm"), leads.lead(4)])
                self.daemon.wait_settled(60)
        self.assertEqual(self.failed(), {leads.email(0): "MISSING_REMOTE_FIELD", leads.email(3): "MISSING_REMOTE_FIELD"})

    def test_a_refresh_token_that_is_refused_with_200_holds_and_fails_nobody(self):
        self.daemon.set_secret("crm.refresh_token", "of-another-data-centre")
        self.daemon.start()
        self.daemon.post_leads(leads.many(3))
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["hold"] == "reconnect", 60, lambda: self.daemon.get("/v1/integrations/crm"))
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)
        self.assertIn("invalid_code", self.daemon.get("/v1/integrations/crm")["breaker_message"])

    def test_a_token_that_expires_is_renewed_and_throttling_fails_nobody(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(20))
        self.daemon.wait_settled(30)
        self.crm.admin("PUT", "tokens", {"expire_all": True})
        self.crm.fault("429_burst", count=3, method="POST", path="/crm/v8/")
        self.daemon.post_leads(leads.many(20, first=20))
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (40, 0), settled["failed"]["groups"])
        self.assertEqual(self.crm.admin("GET", "tokens")["refreshes"], 2)
        self.assert_each_once(range(40))


class ZohoContacts(ZohoWorld):
    settings = {"module": "Contacts"}

    def test_contacts_belong_to_the_account_of_their_company(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(60))
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (60, 0), settled["failed"]["groups"])
        self.assert_each_once(range(60), module="Contacts")
        accounts = {record["id"]: record["values"] for record in self.crm.objects("Accounts")}
        self.assertEqual(sorted(values["Account_Name"] for values in accounts.values()), sorted(f"Firm {number}" for number in range(20)))
        self.assertTrue(all(values["Website"].endswith(".example") for values in accounts.values()))
        for contact in self.values("Contacts"):
            number = int(contact["Email"].split("@")[0][4:])
            self.assertEqual(accounts[contact["Account_Name"]["id"]]["Account_Name"], f"Firm {number // 3}")


class ZohoTrouble(ZohoWorld):
    def assert_all_there(self, count):
        settled = self.daemon.wait_settled(180)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (count, 0), settled["failed"]["groups"])
        self.assert_each_once(range(count))

    def test_a_connection_cut_after_a_write_doubles_nothing(self):
        self.daemon.start()
        self.wait_for_schema()
        for path in ("/crm/v8/Leads/upsert", "/crm/v8/Notes"):
            self.crm.fault("cut_after", method="POST", path=path)
        self.crm.fault("hidden_row", method="POST", path="/crm/v8/Leads/upsert", skip=1)
        self.daemon.post_leads(leads.many(40))
        self.assert_all_there(40)


class ZohoWithoutKey(ZohoTrouble):
    provision = False


if __name__ == "__main__":
    unittest.main()
