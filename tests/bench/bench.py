"""Measures the release build against the simulator. Every figure comes with what it was measured under; bars are held by --check.

Durable figures are stated in multiples of one fdatasync of the same run and folder. CPU is the daemon's alone. 2 cores carry the
daemon, the simulator and the load at once.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
os.environ.setdefault("LEADSYNC_BUILD", str(pathlib.Path(__file__).resolve().parents[2] / "build" / "release"))
import harness  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")


class Figures:
    """What was measured, and which of it missed its bar."""

    def __init__(self):
        self.missed = []

    def say(self, name, value, unit="", note="", at_least=None, at_most=None):
        bar = ""
        if at_least is not None or at_most is not None:
            met = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
            bar = f"  [bar: {'≥' if at_least is not None else '≤'} {at_least if at_least is not None else at_most}{' ' + unit if unit else ''}: {'met' if met else 'MISSED'}]"
            if not met:
                self.missed.append(name)
        shown = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        print(f"  {name}: {shown} {unit}{'  (' + note + ')' if note else ''}{bar}", flush=True)


class Bench:
    def __init__(self, folder_on, **integration):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-bench-", dir=folder_on))
        self.crm = harness.Simulator(self.folder).start()
        self.crm.no_limits()
        self.daemon = harness.Daemon(self.folder, {"log_level": "warning"})
        self.daemon.integrate("crm", self.crm.url, **{"provision": True, **integration})

    def __enter__(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["hold"] in ("", None, "manual"), 30, "the schema")
        return self

    def __exit__(self, *_):
        if self.daemon.process and self.daemon.process.poll() is None:
            self.daemon.kill()
        self.daemon.notify.close()
        self.crm.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.daemon.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self):
        for line in pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0

    def fdatasync_ms(self):
        """Median of 200: 4 KiB appended and synced, in the folder that holds the database."""
        times = []
        descriptor = os.open(self.folder / "probe", os.O_WRONLY | os.O_CREAT)
        for _ in range(200):
            os.write(descriptor, b"x" * 4096)
            began = time.perf_counter()
            os.fdatasync(descriptor)
            times.append((time.perf_counter() - began) * 1000)
        os.close(descriptor)
        return sorted(times)[100]

    def load(self, connections, count, first, pause_us=0):
        program = harness.BUILD / "bin/load_generator"
        done = subprocess.run([program, "--socket", self.daemon.socket, "--connections", str(connections), "--count", str(count),
                               "--first", str(first), "--pause-us", str(pause_us)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def import_leads(self, count, first=0, notes=False, chunk=100_000):
        for start in range(first, first + count, chunk):
            rows = []
            for number in range(start, min(start + chunk, first + count)):
                note = f',"notes":"Note {number}"' if notes else ""
                rows.append(f'{{"id":"b{number}","email":"lead{number}@gmail.com","first_name":"Ada","last_name":"Number {number}"{note}}}\n')
            self.daemon.ok("POST", "/v1/leads?event=Bench&source=bench.ndjson", "".join(rows).encode(), content_type="application/x-ndjson", timeout=600)

    def settled(self, seconds):
        return self.daemon.wait_settled(seconds)


def measure_throughput(figures, folder):
    print("One by one, no latency, no limits, plain HTTP to the simulator, identity index on; phase: person")
    for connections in (64, 1000):
        with Bench(folder, max_in_flight=16) as bench:
            count = 60_000
            cpu, began = bench.cpu_seconds(), time.monotonic()
            load = bench.load(connections, count, 0)
            settled = bench.settled(120)
            seconds, cpu = time.monotonic() - began, bench.cpu_seconds() - cpu
            assert settled["cleared"] == count, settled
            assert bench.crm.count("contacts") == count
            figures.say(f"acknowledged with {connections} in flight", load["leads_per_second"], "leads/s", f"p99 {load['p99_ms']:.1f} ms")
            figures.say(f"end to end with {connections} in flight", count / seconds, "leads/s", "from the first submit to the last verdict",
                        at_least=30_000)
            figures.say(f"daemon CPU with {connections} in flight", cpu / count * 1000, "s per 1,000 leads", "person, HTTP in and out, durable", at_most=0.03)


def measure_phases(figures, folder):
    print("All phases: company (200 of them), person, association, note; imported as NDJSON, plain HTTP")
    with Bench(folder) as bench:
        count = 20_000
        rows = "".join(f'{{"id":"p{n}","email":"lead{n}@firm{n % 200}.test","first_name":"Ada","last_name":"No {n}","company":"Firm {n % 200}",'
                       f'"notes":"Note {n}"}}\n' for n in range(count))
        cpu, began = bench.cpu_seconds(), time.monotonic()
        bench.daemon.ok("POST", "/v1/leads?event=Bench&source=b.ndjson", rows.encode(), content_type="application/x-ndjson", timeout=300)
        bench.settled(180)
        seconds, cpu = time.monotonic() - began, bench.cpu_seconds() - cpu
        assert bench.crm.count("notes") == count and bench.crm.count("companies") == 200
        figures.say("all phases", count / seconds, "leads/s")
        figures.say("daemon CPU, all phases", cpu / count * 1000, "s per 1,000 leads")


def measure_idle(figures, folder):
    print("Idle: one lead at a time, each when the one before is done")
    with Bench(folder) as bench:
        sync = bench.fdatasync_ms()
        figures.say("fdatasync", sync, "ms", "median of 200, 4 KiB, same folder")
        figures.say("memory at idle", bench.memory_mb(), "MB")
        alone = bench.load(1, 300, 0, pause_us=15_000)
        figures.say("acknowledgement of one sequential lead, p50", alone["p50_ms"] / sync, "fdatasyncs", f"{alone['p50_ms']:.3f} ms", at_most=8)
        figures.say("acknowledgement of one sequential lead, p99", alone["p99_ms"] / sync, "fdatasyncs", f"{alone['p99_ms']:.3f} ms")
        waits = sorted(submit_to_request_ms(bench, number) for number in range(1000, 1300))
        figures.say("submit to CRM request when idle, p50", waits[150], "ms", "lead written to the socket until the simulator read the call's head; 300 leads",
                    at_most=2)
        figures.say("submit to CRM request when idle, p99", waits[296], "ms")


def submit_to_request_ms(bench, number):
    """Of one lead, on a connection that is open already, when the lead before it is done."""
    body = f'{{"id":"idle-{number}","email":"idle{number}@gmail.com","last_name":"No {number}"}}'.encode()
    connection = harness.UnixConnection(bench.daemon.socket, 30)
    connection.connect()
    bench.daemon.wait_settled(10)
    before = bench.crm.admin("GET", "requests")["total"]
    sent_at = time.time()
    connection.request("POST", "/v1/leads?event=Bench", body, {"Content-Type": "application/json"})
    assert connection.getresponse().status < 300
    connection.close()
    bench.daemon.wait_settled(10)
    after = bench.crm.admin("GET", "requests")
    assert after["total"] == before + 1, "another call came between"
    return after["newest_at_us"] / 1000 - sent_at * 1000


def measure_backlog(figures, folder):
    print("1,000,000 queued (integration in manual mode)")
    with Bench(folder) as bench:
        bench.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "manual"})
        began = time.monotonic()
        bench.import_leads(1_000_000)
        figures.say("import, NDJSON, durable", 1_000_000 / (time.monotonic() - began), "leads/s")
        time.sleep(1)
        figures.say("memory with 1,000,000 queued", bench.memory_mb(), "MB", at_most=96)
        for name, path in (("summary and groups", "/v1/integrations/crm/reconciliation"),
                           ("first page", "/v1/integrations/crm/deliveries?state=held&limit=50")):
            times = []
            for _ in range(100):
                began = time.perf_counter()
                bench.daemon.get(path)
                times.append((time.perf_counter() - began) * 1000)
            figures.say(f"{name} at 1,000,000 deliveries, p50", sorted(times)[50], "ms", "over the socket, connection included", at_most=5)
            figures.say(f"{name} at 1,000,000 deliveries, p99", sorted(times)[98], "ms")
        measure_retry(figures, bench)
        began = time.monotonic()
        bench.daemon.kill()
        bench.daemon.start()
        figures.say("start after kill -9 with 1,000,000 queued", time.monotonic() - began, "s")


def measure_retry(figures, bench):
    print("Retry of a group of 200,000 among 1,200,000 deliveries")
    document = bench.daemon.get("/v1/integrations/crm/mapping")
    fields = document["mapping"]["fields"] + [{"object": "contact", "remote_field": "gone_field", "source": "notes"}]
    revision = document["revision"]
    bench.daemon.ok("PUT", "/v1/integrations/crm/mapping", {"fields": fields}, headers={"If-Match": f'"{revision}"'})
    bench.import_leads(200_000, first=2_000_000, notes=True)
    bench.daemon.ok("POST", "/v1/integrations/crm/retries", {"held": True})
    harness.wait_until(lambda: bench.daemon.groups().get("MISSING_REMOTE_FIELD", 0) == 200_000, 300, lambda: bench.daemon.groups())
    bench.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "disabled"})
    sampler = subprocess.Popen([harness.BUILD / "bin/load_generator", "--socket", bench.daemon.socket, "--connections", "1", "--count", "1500",
                                "--first", "9000000", "--pause-us", "500"], stdout=subprocess.PIPE, text=True)
    time.sleep(0.3)
    began = time.perf_counter()
    operation = bench.daemon.ok("POST", "/v1/integrations/crm/retries", {"category": "MISSING_REMOTE_FIELD"})["id"]
    acknowledged = (time.perf_counter() - began) * 1000
    harness.wait_until(lambda: bench.daemon.get(f"/v1/operations/{operation}")["state"] != "applying", 60, "applied")
    eligible = time.perf_counter() - began
    stall = json.loads(sampler.communicate()[0])["max_ms"]
    figures.say("retry of 200,000 acknowledged", acknowledged, "ms", at_most=20)
    figures.say("retry of 200,000 all eligible", eligible, "s", at_most=1.0)
    figures.say("longest intake acknowledgement meanwhile", stall, "ms", at_most=50)


def measure_quota(figures, folder, seconds):
    print(f"Quota: {seconds} s each, 50 to 400 ms of latency; person and note phases, full batches")
    for amount in (100, 190):
        for kind in ("sliding", "fixed"):
            for foreign in (0.0, 0.3):
                with Bench(folder, limits={"burst": amount, "search": 1000}, max_in_flight=64) as bench:
                    bench.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "manual"})
                    bench.import_leads(int(amount * (seconds / 10 + 3) * 100 / 3), notes=True)
                    bench.crm.admin("PUT", "latency", {"min_ms": 50, "max_ms": 400})
                    # What the start-up calls used is a window old by now.
                    time.sleep(11)
                    bench.crm.admin("PUT", "limits", {"burst": {"amount": amount, "window_ms": 10_000, "kind": kind, "foreign": foreign}})
                    bench.crm.admin("DELETE", "requests")
                    bench.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "automatic"})
                    time.sleep(seconds)
                    quota = bench.crm.admin("GET", "requests")["quotas"]["burst"]
                    left = bench.daemon.reconciliation()["pre_sync"]["total"]
                    assert left > 0, "the leads ran out: the figure would mean nothing"
                    name = f"{amount} per 10 s, {kind}" + (", another client takes 30 %" if foreign else "")
                    share = quota["used"] / (amount * (1 - foreign) * seconds / 10)
                    figures.say(f"{name}: used of what is allowed", share * 100, "%", f"{quota['used']} calls, {quota['rejected']} times 429",
                                at_least=95 if foreign else 98)
                    if not foreign:
                        figures.say(f"{name}: 429s", quota["rejected"], "", at_most=0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a bar is missed")
    parser.add_argument("--only", action="append", choices=["throughput", "phases", "idle", "backlog", "quota"])
    parser.add_argument("--folder", default=None, help="where databases are made (default: /var/tmp)")
    parser.add_argument("--quota-seconds", type=int, default=120)
    chosen = parser.parse_args()
    folder = chosen.folder or "/var/tmp"
    wanted = chosen.only or ["throughput", "phases", "idle", "backlog", "quota"]
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    figures = Figures()
    if "throughput" in wanted:
        measure_throughput(figures, folder)
    if "phases" in wanted:
        measure_phases(figures, folder)
    if "idle" in wanted:
        measure_idle(figures, folder)
    if "backlog" in wanted:
        measure_backlog(figures, folder)
    if "quota" in wanted:
        measure_quota(figures, folder, chosen.quota_seconds)
    if figures.missed:
        print("bars missed: " + "; ".join(figures.missed))
    return 1 if chosen.check and figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
