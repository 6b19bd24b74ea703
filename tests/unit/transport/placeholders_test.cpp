#include "transport/placeholders.h"
#include "transport/token_answer.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

const secret_map secrets{{"access_token", secret("tok&en=1/2+3")}, {"client_secret", secret("s3cr3t-value")}, {"broken", secret("a\r\nX-Evil: 1")}};

TEST(Placeholders, AreFilledInHeadersAndBody) {
  header_list headers{{"Authorization", "Bearer {{secret:access_token}}"}, {"Content-Type", "application/json"}};
  std::string body = R"({"a":"{{secret:client_secret}}","b":"{{secret:client_secret}}"})";
  ASSERT_TRUE(fill(headers, body, secrets));
  EXPECT_EQ(headers[0].second, "Bearer tok&en=1/2+3");
  EXPECT_EQ(body, R"({"a":"s3cr3t-value","b":"s3cr3t-value"})");
}

TEST(Placeholders, ArePercentEncodedInAForm) {
  header_list headers{{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}};
  std::string body = "refresh_token={{secret:access_token}}&x=1";
  ASSERT_TRUE(fill(headers, body, secrets));
  EXPECT_EQ(body, "refresh_token=tok%26en%3D1%2F2%2B3&x=1");
}

TEST(Placeholders, OfUnknownSecretsAreRefusedByName) {
  header_list headers;
  std::string body = "{{secret:password}}";
  const auto filled = fill(headers, body, secrets);
  ASSERT_FALSE(filled);
  EXPECT_NE(filled.error().context.find("password"), std::string::npos);
  body = "{{secret:access_token";
  EXPECT_FALSE(fill(headers, body, secrets));
}

TEST(Placeholders, CannotBringASecondHeader) {
  for (const auto& bad : {header_list{{"X-A", "1\r\nX-B: 2"}}, header_list{{"X-A\r\nX-B", "1"}}, header_list{{"X A", "1"}}, header_list{{"", "1"}},
                          header_list{{"X-A", "{{secret:broken}}"}}, header_list{{"Content-Length", "3"}}, header_list{{"host", "evil.test"}},
                          header_list{{"Transfer-Encoding", "chunked"}}}) {
    auto headers = bad;
    std::string body;
    EXPECT_FALSE(fill(headers, body, secrets)) << bad[0].first;
  }
}

TEST(Placeholders, ReplaceSecretsThatAnAnswerEchoes) {
  std::string text = "no access for s3cr3t-value (s3cr3t-value)";
  scrub(text, secrets);
  EXPECT_EQ(text, "no access for {{secret:client_secret}} ({{secret:client_secret}})");
}

TEST(TokenAnswer, GivesMembersAndShowsPlaceholders) {
  const auto answer = take_tokens(R"({"access_token":"A1","expires_in":"1800","nested":[{"refresh_token":"R9"}],"refresh_token":"R1","scope":"x"})",
                                  {"access_token", "refresh_token"});
  EXPECT_EQ(answer.values, (std::map<std::string, std::string>{{"access_token", "A1"}, {"refresh_token", "R1"}}));
  EXPECT_EQ(answer.expires_in, std::chrono::seconds(1800));
  EXPECT_EQ(answer.body, R"({"access_token":"{{secret:access_token}}","expires_in":"1800","nested":[{"refresh_token":"{{secret:refresh_token}}"}],)"
                         R"("refresh_token":"{{secret:refresh_token}}","scope":"x"})");
}

TEST(TokenAnswer, LeavesWhatIsNotJson) {
  const auto answer = take_tokens("<html>access_token", {"access_token"});
  EXPECT_TRUE(answer.values.empty());
  EXPECT_EQ(answer.body, "<html>access_token");
}

TEST(Placeholders, BracesOfAnotherKindAreLeftAlone) {
  header_list headers;
  std::string body = "{{name}} {{{secret:access_token}}} {{";
  ASSERT_TRUE(fill(headers, body, secrets));
  EXPECT_EQ(body, "{{name}} {tok&en=1/2+3} {{");
}

}  // namespace
}  // namespace leadsync
