"""Leads into Salesforce: as leads with tasks and a campaign, or as contacts of accounts; through cuts, kills, expiry and refusals."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import harness
import leads
from test_main_path import change_mapping, save_mapping

KEY = "leadsync_key__c"


class SalesforceWorld(harness.World):
    settings = {}

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.crm = harness.Simulator(self.folder, arguments=["--crm", "salesforce"]).start()
        self.addCleanup(self.crm.stop)
        self.ids = self.crm.admin("GET", "ids")
        self.daemon = harness.Daemon(self.folder)
        self.connect(**self.settings)
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)

    def connect(self, provision=True, kind="client_credentials", **settings):
        secrets = {"client_id": "simulator-client", "client_secret": "simulator-secret"}
        if kind == "oauth":
            secrets["refresh_token"] = "simulator-refresh"
        for name, text in secrets.items():
            self.daemon.set_secret(f"crm.{name}", text)
        credential = {"kind": kind, **{name: {"file": str(self.folder / f"crm.{name}")} for name in secrets}}
        self.daemon.integrate("crm", self.crm.url, plugin="salesforce", credential=credential, limits={}, provision=provision, settings=settings)

    def start(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["mapping_revision"] not in (0, "0"), 30,
                           lambda: json.dumps(self.daemon.get("/v1/integrations/crm"))[:1500])

    def values(self, kind, field):
        return [one["properties"].get(field) for one in self.crm.objects(kind)]

    def assert_each_once(self, numbers, person="Lead"):
        """Each lead is there once, with its task, and nothing else."""
        numbers = list(numbers)
        self.assertEqual(sorted(self.values(person, "Email")), sorted(leads.email(number) for number in numbers))
        self.assertEqual(self.crm.admin("GET", "duplicates")["count"], 0, str(self.crm.admin("GET", "duplicates"))[:1500])
        owners = {one["id"]: one["properties"]["Email"] for one in self.crm.objects(person)}
        notes = sorted((owners[task["properties"]["WhoId"]], task["properties"]["Description"]) for task in self.crm.objects("Task"))
        self.assertEqual(notes, sorted((leads.email(number), f"Note of lead {number}") for number in numbers))

    def assert_cleared(self, settled, count):
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (count, 0), json.dumps(settled["failed"]["groups"])[:1500])

    def failures(self):
        return {row["email"]: row["category"] for row in self.daemon.deliveries(state="failed")}


class Leads(SalesforceWorld):
    def test_each_lead_is_there_once_with_its_task_and_in_the_campaign(self):
        self.connect(campaign_id=self.ids["campaign"], campaign_member_status="Responded")
        self.start()
        self.daemon.post_leads(leads.many(450))
        self.assert_cleared(self.daemon.wait_settled(90), 450)
        self.assert_each_once(range(450))
        self.assertEqual(len({value for value in self.values("Lead", KEY) if value}), 450, "our key")
        self.assertEqual(sorted(self.values("CampaignMember", "LeadId")), sorted(one["id"] for one in self.crm.objects("Lead")))
        self.assertEqual(set(self.values("CampaignMember", "Status")), {"Responded"})
        self.assertEqual(self.crm.count("Account"), 0)
        first = next(one["properties"] for one in self.crm.objects("Lead") if one["properties"]["Email"] == leads.email(0))
        self.assertEqual((first["LastName"], first["Company"], first["Title"]), ("Lovelace 0", "Firm 0", "Engineer"))
        self.assertEqual({one["properties"]["Subject"] for one in self.crm.objects("Task")}, {"Expo 2026"})

        writes = self.crm.request_count(method="PATCH")
        self.daemon.post_leads(leads.many(450))
        self.daemon.wait_settled(20)
        self.assertEqual(self.crm.request_count(method="PATCH"), writes, "what is unchanged is not sent again")

    def test_a_changed_lead_is_updated_and_not_made_again(self):
        self.start()
        self.daemon.post_leads(leads.many(3))
        self.daemon.wait_settled(60)
        one = next(self.daemon.deliveries(q=leads.email(1)))
        self.daemon.ok("PATCH", f"/v1/leads/{one['lead']}", {"fields": {"job_title": "Director"}})
        harness.wait_until(lambda: "Director" in self.values("Lead", "Title"), 30, "the new title")
        self.daemon.wait_settled(30)
        self.assertEqual(self.crm.count("Lead"), 3)
        log = self.daemon.get(f"/v1/integrations/crm/deliveries/{one['lead']}")
        self.assertIn("/lightning/r/Lead/00Q", json.dumps(log))

    def test_cuts_locks_and_refusals_on_the_way_double_nothing(self):
        self.start()
        self.crm.fault("cut_after", method="PATCH", probability=0.2)
        self.crm.fault("503", probability=0.1)
        self.crm.fault("429_burst", method="PATCH", count=1)
        self.crm.admin("PUT", "options", {"lock_rows": 40, "hide_rows": 2})
        self.daemon.post_leads(leads.many(900))
        harness.wait_until(lambda: self.crm.count("Lead") >= 800, 120, lambda: self.crm.count("Lead"))
        self.crm.admin("DELETE", "faults")
        self.assert_cleared(self.daemon.wait_settled(180), 900)
        self.assert_each_once(range(900))

    def test_kills_in_the_middle_double_nothing(self):
        self.start()
        self.crm.admin("PUT", "latency", {"min_ms": 20, "max_ms": 60})
        for first in (0, 400):
            self.daemon.post_leads(leads.many(400, first=first))
            harness.wait_until(lambda: self.crm.count("Lead") > first, 60, "the first of them")
            self.daemon.kill()
            self.daemon.start()
        self.assert_cleared(self.daemon.wait_settled(180), 800)
        self.assert_each_once(range(800))

    def test_a_cut_task_without_our_key_is_looked_up(self):
        self.connect(provision=False)
        self.crm.admin("PUT", f"fields/Lead/{KEY}", {"unique": True, "externalId": True})
        self.start()
        self.crm.fault("cut_after", method="POST", path="/services/data/v62.0/composite/sobjects")
        self.daemon.post_leads(leads.many(20))
        self.assert_cleared(self.daemon.wait_settled(180), 20)
        self.assert_each_once(range(20))

    def test_a_session_that_ends_is_renewed_once(self):
        self.connect(kind="oauth")
        self.crm.admin("PUT", "tokens", {"rotation": True})
        self.start()
        self.daemon.post_leads(leads.many(5))
        self.daemon.wait_settled(60)
        before = self.crm.admin("GET", "tokens")["refreshes"]
        self.crm.admin("PUT", "tokens", {"expire_all": True})
        self.daemon.post_leads(leads.many(300, first=5))
        self.assert_cleared(self.daemon.wait_settled(90), 305)
        self.assertEqual(self.crm.admin("GET", "tokens")["refreshes"], before + 1)


    def test_a_signed_token_opens_the_org_and_a_wrong_key_holds(self):
        key = self.folder / "private.pem"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        public = subprocess.run(["openssl", "rsa", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
        secrets = {"client_id": "simulator-client", "username": "integration@acme.example", "private_key": key.read_text()}
        for name, text in secrets.items():
            self.daemon.set_secret(f"crm.{name}", text)
        credential = {"kind": "jwt", **{name: {"file": str(self.folder / f"crm.{name}")} for name in secrets}}
        self.daemon.integrate("crm", self.crm.url, plugin="salesforce", credential=credential, limits={}, provision=True)
        self.daemon.start()
        self.daemon.post_leads(leads.many(5))
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["hold"] == "reconnect", 60, lambda: self.daemon.get("/v1/integrations/crm"))
        self.assertIn("invalid assertion", self.daemon.get("/v1/integrations/crm")["breaker_message"])
        self.crm.admin("PUT", "tokens", {"public_key": public})
        self.daemon.ok("POST", "/v1/integrations/crm/reconnect", {})
        self.assert_cleared(self.daemon.wait_settled(60), 5)
        self.assertNotIn("PRIVATE KEY", self.daemon.log())


class Refusals(SalesforceWorld):
    def state(self):
        return self.daemon.get("/v1/integrations/crm")

    def test_each_bad_row_has_its_own_category(self):
        self.connect(match="key")  # else the duplicate would be found and updated
        self.start()
        source = {"object": "person", "remote_field": "LeadSource", "source": "qualifier:Source"}
        save_mapping(self.daemon, change_mapping(self.daemon, source))
        self.crm.admin("PUT", "fields/Lead/LeadSource", {"restricted": True, "options": ["Web"]})
        self.crm.admin("PUT", "options", {"duplicate_rule": "block"})
        self.crm.admin("POST", "objects/Lead", {"LastName": "Old", "Company": "Old", "Email": leads.email(4)})
        self.crm.admin("PUT", "rules", [{"object": "Lead", "field": "FirstName", "equals": "Rule", "message": "Please enter a phone number."},
                                        {"object": "Lead", "field": "FirstName", "equals": "Owner", "code": "INACTIVE_OWNER_OR_USER",
                                         "message": "operation performed with inactive user [0055e000001234A] as owner of lead", "fields": ["OwnerId"]}])
        bad = {1: ({"last_name": ""}, "NOT_ENOUGH_DATA"), 2: ({"email": "lead2 at firm"}, "DATA_FORMAT_VALIDATION"), 3: ({"first_name": "Rule"}, "CRM_RULE"),
               4: ({}, "DUPLICATE_BLOCKED"), 5: ({"qualifiers": {"Source": ["Nowhere"]}}, "NO_TAG_MAPPING"),
               6: ({"qualifiers": {"Source": ["Partner Referral"]}}, "DATA_VALUE_VALIDATION"), 7: ({"first_name": "Owner"}, "OWNER_INVALID"),
               8: ({"job_title": "x" * 129}, "DATA_TOO_LONG")}
        self.daemon.post_leads([leads.lead(number, **bad.get(number, ({}, ""))[0]) for number in range(30)])
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (30 - len(bad), len(bad)), json.dumps(settled["failed"]["groups"])[:3000])
        self.assertEqual(sorted(self.failures().values()), sorted(category for _, category in bad.values()))
        failed = next(row for row in self.daemon.deliveries(state="failed") if row["category"] == "CRM_RULE")
        issue = self.daemon.get(f"/v1/integrations/crm/deliveries/{failed['lead']}")["current_issue"]
        self.assertEqual((issue["message"], issue["crm_code"]), ("Please enter a phone number.", "FIELD_CUSTOM_VALIDATION_EXCEPTION"))

    def test_a_converted_and_a_deleted_lead_say_so(self):
        self.start()
        self.daemon.post_leads(leads.many(3))
        self.daemon.wait_settled(60)
        by_email = {one["properties"]["Email"]: one["id"] for one in self.crm.objects("Lead")}
        self.crm.admin("PUT", f"objects/Lead/{by_email[leads.email(0)]}", {"IsConverted": True})
        self.crm.admin("DELETE", f"objects/Lead/{by_email[leads.email(1)]}")
        for number in range(3):
            one = next(self.daemon.deliveries(q=leads.email(number)))
            self.daemon.ok("PATCH", f"/v1/leads/{one['lead']}", {"fields": {"job_title": "Director"}})
        self.daemon.wait_settled(60)
        self.assertEqual(self.failures(), {leads.email(0): "TARGET_CONVERTED", leads.email(1): "TARGET_GONE"})

    def edit(self, number, **fields):
        one = next(self.daemon.deliveries(q=leads.email(number)))
        self.daemon.ok("PATCH", f"/v1/leads/{one['lead']}", {"fields": fields})

    def warnings(self, number):
        one = next(self.daemon.deliveries(q=leads.email(number)))
        log = self.daemon.get(f"/v1/integrations/crm/deliveries/{one['lead']}")
        return {warning["code"] for attempt in log["attempt_log"] for warning in attempt["warnings"]}

    def test_by_policy_a_contact_takes_a_converted_leads_place_and_a_deleted_one_is_made_again(self):
        self.connect(on_target_converted="contact", on_target_gone="recreate", campaign_id=self.ids["campaign"])
        self.start()
        self.daemon.post_leads(leads.many(3))
        self.daemon.wait_settled(60)
        by_email = {one["properties"]["Email"]: one["id"] for one in self.crm.objects("Lead")}
        self.crm.admin("POST", "objects/Contact", {"LastName": "Lovelace 0", "Email": leads.email(0)})
        contact = self.crm.objects("Contact")[0]["id"]
        self.crm.admin("PUT", f"objects/Lead/{by_email[leads.email(0)]}", {"IsConverted": True, "ConvertedContactId": contact})
        self.crm.admin("DELETE", f"objects/Lead/{by_email[leads.email(1)]}")
        for title in ("Director", "President"):
            for number in range(3):
                self.edit(number, job_title=title)
            self.assert_cleared(self.daemon.wait_settled(60), 3)
            self.assertEqual(self.values("Contact", "Title"), [title])
            self.assertEqual(sorted(self.values("Lead", "Title")), sorted(["Engineer", title, title]))
        self.assertEqual(self.crm.count("Contact"), 1)
        self.assertEqual(self.crm.count("Task"), 3)
        self.assertIn("CONVERTED", self.warnings(0))
        self.assertIn("RECREATED", self.warnings(1))
        self.assertEqual(self.warnings(2), set())

    def test_by_policy_a_lead_is_written_to_the_record_that_a_duplicate_rule_names(self):
        self.connect(on_duplicate_blocked="link", match="key")
        self.crm.admin("PUT", "options", {"duplicate_rule": "block"})
        self.crm.admin("POST", "objects/Lead", {"LastName": "Old", "Company": "Old", "Email": leads.email(0)})
        self.start()
        self.daemon.post_leads(leads.many(2))
        self.assert_cleared(self.daemon.wait_settled(60), 2)
        self.assertEqual(self.crm.count("Lead"), 2)
        self.assertEqual(sorted(self.values("Lead", "LastName")), ["Lovelace 0", "Lovelace 1"])
        self.assertIn("LINKED", self.warnings(0))

    def test_by_policy_the_oldest_of_several_is_used(self):
        self.connect(on_ambiguous_match="oldest")
        for name in ("First", "Second"):
            self.crm.admin("POST", "objects/Lead", {"LastName": name, "Company": "Old", "Email": leads.email(0)})
        self.start()
        self.daemon.post_leads(leads.many(1))
        self.assert_cleared(self.daemon.wait_settled(60), 1)
        self.assertEqual(sorted(self.values("Lead", "LastName")), ["Lovelace 0", "Second"])

    def test_what_the_record_type_does_not_offer_fails_before_it_is_sent(self):
        self.crm.admin("PUT", "fields/Lead/LeadSource", {"restricted": True, "options": ["Web", "Partner Referral"]})
        self.crm.admin("PUT", "record_types/Lead", [{"developer_name": "Event", "default": True, "options": {"LeadSource": ["Web"]}},
                                                    {"developer_name": "Other", "options": {"LeadSource": ["Partner Referral"]}}])
        self.start()
        source = {"object": "person", "remote_field": "LeadSource", "source": "qualifier:Source"}
        save_mapping(self.daemon, change_mapping(self.daemon, source))
        self.daemon.post_leads([leads.lead(0, qualifiers={"Source": ["Web"]}), leads.lead(1, qualifiers={"Source": ["Partner Referral"]})])
        self.daemon.wait_settled(60)
        self.assertEqual(self.failures(), {leads.email(1): "NO_TAG_MAPPING"})
        self.assertEqual(self.values("Lead", "LeadSource"), ["Web"])
        other = next(one["recordTypeId"] for one in self.crm.admin("GET", "record_types/Lead")["results"] if one["developerName"] == "Other")

        self.daemon.stop()
        self.connect(record_type_id=other)
        self.daemon.start()
        self.daemon.ok("POST", "/v1/integrations/crm/schema/refresh")
        self.daemon.post_leads([leads.lead(2, qualifiers={"Source": ["Partner Referral"]})])
        self.daemon.wait_settled(60)
        self.assertEqual({one["properties"]["LeadSource"]: one["properties"].get("RecordTypeId") for one in self.crm.objects("Lead")},
                         {"Web": None, "Partner Referral": other})

    def test_a_field_that_is_hidden_later_is_a_missing_field(self):
        self.start()
        self.crm.admin("PUT", "fields/Lead/Title", {"hidden": True})
        self.daemon.post_leads(leads.many(5))
        self.daemon.wait_settled(60)
        self.assertEqual(self.daemon.groups(), {"MISSING_REMOTE_FIELD": 5})

    def test_alerts_of_duplicate_rules_can_be_passed(self):
        self.connect(on_duplicate_blocked="allow", match="key")
        self.crm.admin("PUT", "options", {"duplicate_rule": "alert"})
        self.crm.admin("POST", "objects/Lead", {"LastName": "Old", "Company": "Old", "Email": leads.email(0)})
        self.start()
        self.daemon.post_leads(leads.many(1))
        self.assert_cleared(self.daemon.wait_settled(60), 1)
        self.assertEqual(self.crm.count("Lead"), 2)

    def test_an_allocation_that_is_used_up_fails_nobody(self):
        self.start()
        self.crm.admin("PUT", "limits", {"daily": {"amount": 1000, "used": 0}})
        self.crm.fault("429_daily", method="PATCH", count=1000)
        self.daemon.post_leads(leads.many(5))
        waiting = lambda: [row for row in self.daemon.deliveries() if row["category"] == "QUOTA_EXHAUSTED"]
        harness.wait_until(lambda: len(waiting()) == 5, 60, lambda: json.dumps(list(self.daemon.deliveries()))[:1500])
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)

    def test_a_token_of_another_org_is_refused(self):
        self.start()
        self.crm.admin("PUT", "tokens", {"org_id": "00D5e000000OTHEREA4", "expire_all": True})
        self.daemon.post_leads(leads.many(2))
        harness.wait_until(lambda: self.state()["hold"] == "reconnect", 60, lambda: json.dumps(self.state())[:1500])
        self.assertIn("00D5e000000OTHER", self.state()["breaker_message"])


class AccountsAndContacts(SalesforceWorld):
    settings = {"strategy": "accounts_and_contacts"}

    def assert_tied(self, numbers):
        self.assert_each_once(numbers, "Contact")
        accounts = {one["id"]: one["properties"]["Name"] for one in self.crm.objects("Account")}
        self.assertEqual(sorted(accounts.values()), sorted({f"Firm {number // 3}" for number in numbers}))
        for one in self.crm.objects("Contact"):
            number = int(one["properties"]["LastName"].split()[-1])
            self.assertEqual(accounts.get(one["properties"].get("AccountId")), f"Firm {number // 3}", one)

    def test_each_person_is_a_contact_of_its_account(self):
        self.crm.admin("POST", "objects/Account", {"Name": "Firm 0", "Website": "http://www.firm0.example/"})
        self.start()
        self.daemon.post_leads(leads.many(300))
        self.assert_cleared(self.daemon.wait_settled(90), 300)
        self.assert_tied(range(300))
        self.assertEqual(self.crm.count("Lead"), 0)


if __name__ == "__main__":
    unittest.main()
