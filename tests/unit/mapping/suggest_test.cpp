#include "mapping/suggest.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

remote_field timeline() {
  remote_field field;
  field.options = {{"this_quarter", "This quarter", true}, {"half_year", "6 months or less", true}, {"later", "Later", true},
                   {"gone", "Within 6 months", false}};
  return field;
}

TEST(Suggest, RanksOptionsAndSaysWhy) {
  const auto exact = suggest_options(timeline(), "THIS QUARTER");
  ASSERT_FALSE(exact.empty());
  EXPECT_EQ(exact[0].value, "this_quarter");
  EXPECT_EQ(exact[0].reason, "same but for case, label");
  const auto words = suggest_options(timeline(), "Within 6 months");
  ASSERT_FALSE(words.empty());
  EXPECT_EQ(words[0].value, "half_year") << "the inactive option must not be proposed";
  EXPECT_LT(words[0].score, exact[0].score);
  EXPECT_EQ(suggest_options(timeline(), "Latr").at(0).value, "later");
  EXPECT_TRUE(suggest_options(timeline(), "zzzz").empty());
}

TEST(Suggest, FieldsMustBeAbleToHoldTheValue) {
  remote_object contact;
  contact.name = "contact";
  const auto add = [&](std::string name, value_type type, std::size_t length, bool writable) {
    auto& field = contact.fields.emplace_back();
    field.name = field.label = std::move(name);
    field.type = type;
    field.max_length = length;
    field.creatable = field.updatable = writable;
  };
  add("buying_timeline", value_type::option, 0, true);
  add("timeline_notes", value_type::text, 20, true);
  add("timeline_long_notes", value_type::text, 0, true);
  add("timeline_score", value_type::decimal, 0, true);
  add("timeline_calculated", value_type::option, 0, false);
  const auto found = suggest_fields(contact, {"timeline", "qualifier:Buying timeline", value_type::option, 30});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].remote_field, "buying_timeline");
  EXPECT_EQ(found[1].remote_field, "timeline_long_notes");
  EXPECT_EQ(suggest_fields(contact, {"timeline", "", value_type::option, 30}, {"buying_timeline"}).size(), 1u);
}

}  // namespace
}  // namespace leadsync
