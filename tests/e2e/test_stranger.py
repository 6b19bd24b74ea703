"""What a stranger does: installs the SDK, lets `leadsync plugin new` write a project elsewhere, builds and tests it, loads it into a daemon and syncs."""
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import harness
import leads


class RestWorld(harness.World):
    """A daemon with the plugins of one folder, and Toy CRM."""
    plugin = ""

    def plugin_folder(self):
        raise NotImplementedError

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.crm = harness.Simulator(self.folder, arguments=["--crm", "rest"]).start()
        self.addCleanup(self.crm.stop)
        self.daemon = harness.Daemon(self.folder, {"plugin_folders": [str(self.plugin_folder())]})
        self.daemon.integrate("crm", self.crm.url, plugin=self.plugin, token="rest-simulator", limits={},
                              credential={"kind": "token", "token": {"file": str(self.folder / "crm.token")}})
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)

    def people(self):
        return {one["values"]["email"]: {"id": one["id"], **one["values"]} for one in self.crm.objects("people")}


class Stranger(RestWorld):
    plugin = "acme"

    @classmethod
    def setUpClass(cls):
        cls.workshop = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-stranger-", dir="/tmp"))
        cls.addClassCleanup(shutil.rmtree, cls.workshop, ignore_errors=True)
        prefix, project = cls.workshop / "prefix", cls.workshop / "acme"
        cls.run_tool("cmake", "--install", harness.BUILD, "--component", "sdk", "--prefix", prefix)
        cls.run_tool(harness.BUILD / "bin/leadsync", "plugin", "new", "acme", "--folder", project)
        left = [str(path) for path in project.rglob("*") if path.is_file() and "toy" in path.read_text().lower()]
        assert left == [], f"the template's own name is left in {left}"
        cls.run_tool("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
        cls.run_tool("cmake", "--build", project / "build")
        tested = cls.run_tool("ctest", "--test-dir", project / "build", "--output-on-failure", "--no-tests=error")
        assert "100% tests passed" in tested, tested

    @staticmethod
    def run_tool(*command):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=300 * harness.PATIENCE)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def plugin_folder(self):
        return self.workshop / "acme/build/lib/leadsync/plugins"

    def test_a_plugin_written_by_the_guide_loads_and_syncs(self):
        self.daemon.start()
        listed = next(one for one in self.daemon.get("/v1/plugins")["plugins"] if one["name"] == "acme")
        self.assertEqual((listed["version"], listed["error"]), ("1.0.0", None))
        self.daemon.post_leads(leads.many(30))
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (30, 0), settled["failed"]["groups"])
        people = self.people()
        self.assertEqual(sorted(people), sorted(leads.email(number) for number in range(30)))
        by_id = {person["id"]: email for email, person in people.items()}
        notes = sorted((by_id[one["values"]["person_id"]], one["values"]["text"]) for one in self.crm.objects("notes"))
        self.assertEqual(notes, sorted((leads.email(number), f"Note of lead {number}") for number in range(30)))

        # One that pre-flight stops, and one that only the CRM can refuse.
        self.crm.admin("PUT", "fields/person/company", {"max_length": 3})
        self.daemon.post_leads([leads.lead(40, email="nobody"), leads.lead(41)])
        self.daemon.wait_settled(60)
        failed = {row["email"]: row["category"] for row in self.daemon.deliveries(state="failed")}
        self.assertEqual(failed, {"nobody": "DATA_FORMAT_VALIDATION", leads.email(41): "DATA_TOO_LONG"})

    def test_an_answer_that_is_lost_doubles_no_note(self):
        self.crm.fault("cut_after", method="POST", path="/people/", count=4)
        self.crm.fault("cut_after", method="POST", path="/people", count=2)
        self.daemon.start()
        self.daemon.post_leads(leads.many(12))
        settled = self.daemon.wait_settled(90)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (12, 0), settled["failed"]["groups"])
        self.assertEqual((self.crm.count("people"), self.crm.count("notes"), self.crm.admin("GET", "duplicates")["count"]), (12, 12, 0))


class InC(RestWorld):
    plugin = "toy_c"

    def plugin_folder(self):
        folder = self.folder / "plugins"
        folder.mkdir()
        shutil.copy(harness.BUILD / "lib/leadsync/plugins/toy_c.so", folder)
        return folder

    def test_the_example_in_c_syncs(self):
        self.daemon.start()
        self.daemon.post_leads([*leads.many(25), leads.lead(60, email="")])
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (25, 1), settled["failed"]["groups"])
        self.assertEqual(sorted(self.people()), sorted(leads.email(number) for number in range(25)))


if __name__ == "__main__":
    unittest.main()
