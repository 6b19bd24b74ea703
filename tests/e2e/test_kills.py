"""The daemon is killed again and again in the middle of its work. In the end the CRM has each lead once, and nothing is in doubt.

LEADSYNC_KILLS says how often (20), LEADSYNC_SEED which luck.
"""
import os
import unittest

import harness
import killing
import leads

KILLS = int(os.environ.get("LEADSYNC_KILLS", "20"))
COUNT = 10_000 if KILLS >= 200 else 2_000
SEED = int(os.environ.get("LEADSYNC_SEED", "1"))
BAD_EVERY = 97  # such a lead has an address that no CRM takes


def is_bad(number):
    return number % BAD_EVERY == 5


def lead(number):
    return leads.lead(number, email=f"lead{number} at firm", website=f"firm{number // 3}.example") if is_bad(number) else leads.lead(number)


class Kills(killing.Killing, harness.World):
    integration = {"provision": True}

    def setUp(self):
        super().setUp()
        self.prepare_to_kill(SEED)

    def lead(self, number):
        return lead(number)

    def run_kills(self, kills, count):
        self.kill_again_and_again(kills, count)
        settled = self.daemon.wait_settled(300)
        print(f"{kills} kills, {count} leads, killed at {self.hits}")
        missed = [point for point, times in self.hits.items() if times == 0]
        self.assertEqual(missed, [], "failpoints that were never reached")
        return settled

    def assert_complete(self, settled, count):
        bad = [number for number in range(count) if is_bad(number)]
        good = [number for number in range(count) if not is_bad(number)]
        failed = list(self.daemon.deliveries(state="failed"))
        categories = {row["category"] for row in failed}
        self.assertLessEqual(categories, {"DATA_VALUE_VALIDATION", "DATA_FORMAT_VALIDATION"}, [row for row in failed if row["email"].count("@")][:3])
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (len(good), len(bad)))
        self.assert_crm_has(good)

    def assert_crm_has(self, numbers):
        contacts = [contact["properties"].get("email") for contact in self.crm.objects("contacts")]
        self.assertEqual(sorted(contacts), sorted(leads.email(number) for number in numbers))
        duplicates = self.crm.admin("GET", "duplicates")
        self.assertEqual(duplicates["count"], 0, str(duplicates)[:2000])
        self.assertEqual(self.crm.count("notes"), len(numbers), "notes")
        self.assertEqual(self.daemon.call("GET", "/v1/health/ready").status, 200)

    def test_nothing_is_lost_or_doubled_by_kills(self):
        count = COUNT if KILLS >= 200 else COUNT // 2
        self.assert_complete(self.run_kills(KILLS if KILLS >= 200 else KILLS // 2, count), count)

    def test_nothing_is_lost_or_doubled_by_kills_while_the_crm_misbehaves(self):
        count = COUNT if KILLS >= 200 else COUNT // 2
        self.crm.fault("cut_after", probability=0.05)
        self.crm.fault("429_burst", probability=0.025, retry_after=1)
        self.crm.fault("503", probability=0.025)
        self.assert_complete(self.run_kills(KILLS if KILLS >= 200 else KILLS // 2, count), count)


class KillsWithoutKeys(Kills):
    """The CRM has no field for our keys: companies and notes are blind writes, announced before they leave and looked up afterwards."""
    integration = {"provision": False}

    test_nothing_is_lost_or_doubled_by_kills = None
    test_nothing_is_lost_or_doubled_by_kills_while_the_crm_misbehaves = None

    def test_a_blind_write_is_looked_up_and_not_repeated(self):
        for point in ("after_intent", "after_send", "before_verdicts", "after_verdicts"):
            self.kill_at(point, 40)
        self.daemon.start()
        self.post(1)
        self.assert_complete(self.daemon.wait_settled(120), self.next_lead)
        self.assertEqual(set(self.hits.values()), {1}, self.hits)


class KillsDuringRotation(Kills):
    """The CRM gives a new refresh token with each refresh, and honours the one before for a minute."""

    def setUp(self):
        super().setUp()
        self.daemon.integrate_by_oauth("crm", self.crm.url)

    test_nothing_is_lost_or_doubled_by_kills = None
    test_nothing_is_lost_or_doubled_by_kills_while_the_crm_misbehaves = None

    def kill_at_each_rotation(self, points):
        for point in points:
            self.crm.admin("PUT", "tokens", {"expire_all": True})
            if self.start(LEADSYNC_FAILPOINT=point):
                self.post(10)
                harness.wait_until(lambda: self.daemon.process.poll() is not None, 20, f"a kill at {point}")
            self.assertEqual(self.daemon.process.poll(), -9)

    def test_a_token_is_not_lost_where_the_crm_honours_the_old_one_for_a_while(self):
        self.crm.admin("PUT", "tokens", {"rotation": True, "grace_seconds": 600})
        self.kill_at_each_rotation(["token_received", "token_persisted"] * 2)
        self.daemon.start()
        self.post(10)
        settled = self.daemon.wait_settled(120)
        self.assertEqual(settled["failed"]["total"], sum(map(is_bad, range(self.next_lead))), settled["failed"]["groups"])
        self.assert_crm_has([number for number in range(self.next_lead) if not is_bad(number)])

    def test_a_token_that_is_durable_survives_without_grace(self):
        self.crm.admin("PUT", "tokens", {"rotation": True, "grace_seconds": 0})
        self.kill_at_each_rotation(["token_persisted"] * 3)
        self.daemon.start()
        settled = self.daemon.wait_settled(120)
        self.assertEqual(self.daemon.get("/v1/integrations/crm")["breaker"], "closed")
        self.assertEqual(settled["pre_sync"]["total"], 0)

    def test_a_token_that_is_lost_holds_the_integration(self):
        self.crm.admin("PUT", "tokens", {"rotation": True, "grace_seconds": 0})
        self.kill_at_each_rotation(["token_received"])
        self.daemon.start()
        self.post(10)
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["hold"] == "reconnect", 60, lambda: self.daemon.get("/v1/integrations/crm"))
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)


if __name__ == "__main__":
    unittest.main()
