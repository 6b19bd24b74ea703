"""Limits belong to the account at the CRM, however many integrations are connected to it."""
import unittest

import harness
import leads


class Limits(harness.World):
    def limit(self, name, what):
        return next(each for each in self.daemon.get(f"/v1/integrations/{name}")["limits"] if each["id"] == what)

    def test_two_integrations_of_one_account_count_together_and_by_the_accounts_day(self):
        self.daemon.integrate("second", self.crm.url)
        self.daemon.start()
        self.daemon.post_leads(leads.many(30))
        for name in ("crm", "second"):
            self.daemon.wait_settled(60, name)
        daily = self.limit("crm", "daily")
        self.assertEqual(daily, self.limit("second", "daily"))
        self.assertEqual(daily["used"], self.crm.request_count())
        self.assertRegex(daily["resets_at"], "T0[45]:00:00.000Z$", "midnight of US/Eastern, the simulated account's zone")

        self.daemon.stop()
        self.daemon.start()
        self.assertGreaterEqual(self.limit("second", "daily")["used"], daily["used"], "a restart forgets nothing")


if __name__ == "__main__":
    unittest.main()
