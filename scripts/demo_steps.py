#!/usr/bin/env python3
"""The steps of scripts/demo, which builds first. Needs LEADSYNC_BUILD."""
import argparse
import json
import os
import pathlib
import shlex
import shutil
import signal
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/e2e"), str(ROOT / "scripts")]
import crms  # noqa: E402
import harness  # noqa: E402
from demo_parts.others import OtherCrm  # noqa: E402
from demo_parts.output import StepFailed, expect, title  # noqa: E402

EXPORTS = [
    ("gadget-expo-las-vegas.csv", "Gadget Expo Las Vegas", "America/Los_Angeles"),
    ("werkzeugmesse-hannover.csv", "Werkzeugmesse Hannover", "Europe/Berlin"),
    ("salon-paris.csv", "Salon de Paris", "Europe/Paris"),
]
# What tests/data/README.md promises.
LEADS, CLEARED, FAILED, CATEGORIES = 570, 359, 211, 8
GROUP, GROUP_SIZE, FIX, FIXED = "NO_TAG_MAPPING", 54, "Within 6 months=next_quarter", 45


class Demo:
    """HubSpot's steps, whose figures tests/data promises, and those of the others."""
    crm_name = "hubspot"

    def __init__(self, folder, names):
        self.folder = folder
        self.names = names
        self.has_hubspot = self.crm_name in names
        self.crm = harness.Simulator(self.made("hubspot"), arguments=["--crm", "hubspot"])
        self.others = [OtherCrm(self, crms.ALL[name](self.made(name))) for name in names if name != self.crm_name]
        self.daemon = harness.Daemon(folder, {"log_level": "info", "plugin_folders": [str(harness.BUILD / "lib/leadsync/plugins")]})

    def made(self, name):
        (self.folder / name).mkdir()
        return self.folder / name

    def leadsync(self, *arguments, also=()):
        """Shows the command and what it says; `also` are exit statuses that are fine beside 0."""
        if len(self.names) > 1 and arguments[0] in ("mapping", "values", "failed", "retry", "log", "status"):
            arguments = ("-i", self.crm_name, *arguments)
        print("$ leadsync " + shlex.join(arguments), flush=True)
        status, out, errors = harness.client(self.daemon, *arguments)
        print(out + errors, end="", flush=True)
        expect(status == 0 or status in also, f"leadsync {shlex.join(arguments)} ended with {status}")

    def asked(self, *arguments):
        status, out, errors = harness.client(self.daemon, "--json", *arguments)
        expect(status in (0, 7), f"leadsync --json {shlex.join(arguments)} ended with {status}: {errors}")
        return json.loads(out)

    def start(self):
        title(f"{len(self.names)} simulated CRM{'s' * (len(self.names) > 1)} and the daemon, in {self.folder}")
        if self.has_hubspot:
            self.crm.start()
            # As a sandbox account would be: HubSpot's burst of 100 requests in 10 seconds.
            self.crm.admin("PUT", "limits", {"burst": {"amount": 100, "window_ms": 10_000}})
            self.daemon.integrate(self.crm_name, self.crm.url, plugin=self.crm_name, limits={})
        for other in self.others:
            other.start()
        self.daemon.start()
        if self.has_hubspot:
            harness.wait_until(lambda: self.daemon.get(f"/v1/integrations/{self.crm_name}")["schema_fetched_at"], 30, "the CRM's schema")
        for other in self.others:
            other.map_timeline()
        self.leadsync("integrations", "list")
        if self.has_hubspot:
            self.leadsync("mapping", "set", str(ROOT / "tests/data/demo_mapping.json"))

    def import_exports(self):
        title("Badge-scan exports of three events, in three vendors' shapes")
        for file, event, zone in EXPORTS:
            self.leadsync("import", str(ROOT / "tests/data" / file), "--event", event, "--time-zone", zone, also=(7,))  # 7: rows were set aside
        events = self.asked("events")["events"]
        expect({event["name"] for event in events} == {event for _, event, _ in EXPORTS}, f"three events, not {events}")
        expect(sum(event["leads"] for event in events) == LEADS, f"{LEADS} leads, not {events}")
        for one in self.asked("imports", "list")["imports"]:
            expect(one["rejected"] > 0 and not one["failure"], f"each export has rows of nobody that are set aside: {one}")

    def reconcile(self):
        title("What reached the CRM, and what did not and why")
        settled = self.daemon.wait_settled(120, self.crm_name)
        self.leadsync("status")
        groups = {group["code"]: group["count"] for group in settled["failed"]["groups"]}
        expect(settled["cleared"] == CLEARED and settled["failed"]["total"] == FAILED, f"{CLEARED} cleared and {FAILED} failed, not {settled['cleared']} and {groups}")
        expect(len(groups) == CATEGORIES and groups[GROUP] == GROUP_SIZE, f"{CATEGORIES} groups, {GROUP_SIZE} of {GROUP}, not {groups}")
        self.leadsync("failed", GROUP)
        self.before = groups
        duplicates = self.crm.admin("GET", "duplicates")
        expect(duplicates["count"] == 0, f"nothing is in the CRM twice: {duplicates}")
        self.contacts = self.crm.count("contacts")

    def fix(self):
        title("One cause, previewed: \"Within 6 months\" becomes the CRM's option \"Next quarter\"")
        self.leadsync("values", "show", "contact.timeline")
        self.leadsync("values", "map", "contact.timeline", FIX, "--preview")
        expect(self.daemon.groups(self.crm_name) == self.before, "a preview changes nothing")
        title("Saved, and that group tried again")
        self.leadsync("values", "map", "contact.timeline", FIX)
        self.leadsync("retry", "--category", GROUP, also=(7,))
        self.daemon.wait_settled(120, self.crm_name)

    def show_what_moved(self):
        title("What moved")
        self.leadsync("status")
        after = self.daemon.groups(self.crm_name)
        for code in sorted(set(self.before) | set(after)):
            change = after.get(code, 0) - self.before.get(code, 0)
            print(f"  {code:24} {self.before.get(code, 0):4} → {after.get(code, 0):4}" + (f"  ({change:+})" if change else ""))
        cleared = self.daemon.reconciliation(self.crm_name)["cleared"]
        expect(cleared == CLEARED + FIXED, f"{FIXED} more are cleared, not {cleared - CLEARED}")
        expect(after.get(GROUP) == GROUP_SIZE - FIXED, f"{GROUP_SIZE - FIXED} of the group stay: {after}")
        expect(self.crm.count("contacts") > self.contacts, "the CRM has more contacts than before")
        expect(self.crm.admin("GET", "duplicates")["count"] == 0, "nothing is in the CRM twice")
        lead = next(self.daemon.deliveries(self.crm_name, state="failed", category="OWNER_INVALID"))["lead"]
        title("What the CRM itself said about one that it refused")
        self.leadsync("log", lead)

    def tour(self):
        self.start()
        self.import_exports()
        if self.has_hubspot:
            self.reconcile()
            self.fix()
            self.show_what_moved()
        for other in self.others:
            other.reconcile()
            other.fix()

    def simulators(self):
        return ([self.crm] if self.has_hubspot else []) + [other.crm.simulator for other in self.others]

    def explore(self):
        title("Everything is running. In another terminal:")
        which = f" -i {self.names[0]}" if len(self.names) > 1 else ""
        sees = "\n  ".join(f"A simulated CRM:   curl -s {one.url}/_simulator/requests" for one in self.simulators())
        print(f"""
  export LEADSYNC_SOCKET={shlex.quote(str(self.daemon.socket))} PATH={shlex.quote(str(harness.BUILD / 'bin'))}:$PATH

  leadsync status                                   what is cleared, what failed and why
  leadsync{which} failed DATA_FORMAT_VALIDATION            one group, by where it failed
  leadsync{which} deliveries list --state failed           leads
  leadsync{which} log LEAD                                 all that was tried for one
  leadsync{which} fields show                              what is mapped to what
  leadsync --help

  {sees}
  The daemon's log:  {self.folder}/leadsyncd.log

Ctrl-C stops everything and removes the folder.
""", flush=True)
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass

    def stop(self):
        try:
            expect(self.daemon.stop() == 0, "the daemon does not stop in good order; see its log")
        finally:
            for one in self.simulators():
                one.stop()


def main():
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--crm", default="hubspot", choices=[*crms.ALL, "all"])
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="leadsync-demo-"))
    demo = Demo(folder, list(crms.ALL) if chosen.crm == "all" else [chosen.crm])
    status = 1
    try:
        demo.tour()
        if not chosen.once:
            demo.explore()
        status = 0
    except (StepFailed, AssertionError) as failure:
        print(f"\nscripts/demo: {failure}\n---- the end of leadsyncd.log ----\n{demo.daemon.log()[-3000:]}", file=sys.stderr)
    except KeyboardInterrupt:
        status = 130
    except StopIteration:
        print("\nscripts/demo: no lead failed with OWNER_INVALID", file=sys.stderr)
    finally:
        try:
            demo.stop()
        except (StepFailed, AssertionError) as failure:
            print(f"scripts/demo: {failure}\n{demo.daemon.log()[-3000:]}", file=sys.stderr)
            status = 1
        if os.environ.get("LEADSYNC_KEEP"):
            print("kept", folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if status == 0 and chosen.once:
        print("\nscripts/demo: each step did what it should")
    sys.exit(status)


if __name__ == "__main__":
    main()
