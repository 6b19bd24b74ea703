"""Plugins that break the contract: their own leads fail as PLUGIN_FAULT, or are refused, with a sentence; another integration loses nothing."""
import json
import shutil
import unittest

import harness
import leads


class Misbehaving(harness.World):
    def install(self, name, folder="broken_plugins", plugin="broken"):
        """An integration "fragile" of a plugin beside HubSpot's."""
        plugins = self.folder / "plugins"
        plugins.mkdir(exist_ok=True)
        shutil.copy(harness.BUILD / "lib/leadsync/plugins/hubspot.so", plugins)
        shutil.copy(harness.BUILD / f"lib/leadsync/{folder}/{name}.so", plugins / f"{plugin}.so")
        settings = json.loads(self.daemon.config.read_text())
        self.daemon.config.write_text(json.dumps({**settings, "plugin_folders": [str(plugins)]}))
        self.daemon.integrate("fragile", self.crm.url if name == "undeclared_host" else "https://crm.example", plugin=plugin, limits={})

    def sync(self, batch, others=6):
        """The groups of the fragile integration. HubSpot's has all of them and some more."""
        self.daemon.start()
        self.daemon.post_leads(batch)
        settled = self.daemon.wait_settled(60, "fragile")
        groups = self.daemon.groups("fragile")
        self.assertEqual(settled["cleared"] + sum(groups.values()), len(batch))
        self.daemon.post_leads(leads.many(others, first=50))
        self.assertEqual(self.daemon.wait_settled(60)["cleared"], len(batch) + others, "the other integration goes on")
        return groups

    def log_of_failed(self):
        one = next(self.daemon.deliveries("fragile", state="failed"))
        return self.daemon.get(f"/v1/integrations/fragile/deliveries/{one['lead']}")

    def test_an_exception(self):
        self.install("thrower", "test_plugins", "thrower")
        batch = [*leads.many(3), leads.lead(9, email="throwing@firm.example")]
        groups = self.sync(batch)
        self.assertEqual(set(groups), {"PLUGIN_FAULT"})
        self.assertIn("resume threw an exception: the plugin had not thought of this", json.dumps(self.log_of_failed()))
        self.daemon.ok("POST", "/v1/integrations/fragile/retries", {"lead": next(self.daemon.deliveries("fragile", q=leads.email(0)))["lead"]})
        harness.wait_until(lambda: next(self.daemon.deliveries("fragile", q=leads.email(0)))["state"] == "cleared", 30, "a retry of an innocent lead")

    def test_an_undeclared_host_is_refused_and_nothing_is_sent(self):
        self.install("undeclared_host")
        self.assertEqual(self.sync(leads.many(3)), {"UNEXPECTED": 3})
        log = self.log_of_failed()
        self.assertIn("collector.example", json.dumps(log))
        self.assertIn("refused_host", json.dumps(log))


class AgainstAServer(Misbehaving):
    """The broken plugin's CRM is a simulator that answers its POST /people."""

    def setUp(self):
        super().setUp()
        folder = self.folder / "rest"
        folder.mkdir()
        self.rest = harness.Simulator(folder, arguments=["--crm", "rest"]).start()
        self.addCleanup(self.rest.stop)

    def install(self, name, **more):
        super().install(name, **more)
        self.daemon.integrate("fragile", self.rest.url, plugin="broken", limits={}, token="rest-simulator")

    test_an_exception = None
    test_an_undeclared_host_is_refused_and_nothing_is_sent = None

    def test_verdicts_that_are_nonsense(self):
        self.install("nonsense")
        self.assertEqual(self.sync(leads.many(3)), {"PLUGIN_FAULT": 3})
        self.assertIn("status", json.dumps(self.log_of_failed()["attempt_log"][0]))

    def test_an_omitted_verdict_never_passes_for_success(self):
        self.install("omits_a_verdict")
        groups = self.sync(leads.many(4))
        self.assertEqual(set(groups), {"UNEXPECTED", "PLUGIN_FAULT"}, "the CRM refuses its requests, and of each batch one verdict is omitted")
        faulty = next(self.daemon.deliveries("fragile", category="PLUGIN_FAULT"))
        log = self.daemon.get(f"/v1/integrations/fragile/deliveries/{faulty['lead']}")
        self.assertIn('the plugin gave no verdict for phase \\"person\\"', json.dumps(log))


if __name__ == "__main__":
    unittest.main()
