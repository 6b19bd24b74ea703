"""A plugin that crashes the daemon: what it crashed on goes alone, then fails; the plugin is disabled at its third crash."""
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

    def configure(self, crashes):
        self.daemon.integrate("fragile", "https://crm.test", plugin="crasher", limits={}, settings={"crashes": crashes})

    def start_until_it_crashes(self):
        self.daemon.spawn()
        self.daemon.process.wait(60 * harness.PATIENCE)
        self.assertEqual(self.daemon.process.returncode, -6, self.daemon.log()[-3000:])

    def plugin(self):
        return next(each for each in self.daemon.get("/v1/plugins")["plugins"] if each["name"] == "crasher")

    def fragile(self):
        return self.daemon.get("/v1/integrations/fragile")

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

        with open(self.plugins / "crasher.so", "ab") as file:
            file.write(b"another version")
        self.configure(crashes=False)
        self.daemon.start()
        self.assertIsNone(self.plugin()["error"])
        settled = self.daemon.wait_settled(60, "fragile")
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (9, 2))


if __name__ == "__main__":
    unittest.main()
