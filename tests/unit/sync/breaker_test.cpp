#include "sync/breaker.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

const instant noon = from_millis(1'764'072'000'000);

TEST(Breaker, OpensOnTheFirstConfirmedRefusal) {
  breaker tested;
  EXPECT_TRUE(tested.report({.refused = category::authentication, .message = "revoked"}, noon, 1));
  EXPECT_EQ(tested.current().state, breaker_state::reconnect);
  EXPECT_EQ(tested.current().message, "revoked");
  EXPECT_FALSE(tested.report({.refused = category::authentication, .message = "revoked"}, noon, 1)) << "no news";
}

TEST(Breaker, ToleratesConnectionFailuresBetweenSuccesses) {
  breaker tested;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(tested.report({.connection_failed = true}, noon, 1));
    EXPECT_FALSE(tested.report({.any_success = true}, noon, 1));
  }
  EXPECT_FALSE(tested.open());
}

TEST(Breaker, OpensWhenRunsFailWithNoSuccessBetweenThem) {
  breaker tested;
  for (int i = 1; i < breaker::failures_to_open; ++i) EXPECT_FALSE(tested.report({.connection_failed = true}, noon, 1));
  EXPECT_TRUE(tested.report({.connection_failed = true}, noon, 1));
  EXPECT_EQ(tested.current().state, breaker_state::unreachable);
}

TEST(Breaker, ClosesOnTheFirstSuccess) {
  breaker tested;
  (void)tested.report({.refused = category::permission}, noon, 1);
  EXPECT_TRUE(tested.report({.any_success = true}, noon, 1));
  EXPECT_FALSE(tested.open());
  EXPECT_FALSE(tested.next_probe());
}

TEST(Breaker, ProbesARefusedTokenEverLater) {
  breaker tested;
  constexpr auto most = ~std::uint64_t(0) - 1;
  (void)tested.report({.refused = category::authentication}, noon, most);
  const auto first = *tested.next_probe() - noon;
  EXPECT_GE(first, 30s);
  for (int i = 0; i < 4; ++i) {
    const auto probed_at = *tested.next_probe();
    (void)tested.report({.refused = category::authentication}, probed_at, 0);
    EXPECT_GE(*tested.next_probe() - probed_at, 30s) << "never at once, whatever the dice say";
  }
}

TEST(Breaker, RunsThatWereInFlightDoNotPutOffTheProbe) {
  breaker tested;
  (void)tested.report({.refused = category::authentication}, noon, 0);
  const auto planned = tested.next_probe();
  for (int i = 0; i < 16; ++i) (void)tested.report({.refused = category::authentication}, noon + 1s, ~std::uint64_t(0));
  EXPECT_EQ(tested.next_probe(), planned);
}

TEST(Breaker, ProbesAtOnceWhenAPersonAsks) {
  breaker tested;
  (void)tested.report({.refused = category::authentication}, noon, 1);
  tested.probe_now(noon);
  EXPECT_EQ(tested.next_probe(), noon);
}

TEST(Breaker, ComesBackOpenAfterARestart) {
  const breaker restored({breaker_state::reconnect, category::authentication, "revoked"}, noon);
  EXPECT_TRUE(restored.open());
  EXPECT_EQ(restored.next_probe(), noon);
}

}  // namespace
}  // namespace leadsync
