"""Ends the daemon in the middle of its work: at a named point, or some milliseconds after its first request to the CRM."""
import http.client
import random
import time

import harness

POINTS = ["after_claim", "after_send", "before_verdicts", "after_verdicts", "before_commit", "after_commit"]


class Killing:
    """For a world with a daemon and a CRM; `lead(number)` makes what is posted."""

    def prepare_to_kill(self, seed):
        self.random = random.Random(seed)
        self.unposted = []
        self.hits = {}
        self.next_lead = 0

    def post(self, count):
        """Leads are handed over until they are acknowledged; what a crash interrupts is handed over again."""
        self.unposted += range(self.next_lead, self.next_lead + count)
        self.next_lead += count
        try:
            self.daemon.post_leads([self.lead(number) for number in self.unposted])
            self.unposted = []
        except (OSError, http.client.HTTPException):
            pass

    def start(self, **environment):
        """False where it was killed before it was ready: a failpoint may be passed while it recovers."""
        self.daemon.drain_notices()
        self.daemon.spawn(**environment)
        try:
            self.daemon.wait_for_notice("READY=1")
            return True
        except AssertionError:
            if self.daemon.process.poll() == -9:
                return False
            raise

    def kill_while_it_sends(self, count):
        self.start()
        before = self.crm.admin("GET", "requests")["total"]
        self.post(count)
        deadline = time.monotonic() + 15 * harness.PATIENCE
        while self.crm.admin("GET", "requests")["total"] == before and time.monotonic() < deadline:
            pass
        time.sleep(self.random.uniform(0.001, 0.040))
        self.daemon.kill()

    def kill_at(self, point, count):
        passages = self.random.randint(1, 3 if count >= 300 else 1)
        if self.start(LEADSYNC_FAILPOINT=f"{point}:{passages}"):
            self.post(count)
            deadline = time.monotonic() + 15 * harness.PATIENCE
            while self.daemon.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
        self.hits[point] = self.hits.get(point, 0) + (self.daemon.process.poll() == -9)
        self.daemon.kill()

    def kill_again_and_again(self, kills, count):
        """In turn while it sends and at each point. Then all `count` leads are handed over, and the daemon is left to itself."""
        portion = count // (kills + 1)
        for i in range(kills):
            if i % 2:
                self.kill_at(POINTS[i // 2 % len(POINTS)], portion)
            else:
                self.kill_while_it_sends(portion)
        self.crm.admin("DELETE", "faults")
        self.daemon.start()
        self.post(count - self.next_lead)
