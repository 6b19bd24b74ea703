#include "tests/unit/api/api_world.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <set>

namespace leadsync::test {
namespace {

namespace json = boost::json;
using api::http_method;

const std::string integration = "/v1/integrations/acme-expo";

std::string text(const json::object& from, std::string_view name) { return std::string(from.at(name).as_string()); }

TEST(StatusRoutes, AnswerWithoutAnyLead) {
  api_world world;
  EXPECT_EQ(text(world.get("/").document(), "name"), "leadsyncd");
  EXPECT_EQ(world.get("/v1").status, 200);
  EXPECT_EQ(world.get("/v1/health/live").status, 200);
  EXPECT_EQ(text(world.get("/v1/health/ready").document(), "status"), "ready");
  EXPECT_EQ(world.get("/v1/plugins").document().at("plugins").as_array().size(), 2u);
  EXPECT_EQ(world.get("/v1/categories").document().at("categories").as_array().size(), all_categories().size());
  EXPECT_TRUE(world.get("/v1/openapi.json").document().contains("paths"));
  EXPECT_EQ(world.get(integration + "/reconciliation").document().at("total").as_int64(), 0);
}

TEST(StatusRoutes, MetricsCountByStateAndCategory) {
  api_world world;
  world.add_history();
  const auto metrics = world.get("/metrics").body;
  EXPECT_NE(metrics.find("leadsync_leads{integration=\"acme-expo\",state=\"cleared\"} 1\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("leadsync_failed_leads{integration=\"acme-expo\",code=\"NO_TAG_MAPPING\"} 1\n"), std::string::npos);
  EXPECT_NE(metrics.find("leadsync_oldest_pending_age_seconds{integration=\"acme-expo\"} 0\n"), std::string::npos);
}

TEST(Routing, SaysWhichMethodsAPathTakes) {
  api_world world;
  const auto wrong = world.ask(http_method::delete_, integration + "/mapping");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("Allow"), "HEAD, GET, PUT");
  EXPECT_EQ(wrong.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(world.get("/v1/nothing").status, 404);
  EXPECT_EQ(world.get("/v1/integrations/nobody").status, 404);
  EXPECT_EQ(world.get("/v1/leads/abc").status, 404);
}

TEST(IntegrationRoutes, ChangeTheSyncMode) {
  api_world world;
  const auto changed = world.ask(http_method::patch, integration, {.body = R"({"sync_mode": "manual"})"});
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(text(changed.document(), "hold"), "manual");
  const auto refused = world.ask(http_method::patch, integration, {.body = R"({"sync_mode": "sometimes"})"});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(text(refused.document().at("errors").as_array().at(0).as_object(), "pointer"), "/sync_mode");
  EXPECT_EQ(world.ask(http_method::patch, integration, {.body = "{"}).status, 400);
  EXPECT_EQ(world.get("/v1/integrations").document().at("integrations").as_array().size(), 1u);
  EXPECT_EQ(world.get(integration).document().at("account").at("id").as_string(), "42");
  EXPECT_EQ(world.post(integration + "/check", "").status, 200);
  EXPECT_EQ(world.post(integration + "/reconnect", "").status, 200);
  EXPECT_EQ(world.post(integration + "/provision", "").status, 200);
  EXPECT_EQ(world.get(integration + "/schema").status, 200);
  EXPECT_EQ(world.post(integration + "/schema/refresh", "").status, 200);
}

TEST(MappingRoutes, SaveOnlyWhatWasReadLast) {
  api_world world;
  const auto defaults = world.get(integration + "/mapping");
  EXPECT_EQ(defaults.header("ETag"), "\"0\"");
  const std::string mapping = R"({"fields": [{"object": "contact", "remote_field": "email", "source": "email"}]})";
  EXPECT_EQ(world.ask(http_method::put, integration + "/mapping", {.body = mapping}).status, 428);
  const auto saved = world.ask(http_method::put, integration + "/mapping", {.body = mapping, .if_match = "\"0\""});
  ASSERT_EQ(saved.status, 200) << saved.body;
  EXPECT_EQ(saved.header("ETag"), "\"1\"");
  EXPECT_EQ(world.ask(http_method::put, integration + "/mapping", {.body = mapping, .if_match = "\"0\""}).status, 412);
  const auto again = world.ask(http_method::put, integration + "/mapping", {.body = saved.body, .if_match = "\"1\""});
  EXPECT_EQ(again.header("ETag"), "\"2\"") << "what GET answers can be saved as it is: " << again.body;
  EXPECT_EQ(world.get(integration + "/mapping/revisions").document().at("revisions").as_array().size(), 2u);
  EXPECT_EQ(world.get(integration + "/mapping/defaults").status, 200);
}

TEST(MappingRoutes, PointToTheMemberAtFault) {
  api_world world;
  const auto refused = world.ask(http_method::put, integration + "/mapping",
                                 {.body = R"({"mapping": {"fields": [{"object": "contact", "remote_field": 7, "source": "email"}]}})", .if_match = "*"});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(text(refused.document().at("errors").as_array().at(0).as_object(), "pointer"), "/mapping/fields/0/remote_field");
}

TEST(MappingRoutes, PreviewTheSavedMappingWhereNoneIsGiven) {
  api_world world;
  const auto report = world.post(integration + "/mapping/preview", R"({"category": "DATA_TOO_LONG"})");
  ASSERT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(report.document().at("examined").as_int64(), 1) << "the default mapping has one field";
  EXPECT_EQ(world.post(integration + "/mapping/preview", R"({"category": "NO_SUCH"})").status, 400);
}

TEST(ReconciliationRoutes, GroupFailuresByWhereTheyHappened) {
  api_world world;
  world.add_history();
  const auto figures = world.get(integration + "/reconciliation?event=Expo%202026").document();
  EXPECT_EQ(figures.at("total").as_int64(), 3);
  EXPECT_EQ(figures.at("cleared").as_int64(), 1);
  EXPECT_EQ(figures.at("pre_sync").at("queued").as_int64(), 1);
  const auto& group = figures.at("failed").at("groups").as_array().at(0).as_object();
  EXPECT_EQ(text(group, "code"), "NO_TAG_MAPPING");
  EXPECT_EQ(group.at("days").as_array().size(), 1u);
  const auto& part = group.at("sub_groups").as_array().at(0).as_object();
  EXPECT_EQ(text(part, "text"), "Timeline \"Within 6 months\" → contact.timeline");
  EXPECT_EQ(part.at("count").as_int64(), 1);
  EXPECT_EQ(world.get(integration + "/reconciliation?event=Other").document().at("total").as_int64(), 0);
  EXPECT_EQ(world.get(integration + "/reconciliation?since=yesterday").status, 400);
  EXPECT_EQ(world.get(integration + "/fixes?category=NO_TAG_MAPPING").document().at("items").as_array().size(), 1u);
}

TEST(ReconciliationRoutes, CallWaitingLeadsHeldWhereTheIntegrationHolds) {
  api_world world;
  world.add_history();
  world.daemon->status.hold = "manual";
  const auto figures = world.get(integration + "/reconciliation").document();
  EXPECT_EQ(figures.at("pre_sync").at("held").as_int64(), 1);
  EXPECT_EQ(figures.at("pre_sync").at("queued").as_int64(), 0);
  EXPECT_EQ(figures.at("pre_sync").at("reason").as_string(), "manual");
}

TEST(DeliveryRoutes, FilterAndPage) {
  api_world world;
  world.add_history();
  const auto page = world.get(integration + "/deliveries?limit=2").document();
  ASSERT_EQ(page.at("deliveries").as_array().size(), 2u);
  std::set<std::string> seen;
  for (const auto& row : page.at("deliveries").as_array()) seen.insert(text(row.as_object(), "lead"));
  const auto rest = world.get(integration + "/deliveries?limit=2&cursor=" + text(page, "next_cursor")).document();
  for (const auto& row : rest.at("deliveries").as_array()) seen.insert(text(row.as_object(), "lead"));
  EXPECT_EQ(seen.size(), 3u);
  EXPECT_TRUE(rest.at("next_cursor").is_null());

  const auto failed = world.get(integration +
                                "/deliveries?state=failed&object=contact&remote_field=timeline&lead_field=qualifier:Timeline&value=Within+6+months");
  EXPECT_EQ(failed.document().at("deliveries").as_array().size(), 1u) << failed.body;
  EXPECT_EQ(world.get(integration + "/deliveries?state=queued").document().at("deliveries").as_array().size(), 1u);
  EXPECT_EQ(world.get(integration + "/deliveries?state=held").document().at("deliveries").as_array().size(), 0u);
  EXPECT_EQ(world.get(integration + "/deliveries?state=lost").status, 400);
  EXPECT_EQ(world.get(integration + "/deliveries?colour=red").status, 400);
}

TEST(DeliveryRoutes, ExportWithoutFormulas) {
  api_world world;
  world.post("/v1/leads", R"json({"id": "evil", "event": "Expo", "email": "eve@example.test", "company": "=HYPERLINK(\"http://evil\")"})json");
  const auto csv = world.ask(http_method::get, integration + "/deliveries", {.accept = "text/csv"});
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_NE(csv.body.find(",\"'=HYPERLINK(\"\"http://evil\"\")\","), std::string::npos) << csv.body;
  const auto lines = world.ask(http_method::get, integration + "/deliveries", {.accept = "application/x-ndjson"});
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 1);
}

TEST(DeliveryRoutes, ShowOfASharedRequestOnlyTheLeadsOwnPart) {
  api_world world;
  world.add_history();
  const auto failed = world.get(integration + "/deliveries?state=failed").document().at("deliveries").as_array().at(0).as_object();
  const auto log = world.get(integration + "/deliveries/" + text(failed, "lead"));
  ASSERT_EQ(log.status, 200) << log.body;
  EXPECT_EQ(log.document().at("current_issue").at("code").as_string(), "NO_TAG_MAPPING");
  const auto phase = log.document().at("attempt_log").as_array().at(0).at("phases").as_array().at(0).as_object();
  const auto& exchange = phase.at("exchange").as_object();
  const auto sent = text(exchange.at("request").as_object(), "body");
  EXPECT_EQ(sent, R"({"email":")" + std::string("grace@example.test") + R"("})");
  EXPECT_EQ(text(exchange.at("response").as_object(), "body"), R"({"message":"no such option"})");
  EXPECT_EQ(log.body.find("901"), std::string::npos) << "the other lead's answer is not shown";
  EXPECT_EQ(world.get(integration + "/deliveries/999999").status, 404);
}

TEST(RetryRoutes, CountFirstAndStartThen) {
  api_world world;
  world.add_history();
  const auto body = R"({"category": "NO_TAG_MAPPING", "locus": {"object": "contact", "remote_field": "timeline",
      "lead_field": "qualifier:Timeline", "value": "Within 6 months"}})";
  const auto counted = world.post(integration + "/retries?dry_run=true", body);
  ASSERT_EQ(counted.status, 200) << counted.body;
  EXPECT_EQ(counted.document().at("count").as_int64(), 1);
  EXPECT_EQ(counted.document().at("estimated_calls").as_int64(), 1);
  const auto started = world.post(integration + "/retries", body);
  ASSERT_EQ(started.status, 202) << started.body;
  EXPECT_EQ(started.document().at("total").as_int64(), 1);
  EXPECT_EQ(text(started.document(), "integration"), "acme-expo");
  const auto path = started.header("Location");
  EXPECT_EQ(world.get(path).status, 200);
  EXPECT_EQ(text(world.get(path + "?wait=1s").document(), "state"), "running");
  EXPECT_EQ(world.get(path + "?wait=soon").status, 400);
  EXPECT_EQ(text(world.ask(http_method::delete_, path).document(), "state"), "cancelled");
}

TEST(RetryRoutes, TellWhyALeadCannotBeRetried) {
  api_world world;
  world.add_history();
  const auto cleared = world.get(integration + "/deliveries?state=cleared").document().at("deliveries").as_array().at(0).as_object();
  EXPECT_EQ(world.post(integration + "/retries", R"({"lead": ")" + text(cleared, "lead") + R"("})").status, 409);
  EXPECT_EQ(world.post(integration + "/retries", R"({"lead": "999999"})").status, 404);
  EXPECT_EQ(world.post(integration + "/retries", "{}").status, 400);
  EXPECT_EQ(world.post(integration + "/retries", R"({"all": true, "held": true})").status, 400);
}

TEST(RetryRoutes, DismissAndTakeBack) {
  api_world world;
  world.add_history();
  const auto dismissed = world.post(integration + "/dismissals", R"({"category": "NO_TAG_MAPPING", "note": "test leads"})");
  EXPECT_EQ(dismissed.document().at("count").as_int64(), 1) << dismissed.body;
  EXPECT_EQ(world.get(integration + "/reconciliation").document().at("dismissed").as_int64(), 1);
  const auto back = world.ask(http_method::delete_, integration + "/dismissals", {.body = R"({"all": true})"});
  EXPECT_EQ(back.document().at("count").as_int64(), 1) << back.body;
  const auto audit = world.get("/v1/audit");
  EXPECT_GE(audit.document().at("audit").as_array().size(), 2u) << audit.body;
}

TEST(RetryRoutes, BackfillAnEvent) {
  api_world world;
  world.add_history();
  const auto started = world.post(integration + "/backfill", R"({"event": "Expo 2026"})");
  EXPECT_EQ(started.status, 202) << started.body;
  EXPECT_EQ(text(started.document(), "kind"), "backfill");
  EXPECT_EQ(world.post(integration + "/backfill", R"({"category": "CRM_RULE"})").status, 400);
}

TEST(Idempotency, GivesTheFirstAnswerAgain) {
  api_world world;
  world.add_history();
  const std::string body = R"({"all": true})";
  const auto first = world.ask(http_method::post, integration + "/retries", {.body = body, .idempotency_key = "k1"});
  const auto second = world.ask(http_method::post, integration + "/retries", {.body = body, .idempotency_key = "k1"});
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(second.status, 202);
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(second.header("Location"), first.header("Location"));
  const auto other = world.ask(http_method::post, integration + "/retries", {.body = R"({"held": true})", .idempotency_key = "k1"});
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(text(other.document(), "code"), "KEY_REUSED");
}

}  // namespace
}  // namespace leadsync::test
