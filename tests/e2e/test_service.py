"""As a service: readiness, socket activation, reload, watchdog, permissions, a graceful stop."""
import os
import pathlib
import signal
import stat
import subprocess
import unittest

import harness
import leads


class Service(harness.World):
    def test_state_and_socket_are_closed_to_others(self):
        self.daemon.start()
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "state").st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(self.daemon.socket).st_mode), 0o660)
        for path in (self.folder / "state").rglob("*"):
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)

    def test_a_stop_finishes_what_is_in_flight(self):
        self.daemon.start()
        self.crm.admin("PUT", "latency", {"min_ms": 100, "max_ms": 300})
        self.daemon.post_leads(leads.many(300))
        harness.wait_until(lambda: self.crm.count("contacts") > 0, 30, "the first contacts")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertFalse(self.daemon.socket.exists(), "the socket file is left")
        self.assertEqual([path.name for path in (self.folder / "state").glob("*-wal") if path.stat().st_size], [], "the log is not checkpointed")
        self.crm.admin("PUT", "latency", {"min_ms": 0, "max_ms": 0})
        self.daemon.start()
        settled = self.daemon.wait_settled(90)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (300, 0))
        leads.expect_each_once(self, self.crm, range(300))

    def test_tells_its_service_manager_what_it_does(self):
        self.daemon.start()
        self.daemon.wait_for_notice("STATUS=0 cleared, 0 failed, 0 waiting")
        self.daemon.process.send_signal(signal.SIGTERM)
        self.daemon.wait_for_notice("STOPPING=1")

    def test_pings_the_watchdog(self):
        self.daemon.start(WATCHDOG_USEC="1000000")
        for _ in range(3):
            self.daemon.wait_for_notice("WATCHDOG=1", seconds=5)

    def test_a_reload_takes_the_log_level_and_keeps_the_old_configuration_where_the_new_one_is_wrong(self):
        self.daemon.start()
        good = self.daemon.config.read_text()
        self.daemon.config.write_text(good.replace('"debug"', '"loud"'))
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for_notice("RELOADING=1")
        self.daemon.wait_for_notice("STATUS=reload failed")
        self.assertIn("leadsyncd.yaml:1: `log_level` must be one of debug, info, warning, error", self.daemon.log())
        self.assertEqual(self.daemon.call("GET", "/v1/health/live").status, 200)

        self.daemon.config.write_text(good.replace('"debug"', '"error"'))
        self.daemon.drain_notices()
        self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.wait_for_notice("RELOADING=1")
        self.daemon.wait_for_notice("READY=1")
        before = len(self.daemon.log())
        self.daemon.post_leads(leads.many(3))
        self.daemon.wait_settled(30)
        self.assertEqual(self.daemon.log()[before:], "", "nothing below the level is logged")

    def test_a_reload_takes_new_credentials(self):
        self.daemon.set_secret("crm.token", "pat-na1-revoked")
        self.daemon.start()
        self.daemon.post_leads(leads.many(3))
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["hold"] == "reconnect", 30,
                           lambda: self.daemon.get("/v1/integrations/crm"))
        self.daemon.set_secret("crm.token", harness.TOKEN)
        self.daemon.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 3)

    def test_serves_a_socket_that_it_is_given(self):
        command = ["systemd-socket-activate", "-l", str(self.folder / "passed.sock"), "--fdname=api",
                   *(f"--setenv={name}" for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ),
                   str(harness.BUILD / "bin/leadsyncd"), "--config", str(self.daemon.config)]
        log = open(self.folder / "leadsyncd.log", "ab")
        self.daemon.process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        self.daemon.socket = self.folder / "passed.sock"

        def answers():
            try:
                return self.daemon.call("GET", "/v1/health/live").status == 200
            except (FileNotFoundError, ConnectionRefusedError):  # not bound yet, or not listening
                return False
        harness.wait_until(answers, 20, "an answer on the passed socket")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertTrue(self.daemon.socket.exists(), "a passed socket belongs to who passed it")

    def test_a_second_daemon_leaves_the_first_alone(self):
        self.daemon.start()
        second = subprocess.run([harness.BUILD / "bin/leadsyncd", "--config", self.daemon.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another leadsyncd is using it", second.stderr)
        self.assertEqual(self.daemon.call("GET", "/v1/health/ready").status, 200)

    def test_no_secret_is_in_the_log_or_the_process_list(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(3))
        self.daemon.wait_settled(30)
        for what in ("cmdline", "environ"):
            self.assertNotIn(harness.TOKEN.encode(), pathlib.Path(f"/proc/{self.daemon.process.pid}/{what}").read_bytes())
        self.assertNotIn(harness.TOKEN, self.daemon.log())
        self.daemon.stop()
        stored = b"".join(path.read_bytes() for path in (self.folder / "state").iterdir() if path.is_file())
        self.assertNotIn(harness.TOKEN.encode(), stored)


if __name__ == "__main__":
    unittest.main()
