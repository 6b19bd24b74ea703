"""What must hold of every CRM: nothing lost and nothing doubled by kills, cuts, limits and dead tokens; each bad lead under its own category.

LEADSYNC_CRM takes one of them, LEADSYNC_KILLS_PER_CRM says how often it is killed (6), LEADSYNC_SEED which luck.
"""
import json
import os
import pathlib
import tempfile
import unittest

import crms
import harness
import killing
import leads
from test_main_path import change_mapping, save_mapping

KILLS = int(os.environ.get("LEADSYNC_KILLS_PER_CRM", "6"))
SEED = int(os.environ.get("LEADSYNC_SEED", "1"))
ONLY = os.environ.get("LEADSYNC_CRM", "")


class OneCrm(killing.Killing, harness.World):
    kind = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.described = self.kind(self.folder)
        self.crm = self.described.simulator
        self.described.start()
        self.addCleanup(self.crm.stop)
        self.daemon = harness.Daemon(self.folder)
        self.described.integrate(self.daemon)
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)
        self.prepare_to_kill(SEED)

    def lead(self, number):
        return leads.lead(number)

    def state(self):
        return self.daemon.get("/v1/integrations/crm")

    def ready(self):
        self.daemon.start()
        harness.wait_until(lambda: self.state()["mapping_revision"] not in (0, "0"), 30, lambda: json.dumps(self.state())[:1500])

    def assert_each_once(self, numbers):
        """The CRM has each of these leads once, at its company and with its note, and nothing else."""
        numbers = list(numbers)
        self.assertEqual(sorted(self.described.persons()), sorted((leads.email(number), f"Firm {number // 3}") for number in numbers))
        self.assertEqual(sorted(self.described.companies()), sorted({f"Firm {number // 3}" for number in numbers}))
        self.assertEqual(sorted(self.described.notes()), sorted((leads.email(number), f"Note of lead {number}") for number in numbers))
        duplicates = self.described.duplicates()
        self.assertEqual(duplicates["count"], 0, str(duplicates)[:1500])

    def assert_all_clear(self, count, seconds=90):
        settled = self.daemon.wait_settled(seconds)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (count, 0), json.dumps(list(self.daemon.deliveries(state="failed"))[:2])[:2500])
        self.assert_each_once(range(count))

    def misbehave(self):
        """One write in twenty is cut after it was done, and one call in twenty is refused."""
        for method, path in self.described.writes:
            self.crm.fault("cut_after", method=method, path=path, probability=0.05)
        for kind in ("429_burst", "503"):
            self.crm.fault(kind, path="", probability=0.025, **({"retry_after": 1} if kind == "429_burst" else {}))


class Proofs:
    """For one CRM each; see below."""

    def test_kills_lose_nothing_and_double_nothing(self):
        count = 20 * (KILLS + 1)
        self.kill_again_and_again(KILLS, count)
        self.assertEqual([point for point, times in self.hits.items() if times == 0], [], "failpoints that were never reached")
        self.assert_all_clear(count, 120)

    def test_without_a_field_for_our_keys_a_killed_write_is_looked_up_and_not_repeated(self):
        """Then most writes are blind: announced before they leave."""
        self.described.integrate(self.daemon, provision=False)
        for point in ("after_intent", "after_send", "before_verdicts"):
            self.kill_at(point, 9)
        self.daemon.start()
        self.post(1)
        self.assertEqual(set(self.hits.values()), {1}, self.hits)
        self.assert_all_clear(28)

    def test_a_bad_lead_keeps_its_category_through_a_kill(self):
        self.lead = lambda number: leads.lead(number, email="lead7 at firm" if number == 7 else leads.email(number))
        self.kill_at("after_send", 9)
        self.daemon.start()
        self.post(1)
        settled = self.daemon.wait_settled(90)
        self.assertEqual((settled["cleared"], list(self.daemon.groups().values())), (9, [1]))
        self.assertIn(list(self.daemon.groups())[0], ("DATA_FORMAT_VALIDATION", "DATA_VALUE_VALIDATION"))
        self.assert_each_once(number for number in range(10) if number != 7)

    def test_cut_connections_and_refusals_double_nothing(self):
        self.ready()
        self.misbehave()
        for first in range(0, 90, 15):
            self.daemon.post_leads(leads.many(15, first=first))
            self.daemon.wait_settled(120)
        self.crm.admin("DELETE", "faults")
        self.assert_all_clear(90)

    def test_a_quota_slows_down_and_fails_nobody(self):
        self.described.integrate(self.daemon, limits={})
        self.crm.admin("PUT", "limits", self.described.quota)
        self.crm.admin("PUT", "latency", {"min_ms": 10, "max_ms": 30})
        self.ready()
        self.daemon.post_leads(leads.many(30))
        self.assert_all_clear(30)
        seen = self.crm.admin("GET", "requests")
        self.assertLessEqual(seen["max_concurrent"], self.described.most_at_once, "calls at once")
        quotas = seen["quotas"]
        self.assertGreater(max(quota["used"] for quota in quotas.values() if quota), 0, quotas)
        self.assertLessEqual(sum(quota["rejected"] for quota in quotas.values() if quota), self.described.rejections, quotas)

    def map_more(self):
        more = [field for field in (self.described.remark, self.described.interest, self.described.seat) if field]
        save_mapping(self.daemon, change_mapping(self.daemon, *more))

    def failures(self):
        """By badge, as a bad lead may have neither address nor name."""
        return {self.daemon.get(f"/v1/leads/{row['lead']}")["fields"]["badge"]: (row["category"], (row["locus"] or {}).get("remote_field"))
                for row in self.daemon.deliveries(state="failed")}

    def test_each_bad_lead_of_a_batch_is_told_before_it_is_sent(self):
        self.described.integrate(self.daemon, settings=self.described.one_person_settings or self.described.settings)
        self.ready()
        self.map_more()
        remark, interest = self.described.remark["remote_field"], self.described.interest["remote_field"]
        long = {"qualifiers": {"Remark": ["x" * (self.described.remark_limit + 1)]}}
        bad = {1: (long, "DATA_TOO_LONG", remark), 2: ({"qualifiers": {"Interest": ["Nobody knows"]}}, "NO_TAG_MAPPING", interest),
               3: (self.described.nameless, "NOT_ENOUGH_DATA", self.described.required)}
        batch = [leads.lead(number, **{**self.described.ordinary, **bad.get(number, ({},))[0]}) for number in range(8)]
        self.daemon.post_leads([*batch, {**batch[5], "badge": "of the same person"}])
        settled = self.daemon.wait_settled(60)
        self.assertEqual(self.failures(), {f"B{number}": wanted[1:] for number, wanted in bad.items()}, json.dumps(settled["failed"])[:2000])
        self.assertEqual(settled["cleared"], 6)
        self.assertEqual(sorted(email for email, _ in self.described.persons()), sorted(leads.email(number) for number in (0, 4, 5, 6, 7)))

    def test_each_bad_lead_of_a_batch_is_told_by_the_crm(self):
        """The fields change after they were described."""
        self.described.prepare()
        self.described.integrate(self.daemon)
        self.ready()
        self.map_more()
        ordinary = {"phone": "+1 212 555 0100", **self.described.ordinary}
        self.daemon.post_leads([leads.lead(0, **{**ordinary, "qualifiers": {**ordinary.get("qualifiers", {}), "Seat": ["12A"]}})])
        self.daemon.wait_settled(60)
        bad = self.described.tighten()
        self.daemon.post_leads([leads.lead(number, **{**ordinary, **bad.get(number, ({},))[0]}) for number in range(1, 10)])
        settled = self.daemon.wait_settled(60)
        self.assertEqual(self.failures(), {f"B{number}": wanted[1:] for number, wanted in bad.items()}, json.dumps(settled["failed"])[:2000])
        self.assertEqual(settled["cleared"], 10 - len(bad))
        self.assertEqual(sorted(email for email, _ in self.described.persons()), 
                         sorted([leads.email(number) for number in range(10) if number not in bad] + list(self.described.already_there)))

    def test_a_dead_token_holds_all_until_it_is_replaced(self):
        count = 60
        self.ready()
        self.crm.admin("PUT", "latency", {"min_ms": 10, "max_ms": 30})
        self.daemon.post_leads(leads.many(6))
        self.daemon.wait_settled(60)
        self.daemon.post_leads(leads.many(count - 6, first=6))
        self.described.revoke()
        harness.wait_until(lambda: self.state()["hold"] == "reconnect" and self.state()["in_flight"] == 0, 60, lambda: json.dumps(self.state())[:1500])
        held = self.daemon.reconciliation()
        self.assertEqual((held["failed"]["total"], held["pre_sync"]["reason"]), (0, "reconnect"))
        self.assertEqual((self.state()["breaker_category"], held["pre_sync"]["total"] > 0), ("AUTHENTICATION", True))
        self.crm.admin("DELETE", "requests")
        status, _, errors = harness.client(self.daemon, "integrations", "reconnect", "crm")
        self.assertNotEqual(status, 0, "with the same dead credential it is refused")
        self.assertTrue(errors)
        harness.wait_until(lambda: self.state()["hold"] == "reconnect" and self.state()["in_flight"] == 0, 30, lambda: json.dumps(self.state())[:1500])
        self.assertLessEqual(self.crm.admin("GET", "requests")["total"], 6, self.crm.admin("GET", "requests"))
        self.assertEqual(self.daemon.reconciliation()["failed"]["total"], 0)
        self.described.admit_replacement(self.daemon)
        status, out, errors = harness.client(self.daemon, "integrations", "reconnect", "crm")
        self.assertEqual(status, 0, out + errors)
        self.assert_all_clear(count)

    def test_two_leads_of_a_new_company_make_it_once(self):
        self.ready()
        self.daemon.post_leads(leads.many(2))
        self.assert_all_clear(2)
        method, path = self.described.company_write
        self.crm.fault("cut_after", method=method, path=path)
        self.daemon.post_leads(leads.many(2, first=3))
        settled = self.daemon.wait_settled(90)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (4, 0), settled["failed"]["groups"])
        self.assertEqual(self.crm.admin("GET", "faults")["faults"][0]["fired"], 1, "the company's write was cut")
        self.assert_each_once([0, 1, 3, 4])

    def test_a_person_who_was_deleted_is_told_or_by_policy_made_again(self):
        self.ready()
        self.daemon.post_leads(leads.many(2))
        self.assert_all_clear(2)
        self.described.delete_person(leads.email(1))
        one = next(self.daemon.deliveries(q=leads.email(1)))
        self.daemon.ok("PATCH", f"/v1/leads/{one['lead']}", {"fields": {"last_name": "Byron"}})
        settled = self.daemon.wait_settled(60)
        self.assertEqual((self.daemon.groups(), settled["cleared"]), ({"TARGET_GONE": 1}, 1))
        self.assertEqual([email for email, _ in self.described.persons()], [leads.email(0)])

        self.daemon.stop()
        self.described.integrate(self.daemon, settings={**self.described.settings, "on_target_gone": "recreate"})
        self.ready()
        operation = self.daemon.ok("POST", "/v1/integrations/crm/retries", {"category": "TARGET_GONE"})
        self.daemon.wait_operation(operation["id"])
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], 2)
        self.assertEqual(sorted(email for email, _ in self.described.persons()), sorted([leads.email(0), leads.email(1)]))
        log = self.daemon.get(f"/v1/integrations/crm/deliveries/{one['lead']}")
        self.assertIn("RECREATED", {warning["code"] for attempt in log["attempt_log"] for warning in attempt["warnings"]})

    def test_no_exchange_that_is_lost_and_repeated_makes_a_second_record(self):
        """The first, the second … write of each kind loses its answer, until there are no more of it."""
        self.ready()
        count = 0
        for method, path in self.described.writes:
            for skipped in range(12):
                fault = self.crm.fault("cut_after", method=method, path=path, skip=skipped)
                self.daemon.post_leads(leads.many(2, first=3 * count))
                count += 1
                settled = self.daemon.wait_settled(120)
                self.assertEqual((settled["cleared"], settled["failed"]["total"]), (2 * count, 0), (method, path, skipped, settled["failed"]["groups"]))
                fired = next(one["fired"] for one in self.crm.admin("GET", "faults")["faults"] if one["id"] == fault)
                self.crm.admin("DELETE", "faults")
                self.assert_each_once(3 * each + one for each in range(count) for one in (0, 1))
                if not fired:
                    break
            else:
                self.fail(f"more writes than were thought of: {method} {path}")
        self.assertGreater(count, len(self.described.writes) + 2, "writes were cut")


for crm in crms.ALL.values():
    if ONLY in ("", crm.name):
        globals()[crm.__name__] = type(crm.__name__, (Proofs, OneCrm), {"kind": crm, "__module__": __name__})


if __name__ == "__main__":
    unittest.main()
