"""Starts the simulator and the daemon in private folders, and speaks to both."""
import http.client
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("LEADSYNC_BUILD", ROOT / "build" / "dev")).resolve()
SANITIZED = bool(os.environ.get("LEADSYNC_SANITIZED"))
TOKEN = "pat-na1-simulator"
# How much longer things may take where the programs check themselves, or the machine is busy.
PATIENCE = 4 if SANITIZED else 2


def wait_until(condition, seconds, what):
    """The first true value of `condition()`. `what` may be a function that describes the last state."""
    deadline = time.monotonic() + seconds * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds * PATIENCE} s: {what() if callable(what) else what}")
        time.sleep(0.02)


class Simulator:
    def __init__(self, folder, port=0, arguments=()):
        self.folder = pathlib.Path(folder)
        self.port = port
        self.arguments = list(arguments)
        self.process = None

    def start(self):
        port_file = self.folder / "simulator.port"
        port_file.unlink(missing_ok=True)
        log = open(self.folder / "simulator.log", "ab")
        self.process = subprocess.Popen([BUILD / "bin/leadsync-simulator", "--port", str(self.port), "--port-file", port_file, *self.arguments],
                                        stdout=log, stderr=log)
        log.close()
        wait_until(lambda: port_file.exists() or self.process.poll() is not None, 10, "the simulator's port file")
        assert self.process.poll() is None, (self.folder / "simulator.log").read_text()
        self.port = int(port_file.read_text())
        return self

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10 * PATIENCE)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def admin(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30 * PATIENCE)
        try:
            connection.request(method, "/_simulator/" + path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read().decode()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text)
        finally:
            connection.close()

    def objects(self, kind):
        return self.admin("GET", f"objects/{kind}")["results"]

    def count(self, kind):
        return self.admin("GET", f"objects/{kind}?count=1")["count"]

    def fault(self, kind, **more):
        return self.admin("POST", "faults", {"kind": kind, **more})["id"]

    def no_limits(self):
        self.admin("PUT", "limits", {name: None for name in self.admin("GET", "limits")})

    def request_count(self, path_part="", method=""):
        rows = self.admin("GET", "requests")["requests"]
        return sum(row["count"] for row in rows if path_part in row["path"] and method in row["method"])


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Daemon:
    def __init__(self, folder, config=None):
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / "api.sock"
        self.config = self.folder / "leadsyncd.yaml"
        self.process = None
        self.status = []
        (self.folder / "integrations.d").mkdir(exist_ok=True)
        settings = {"socket": str(self.socket), "state_folder": str(self.folder / "state"), "log_level": "debug",
                    "plugin_folders": [str(BUILD / "lib/leadsync/plugins")], "stop_grace": "10s", **(config or {})}
        self.config.write_text(json.dumps(settings))  # JSON is YAML
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.folder / "notify.sock"))
        self.notices = queue.SimpleQueue()
        threading.Thread(target=self._read_notices, daemon=True).start()

    def _read_notices(self):
        """As the service manager does, all the time: a full socket would block the daemon."""
        while True:
            try:
                self.notices.put(self.notify.recv(65536).decode())
            except OSError:
                return

    def integrate(self, name, url, plugin="hubspot", token=TOKEN, **settings):
        """Writes an integration; a secret is a file beside it."""
        self.set_secret(f"{name}.token", token)
        document = {"plugin": plugin, "credential": {"kind": "token", "access_token": {"file": str(self.folder / f"{name}.token")}},
                    "base_url": url, "limits": {"burst": 1_000_000, "search": 1_000_000}, **settings}
        (self.folder / "integrations.d" / f"{name}.yaml").write_text(json.dumps(document))

    def integrate_by_oauth(self, name, url):
        """With the client that the simulator knows."""
        secrets = {"client_id": "simulator-client", "client_secret": "simulator-secret", "refresh_token": "simulator-refresh"}
        for secret, text in secrets.items():
            self.set_secret(f"{name}.{secret}", text)
        self.integrate(name, url, credential={"kind": "oauth", **{secret: {"file": str(self.folder / f"{name}.{secret}")} for secret in secrets}})

    def set_secret(self, name, text):
        path = self.folder / name
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(text + "\n")

    def spawn(self, **environment):
        log = open(self.folder / "leadsyncd.log", "ab")
        clean = {name: value for name, value in os.environ.items() if name not in ("WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "JOURNAL_STREAM")}
        self.process = subprocess.Popen([BUILD / "bin/leadsyncd", "--config", self.config], stdout=log, stderr=log,
                                        env={**clean, "NOTIFY_SOCKET": str(self.folder / "notify.sock"), **environment})
        log.close()

    def wait_for_notice(self, prefix, seconds=30):
        """Reads what the daemon tells its service manager, until a line that begins so."""
        deadline = time.monotonic() + seconds * PATIENCE
        while True:
            try:
                lines = self.notices.get(timeout=0.1).split("\n")
                self.status += [line for line in lines if line.startswith("STATUS=")]
                found = [line for line in lines if line.startswith(prefix)]
                if found:
                    return found[0]
            except queue.Empty:
                assert self.process.poll() is None, f"leadsyncd ended with {self.process.returncode} before {prefix}:\n{self.log()[-4000:]}"
                assert time.monotonic() < deadline, f"no {prefix} from leadsyncd:\n{self.log()[-4000:]}"

    def drain_notices(self):
        while not self.notices.empty():
            self.notices.get()

    def start(self, **environment):
        self.drain_notices()
        self.spawn(**environment)
        self.wait_for_notice("READY=1")
        return self

    def stop(self, seconds=30):
        """As the service manager does; the exit status."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds * PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("leadsyncd did not stop:\n" + self.log()[-4000:])
        return self.process.returncode if self.process else 0

    def kill(self):
        self.process.kill()
        self.process.wait()

    def log(self):
        path = self.folder / "leadsyncd.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def call(self, method, path, body=None, content_type="application/json", headers=None, timeout=90):
        connection = UnixConnection(self.socket, timeout)
        try:
            data = json.dumps(body) if isinstance(body, (dict, list)) else body
            named = {"Content-Type": content_type} if data is not None else {}
            connection.request(method, path, data, {**named, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def ok(self, method, path, body=None, **more):
        answer = self.call(method, path, body, **more)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body}"
        return answer.json

    def get(self, path):
        return self.ok("GET", path)

    def reconciliation(self, name="crm", **query):
        return self.get(f"/v1/integrations/{name}/reconciliation?" + urllib.parse.urlencode(query))

    def groups(self, name="crm", **query):
        """{"NO_TAG_MAPPING": 3}"""
        return {group["code"]: group["count"] for group in self.reconciliation(name, **query)["failed"]["groups"]}

    def deliveries(self, name="crm", **query):
        cursor = None
        while True:
            page = self.get(f"/v1/integrations/{name}/deliveries?" + urllib.parse.urlencode({"limit": 500, **query, **({"cursor": cursor} if cursor else {})}))
            yield from page["deliveries"]
            cursor = page["next_cursor"]
            if not cursor:
                return

    def post_leads(self, leads, event="Expo 2026"):
        body = "".join(json.dumps(lead) + "\n" for lead in leads)
        return self.ok("POST", "/v1/leads?" + urllib.parse.urlencode({"event": event, "source": "leads.ndjson"}), body.encode(),
                       content_type="application/x-ndjson", timeout=300)

    def wait_settled(self, seconds, name="crm"):
        """Until nothing waits or syncs. The reconciliation then."""
        seen = {}

        def settled():
            seen.update(self.reconciliation(name))
            return seen["pre_sync"]["total"] == 0 and seen
        return wait_until(settled, seconds, lambda: json.dumps({k: seen.get(k) for k in ("pre_sync", "cleared", "failed")})[:1500])

    def wait_operation(self, operation, seconds=60):
        def done():
            state = self.get(f"/v1/operations/{operation}?wait=5s")
            return state["state"] in ("done", "cancelled") and state
        return wait_until(done, seconds, lambda: self.get(f"/v1/operations/{operation}"))


def client(daemon, *arguments, text=None):
    """Runs `leadsync`; (exit status, output, errors)."""
    done = subprocess.run([BUILD / "bin/leadsync", "--socket", str(daemon.socket if daemon else "/nonexistent/api.sock"), *map(str, arguments)],
                          input=text, capture_output=True, text=True, timeout=120 * PATIENCE, env={**os.environ, "NO_COLOR": "1"})
    return done.returncode, done.stdout, done.stderr


class World(unittest.TestCase):
    """A folder, a simulator without limits, and a daemon that is configured for it but not started."""
    integration = {}
    config = {}

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-", dir="/tmp"))
        self.addCleanup(self.remove_folder)
        self.crm = Simulator(self.folder).start()
        self.addCleanup(self.crm.stop)
        self.crm.no_limits()
        self.daemon = Daemon(self.folder, self.config)
        self.daemon.integrate("crm", self.crm.url, **self.integration)
        self.addCleanup(self.daemon.notify.close)
        self.addCleanup(self.end_daemon)

    def end_daemon(self):
        if self.daemon.process and self.daemon.process.poll() is None:
            self.daemon.kill()
        failed = any(error for _, error in getattr(self._outcome, "errors", []) or []) or bool(getattr(getattr(self._outcome, "result", None), "errors", []))
        log = self.daemon.log()
        if failed or "Sanitizer" in log or "runtime error:" in log:
            print(f"---- log of leadsyncd, its end ----\n{log[-6000:]}", flush=True)
        self.assertNotIn("Sanitizer:", log, "a sanitizer spoke; see the log above")

    def remove_folder(self):
        if os.environ.get("LEADSYNC_KEEP"):
            print("kept", self.folder)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)
