#include "sync/hold.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

// 2025-11-25 12:00 UTC
const instant noon = from_millis(1'764'072'000'000);

hold_view open_view() { return {}; }

TEST(Hold, ClaimsWhateverIsDueWhereNothingHolds) {
  const auto gate = admit(open_view(), noon);
  EXPECT_TRUE(gate.released);
  EXPECT_EQ(gate.waiting_due, noon);
  EXPECT_TRUE(gate.reason.empty());
}

TEST(Hold, HoldsEverythingWhileDisabled) {
  auto view = open_view();
  view.mode = sync_mode::disabled;
  view.breaker_open = true;
  const auto gate = admit(view, noon);
  EXPECT_FALSE(gate.released);
  EXPECT_FALSE(gate.waiting_due);
  EXPECT_EQ(gate.reason, "disabled");
}

TEST(Hold, LetsOneProbeThroughAnOpenBreakerWhenItIsTime) {
  auto view = open_view();
  view.breaker_open = true;
  view.breaker = breaker_state::reconnect;
  view.next_probe = noon + 1s;
  EXPECT_FALSE(admit(view, noon).released);
  EXPECT_EQ(admit(view, noon).wake_at, noon + 1s);
  EXPECT_EQ(admit(view, noon).reason, "reconnect");
  EXPECT_TRUE(admit(view, noon + 1s).only_a_probe);
  view.probing = true;
  EXPECT_FALSE(admit(view, noon + 1s).released) << "one at a time";
}

TEST(Hold, SendsInManualModeOnlyWhatAPersonReleased) {
  auto view = open_view();
  view.mode = sync_mode::manual;
  const auto gate = admit(view, noon);
  EXPECT_TRUE(gate.released);
  EXPECT_FALSE(gate.waiting_due);
  EXPECT_EQ(gate.reason, "manual");
}

TEST(Hold, SendsInQuietHoursOnlyWhatAPersonReleased) {
  schedule when;
  when.quiet = quiet_hours{11h, 13h, "UTC"};
  auto view = open_view();
  view.when = &when;
  const auto gate = admit(view, noon);
  EXPECT_TRUE(gate.released);
  EXPECT_FALSE(gate.waiting_due);
  EXPECT_EQ(gate.wake_at, noon + 1h);
}

TEST(Hold, DrainsAfterATickWhatWasDueWhenItFired) {
  schedule when;
  when.what = schedule::kind::every;
  when.every = 15min;
  auto view = open_view();
  view.when = &when;
  EXPECT_FALSE(admit(view, noon + 5min).waiting_due);
  EXPECT_EQ(admit(view, noon + 5min).wake_at, noon + 15min);
  view.tick = noon;
  EXPECT_EQ(admit(view, noon + 5min).waiting_due, noon);
}

TEST(Hold, SendsNothingBeforeTheCrmIsDescribed) {
  auto view = open_view();
  view.has_schema = false;
  EXPECT_FALSE(admit(view, noon).released);
  EXPECT_EQ(admit(view, noon).reason, "no schema");
}

}  // namespace
}  // namespace leadsync
