#include "sync/attempt_book.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace leadsync {
namespace {

std::vector<phase_rule> phases() {
  return {{"company", {}, "company", true}, {"person", {}, "contact", false}, {"association", {"company", "person"}, "", false},
          {"note", {"person"}, "note", false}};
}

const std::vector<std::string> all_phases{"company", "person", "association", "note"};

attempt_book book_of(std::size_t leads) {
  std::vector<book_entry> entries(leads, book_entry{.company = 0, .demanded = all_phases, .phases_done = {}});
  return {phases(), std::move(entries), 1};
}

verdict ok(std::uint32_t lead, std::string phase, std::string id = "1") {
  return {.lead = lead, .phase = std::move(phase), .status = phase_status::ok, .remote_id = std::move(id)};
}

verdict failed(std::uint32_t lead, std::string phase, category what) {
  return {.lead = lead, .phase = std::move(phase), .status = phase_status::failed, .what = what};
}

verdict company(phase_status status, category what = category::none) {
  return {.company = 0, .phase = "company", .status = status, .remote_id = "c1", .what = what};
}

TEST(AttemptBook, ClearsALeadWhosePhasesAllPassed) {
  auto book = book_of(1);
  ASSERT_TRUE(book.add({company(phase_status::ok), ok(0, "person"), ok(0, "association", ""), ok(0, "note")}));
  const auto result = book.result_of(0);
  EXPECT_FALSE(result.decisive);
  EXPECT_EQ(result.phases_done, all_phases);
}

TEST(AttemptBook, NeverTakesSilenceForSuccess) {
  auto book = book_of(1);
  ASSERT_TRUE(book.add({company(phase_status::ok), ok(0, "person"), ok(0, "association", "")}));
  const auto result = book.result_of(0);
  ASSERT_TRUE(result.decisive);
  EXPECT_EQ(result.decisive->what, category::plugin_fault);
  EXPECT_EQ(result.decisive->phase, "note");
}

TEST(AttemptBook, AFailedCompanyDoesNotStopThePerson) {
  auto book = book_of(1);
  ASSERT_TRUE(book.add({company(phase_status::failed, category::crm_rule), ok(0, "person"), ok(0, "note")}));
  const auto result = book.result_of(0);
  ASSERT_TRUE(result.decisive);
  EXPECT_EQ(result.decisive->what, category::crm_rule);
  EXPECT_EQ(result.phases_done, (std::vector<std::string>{"person", "note"}));
}

TEST(AttemptBook, AFailedPersonSkipsItsDependentsAndGivesTheCategory) {
  auto book = book_of(1);
  ASSERT_TRUE(book.add({company(phase_status::ok), failed(0, "person", category::data_too_long)}));
  const auto result = book.result_of(0);
  EXPECT_EQ(result.decisive->what, category::data_too_long);
  EXPECT_EQ(result.phases.size(), 4u);
  EXPECT_EQ(result.phases.back().status, phase_status::skipped);
}

TEST(AttemptBook, ACompanysVerdictCountsForEachOfItsLeads) {
  auto book = book_of(2);
  ASSERT_TRUE(book.add({company(phase_status::failed, category::data_value_validation)}));
  for (const std::uint32_t lead : {0u, 1u}) EXPECT_EQ(book.result_of(lead).decisive->what, category::data_value_validation);
}

TEST(AttemptBook, AJobThatFailsAsAWholeFailsWhoeverHasNoVerdict) {
  auto book = book_of(2);
  ASSERT_TRUE(book.add({company(phase_status::ok), ok(0, "person"), ok(0, "association", ""), ok(0, "note")}));
  book.fail_rest({.what = category::connection, .message = "connection refused"});
  EXPECT_FALSE(book.result_of(0).decisive);
  EXPECT_EQ(book.result_of(1).decisive->what, category::connection);
}

TEST(AttemptBook, RefusesVerdictsThatMakeNoSenseAndKeepsTheOthers) {
  auto book = book_of(1);
  EXPECT_FALSE(book.add({ok(7, "person")}));
  EXPECT_FALSE(book.add({ok(0, "horoscope")}));
  EXPECT_FALSE(book.add({ok(0, "person"), ok(0, "person", "2")}));
  EXPECT_FALSE(book.add({verdict{.company = 3, .phase = "company"}}));
  EXPECT_EQ(book.result_of(0).phases_done, (std::vector<std::string>{"person"}));
}

TEST(AttemptBook, DemandsNothingOfPhasesDoneBefore) {
  std::vector<book_entry> entries{{.company = {}, .demanded = {"person", "note"}, .phases_done = {"person"}}};
  attempt_book book(phases(), entries, 0);
  ASSERT_TRUE(book.add({ok(0, "note")}));
  EXPECT_FALSE(book.result_of(0).decisive);
}

TEST(AttemptBook, ASkippedDependentIsDoneAgainNextTime) {
  auto book = book_of(1);
  verdict skipped{.lead = 0, .phase = "note", .status = phase_status::skipped};
  ASSERT_TRUE(book.add({company(phase_status::ok), failed(0, "person", category::data_too_long), skipped}));
  const auto done = book.result_of(0).phases_done;
  EXPECT_EQ(std::count(done.begin(), done.end(), "note"), 0);
}

}  // namespace
}  // namespace leadsync
