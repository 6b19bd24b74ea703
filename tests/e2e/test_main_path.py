"""From a badge-scan export to the CRM, and a failed group to a fix."""
import json
import unittest
import urllib.parse

import harness
import leads


def change_mapping(daemon, *fields, name="crm"):
    """The current mapping with these fields replaced or added; {"fields": [...]}."""
    # The daemon saves the default mapping when it has seen the CRM.
    harness.wait_until(lambda: daemon.get(f"/v1/integrations/{name}")["mapping_revision"] not in (0, "0"), 30, "the first mapping")
    current = daemon.get(f"/v1/integrations/{name}/mapping")["mapping"]
    named = {(field["object"], field["remote_field"]) for field in fields}
    current["fields"] = [field for field in current["fields"] if (field["object"], field["remote_field"]) not in named] + list(fields)
    return current


def save_mapping(daemon, mapping, name="crm"):
    etag = daemon.call("GET", f"/v1/integrations/{name}/mapping").headers["ETag"]
    return daemon.ok("PUT", f"/v1/integrations/{name}/mapping", mapping, headers={"If-Match": etag})


def timeline(values=None):
    return {"object": "contact", "remote_field": "timeline", "source": "qualifier:Timeline", **({"values": values} if values else {})}


class MainPath(harness.World):
    def test_each_lead_reaches_the_crm_once_and_the_same_file_adds_nothing(self):
        self.daemon.start()
        report = self.daemon.post_leads(leads.many(300))
        self.assertEqual((report["added"], report["unchanged"], report["rejected"]), (300, 0, 0))
        settled = self.daemon.wait_settled(60)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (300, 0), settled["failed"]["groups"])
        leads.expect_each_once(self, self.crm, range(300))

        writes = self.crm.request_count(method="POST")
        again = self.daemon.post_leads(leads.many(300))
        self.assertEqual((again["added"], again["updated"], again["unchanged"]), (0, 0, 300))
        self.daemon.wait_settled(20)
        self.assertEqual(self.crm.request_count(method="POST"), writes, "what is unchanged is not sent again")

    def test_a_value_mapping_clears_exactly_what_its_preview_said(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["schema_fetched_at"], 30, "the schema")
        save_mapping(self.daemon, change_mapping(self.daemon, timeline()))
        values = ["This quarter"] * 20 + ["NAM Only"] * 30 + ["EMEA Only"] * 10
        self.daemon.post_leads([leads.lead(number, qualifiers={"Timeline": [value]}) for number, value in enumerate(values)])
        settled = self.daemon.wait_settled(60)
        self.assertEqual(settled["cleared"], 20)
        self.assertEqual(self.daemon.groups(), {"NO_TAG_MAPPING": 40})
        self.assertEqual(self.crm.count("contacts"), 20, "what cannot pass is not sent")
        sub_groups = {group["locus"]["value"]: group["count"] for group in settled["failed"]["groups"][0]["sub_groups"]}
        self.assertEqual(sub_groups, {"NAM Only": 30, "EMEA Only": 10})

        wanted = change_mapping(self.daemon, timeline({"NAM Only": "this_quarter"}))
        preview = self.daemon.ok("POST", "/v1/integrations/crm/mapping/preview", {"mapping": wanted, "category": "NO_TAG_MAPPING"})
        self.assertEqual((preview["would_pass"], preview["stays"]), (30, 10), preview)
        self.assertEqual(self.daemon.groups(), {"NO_TAG_MAPPING": 40}, "a preview changes nothing")

        save_mapping(self.daemon, wanted)
        dry = self.daemon.ok("POST", "/v1/integrations/crm/retries", {"category": "NO_TAG_MAPPING", "dry_run": True})
        self.assertEqual(dry["count"], 40)
        operation = self.daemon.ok("POST", "/v1/integrations/crm/retries", {"category": "NO_TAG_MAPPING"})
        done = self.daemon.wait_operation(operation["id"])
        self.assertEqual((done["total"], done["cleared"], done["still_failing"], done["moved"]), (40, 30, 10, 0), done)
        self.assertEqual(self.daemon.groups(), {"NO_TAG_MAPPING": 10})
        stored = [contact["properties"].get("timeline") for contact in self.crm.objects("contacts")]
        self.assertEqual(stored, ["this_quarter"] * 50)

    def test_a_mapping_that_somebody_else_changed_is_not_overwritten(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["schema_fetched_at"], 30, "the schema")
        old = self.daemon.call("GET", "/v1/integrations/crm/mapping").headers["ETag"]
        wanted = change_mapping(self.daemon, timeline())
        save_mapping(self.daemon, wanted)
        late = self.daemon.call("PUT", "/v1/integrations/crm/mapping", wanted, headers={"If-Match": old})
        self.assertEqual((late.status, late.json["code"]), (412, "CONFLICT"))

    def test_manual_mode_holds_until_released(self):
        self.daemon.integrate("crm", self.crm.url, sync_mode="manual")
        self.daemon.start()
        self.daemon.post_leads(leads.many(10))
        state = self.daemon.reconciliation()["pre_sync"]
        self.assertEqual((state["held"], state["queued"], state["reason"]), (10, 0, "manual"))
        self.assertEqual(self.crm.count("contacts"), 0)

        one = next(self.daemon.deliveries(q=leads.email(3)))
        operation = self.daemon.ok("POST", "/v1/integrations/crm/retries", {"lead": one["lead"]})
        self.daemon.wait_operation(operation["id"])
        self.assertEqual([contact["properties"]["email"] for contact in self.crm.objects("contacts")], [leads.email(3)])

        operation = self.daemon.ok("POST", "/v1/integrations/crm/retries", {"held": True})
        done = self.daemon.wait_operation(operation["id"])
        self.assertEqual((done["total"], done["cleared"]), (9, 9), done)
        leads.expect_each_once(self, self.crm, range(10))

    def test_going_automatic_releases_what_manual_mode_held(self):
        self.daemon.integrate("crm", self.crm.url, sync_mode="manual")
        self.daemon.start()
        self.daemon.post_leads(leads.many(5))
        self.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "automatic"})
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 5)

    def test_manual_mode_stops_a_sync_that_is_under_way(self):
        self.daemon.integrate("crm", self.crm.url, max_in_flight=1)
        self.daemon.start()
        self.crm.admin("PUT", "latency", {"min_ms": 50, "max_ms": 50})
        self.daemon.post_leads(leads.many(3000))
        harness.wait_until(lambda: self.daemon.reconciliation()["cleared"] > 0, 60, "the first batch")
        self.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "manual"})
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["in_flight"] == 0, 60, "the batch in flight")
        state = self.daemon.reconciliation()["pre_sync"]
        self.assertGreater(state["held"], 2000)
        self.assertEqual(state["queued"], 0)
        self.daemon.ok("PATCH", "/v1/integrations/crm", {"sync_mode": "automatic"})
        self.crm.admin("PUT", "latency", {"min_ms": 0, "max_ms": 0})
        self.daemon.wait_settled(120)
        leads.expect_each_once(self, self.crm, range(3000))

    def test_a_log_shows_the_part_of_its_lead_and_of_no_other(self):
        self.daemon.start()
        self.daemon.post_leads(leads.many(12))
        self.daemon.wait_settled(30)
        for number in (0, 5, 11):
            one = next(self.daemon.deliveries(q=leads.email(number)))
            log = self.daemon.get(f"/v1/integrations/crm/deliveries/{one['lead']}")
            text = json.dumps(log)
            self.assertEqual(log["state"], "cleared")
            self.assertIn(leads.email(number), text)
            others = [other for other in range(12) if other != number and leads.email(other) in text]
            self.assertEqual(others, [], f"lead {number}'s log shows other leads")
            self.assertNotIn(harness.TOKEN, text)
            phases = {phase["phase"]: phase["status"] for phase in log["attempt_log"][0]["phases"]}
            self.assertEqual({phases[name] for name in ("company", "person", "association", "note")}, {"ok"}, phases)

    def test_correcting_a_lead_sends_it_again(self):
        self.daemon.start()
        self.daemon.post_leads([leads.lead(0, email="ada at firm0.example"), leads.lead(1)])
        settled = self.daemon.wait_settled(30)
        self.assertEqual((settled["cleared"], settled["failed"]["total"]), (1, 1))
        failed = next(self.daemon.deliveries(state="failed"))
        self.assertIn(failed["category"], ("DATA_VALUE_VALIDATION", "DATA_FORMAT_VALIDATION"))
        self.daemon.ok("PATCH", f"/v1/leads/{failed['lead']}", {"fields": {"email": leads.email(0)}})
        self.assertEqual(self.daemon.wait_settled(30)["cleared"], 2)
        leads.expect_each_once(self, self.crm, range(2))

        self.daemon.ok("PATCH", f"/v1/leads/{failed['lead']}", {"fields": {"job_title": "Director"}})
        harness.wait_until(lambda: [c for c in self.crm.objects("contacts") if c["properties"].get("jobtitle") == "Director"], 30,
                           "a change of a cleared lead in the CRM")
        self.daemon.wait_settled(30)
        self.assertEqual(self.crm.count("contacts"), 2)

    def test_what_the_crm_alone_refuses_is_told_in_its_words(self):
        self.daemon.start()
        harness.wait_until(lambda: self.daemon.get("/v1/integrations/crm")["schema_fetched_at"], 30, "the schema")
        self.daemon.post_leads([leads.lead(0, first_name="Beldeur.nl"), leads.lead(1)])
        settled = self.daemon.wait_settled(30)
        self.assertEqual(settled["cleared"], 1, settled["failed"]["groups"])
        failed = next(self.daemon.deliveries(state="failed"))
        self.assertNotIn(failed["category"], (None, "UNEXPECTED", "PLUGIN_FAULT"))
        log = self.daemon.get(f"/v1/integrations/crm/deliveries/{failed['lead']}")
        self.assertTrue(log["current_issue"]["message"], "the CRM's own text")
        self.assertTrue(log["current_issue"]["crm_code"])

    def test_exports_of_three_vendors(self):
        exports = sorted((harness.ROOT / "tests/data").glob("*.csv"))
        self.assertGreaterEqual(len(exports), 3, "tests/data")
        self.daemon.start()
        added = 0
        for path in exports:
            query = urllib.parse.urlencode({"event": path.stem, "source": path.name})
            report = self.daemon.ok("POST", f"/v1/leads?{query}", path.read_bytes(), content_type="text/csv")
            self.assertGreater(report["added"], 50, path.name)
            added += report["added"]
        self.assertGreaterEqual(added, 500)
        settled = self.daemon.wait_settled(120)
        self.assertEqual(settled["cleared"] + settled["failed"]["total"], added)
        self.assertGreater(settled["cleared"], added / 2)
        self.assertNotIn("UNEXPECTED", self.daemon.groups())
        self.assertNotIn("PLUGIN_FAULT", self.daemon.groups())
        self.assertEqual(self.crm.admin("GET", "duplicates")["count"], 0)


if __name__ == "__main__":
    unittest.main()
