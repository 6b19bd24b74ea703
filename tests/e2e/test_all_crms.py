"""The proofs of the main path, for one CRM: LEADSYNC_CRM (hubspot). Each asserts what the CRM holds in the end."""
import http.client
import json
import os
import pathlib
import random
import tempfile
import time
import unittest

import crms
import harness
import leads

CRM = crms.ALL[os.environ.get("LEADSYNC_CRM", "hubspot")]
KILLS = int(os.environ.get("LEADSYNC_KILLS_PER_CRM", "6"))
POINTS = ["after_send", "before_verdicts", "after_claim"]


class AllCrms(harness.World):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.crm = CRM(self.folder)
        self.crm.start()
        self.addCleanup(self.crm.simulator.stop)
        self.daemon = harness.Daemon(self.folder)
        self.crm.integrate(self.daemon)
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)

    def ready(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["mapping_revision"] not in (0, "0"), 60,
                           lambda: self.daemon.get("/v1/integrations/crm"))

    def state(self):
        return self.daemon.get("/v1/integrations/crm")

    def assert_each_once(self, numbers):
        numbers = list(numbers)
        self.assertEqual(sorted(self.crm.people()), sorted(leads.email(number) for number in numbers))
        self.assertEqual(sorted(self.crm.companies()), sorted({f"Firm {number // 3}" for number in numbers}))
        self.assertEqual(len(self.crm.notes()), len(numbers), "notes")
        duplicates = self.crm.duplicates()
        self.assertEqual(duplicates["count"], 0, str(duplicates)[:1500])

    def assert_all_cleared(self, count, seconds=120):
        settled = self.daemon.wait_settled(seconds)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (count, 0), json.dumps(settled["failed"]["groups"])[:1500])
        self.assert_each_once(range(count))

    def post(self, numbers):
        """Whether it was acknowledged; else the daemon was killed meanwhile."""
        try:
            self.daemon.post_leads([leads.lead(number) for number in numbers])
            return True
        except (OSError, http.client.HTTPException, AssertionError):
            harness.wait_until(lambda: self.daemon.process.poll() is not None, 20, "the daemon refused leads and lives")
            return False

    def test_killed_again_and_again_it_loses_and_doubles_nothing(self):
        luck = random.Random(1)
        portion = 24
        self.ready()
        for kill in range(KILLS):
            numbers = range(kill * portion, (kill + 1) * portion)
            if kill % 2:
                self.daemon.kill()
                self.daemon.drain_notices()
                self.daemon.spawn(LEADSYNC_FAILPOINT=f"{POINTS[kill // 2 % len(POINTS)]}:1")
                try:
                    self.daemon.wait_for_notice("READY=1")
                    self.post(numbers)
                except AssertionError:
                    self.assertEqual(self.daemon.process.poll(), -9)
                harness.wait_until(lambda: self.daemon.process.poll() is not None, 60, "a kill at a failpoint")
            else:
                before = self.crm.simulator.admin("GET", "requests")["total"]
                self.post(numbers)
                harness.wait_until(lambda: self.crm.simulator.admin("GET", "requests")["total"] > before, 30, "a request")
                time.sleep(luck.uniform(0.001, 0.040))
                self.daemon.kill()
            self.daemon.drain_notices()
            if self.daemon.process.poll() is not None:
                self.daemon.start()
        self.post(range(KILLS * portion))  # what was not acknowledged is handed over again; the rest is there already
        self.assert_all_cleared(KILLS * portion, 180)

    def test_cut_connections_and_refusals_double_nothing(self):
        self.ready()
        for method in self.crm.write_methods:
            self.crm.simulator.fault("cut_after", method=method, probability=0.05)
        self.crm.simulator.fault("429_burst", probability=0.025, retry_after=1)
        self.crm.simulator.fault("503", probability=0.025)
        self.daemon.post_leads(leads.many(90))
        harness.wait_until(lambda: len(self.crm.people()) > 60, 120, lambda: json.dumps(self.daemon.reconciliation())[:1500])
        self.crm.simulator.admin("DELETE", "faults")
        self.assert_all_cleared(90, 240)

    def test_a_cut_at_any_write_makes_no_second_record(self):
        """Of three leads of one new company, for each write: it arrives, and its answer does not."""
        self.ready()
        for cut in range(6):
            for method in self.crm.write_methods:
                self.crm.simulator.fault("cut_after", method=method, count=1, skip=cut)
            self.daemon.post_leads(leads.many(3, first=3 * cut))
            self.daemon.wait_settled(120)
            self.crm.simulator.admin("DELETE", "faults")
        self.assert_all_cleared(18)

    def test_leads_of_one_new_company_at_once_make_one_company(self):
        self.ready()
        self.crm.simulator.admin("PUT", "latency", {"min_ms": 20, "max_ms": 60})
        for number in (0, 1):
            self.daemon.post_leads([leads.lead(number)])
        self.assert_all_cleared(2)
        self.crm.simulator.fault("cut_after", method="POST", path=self.crm.company_path, count=1)
        self.crm.simulator.fault("cut_after", method="PATCH", path=self.crm.company_path, count=1)
        for number in (3, 4, 5):
            self.daemon.post_leads([leads.lead(number)])
        self.daemon.post_leads([leads.lead(2)])
        self.assert_all_cleared(6)

    def test_a_dead_credential_holds_all_and_fails_none_until_it_is_replaced(self):
        self.ready()
        self.crm.simulator.admin("PUT", "latency", {"min_ms": 10, "max_ms": 30})
        count = 300
        self.daemon.post_leads(leads.many(count))
        harness.wait_until(lambda: len(self.crm.people()) >= count / 10, 60, "a tenth of the people")
        self.crm.kill_credentials()
        self.daemon.post_leads(leads.many(30, first=count))
        harness.wait_until(lambda: self.state()["hold"] == "reconnect" and self.state()["in_flight"] == 0, 60, self.state)
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)
        self.assertGreater(self.daemon.reconciliation()["pre_sync"]["held"], 0)
        for name, text in self.crm.new_credentials().items():
            self.daemon.set_secret(f"crm.{name}", text)
        status, output, errors = harness.client(self.daemon, "integrations", "reconnect", "crm")
        self.assertEqual(status, 0, output + errors)
        self.assert_all_cleared(count + 30, 180)

    def test_in_a_mixed_batch_each_bad_row_fails_under_its_own_category(self):
        self.ready()
        target = self.crm.timeline
        crms.map_field(self.daemon, "crm", target, "qualifier:Timeline")
        long = {"first_name": "N" * 300} if self.crm.name != "hubspot" else {"notes": "N" * 70000}
        rows = [leads.lead(0, qualifiers={"Timeline": ["Next quarter"]}), leads.lead(1, qualifiers={"Timeline": ["Some day"]}),
                leads.lead(2, email="nobody at all"), leads.lead(3, **long), leads.lead(4), leads.lead(5)]
        self.daemon.post_leads([*rows, rows[-1]])
        settled = self.daemon.wait_settled(90)
        failed = {row["email"]: row["category"] for row in self.daemon.deliveries(state="failed")}
        self.assertEqual(failed, {leads.email(1): "NO_TAG_MAPPING", "nobody at all": "DATA_FORMAT_VALIDATION", leads.email(3): "DATA_TOO_LONG"},
                         json.dumps(settled["failed"])[:1500])
        loci = {group["code"]: group["sub_groups"][0]["locus"] for group in settled["failed"]["groups"]}
        self.assertEqual((loci["NO_TAG_MAPPING"]["object"], loci["NO_TAG_MAPPING"]["remote_field"]), target, loci)
        # A failed note does not keep the person out.
        kept = [0, 4, 5] + ([3] if self.crm.name == "hubspot" and leads.email(3) in self.crm.people() else [])
        self.assertEqual(sorted(self.crm.people()), sorted(leads.email(number) for number in kept))

    def test_what_only_the_crm_can_refuse_is_filed_under_its_field(self):
        if not hasattr(self.crm, "shorten"):
            self.skipTest("nothing of this CRM's persons has a length that can change")
        self.ready()
        self.crm.shorten()  # after it was described
        self.daemon.post_leads([leads.lead(0, job_title="Boss"), leads.lead(1, job_title="Engineer"), leads.lead(2, job_title="")])
        settled = self.daemon.wait_settled(90)
        failed = {row["email"]: row["category"] for row in self.daemon.deliveries(state="failed")}
        self.assertEqual(failed, {leads.email(1): "DATA_TOO_LONG"}, json.dumps(settled["failed"])[:1500])
        self.assertEqual(settled["failed"]["groups"][0]["sub_groups"][0]["locus"]["remote_field"], self.crm.short[1])
        self.assertEqual(sorted(self.crm.people()), [leads.email(0), leads.email(2)])


if __name__ == "__main__":
    unittest.main()
