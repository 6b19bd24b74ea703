"""Whatever is wrong, the message names file, row or key, and says what to do; and nothing of it stops the daemon."""
import json
import subprocess
import unittest

import harness
import leads

EXIT_FAILED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_NOT_FOUND, EXIT_CONFIGURATION = 1, 2, 3, 5, 78


class WrongConfiguration(harness.World):
    def check(self):
        done = subprocess.run([harness.BUILD / "bin/leadsyncd", "--check-config", "--config", self.daemon.config], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout + done.stderr

    def write_integration(self, text):
        (self.folder / "integrations.d/crm.yaml").write_text(text)

    def test_a_good_one_is_called_good(self):
        status, text = self.check()
        self.assertEqual(status, 0, text)
        self.assertIn("is good; integrations: 1", text)

    def test_a_wrong_key_is_named_with_its_line(self):
        self.write_integration("plugin: hubspot\n\ncrendential:\n  kind: token\n")
        status, text = self.check()
        self.assertEqual(status, EXIT_CONFIGURATION)
        self.assertIn("integrations.d/crm.yaml:3: unknown key `crendential`; did you mean `credential`?", text)

    def test_the_daemon_does_not_start_with_it(self):
        self.daemon.config.write_text("socket: [\n")
        done = subprocess.run([harness.BUILD / "bin/leadsyncd", "--config", self.daemon.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, EXIT_CONFIGURATION)
        self.assertIn("leadsyncd.yaml:", done.stderr)
        self.assertIn("not valid YAML", done.stderr)

    def test_a_missing_file_is_named(self):
        self.daemon.config.unlink()
        status, text = self.check()
        self.assertEqual(status, EXIT_CONFIGURATION)
        self.assertIn(str(self.daemon.config), text)

    def test_wrong_arguments_are_usage(self):
        done = subprocess.run([harness.BUILD / "bin/leadsyncd", "--confg", "x"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, EXIT_USAGE)
        self.assertIn("--confg", done.stderr)

    def test_an_unreadable_secret_holds_its_integration_and_stops_nothing(self):
        (self.folder / "crm.token").chmod(0o644)
        status, text = self.check()
        self.assertEqual(status, EXIT_CONFIGURATION)
        self.assertIn("can be read by everybody (mode 0644); chmod 0600 it", text)
        self.daemon.start()
        self.daemon.post_leads(leads.many(2))
        state = self.daemon.get("/v1/integrations/crm")
        self.assertIn("crm.token", state["problem"])
        self.assertEqual(self.daemon.reconciliation()["pre_sync"]["held"], 2)
        self.assertEqual(self.crm.count("contacts"), 0)

    def test_a_plugin_that_is_not_there_is_told(self):
        self.write_integration(f"plugin: acme\ncredential: {{access_token: {{file: {self.folder}/crm.token}}}}\n")
        self.daemon.start()
        self.assertIn("acme", self.daemon.get("/v1/integrations/crm")["problem"])


class WrongInput(harness.World):
    integration = {"sync_mode": "manual"}

    def setUp(self):
        super().setUp()
        self.daemon.start()

    def problem(self, method, path, body=None, **more):
        answer = self.daemon.call(method, path, body, **more)
        self.assertGreaterEqual(answer.status, 400, answer.body)
        self.assertEqual(answer.headers["Content-Type"].split(";")[0], "application/problem+json", answer.body)
        return answer.status, answer.json

    def test_bad_rows_are_set_aside_with_their_number_and_reason(self):
        body = b'{"email": "a@firm.example", "last_name": "A"}\n{"email": \n{"email": "b@firm.example", "last_name": "B"}\n[1]\n'
        report = self.daemon.ok("POST", "/v1/leads?event=Expo&source=x.ndjson", body, content_type="application/x-ndjson")
        self.assertEqual((report["added"], report["rejected"]), (2, 2), report)
        listed = self.daemon.get(f"/v1/imports/{report['import']}")
        self.assertEqual([row["row"] for row in listed["rejected_rows"]], [2, 4])
        self.assertTrue(all(row["reason"] for row in listed["rejected_rows"]))

    def test_csv_of_every_sorry_kind_is_read(self):
        text = "Export of Expo\r\n\r\nFirst Name;Last Name;Email;Company\r\nAda;Lovelace;ada@firm.example;\"Firm; \"\"One\"\"\nLtd\"\r\nGrace;Hopper\r\n"
        for encoded in (text.encode("utf-8-sig"), text.replace("Ada", "Adé").encode("utf-16"), text.replace("Ada", "Adé").encode("windows-1252")):
            report = self.daemon.ok("POST", "/v1/leads?event=Expo&source=x.csv", encoded, content_type="text/csv")
            self.assertEqual(report["added"] + report["updated"] + report["unchanged"] + report["rejected"], 2, report)
            self.assertGreaterEqual(report["added"] + report["updated"] + report["unchanged"], 1, report)

    def test_json_that_is_none_is_refused_with_its_place(self):
        for method, path in (("POST", "/v1/leads?event=Expo"), ("PATCH", "/v1/integrations/crm")):
            status, told = self.problem(method, path, b'{"email": }', content_type="application/json")
            self.assertIn(status, (400,), told)
            self.assertTrue(told["detail"])
        status, told = self.problem("PATCH", "/v1/integrations/crm", {"sync_mod": "manual"})
        self.assertIn("sync_mod", json.dumps(told))

    def test_what_is_not_there_is_404_and_says_what(self):
        status, told = self.problem("GET", "/v1/integrations/other")
        self.assertEqual(status, 404)
        self.assertIn("other", told["detail"])
        self.assertEqual(self.problem("GET", "/v1/leads/999")[0], 404)
        self.assertEqual(self.problem("GET", "/v1/nothing")[0], 404)
        self.assertEqual(self.problem("DELETE", "/v1/plugins")[0], 405)

    def test_a_wrong_mapping_names_its_member(self):
        wrong = {"fields": [{"object": "contact", "remote_field": "email", "source": "email", "colour": "blue"}]}
        status, told = self.problem("PUT", "/v1/integrations/crm/mapping", wrong, headers={"If-Match": "*"})
        self.assertEqual(status, 400, told)
        self.assertEqual(told["errors"][0]["pointer"], "/fields/0/colour")

    def test_the_client_says_what_is_wrong_by_its_exit_status(self):
        status, _, errors = harness.client(None, "status")
        self.assertEqual(status, EXIT_UNREACHABLE, errors)
        self.assertIn("/nonexistent/api.sock", errors)
        status, _, errors = harness.client(self.daemon, "-i", "other", "failed")
        self.assertEqual(status, EXIT_NOT_FOUND, errors)
        status, _, errors = harness.client(self.daemon, "no-such-command")
        self.assertEqual(status, EXIT_USAGE, errors)
        status, _, errors = harness.client(self.daemon, "import", "/nonexistent/scans.csv", "--event", "Expo")
        self.assertIn(status, (EXIT_FAILED, EXIT_USAGE), errors)
        self.assertIn("/nonexistent/scans.csv", errors)

    def test_broken_requests_do_not_disturb_others(self):
        import socket
        for garbage in (b"\0\1\2\3\r\n\r\n", b"GET /v1/plugins HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999\r\n\r\n", b"GET / HTTP/1.1\r\n" + b"A: " + b"x" * 40000):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self.daemon.socket))
                connection.settimeout(20)
                try:
                    connection.sendall(garbage)
                    connection.recv(65536)
                except (ConnectionError, BrokenPipeError):
                    pass
        self.assertEqual(self.daemon.call("GET", "/v1/health/ready").status, 200)


if __name__ == "__main__":
    unittest.main()
