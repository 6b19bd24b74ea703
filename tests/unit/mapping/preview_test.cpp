#include "mapping/preview.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

rendered_lead with_value(std::string text) {
  return {{{"contact", {{"a", value_type::text, std::move(text)}, {"b", value_type::text, "b"}}}}, {}, {}};
}

rendered_lead with_problem(category what) { return {{}, {}, {{what, {}, "no"}}}; }

TEST(Preview, CountsWhatAChangeWouldDoToFailedLeads) {
  mapping_preview preview;
  preview.add_failed(category::no_tag_mapping, with_problem(category::no_tag_mapping), with_value("x"));
  preview.add_failed(category::no_tag_mapping, with_problem(category::no_tag_mapping), with_problem(category::data_too_long));
  preview.add_failed(category::no_tag_mapping, with_problem(category::no_tag_mapping), with_problem(category::no_tag_mapping));
  EXPECT_EQ(preview.would_pass(), 1);
  EXPECT_EQ(preview.moves(), (std::map<category, std::int64_t>{{category::data_too_long, 1}}));
  EXPECT_EQ(preview.stays(), 1);
}

TEST(Preview, WhatTheCrmRefusedStaysUnlessItIsSentSomethingElse) {
  mapping_preview preview;
  preview.add_failed(category::crm_rule, with_value("x"), with_value("x"));
  EXPECT_EQ(preview.stays(), 1);
  preview.add_failed(category::crm_rule, with_value("x"), with_value("y"));
  EXPECT_EQ(preview.would_pass(), 1);
}

TEST(Preview, ClearedLeadsDifferByValueAndNotByOrder) {
  auto reordered = with_value("x");
  std::swap(reordered.objects[0].values[0], reordered.objects[0].values[1]);
  mapping_preview preview;
  preview.add_cleared(with_value("x"), reordered);
  EXPECT_EQ(preview.cleared_would_differ(), 0);
  preview.add_cleared(with_value("x"), with_value("y"));
  EXPECT_EQ(preview.cleared(), 2);
  EXPECT_EQ(preview.cleared_would_differ(), 1);
}

}  // namespace
}  // namespace leadsync
