#include "sync/judge.h"

#include "sync/backoff.h"

#include <gtest/gtest.h>

#include <limits>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

const instant noon = from_millis(1'764'072'000'000);

TEST(Judge, WaitsForAThrottledCrmHoweverOftenItWasTried) {
  const auto decided = judge({category::throttled, 2s}, {.attempt_number = 900, .counted_attempts = 900}, noon, 7);
  EXPECT_EQ(decided.next, delivery_state::waiting);
  EXPECT_FALSE(decided.counted);
  EXPECT_GE(*decided.due_at, noon + 2s);
}

TEST(Judge, HonoursTheWaitThatTheCrmAsksFor) {
  for (const std::uint64_t random : {std::uint64_t(0), std::numeric_limits<std::uint64_t>::max()}) {
    const auto decided = judge({category::remote_busy, 10s}, {}, noon, random);
    EXPECT_GE(*decided.due_at, noon + 10s);
    EXPECT_LE(*decided.due_at, noon + 11s);
  }
}

TEST(Judge, DoesNotCountAnUnreachableCrmAgainstALeadWhileNobodyGetsThrough) {
  const auto decided = judge({category::connection}, {.counted_attempts = 4, .another_succeeded = false}, noon, 1);
  EXPECT_EQ(decided.next, delivery_state::waiting);
  EXPECT_FALSE(decided.counted);
}

TEST(Judge, FailsALeadThatAloneCannotConnectAtTheCap) {
  const auto before = judge({category::connection}, {.counted_attempts = 3, .another_succeeded = true}, noon, 1);
  EXPECT_EQ(before.next, delivery_state::waiting);
  EXPECT_TRUE(before.counted);
  const auto at_cap = judge({category::connection}, {.counted_attempts = 4, .another_succeeded = true}, noon, 1);
  EXPECT_EQ(at_cap.next, delivery_state::failed);
}

TEST(Judge, LooksBeforeItWritesAgainWhereAWriteHadNoAnswer) {
  const auto decided = judge({category::ambiguous_write, 0ms, true}, {.settle = 5s}, noon, 1);
  EXPECT_EQ(decided.next, delivery_state::waiting);
  EXPECT_TRUE(decided.ambiguous);
  EXPECT_GE(*decided.due_at, noon + 5s);
}

TEST(Judge, ParksAWriteThatLookingCouldNotDecide) {
  const auto decided = judge({category::ambiguous_write, 0ms, false}, {}, noon, 1);
  EXPECT_EQ(decided.next, delivery_state::failed);
  EXPECT_TRUE(decided.ambiguous) << "a retry by hand must look, too";
}

TEST(Judge, LeavesWhatNeedsAPersonToAPerson) {
  for (const auto what : {category::no_tag_mapping, category::data_too_long, category::crm_rule, category::unexpected, category::target_gone}) {
    const auto decided = judge({what}, {}, noon, 1);
    EXPECT_EQ(decided.next, delivery_state::failed) << code_of(what);
    EXPECT_FALSE(decided.due_at) << code_of(what);
  }
}

TEST(Backoff, StaysWithinItsCeilingAndBelowItsDoubling) {
  for (std::int64_t attempt = 1; attempt < 80; ++attempt) {
    const auto most = full_jitter(attempt, 1s, 60s, std::numeric_limits<std::uint64_t>::max());
    EXPECT_LE(most, 60s);
    EXPECT_GE(most, 0ms);
    EXPECT_EQ(full_jitter(attempt, 1s, 60s, 0), 0ms);
  }
  EXPECT_LE(full_jitter(1, 1s, 60s, 999), 1s);
}

}  // namespace
}  // namespace leadsync
