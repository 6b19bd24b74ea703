#include "model/mapping.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

TEST(Mapping, ReadsBackWhatItWrote) {
  mapping written;
  written.fields.push_back({"contact", "timeline", "qualifier:Timeline", "none", write_mode::if_empty, true,
                            {{"This \"quarter\"", "q1"}, {"Later", "q9"}}});
  written.fields.push_back({"contact", "email", "email"});
  EXPECT_EQ(parse_mapping(to_json(written)).value(), written);
  EXPECT_EQ(written.find("contact", "email"), &written.fields[1]);
  EXPECT_EQ(written.find("company", "email"), nullptr);
}

struct refusal {
  const char* text;
  const char* message;
};

TEST(Mapping, RefusalsPointToTheMember) {
  const refusal cases[] = {
      {R"({"fields": [{"object": "c", "remote_field": "f", "source": "s", "colour": 1}]})", "/fields/0/colour is not a known member"},
      {R"({"fields": [{"object": "c", "source": "s"}]})", "/fields/0/remote_field is missing"},
      {R"({"fields": [{"object": "c", "remote_field": "f"}]})", "/fields/0/source is missing, and there is no default"},
      {R"({"fields": [{"object": "c", "remote_field": "f", "source": "s", "values": {"a/b": 1}}]})",
       "/fields/0/values/a~1b must be a string"},
      {R"({"fields": [{"object": "c", "remote_field": "f", "source": "s", "write_mode": "append"}]})",
       "/fields/0/write_mode must be \"overwrite\" or \"if_empty\""},
      {R"({"fields": [{"object": "c", "remote_field": "f", "source": "s"}, {"object": "c", "remote_field": "f", "source": "t"}]})",
       "/fields/1 maps c.f a second time"},
      {R"({"fields": [7]})", "/fields/0 must be an object"},
      {R"({})", "/fields is missing"},
  };
  for (const auto& [text, message] : cases) {
    const auto parsed = parse_mapping(text);
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error().context, message);
  }
}

}  // namespace
}  // namespace leadsync
