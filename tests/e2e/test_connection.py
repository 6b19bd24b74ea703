"""Trouble of the CRM, or of the way to it, holds the leads and fails none of them."""
import json
import unittest

import harness
import leads
import relay

COUNT = 1500 if harness.SANITIZED else 5000


class Connection(harness.World):
    def state(self):
        return self.daemon.get("/v1/integrations/crm")

    def wait_for_hold(self, reason, seconds=60):
        harness.wait_until(lambda: self.state()["hold"] == reason and self.state()["in_flight"] == 0, seconds, lambda: json.dumps(self.state()))

    def assert_nothing_failed(self):
        reconciliation = self.daemon.reconciliation()
        self.assertEqual(reconciliation["failed"]["total"], 0, json.dumps(reconciliation["failed"])[:1500])
        return reconciliation

    def test_a_dead_token_holds_all_and_fails_none_until_it_is_replaced(self):
        self.daemon.start()
        self.crm.admin("PUT", "latency", {"min_ms": 20, "max_ms": 60})
        self.daemon.post_leads(leads.many(COUNT))
        harness.wait_until(lambda: self.crm.count("contacts") >= COUNT / 10, 60, "a tenth of the contacts")
        self.crm.admin("PUT", "tokens", {"revoke": [harness.TOKEN]})
        self.wait_for_hold("reconnect")
        held = self.assert_nothing_failed()
        self.assertEqual(held["pre_sync"]["reason"], "reconnect")
        self.assertGreater(held["pre_sync"]["held"], COUNT / 10)
        state = self.state()
        self.assertEqual((state["breaker"], state["breaker_category"]), ("reconnect", "AUTHENTICATION"), state)
        self.assertTrue(state["breaker_message"])

        # By itself it asks with one lead, after half a minute at the earliest, and sends no more than that.
        self.crm.admin("DELETE", "requests")
        harness.wait_until(lambda: self.crm.admin("GET", "requests")["total"] > 0, 75, "a probe")
        self.wait_for_hold("reconnect")
        seen = self.crm.admin("GET", "requests")
        self.assertLessEqual(seen["total"], 4, json.dumps(seen)[:1500])
        self.assertLessEqual(seen["max_concurrent"], 2, json.dumps(seen)[:1500])
        # Told to reconnect with the same dead token, it says that it is refused, and still fails nobody.
        refused = self.daemon.call("POST", "/v1/integrations/crm/reconnect", {})
        self.assertGreaterEqual(refused.status, 400)
        self.wait_for_hold("reconnect")
        self.assert_nothing_failed()

        self.crm.admin("PUT", "tokens", {"add": ["pat-na1-replacement"]})
        self.crm.admin("PUT", "latency", {"min_ms": 0, "max_ms": 0})
        self.daemon.set_secret("crm.token", "pat-na1-replacement")
        self.daemon.ok("POST", "/v1/integrations/crm/reconnect", {})
        settled = self.daemon.wait_settled(180)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (COUNT, 0), settled["failed"]["groups"])
        leads.expect_each_once(self, self.crm, range(COUNT))

    def test_a_held_integration_is_still_held_after_a_restart(self):
        self.daemon.start()
        self.crm.admin("PUT", "tokens", {"revoke": [harness.TOKEN]})
        self.daemon.post_leads(leads.many(5))
        self.wait_for_hold("reconnect")
        self.daemon.stop()
        self.daemon.start()
        self.wait_for_hold("reconnect")
        self.assertEqual(self.assert_nothing_failed()["pre_sync"]["held"], 5)

    def test_an_outage_holds_and_recovers_by_itself(self):
        wire = relay.Relay(self.crm.port)
        self.addCleanup(wire.down)
        self.daemon.integrate("crm", wire.url)
        self.daemon.start()
        self.daemon.post_leads(leads.many(60))
        self.daemon.wait_settled(60)
        wire.down()
        self.daemon.post_leads(leads.many(400, first=60))
        harness.wait_until(lambda: self.state()["hold"] == "unreachable", 60, lambda: json.dumps(self.state()))
        self.assertEqual(self.assert_nothing_failed()["pre_sync"]["total"], 400)
        wire.up()
        settled = self.daemon.wait_settled(120)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (460, 0), settled["failed"]["groups"])
        leads.expect_each_once(self, self.crm, range(460))

    def test_cuts_after_the_write_double_nothing(self):
        self.daemon.start()
        self.crm.fault("cut_after", probability=0.1)
        self.crm.fault("503", probability=0.05)
        self.crm.fault("429_burst", probability=0.05, retry_after=1)
        self.daemon.post_leads(leads.many(900))
        harness.wait_until(lambda: self.crm.count("contacts") >= 850, 120, lambda: self.crm.count("contacts"))
        self.crm.admin("DELETE", "faults")
        settled = self.daemon.wait_settled(180)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (900, 0), settled["failed"]["groups"])
        leads.expect_each_once(self, self.crm, range(900))


class Rotation(harness.World):
    def setUp(self):
        super().setUp()
        self.daemon.integrate_by_oauth("crm", self.crm.url)
        self.crm.admin("PUT", "tokens", {"rotation": True, "grace_seconds": 0, "lifetime_seconds": 1800})

    def refreshes(self):
        return self.crm.admin("GET", "tokens")["refreshes"]

    def test_an_expired_token_is_refreshed_once_for_all_who_wait(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(50))
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], 50)
        before = self.refreshes()
        self.assertGreaterEqual(before, 1)
        self.crm.admin("PUT", "latency", {"min_ms": 20, "max_ms": 60})
        self.crm.admin("PUT", "tokens", {"expire_all": True})
        self.daemon.post_leads(leads.many(600, first=50))
        settled = self.daemon.wait_settled(90)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (650, 0), settled["failed"]["groups"])
        self.assertEqual(self.refreshes(), before + 1)

    def test_a_rotated_token_outlives_the_daemon(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(3))
        self.daemon.wait_settled(60)
        self.daemon.kill()
        self.crm.admin("PUT", "tokens", {"expire_all": True})
        self.daemon.start()
        self.daemon.post_leads(leads.many(6, first=3))
        settled = self.daemon.wait_settled(90)
        self.assertEqual(settled["cleared"], 9, json.dumps(self.daemon.get("/v1/integrations/crm"))[:1500])
        self.assertGreaterEqual(self.refreshes(), 2)


if __name__ == "__main__":
    unittest.main()
