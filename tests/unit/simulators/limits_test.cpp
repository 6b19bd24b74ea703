#include "account.h"

namespace leadsync::simulator {
namespace {

using namespace std::chrono_literals;

constexpr auto details_path = "/account-info/v3/details";
constexpr auto search_path = "/crm/v3/objects/contacts/search";

TEST(Limits, AreOffAndSilentByDefault) {
  account crm;
  for (int i = 0; i < 500; ++i) ASSERT_EQ(crm.get(details_path).status, 200);
  EXPECT_EQ(crm.get(details_path).header("X-HubSpot-RateLimit-Max"), "");
}

TEST(Limits, SlidingBurstRefusesTheCallAfterTheLastAndFreesOneAtATime) {
  account crm;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":3}})");
  for (const auto* left : {"2", "1", "0"}) {
    EXPECT_EQ(crm.get(details_path).header("X-HubSpot-RateLimit-Remaining"), left);
    crm.now += 1s;
  }
  const auto refused = crm.get(details_path);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.at("/policyName"), "TEN_SECONDLY_ROLLING");
  EXPECT_EQ(refused.at("/message"), "You have reached your ten_secondly_rolling limit.");
  EXPECT_EQ(refused.at("/errorType"), "RATE_LIMIT");
  EXPECT_EQ(refused.header("X-HubSpot-RateLimit-Interval-Milliseconds"), "10000");
  EXPECT_EQ(refused.header("Retry-After"), "");
  crm.now += 7s;  // ten seconds after the first
  EXPECT_EQ(crm.get(details_path).status, 200);
  EXPECT_EQ(crm.get(details_path).status, 429);
}

TEST(Limits, FixedWindowStartsAnewAsAWhole) {
  account crm;
  crm.now += 9s;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":2,"kind":"fixed"}})");
  EXPECT_EQ(crm.get(details_path).status + crm.get(details_path).status, 400);
  EXPECT_EQ(crm.get(details_path).status, 429);
  crm.now += 1s;
  EXPECT_EQ(crm.get(details_path).status + crm.get(details_path).status, 400);
}

TEST(Limits, DailyOneResetsAtTheAccountsMidnight) {
  account crm;
  (void)crm.put("/_simulator/limits", R"({"daily":{"amount":10,"used":9}})");
  EXPECT_EQ(crm.get(details_path).header("X-HubSpot-RateLimit-Daily-Remaining"), "0");
  const auto refused = crm.get(details_path);
  EXPECT_EQ(refused.at("/policyName"), "DAILY");
  crm.now += 8h + 59min;  // 23:59 in US/Eastern
  EXPECT_EQ(crm.get(details_path).status, 429);
  crm.now += 1min;
  EXPECT_EQ(crm.get(details_path).status, 200);
}

TEST(Limits, SearchHasItsOwnAndNoHeaders) {
  account crm;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":1},"search":{"amount":5}})");
  for (int i = 0; i < 5; ++i) {
    const auto answer = crm.post(search_path, "{}");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("X-HubSpot-RateLimit-Max"), "");
  }
  EXPECT_EQ(crm.post(search_path, "{}").at("/policyName"), "SECONDLY");
  EXPECT_EQ(crm.get(details_path).status, 200) << "the burst quota was not touched";
  crm.now += 1s;
  EXPECT_EQ(crm.post(search_path, "{}").status, 200);
}

TEST(Limits, ForeignClientTakesItsShareSteadily) {
  account crm;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":100,"foreign":0.3}})");
  (void)crm.get(details_path);
  crm.now += 10s;
  int mine = 0;
  for (int i = 0; i < 100; ++i) mine += crm.get(details_path).status == 200;
  EXPECT_NEAR(mine, 70, 1);
  const auto report = crm.get("/_simulator/requests");
  EXPECT_GT(std::stoi(report.at("/quotas/burst/rejected")), 25);
}

TEST(Limits, ReportSaysHowMuchOfTheQuotaWasUsed) {
  account crm;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":10,"kind":"sliding"}})");
  for (int i = 0; i < 41; ++i) {
    (void)crm.get(details_path);
    crm.now += 500ms;  // half of what the quota admits would be one every 2 s
  }
  const auto report = crm.get("/_simulator/requests");
  EXPECT_EQ(report.at("/quotas/burst/allowed"), "10");
  EXPECT_NEAR(std::stod(report.at("/quotas/burst/utilisation")), 1.0, 0.55);
  EXPECT_EQ(std::stoi(report.at("/quotas/burst/used")) + std::stoi(report.at("/quotas/burst/rejected")), 41);
}

TEST(Limits, UsageIsReportedByTheAccount) {
  account crm;
  (void)crm.put("/_simulator/limits", R"({"daily":{"amount":250000,"used":100}})");
  const auto usage = crm.get("/account-info/v3/api-usage/daily/private-apps");
  EXPECT_EQ(usage.at("/results/0/usageLimit"), "250000");
  EXPECT_EQ(usage.at("/results/0/currentUsage"), "101");
  EXPECT_EQ(usage.at("/results/0/resetsAt"), "2025-11-26T05:00:00.000Z");
}

}  // namespace
}  // namespace leadsync::simulator
