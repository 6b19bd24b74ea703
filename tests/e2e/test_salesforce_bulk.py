"""A backlog goes to Salesforce as jobs of Bulk API 2.0, which outlive the daemon: their results are taken, and nothing is uploaded twice."""
import json
import unittest

import harness
import leads
from test_salesforce import SalesforceWorld

COUNT = 2_400


class Backlog(SalesforceWorld):
    settings = {"match": "key"}

    def hold(self, count, worked_off_ms):
        """Posts what is not to be sent yet."""
        self.start()
        self.crm.admin("PUT", "options", {"ingest_ms": worked_off_ms})
        self.mode("manual")
        self.daemon.post_leads(leads.many(count))
        self.mode("automatic")

    def mode(self, name):
        self.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": name})

    def uploads(self):
        return self.crm.request_count("/batches", "PUT")

    def wait_for_uploads(self, count):
        """Complete ones: what is not said to be so is uploaded again."""
        complete = lambda: self.crm.request_count("/jobs/ingest/", "PATCH")
        harness.wait_until(lambda: complete() == count, 60, lambda: (complete(), self.daemon.log()[-2000:]))

    def assert_all_there(self):
        self.assert_cleared(self.daemon.wait_settled(180), COUNT)
        self.assert_each_once(range(COUNT))

    def test_is_uploaded_and_each_row_has_its_verdict(self):
        self.start()
        self.crm.admin("PUT", "fields/Lead/Title", {"length": 20})
        self.mode("manual")
        self.daemon.post_leads([leads.lead(number, job_title="x" * 60) for number in range(3)] + leads.many(COUNT - 3, first=3))
        self.mode("automatic")
        settled = self.daemon.wait_settled(180)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (COUNT - 3, 3))
        self.assertEqual(set(self.failures().values()), {"DATA_TOO_LONG"})
        self.assertEqual(self.uploads(), 2, "the leads and their tasks")
        self.assertEqual(self.crm.request_count("/composite/sobjects"), 0)
        self.assertEqual(self.crm.count("Lead"), COUNT - 3)
        self.assertEqual(self.crm.count("Task"), COUNT - 3)
        row = next(self.daemon.deliveries(q=leads.email(0)))
        log = json.dumps(self.daemon.get(f"/v1/integrations/crm/deliveries/{row['lead']}"))
        self.assertIn("STRING_TOO_LONG:Title: data value too large", log, "its row of the results")
        self.assertNotIn(leads.email(1), log, "and no other lead's")

    def test_goes_on_after_a_kill_where_it_was(self):
        self.hold(COUNT, worked_off_ms=3_000)
        self.wait_for_uploads(1)
        self.daemon.kill()
        self.daemon.start()
        self.wait_for_uploads(2)
        self.daemon.kill()
        self.daemon.start()
        self.assert_all_there()
        self.assertEqual(self.uploads(), 2, "the leads once and their tasks once")

    def test_does_not_keep_the_daemon_from_stopping(self):
        self.hold(COUNT, worked_off_ms=20_000)
        self.wait_for_uploads(1)
        self.assertEqual(self.daemon.stop(seconds=10), 0)
        self.daemon.start()
        self.assertEqual((self.daemon.reconciliation()["cleared"], self.daemon.reconciliation()["failed"]["total"]), (0, 0))
        self.assert_all_there()
        self.assertEqual(self.uploads(), 2)

    def test_that_fails_as_a_whole_goes_by_calls(self):
        self.start()
        self.mode("manual")
        self.daemon.post_leads(leads.many(COUNT))
        # Described, mapped, and gone since: a job fails as a whole for it, a call names it.
        self.crm.admin("DELETE", "fields/Lead/Title")
        self.mode("automatic")
        settled = self.daemon.wait_settled(180)
        self.assertEqual(settled["failed"]["total"], COUNT)
        self.assertEqual(set(self.failures().values()), {"MISSING_REMOTE_FIELD"})
        self.assertEqual(self.crm.count("Lead"), 0)


if __name__ == "__main__":
    unittest.main()
