#include "runtime/sync_outcomes.h"

#include "tests/unit/runtime/sample.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

const instant noon = from_millis(1'764'072'000'000);

/// A run of `count` leads without companies, sent as one job.
struct played_run {
  explicit played_run(int count) {
    for (int i = 0; i < count; ++i) run.deliveries.push_back(sample::delivery(i + 1, "lead" + std::to_string(i) + "@gmail.com"));
    how = std::make_shared<const rendering>(sample::rendering_of());
    batch = prepare_batch(run, *how, sample::manifest(), {.installation = "i"}, noon, 1);
    book.emplace(phase_rules_of(sample::manifest()), batch.entries, batch.company_keys.size());
  }

  run_view view() {
    return {.run = &run, .batch = &batch, .how = how.get(), .book = &*book, .requests = &requests,
            .phases = phase_rules_of(sample::manifest()), .started_at = noon, .finished_at = noon + 1s, .settle = 5s,
            .another_succeeded = [](delivery_id) { return false; }, .random = [] { return std::uint64_t(1); }};
  }

  opened_run run;
  std::shared_ptr<const rendering> how;
  prepared_batch batch;
  std::optional<attempt_book> book;
  std::vector<request_trace> requests{{.exchange = 0}};
};

verdict person(std::uint32_t lead, phase_status status, category what = category::none) {
  return {.lead = lead, .phase = "person", .status = status, .remote_id = status == phase_status::ok ? "90" + std::to_string(lead) : "",
          .what = what, .message = "as the CRM said", .request = 0};
}

TEST(Conclude, ClearsWhatTheCrmConfirmedAndKeepsItsId) {
  played_run played(1);
  ASSERT_TRUE(played.book->add({person(0, phase_status::ok)}));
  const auto made = conclude(played.view());
  ASSERT_EQ(made.outcomes.size(), 1u);
  EXPECT_EQ(made.outcomes[0].next, delivery_state::cleared);
  ASSERT_EQ(made.outcomes[0].remote_ids.size(), 1u);
  EXPECT_EQ(made.outcomes[0].remote_ids[0].id, "900");
  EXPECT_EQ(made.outcomes[0].remote_ids[0].object, "contact");
  EXPECT_TRUE(made.connection.any_success);
}

TEST(Conclude, OneBadRowFailsOnlyItself) {
  played_run played(3);
  auto bad = person(1, phase_status::failed, category::data_value_validation);
  bad.where = {"contact", "timeline", "", "Some day"};
  ASSERT_TRUE(played.book->add({person(0, phase_status::ok), bad, person(2, phase_status::ok)}));
  const auto made = conclude(played.view());
  EXPECT_EQ(made.cleared, 2);
  EXPECT_EQ(made.outcomes[1].next, delivery_state::failed);
  EXPECT_EQ(made.outcomes[1].where, (locus{"contact", "timeline", "qualifier:Timeline", "Some day"}));
}

TEST(Conclude, ALocusNeverHoldsWhatAPersonWrote) {
  played_run played(1);
  auto bad = person(0, phase_status::failed, category::data_format_validation);
  bad.where = {"contact", "email", "", "ada@@acme"};
  ASSERT_TRUE(played.book->add({bad}));
  EXPECT_EQ(conclude(played.view()).outcomes[0].where.value, "");
}

TEST(Conclude, AMappedFieldThatTheCrmMissesLacksDataAndNoMapping) {
  played_run played(2);
  auto mapped = person(0, phase_status::failed, category::required_field_missing);
  mapped.where = {"contact", "timeline", "", ""};
  auto unmapped = person(1, phase_status::failed, category::required_field_missing);
  unmapped.where = {"contact", "region", "", ""};
  ASSERT_TRUE(played.book->add({mapped, unmapped}));
  const auto made = conclude(played.view());
  EXPECT_EQ(made.outcomes[0].what, category::not_enough_data);
  EXPECT_NE(made.outcomes[0].phases_json.find("NOT_ENOUGH_DATA"), std::string::npos);
  EXPECT_EQ(made.outcomes[1].what, category::required_field_missing);
}

TEST(Conclude, AConfirmedDeadTokenFailsNobody) {
  played_run played(2);
  auto view = played.view();
  view.token = token_failure{true, "invalid_grant"};
  played.book->fail_rest({.what = category::connection});
  const auto made = conclude(view);
  for (const auto& each : made.outcomes) {
    EXPECT_EQ(each.next, delivery_state::waiting);
    EXPECT_TRUE(each.no_attempt);
    EXPECT_EQ(each.what, category::authentication);
  }
  EXPECT_EQ(made.connection.refused, category::authentication);
}

TEST(Conclude, APassingFaultOfTheTokenEndpointOpensNothing) {
  played_run played(1);
  auto view = played.view();
  view.token = token_failure{false, "token endpoint: 503"};
  played.book->fail_rest({.what = category::connection});
  const auto made = conclude(view);
  EXPECT_EQ(made.connection.refused, category::none);
  EXPECT_EQ(made.outcomes[0].next, delivery_state::waiting);
}

TEST(Conclude, A401OfEveryRowHoldsTheIntegration) {
  played_run played(2);
  ASSERT_TRUE(played.book->add({person(0, phase_status::failed, category::authentication), person(1, phase_status::failed, category::authentication)}));
  const auto made = conclude(played.view());
  EXPECT_EQ(made.failed, 0);
  EXPECT_EQ(made.connection.refused, category::authentication);
  EXPECT_EQ(made.outcomes[0].next, delivery_state::waiting);
}

TEST(Conclude, AMissingRightOfOneRowFailsThatRow) {
  played_run played(2);
  ASSERT_TRUE(played.book->add({person(0, phase_status::ok), person(1, phase_status::failed, category::permission)}));
  const auto made = conclude(played.view());
  EXPECT_EQ(made.connection.refused, category::none);
  EXPECT_EQ(made.outcomes[1].next, delivery_state::failed);
}

TEST(Conclude, ABlindWriteWithoutAnAnswerIsLookedUpNext) {
  played_run played(1);
  played.requests[0].write_unanswered = true;
  ASSERT_TRUE(played.book->add({person(0, phase_status::failed, category::ambiguous_write)}));
  const auto made = conclude(played.view());
  EXPECT_EQ(made.outcomes[0].next, delivery_state::waiting);
  EXPECT_TRUE(made.outcomes[0].ambiguous);
  EXPECT_GE(*made.outcomes[0].due_at, noon + 6s);
}

TEST(Conclude, ALookUpThatFailsLeavesTheWriteInDoubt) {
  played_run played(1);
  played.run.deliveries[0].ambiguous = true;
  ASSERT_TRUE(played.book->add({person(0, phase_status::failed, category::remote_busy)}));
  EXPECT_TRUE(conclude(played.view()).outcomes[0].ambiguous);
}

TEST(Conclude, AWriteInDoubtIsNotForgottenBehindAnEarlierFailure) {
  played_run played(1);
  played.batch.entries[0].demanded = {"person", "note"};
  played.book.emplace(std::vector<phase_rule>{{"person", {}, "contact", false}, {"note", {}, "note", false}}, played.batch.entries, 0);
  verdict note{.lead = 0, .phase = "note", .status = phase_status::failed, .what = category::ambiguous_write};
  ASSERT_TRUE(played.book->add({person(0, phase_status::failed, category::connection), note}));
  const auto made = conclude(played.view());
  EXPECT_EQ(made.outcomes[0].what, category::connection);
  EXPECT_TRUE(made.outcomes[0].ambiguous);
  EXPECT_GE(*made.outcomes[0].due_at, noon + 6s);
}

TEST(Conclude, AnExhaustedQuotaWaitsUntilItIsRefilled) {
  played_run played(1);
  auto view = played.view();
  played.requests[0].exchange = -1;
  view.not_before = noon + 3h;
  played.book->fail_rest({.what = category::connection, .request = 0});
  const auto made = conclude(view);
  EXPECT_EQ(made.outcomes[0].what, category::quota_exhausted);
  EXPECT_EQ(made.outcomes[0].due_at, noon + 3h);
  EXPECT_TRUE(made.outcomes[0].no_attempt);
  EXPECT_FALSE(made.connection.connection_failed);
}

TEST(Conclude, WhatWasNotSentOnStopGoesBackUntouched) {
  played_run played(1);
  auto view = played.view();
  played.requests[0].exchange = -1;
  view.stopping = true;
  played.book->fail_rest({.what = category::connection, .request = 0});
  const auto made = conclude(view);
  EXPECT_TRUE(made.outcomes[0].no_attempt);
  EXPECT_FALSE(made.connection.connection_failed);
}

TEST(Conclude, ABlindWriteOfARunThatWeBrokeOffIsLookedUpNext) {
  played_run played(2);
  auto view = played.view();
  view.stopping = view.broken_off = true;
  ASSERT_TRUE(played.book->add({person(0, phase_status::ok)}));
  played.book->fail_rest({.what = category::connection, .message = "the disk is full"});
  EXPECT_FALSE(conclude(view).outcomes[1].ambiguous);
  played.requests[0].blind_write = true;
  const auto made = conclude(view);
  EXPECT_EQ(made.outcomes[0].next, delivery_state::cleared);
  EXPECT_EQ(made.outcomes[1].next, delivery_state::waiting);
  EXPECT_TRUE(made.outcomes[1].ambiguous);
  EXPECT_EQ(made.outcomes[1].due_at, view.finished_at + view.settle);
  EXPECT_FALSE(made.connection.connection_failed);
}

TEST(Conclude, TellsThePhasesWithTheExchangeBehindEach) {
  played_run played(1);
  played.requests = {{.exchange = 4}};
  ASSERT_TRUE(played.book->add({person(0, phase_status::ok)}));
  EXPECT_EQ(conclude(played.view()).outcomes[0].phases_json,
            R"([{"phase":"person","status":"ok","message":"as the CRM said","object":"contact","remote_id":"900","exchange":4}])");
}

TEST(ReachedSoFar, HoldsWhatMustSurviveABlindWrite) {
  played_run played(2);
  ASSERT_TRUE(played.book->add({person(0, phase_status::ok)}));
  const auto made = reached_so_far(played.view());
  ASSERT_EQ(made.outcomes.size(), 1u);
  EXPECT_EQ(made.outcomes[0].delivery.value, 1);
  EXPECT_EQ(made.outcomes[0].phases_done, (std::vector<std::string>{"person"}));
}

}  // namespace
}  // namespace leadsync
