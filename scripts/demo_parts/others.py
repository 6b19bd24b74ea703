"""The demo's steps for the CRMs beside HubSpot: the same exports, one question mapped, previewed, fixed and retried."""
import harness
import crms
from demo_parts.output import expect, title

FIX = "Within 6 months=Next quarter"


class OtherCrm:
    def __init__(self, demo, crm):
        self.demo = demo
        self.crm = crm
        self.name = crm.name
        self.field = ""

    def start(self):
        self.crm.start()
        self.crm.integrate(self.demo.daemon, self.name)

    def map_timeline(self):
        """What the default mapping cannot know: which field the exports' question is about."""
        daemon = self.demo.daemon
        harness.wait_until(lambda: daemon.get(f"/v1/integrations/{self.name}")["schema_fetched_at"], 60, f"the schema of {self.name}")
        self.field = ".".join(self.crm.timeline)
        self.demo.leadsync("-i", self.name, "fields", "set", self.field, "--from", "qualifier:Timeline")

    def groups(self):
        return self.demo.daemon.groups(self.name)

    def settle(self):
        return self.demo.daemon.wait_settled(240, self.name)

    def reconcile(self):
        title(f"What reached {self.name}, and what did not and why")
        settled = self.settle()
        self.demo.leadsync("-i", self.name, "status")
        self.before, self.cleared = self.groups(), settled["cleared"]
        expect(settled["cleared"] > 300, f"most leads are in {self.name}, not {settled['cleared']}")
        expect(self.before.get("NO_TAG_MAPPING", 0) > 0, f"an answer of the exports has no option in {self.name}: {self.before}")
        self.expect_nothing_twice()

    def expect_nothing_twice(self):
        people = [address for address in self.crm.people() if address]
        expect(len(people) == len(set(people)), f"nobody is in {self.name} twice")

    def fix(self):
        title(f"{self.name}: previewed, saved, and that group tried again")
        self.demo.leadsync("-i", self.name, "values", "map", self.field, FIX, "--preview")
        expect(self.groups() == self.before, "a preview changes nothing")
        self.demo.leadsync("-i", self.name, "values", "map", self.field, FIX)
        self.demo.leadsync("-i", self.name, "retry", "--category", "NO_TAG_MAPPING", also=(7,))
        settled = self.settle()
        after = self.groups()
        print(f"  cleared {self.cleared} → {settled['cleared']}   NO_TAG_MAPPING {self.before['NO_TAG_MAPPING']} → {after.get('NO_TAG_MAPPING', 0)}", flush=True)
        expect(settled["cleared"] > self.cleared, f"the fix clears leads in {self.name}")
        expect(after.get("NO_TAG_MAPPING", 0) < self.before["NO_TAG_MAPPING"], f"the group is smaller: {after}")
        self.expect_nothing_twice()
