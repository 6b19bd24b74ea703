#include "model/json_text.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

std::string failure_of(std::string_view text) {
  const auto parsed = parse_json(text);
  return parsed ? "" : parsed.error().context;
}

TEST(ParseJson, SaysWhereTheTextIsWrong) {
  EXPECT_EQ(failure_of(R"({"email": }})"), "not JSON: syntax error at character 11");
  EXPECT_EQ(failure_of("{\n  \"fields\": [\n    \"\u00e9\u00e9\" oops\n  ]\n}"), "not JSON: syntax error at line 3, column 10");
  EXPECT_EQ(failure_of("{} x"), "not JSON: extra data at character 4");
}

TEST(ParseJson, TextThatBreaksOffIsWrongAtItsEnd) {
  EXPECT_EQ(failure_of(""), "not JSON: incomplete JSON at character 1");
  EXPECT_EQ(failure_of(R"([{"id": "1")"), "not JSON: incomplete JSON at character 12");
}

TEST(ParseJson, DepthHasALimit) {
  EXPECT_EQ(failure_of(std::string(32, '[') + std::string(32, ']')), "");
  EXPECT_TRUE(failure_of(std::string(100'000, '[')).starts_with("not JSON: too deep at character "));
}

}  // namespace
}  // namespace leadsync
