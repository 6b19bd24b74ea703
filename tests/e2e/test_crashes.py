"""A plugin that crashes the daemon: what it crashed on goes alone, then fails; the plugin is disabled at its third crash. One that does not
return is left behind with its thread."""
import http.client
import json
import shutil
import unittest

import harness
import leads


class Crashes(harness.World):
    def setUp(self):
        super().setUp()
        self.plugins = self.folder / "plugins"
        self.plugins.mkdir()
        for name, folder in (("crasher", "test_plugins"), ("hubspot", "plugins")):
            shutil.copy(harness.BUILD / f"lib/leadsync/{folder}/{name}.so", self.plugins)
        settings = json.loads(self.daemon.config.read_text())
        self.daemon.config.write_text(json.dumps({**settings, "plugin_folders": [str(self.plugins)]}))
        self.configure(crashes=True)

    def configure(self, crashes, name="fragile"):
        self.daemon.integrate(name, "https://crm.test", plugin="crasher", limits={}, settings={"crashes": crashes})

    def start_until_it_crashes(self):
        self.daemon.spawn()
        self.daemon.process.wait(60 * harness.PATIENCE)
        self.assertEqual(self.daemon.process.returncode, -6, self.daemon.log()[-3000:])

    def install_another_version(self):
        with open(self.plugins / "crasher.so", "ab") as file:
            file.write(b"another version")

    def plugin(self):
        return next(each for each in self.daemon.get("/v1/plugins")["plugins"] if each["name"] == "crasher")

    def fragile(self, name="fragile"):
        return self.daemon.get(f"/v1/integrations/{name}")

    def test_two_crashes_fail_a_lead_and_three_disable_the_plugin_until_another_is_installed(self):
        bad = [leads.lead(number, email=f"crashing{number}@firm.example") for number in (10, 11)]
        self.daemon.start()
        self.assertIsNone(self.plugin()["error"])
        self.daemon.ok("PATCH", "/v1/integrations/fragile", {"sync_mode": "manual"})
        self.daemon.post_leads([*leads.many(6), *bad])
        self.daemon.wait_settled(60)
        try:
            self.daemon.ok("PATCH", "/v1/integrations/fragile", {"sync_mode": "automatic"})
        except (http.client.HTTPException, ConnectionError):
            pass  # the crash was faster than the answer
        self.daemon.process.wait(60 * harness.PATIENCE)
        self.start_until_it_crashes()
        self.start_until_it_crashes()

        self.daemon.start()
        self.assertEqual(self.daemon.groups("fragile"), {"PLUGIN_FAULT": 2})
        error = self.plugin()["error"]
        self.assertIn("crasher.so: disabled, because it crashed leadsyncd 3 times: install another version of it and restart leadsyncd", error)
        status = self.fragile()
        self.assertEqual((status["hold"], status["problem"]), ("not usable", error))
        self.assertIn("disabled, because it crashed", harness.client(self.daemon, "plugins")[1])
        self.daemon.post_leads(leads.many(3, first=20))
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], 11, "the other integration goes on")
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.start()
        self.assertEqual(self.plugin()["error"], error, "a restart changes nothing")
        self.daemon.stop()

        self.install_another_version()
        self.configure(crashes=False)
        self.daemon.start()
        self.assertIsNone(self.plugin()["error"])
        settled = self.daemon.wait_settled(60, "fragile")
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (9, 2))

    def test_a_plugin_that_does_not_return_is_left_behind_and_the_others_go_on(self):
        self.configure(crashes=True, name="second")
        self.daemon.start()
        self.daemon.post_leads([leads.lead(0, email="looping@firm.example")])
        harness.wait_until(lambda: self.plugin()["error"], 30, self.plugin)
        error = self.plugin()["error"]
        self.assertIn("crasher.so: in quarantine, because it took longer than 5 s for a step: install another version of it and restart", error)
        self.daemon.post_leads(leads.many(40, first=20))
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], 41, "HubSpot's go on")
        for name in ("fragile", "second"):
            status = self.fragile(name)
            self.assertEqual((status["hold"], status["problem"]), ("not usable", error), name)
            refused = self.daemon.call("POST", f"/v1/integrations/{name}/check")
            self.assertIn("in quarantine", refused.body)
        faults = [self.daemon.groups(name) for name in ("fragile", "second")]
        self.assertIn({"PLUGIN_FAULT": 1}, faults, "whose step it was")
        self.assertEqual(self.daemon.stop(), 0, "the thread that is lost does not keep the daemon")

        self.install_another_version()
        for name in ("fragile", "second"):
            self.configure(crashes=False, name=name)
        self.daemon.start()
        for name, before in zip(("fragile", "second"), faults):
            settled = self.daemon.wait_settled(60, name)
            self.assertEqual((settled["cleared"], self.daemon.groups(name)), (41 - sum(before.values()), before))
            self.daemon.ok("POST", f"/v1/integrations/{name}/retries", {"all": True})
            harness.wait_until(lambda: self.daemon.reconciliation(name)["cleared"] == 41, 30, lambda: self.daemon.reconciliation(name))


if __name__ == "__main__":
    unittest.main()
