#include "model/verdict.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

TEST(Verdict, ReadsEveryMember) {
  const auto verdicts = parse_verdicts(R"([{"lead": 0, "phase": "person", "status": "failed", "category": "DATA_VALUE_VALIDATION",
    "crm_code": "INVALID_OPTION", "message": "no", "locus": {"object": "contact", "remote_field": "timeline", "value": "x"},
    "retry_after_ms": 2000, "request": 3, "request_pointer": "/inputs/4", "response_pointer": "/errors/0",
    "warnings": [{"code": "NOT_APPLIED", "field": "stage", "message": "m"}], "later": 1},
    {"company": 2, "phase": "company", "status": "ok", "remote_id": "9", "url": "https://crm/9"}])").value();
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].lead, 0u);
  EXPECT_EQ(verdicts[0].what, category::data_value_validation);
  EXPECT_EQ(verdicts[0].where, (locus{"contact", "timeline", "", "x"}));
  EXPECT_EQ(verdicts[0].retry_after, std::chrono::seconds(2));
  EXPECT_EQ(verdicts[0].request, 3u);
  EXPECT_EQ(verdicts[0].warnings.at(0).remote_field, "stage");
  EXPECT_EQ(verdicts[1].company, 2u);
  EXPECT_EQ(verdicts[1].status, phase_status::ok);
  EXPECT_EQ(verdicts[1].remote_id, "9");
}

TEST(Verdict, ABrokenContractIsSaidHow) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "verdicts: must be an array"},
      {R"([{"phase": "person", "status": "ok"}])", "verdicts: /0/lead or \"company\" must be given, and not both"},
      {R"([{"lead": 1, "company": 1, "phase": "p", "status": "ok"}])", "verdicts: /0/lead or \"company\" must be given, and not both"},
      {R"([{"lead": 1, "phase": "p", "status": "failed", "category": "NONE"}])", "verdicts: /0/category \"NONE\" is not a category"},
      {R"([{"lead": 1, "phase": "p", "status": "fine"}])", "verdicts: /0/status must be ok, skipped or failed"},
      {R"([{"lead": -1, "phase": "p", "status": "ok"}])", "verdicts: /0/lead must be a whole number from 0 to 4294967295"},
  };
  for (const auto& [text, message] : cases) {
    const auto parsed = parse_verdicts(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().context, message);
  }
}

TEST(Verdict, AJobFailureIsReadOutOfAResult) {
  EXPECT_FALSE(parse_job_failure("").value().has_value());
  EXPECT_FALSE(parse_job_failure(R"({"account": {}})").value().has_value());
  const auto failure = parse_job_failure(R"({"error": {"category": "THROTTLED", "message": "slow", "retry_after_ms": 1e15}})");
  ASSERT_TRUE(failure.value().has_value());
  EXPECT_EQ((*failure)->what, category::throttled);
  EXPECT_EQ((*failure)->retry_after, std::chrono::hours(24 * 7));
  EXPECT_TRUE(parse_job_failure(R"({"error": {"category": "OOPS"}})").has_error());
}

}  // namespace
}  // namespace leadsync
