"""Whatever is wrong, the message names file, row or key, and says what to do; and nothing of it stops the daemon."""
import json
import subprocess
import unittest

import harness
import impostor
import leads

EXIT_FAILED, EXIT_USAGE, EXIT_UNREACHABLE, EXIT_NOT_FOUND, EXIT_PARTIAL, EXIT_CONFIGURATION = 1, 2, 3, 5, 7, 78


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

    def test_each_wrong_line_is_named_with_what_to_write_instead(self):
        good = f"plugin: hubspot\ncredential: {{access_token: {{file: {self.folder}/crm.token}}}}\n"
        for wrong, line, told in (
                ("limits:\n\tburst: 5\n", 4, "line 4 begins with a tab, which YAML does not take: indent with blanks"),
                ("colour: blue\n", 3, "unknown key `colour`; it takes base_url, ca_file, credential"),
                ("max_in_flight: lots\n", 3, "`max_in_flight` must be a whole number from 1 to 256, not \"lots\""),
                ("provision: [yes]\n", 3, "`provision` must be one value, not a list or mapping"),
                ("quiet_hours: {frm: '20:00', until: '07:00'}\n", 3, "unknown key `quiet_hours.frm`; did you mean `from`?"),
                ("quiet_hours: {from: '00:00', until: '24:00'}\n", 3, "`sync_mode: manual` holds leads at all times"),
                ("schedule: {cron: '0 25 * * *', zone: UTC}\n", 3, "\"25\" is not a cron hour: it takes *, values of 0 to 23"),
                ("schedule: {cron: '0 7 * * *', zone: Europe/Pariss}\n", 3, "\"Europe/Pariss\" is not a time zone; write one as in Europe/Paris"),
                ("plugin: toy\n", 3, "`plugin` is given twice, first in line 1; remove one")):
            self.write_integration(good + wrong)
            status, text = self.check()
            self.assertEqual(status, EXIT_CONFIGURATION, wrong)
            self.assertIn(f"integrations.d/crm.yaml:{line}: ", text)
            self.assertIn(told, text)

    def test_a_secret_that_is_not_there_is_named_and_said_how_to_give(self):
        for source, told in (("{file: /nonexistent/token}", "secret `access_token`: /nonexistent/token cannot be read: No such file"),
                             ("{env: LEADSYNC_NO_SUCH}", "environment variable LEADSYNC_NO_SUCH is not set"),
                             ("pat-na1-1234", "must not hold the secret itself; say where it is kept: {file: PATH}")):
            self.write_integration(f"plugin: hubspot\ncredential: {{access_token: {source}}}\n")
            status, text = self.check()
            self.assertEqual(status, EXIT_CONFIGURATION, source)
            self.assertIn("integrations.d/crm.yaml", text)
            self.assertIn(told, text)
            self.assertNotIn("pat-na1", text)

    def test_a_folder_of_integrations_that_is_not_there_is_no_empty_one(self):
        self.daemon.config.write_text("integrations_folder: integration.d\n")
        status, text = self.check()
        self.assertEqual(status, EXIT_CONFIGURATION)
        self.assertIn(f"leadsyncd.yaml: `integrations_folder`: there is no folder {self.folder}/integration.d; make it, or correct the path", text)

    def test_names_that_only_the_plugin_knows_hold_the_integration_and_say_so(self):
        source = {"file": str(self.folder / "crm.token")}
        wrong = (("limit", {"limits": {"brust": 5}}, "the plugin has no limit `brust`"),
                 ("kind", {"credential": {"kind": "password", "access_token": source}}, "no credential \"password\"; it has token, oauth"),
                 ("secret", {"credential": {"acess_token": source}}, "credential \"token\" needs `access_token`"))
        for name, more, _ in wrong:
            document = {"plugin": "hubspot", "credential": {"access_token": source}, **more}
            (self.folder / f"integrations.d/{name}.yaml").write_text(json.dumps(document))
        self.daemon.start()
        for name, _, told in wrong:
            self.assertIn(told, self.daemon.get(f"/v1/integrations/{name}")["problem"])

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

    def import_file(self, name, content, *more):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return harness.client(self.daemon, "import", path, *more)

    def test_a_file_that_holds_no_leads_is_refused_by_its_name(self):
        for name, content, told in (
                ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8, "this is no text: export the leads as CSV (UTF-8), NDJSON or JSON"),
                ("book.csv", b"PK\x03\x04" + bytes(2000), "this is a spreadsheet file: open it and save it as CSV (UTF-8)"),
                ("page.csv", "<html><body>Sign in</body></html>", "this is HTML or XML: export the leads as CSV or JSON"),
                ("blank.csv", ",,,\n,,,\n", "no header row was found: one of the first rows must name the columns"),
                ("headless.csv", "ada@firm.example,Ada\n", "no header row was found: one of the first rows must name the columns"),
                ("empty.csv", "", "there is nothing in it to read")):
            status, _, errors = self.import_file(name, content, "--event", "Expo")
            self.assertEqual(status, EXIT_FAILED, errors)
            self.assertIn(name, errors.splitlines()[0])
            self.assertIn(told, errors)
        status, _, errors = self.import_file("bare.csv", "email,first name\n", "--event", "Expo")
        self.assertIn("bare.csv has no rows of leads; is it the right file?", errors)
        self.assertEqual(self.daemon.reconciliation()["pre_sync"]["total"], 0)

    def test_rows_around_a_broken_one_are_kept(self):
        for name, content, kept, told in (
                ("middle.json", '[{"email":"a@x.example"},{"email": oops},{"email":"b@x.example"}]', 2, "row 2: not JSON: syntax error at character 11"),
                ("cut.json", '[{"email":"c@x.example"},{"email":"d@x', 1, "row 2: not JSON: incomplete JSON at character 14"),
                ("row.ndjson", '{"email":"e@x.example"}\n{"email":\n{"email":"f@x.example"}\n', 2, "row 2: not JSON: incomplete JSON at character 10"),
                ("type.ndjson", '{"email":"g@x.example"}\n{"qualifiers":[1]}\n', 1, "row 2: /qualifiers must be an object"),
                ("bytes.ndjson", b'{"email":"h@x.example","first_name":"\xc3\xc3"}\n[]\n', 1, "row 2: a lead must be an object"),
                ("ragged.csv", "email,first name\ni@x.example,I,too,many\nj@x.example\n", 1, "row 2: the row has 4 cells and the header 2"),
                ("nobody.csv", "company,email\nFirm,\nFirm,k@x.example\n", 1, "row 2: no e-mail, badge, name or id: fill in one of them, or delete the row")):
            status, out, errors = self.import_file(name, content, "--event", "Expo")
            self.assertEqual(status, EXIT_PARTIAL, errors)
            self.assertTrue(out.startswith(f"{kept} added, 0 updated, 0 unchanged, 1 rejected"), f"{name}: {out}")
            self.assertIn(told, errors)
        status, _, errors = self.import_file("eventless.csv", "email\nl@x.example\n")
        self.assertEqual(status, EXIT_PARTIAL)
        self.assertIn("row 2: no event: add an event column, or name the event of the whole import", errors)
        self.assertEqual(self.daemon.reconciliation()["pre_sync"]["total"], 9)

    def test_leads_without_an_address_are_leads(self):
        status, out, errors = self.import_file("names.csv", "first name,last name,company\nAda,Lovelace,Engines\n", "--event", "Expo")
        self.assertEqual((status, out.splitlines()[0]), (0, "1 added, 0 updated, 0 unchanged, 0 rejected"), errors)

    def test_csv_of_every_sorry_kind_is_read(self):
        text = "Export of Expo\r\n\r\nFirst Name;Last Name;Email;Company\r\nAda;Lovelace;ada@firm.example;\"Firm; \"\"One\"\"\nLtd\"\r\nGrace;Hopper\r\n"
        for encoded in (text.encode("utf-8-sig"), text.replace("Ada", "Adé").encode("utf-16"), text.replace("Ada", "Adé").encode("windows-1252")):
            report = self.daemon.ok("POST", "/v1/leads?event=Expo&source=x.csv", encoded, content_type="text/csv")
            self.assertEqual(report["added"] + report["updated"] + report["unchanged"] + report["rejected"], 2, report)
            self.assertGreaterEqual(report["added"] + report["updated"] + report["unchanged"], 1, report)

    def test_json_that_is_none_is_refused_with_its_place(self):
        for method, path in (("POST", "/v1/leads?event=Expo"), ("PATCH", "/v1/integrations/crm")):
            status, told = self.problem(method, path, b'{"email": }', content_type="application/json")
            self.assertEqual((status, told["detail"]), (400, "not JSON: syntax error at character 11"))
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


class WrongAnswers(harness.World):
    """Something answers in the CRM's place: a sign-in page, half a document, far too much, nothing."""
    PAGE = b"<html><body>Please sign in to the hotel's network</body></html>"

    def setUp(self):
        super().setUp()
        self.impostor = impostor.Impostor(self.crm.port)
        self.addCleanup(self.impostor.close)
        self.daemon.integrate("crm", self.impostor.url)

    def delivery(self):
        return next(self.daemon.deliveries())

    def test_before_anything_is_known_leads_are_held_and_a_check_says_why(self):
        self.impostor.say(self.PAGE, content_type="text/html")
        self.daemon.start()
        self.daemon.post_leads(leads.many(2))
        status, out, _ = harness.client(self.daemon, "integrations", "check", "crm")
        self.assertEqual(status, EXIT_FAILED)
        self.assertIn("HTTP 200 with a web page: something on the way, such as a proxy or a login page, may have answered in HubSpot's place", out)
        self.assertEqual(self.daemon.reconciliation()["pre_sync"]["held"], 2)
        held = self.daemon.get("/v1/integrations/crm")
        self.assertEqual(held["hold"], "no schema")
        self.assertIn("HTTP 200 with a web page", held["problem"])
        self.impostor.step_aside()
        self.daemon.wait_settled(60)
        leads.expect_each_once(self, self.crm, range(2))

    def test_a_write_that_is_answered_by_something_else_fails_nobody(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["schema_fetched_at"], 30, "the schema")
        number = 0
        for body, told, more in ((self.PAGE, "HTTP 200 with a web page", {"content_type": "text/html"}),
                                 (b'{"results":[{"id":"1"', "HTTP 200 with a body that is no JSON", {}),
                                 (b'{"results":[{"id":"\xff"}]}', "HTTP 200 with a body that is no JSON", {}),
                                 (b"", "HTTP 200 with an empty body", {}),
                                 (b'{"results":[', "it was sent, but no whole answer came", {"missing": 500})):
            self.impostor.say(body, path="/contacts/batch", **more)
            self.daemon.post_leads([leads.lead(number)])
            number += 1
            found = harness.wait_until(lambda: next(self.daemon.deliveries(state="pre_sync", category="CONNECTION"), None), 30, told)
            self.assertIn(told, found["message"])
            self.impostor.step_aside()
            self.daemon.ok("POST", "/v1/integrations/crm/reconnect")
            self.assertEqual(self.daemon.wait_settled(60)["failed"]["total"], 0)
        leads.expect_each_once(self, self.crm, range(number))

    def test_an_answer_without_what_it_must_hold_is_the_crms_and_not_the_plugins(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["schema_fetched_at"], 30, "the schema")
        for number, (body, code, told) in enumerate(((b'{"results":[{"properties":{}}]}', "ID_MISSING", "HubSpot's answer has no id for this record"),
                                                     (b"[]", "MALFORMED_ANSWER", "HubSpot's answer lacks what its documentation promises"),
                                                     (b'{"results":["' + b"x" * 10_000_000 + b'"]}', "TOO_LARGE", "the answer is longer than the size limit"))):
            self.impostor.say(body, path="/contacts/batch")
            self.daemon.post_leads([leads.lead(number)])
            self.daemon.wait_settled(60)
            found = [row for row in self.daemon.deliveries(state="failed") if row["email"] == leads.email(number)]
            self.assertEqual([(row["category"], row["crm_code"], row["message"]) for row in found], [("UNEXPECTED", code, told)])
        self.impostor.step_aside()
        harness.client(self.daemon, "retry", "--all")
        self.daemon.wait_settled(60)
        leads.expect_each_once(self, self.crm, range(3))


if __name__ == "__main__":
    unittest.main()
