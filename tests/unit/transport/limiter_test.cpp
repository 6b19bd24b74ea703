#include "transport/limiter.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::chrono;

const moment start{steady_instant(hours(10)), *parse_rfc3339("2026-11-25T10:00:00Z")};

moment after(milliseconds passed) { return {start.steady + passed, start.wall + passed}; }

limit_definition window(std::uint32_t amount, milliseconds length, bool reports = false) {
  limit_definition out;
  out.id = "burst";
  out.amount = amount;
  out.window = length;
  out.by_default = true;
  if (reports) out.remaining_header = "x-remaining";
  return out;
}

limit_definition day(std::uint32_t amount, std::string zone) {
  limit_definition out;
  out.id = "daily";
  out.kind = limit_kind::daily;
  out.amount = amount;
  out.zone = std::move(zone);
  out.by_default = true;
  out.remaining_header = "x-daily-remaining";
  return out;
}

std::size_t ask(limiter& limits, int count, moment now, milliseconds longest_wait = hours(48)) {
  for (int i = 0; i < count; ++i) limits.enqueue({}, limiter::place::back, now, longest_wait);
  return limits.poll(now).admitted.size();
}

TEST(Limiter, HoldsTheRequestUntilTheAnswerToTheOneAWindowBeforeIsAWindowOld) {
  limiter limits({window(2, 10s)});
  const auto first = limits.enqueue({}, limiter::place::back, start, 60s);
  limits.enqueue({}, limiter::place::back, start, 60s);
  limits.enqueue({}, limiter::place::back, start, 60s);
  EXPECT_EQ(limits.poll(start).admitted.size(), 2u);
  EXPECT_FALSE(limits.poll(after(20s)).wake < after(20s).steady) << "both are under way: only an answer frees a slot";
  limits.answered(first, after(300ms), 200, {});
  EXPECT_EQ(limits.poll(after(10299ms)).admitted.size(), 0u);
  EXPECT_EQ(limits.poll(after(10300ms)).admitted.size(), 1u);
}

TEST(Limiter, TakesFromAllLimitsOrNone) {
  auto calls = window(10, 10s);
  auto credits = window(10, 10s);
  credits.id = "credits";
  credits.by_default = false;
  limiter limits({calls, credits});
  const std::vector<limit_cost> batch{{"burst", 1}, {"credits", 8}};
  limits.enqueue(batch, limiter::place::back, start, 60s);
  limits.enqueue(batch, limiter::place::back, start, 60s);
  EXPECT_EQ(limits.poll(start).admitted.size(), 1u);
  EXPECT_NE(limits.to_json(start).find(R"("id":"burst","amount":10,"used":1)"), std::string::npos) << limits.to_json(start);
}

TEST(Limiter, LetsARequestPassOnlyWhereItWaitsForOtherLimits) {
  auto search = window(1, 1s);
  search.id = "search";
  search.by_default = false;
  limiter limits({window(10, 10s), search});
  const std::vector<limit_cost> by_search{{"search", 1}}, by_both{{"search", 1}, {"burst", 1}};
  const auto a = limits.enqueue(by_search, limiter::place::back, start, 60s);
  const auto b = limits.enqueue(by_both, limiter::place::back, start, 60s);
  const auto c = limits.enqueue(by_search, limiter::place::back, start, 60s);
  EXPECT_EQ(limits.poll(start).admitted, std::vector<limiter::ticket>{a});
  limits.answered(a, after(100ms), 200, {});
  EXPECT_EQ(limits.poll(after(1100ms)).admitted, std::vector<limiter::ticket>{b});
  limits.answered(b, after(1200ms), 200, {});
  EXPECT_EQ(limits.poll(after(2200ms)).admitted, std::vector<limiter::ticket>{c});
}

TEST(Limiter, FollowsTheHeaderWhereAnotherClientUsesTheQuota) {
  limiter limits({window(100, 10s, true)});
  const auto probe = limits.enqueue({}, limiter::place::back, start, 60s);
  ASSERT_EQ(limits.poll(start).admitted.size(), 1u);
  limits.answered(probe, after(100ms), 200, {{"x-remaining", "7"}});
  EXPECT_LE(ask(limits, 50, after(100ms)), 7u);
}

TEST(Limiter, SendsAFewFirstWhereNothingIsKnown) {
  limiter limits({window(100, 10s, true)});
  EXPECT_EQ(ask(limits, 50, start), 2u);
}

TEST(Limiter, CountsAWindowAsSpentAfterARestartUntilAHeaderSaysOtherwise) {
  limiter silent({window(100, 10s)});
  silent.restore("{}", start);
  EXPECT_EQ(ask(silent, 5, start), 0u);
  EXPECT_EQ(silent.poll(after(10s)).admitted.size(), 5u);

  limiter reported({window(100, 10s, true)});
  reported.restore("{}", start);
  const auto probe = reported.enqueue({}, limiter::place::back, start, 60s);
  EXPECT_EQ(ask(reported, 5, start), 1u) << "one asks how things stand";
  reported.answered(probe, after(100ms), 200, {{"x-remaining", "99"}});
  EXPECT_EQ(reported.poll(after(100ms)).admitted.size(), 5u);
}

TEST(Limiter, DrainsAfterARefusalAndReturnsWithOne) {
  limiter limits({window(100, 10s)});
  std::vector<limiter::ticket> sent;
  for (int i = 0; i < 30; ++i) sent.push_back(limits.enqueue({}, limiter::place::back, start, 60s));
  ASSERT_EQ(limits.poll(start).admitted.size(), 30u);
  for (const auto each : sent) limits.answered(each, after(100ms), 429, {{"retry-after", "3"}});
  EXPECT_EQ(ask(limits, 30, after(3099ms), 60s), 0u);
  EXPECT_EQ(limits.poll(after(3100ms)).admitted.size(), 2u) << "no storm when the wait is over";
}

TEST(Limiter, WaitsLongerWhereRefusalsGoOnWithoutRetryAfter) {
  limiter limits({window(100, 10s)});
  milliseconds at(0), previous(0);
  for (int i = 0; i < 3; ++i) {
    const auto request = limits.enqueue({}, limiter::place::back, after(at), hours(1));
    ASSERT_EQ(limits.poll(after(at)).admitted.size(), 1u);
    limits.answered(request, after(at), 429, {});
    const auto probe = limits.enqueue({}, limiter::place::back, after(at), hours(1));
    const auto wake = limits.poll(after(at)).wake;
    limits.withdraw(probe);
    ASSERT_TRUE(wake);
    const auto pause = duration_cast<milliseconds>(*wake - after(at).steady);
    EXPECT_GT(pause, previous);
    previous = pause;
    at += pause;
  }
}

TEST(Limiter, AsksAgainWhereAnotherClientHadAllOfIt) {
  limiter limits({window(20, 2s, true)});
  const auto refused = limits.enqueue({}, limiter::place::back, start, hours(1));
  ASSERT_EQ(limits.poll(start).admitted.size(), 1u);
  limits.answered(refused, after(100ms), 429, {{"x-remaining", "0"}, {"retry-after", "1"}});
  limits.enqueue({}, limiter::place::back, after(100ms), hours(1));
  auto at = 100ms;
  while (at < 10s && limits.poll(after(at)).admitted.empty()) at += 100ms;
  EXPECT_GE(at, 1100ms);
  EXPECT_LE(at, 2200ms) << "what was reported then is no longer known to hold";
}

TEST(Limiter, DefersWhatWouldWaitLongerThanItMay) {
  limiter limits({day(1, "UTC")});
  limits.enqueue({}, limiter::place::back, start, 60s);
  const auto second = limits.enqueue({}, limiter::place::back, start, 60s);
  const auto round = limits.poll(start);
  EXPECT_EQ(round.admitted.size(), 1u);
  ASSERT_EQ(round.deferred.size(), 1u);
  EXPECT_EQ(round.deferred[0].request, second);
  EXPECT_EQ(round.deferred[0].limit, "daily");
  EXPECT_EQ(to_rfc3339(round.deferred[0].until), "2026-11-26T00:00:00.000Z");
}

TEST(Limiter, EndsADayAtMidnightOfItsZone) {
  limiter limits({day(1, "America/New_York")});
  EXPECT_EQ(ask(limits, 2, start), 1u);
  EXPECT_NE(limits.to_json(start).find("2026-11-26T05:00:00.000Z"), std::string::npos) << limits.to_json(start);
  EXPECT_EQ(limits.poll(after(19h - 1ms)).admitted.size(), 0u);
}

TEST(Limiter, EndsADayOfTheAccountAtMidnightOfItsZoneOnceThatIsKnown) {
  auto daily = day(2, "UTC");
  daily.account_zone = true;
  limiter limits({daily});
  EXPECT_EQ(ask(limits, 1, start), 1u);
  EXPECT_NE(limits.to_json(start).find("2026-11-26T00:00:00.000Z"), std::string::npos) << limits.to_json(start);
  limits.set_account_zone("US/Eastern", start);
  EXPECT_NE(limits.to_json(start).find(R"("used":1,"resets_at":"2026-11-26T05:00:00.000Z")"), std::string::npos) << limits.to_json(start);
  EXPECT_EQ(ask(limits, 2, after(14h + 30min)), 1u) << "midnight of UTC is not the account's";
  limits.set_account_zone("Nowhere/At All", after(15h));
  EXPECT_NE(limits.to_json(after(15h)).find("2026-11-26T05:00:00.000Z"), std::string::npos) << limits.to_json(after(15h));
}

TEST(Limiter, HasADayOfItsOwnZoneWhateverTheAccountsIs) {
  limiter limits({day(2, "UTC")});
  limits.set_account_zone("US/Eastern", start);
  EXPECT_NE(limits.to_json(start).find("2026-11-26T00:00:00.000Z"), std::string::npos) << limits.to_json(start);
}

TEST(Limiter, TakesADayThatWasStoredInAnotherZoneForTheSame) {
  limiter before({day(10, "UTC")});
  ASSERT_EQ(ask(before, 8, start), 8u);
  limiter later({day(10, "America/New_York")});
  later.restore(before.usage(start), after(1s));
  EXPECT_EQ(ask(later, 8, after(14h + 30min)), 2u) << "it ends with New York's";
}

TEST(Limiter, CountsTheRequestsOfAllLanesAgainstALimitOfTheAccountAndOfOneAgainstThatOfItsToken) {
  auto burst = window(3, 10s);
  burst.per_token = true;
  const std::vector<limit_definition> both{burst, day(4, "UTC")};
  limiter limits;
  limits.join("a", both, start);
  limits.join("b", both, start);
  for (int i = 0; i < 4; ++i) limits.enqueue({}, limiter::place::back, start, 60s, "a");
  EXPECT_EQ(limits.poll(start).admitted.size(), 3u);
  EXPECT_EQ(limits.admissible(start, "a"), 0u);
  EXPECT_NE(limits.to_json(start, "b").find(R"("id":"burst","amount":3,"used":0)"), std::string::npos) << limits.to_json(start, "b");
  limits.enqueue({}, limiter::place::back, start, hours(48), "b");
  limits.enqueue({}, limiter::place::back, start, hours(48), "b");
  EXPECT_EQ(limits.poll(start).admitted.size(), 0u) << "first come, first served: of the day's one is left, and a waits for it";
  EXPECT_EQ(limits.poll(after(61s)).admitted.size(), 1u) << "a has given up";
}

TEST(Limiter, HoldsToTheLowestOfSeveralCeilings) {
  limiter limits;
  limits.join("a", {window(10, 10s)}, start);
  limits.join("b", {window(4, 10s)}, start);
  limits.join("c", {window(7, 10s)}, start);
  for (int i = 0; i < 10; ++i) limits.enqueue({}, limiter::place::back, start, 60s, "a");
  EXPECT_EQ(limits.poll(start).admitted.size(), 4u);
}

TEST(Limiter, RestoresWhatSeveralStoredOfOneAccountOnce) {
  limiter before({day(10, "UTC")});
  ASSERT_EQ(ask(before, 3, start), 3u);
  const auto older = before.usage(start);
  ASSERT_EQ(ask(before, 3, start), 3u);
  const auto newer = before.usage(start);
  limiter later({day(10, "UTC")});
  for (const auto& each : {older, newer, older}) later.restore(each, start);
  EXPECT_EQ(ask(later, 10, start), 4u);
}

TEST(Limiter, TakesOverWhatAnotherOfTheSameAccountUsed) {
  for (const bool reports : {false, true}) {
    auto daily = day(100, "UTC");
    if (!reports) daily.remaining_header.clear();
    limiter one({window(10, 10s), daily}), other({window(10, 10s), daily});
    for (auto* each : {&one, &other}) {
      const auto request = each->enqueue({}, limiter::place::back, start, 60s);
      ASSERT_EQ(each->poll(start).admitted.size(), 1u);
      each->answered(request, after(100ms), 200, {{"x-daily-remaining", "98"}});
    }
    one.absorb(other, after(200ms));
    EXPECT_NE(one.to_json(after(200ms)).find(R"("amount":10,"used":2)"), std::string::npos) << one.to_json(after(200ms));
    EXPECT_NE(one.to_json(after(200ms)).find(R"("amount":100,"used":2)"), std::string::npos) << "both were told of both";
  }
}

TEST(Limiter, TakesTheDailyHeaderForTheTruthAlsoOutOfOrder) {
  limiter limits({day(1000, "UTC")});
  const auto a = limits.enqueue({}, limiter::place::back, start, 60s);
  const auto b = limits.enqueue({}, limiter::place::back, start, 60s);
  ASSERT_EQ(limits.poll(start).admitted.size(), 2u);
  limits.answered(b, after(100ms), 200, {{"x-daily-remaining", "98"}});
  limits.answered(a, after(200ms), 200, {{"x-daily-remaining", "99"}});
  EXPECT_EQ(limits.admissible(after(200ms)), 97u) << "one of the two may have been counted after the newest report";
}

TEST(Limiter, KeepsDailyUsageOverARestart) {
  limiter before({day(10, "UTC")});
  ASSERT_EQ(ask(before, 8, start), 8u);
  limiter later({day(10, "UTC")});
  later.restore(before.usage(start), after(1s));
  EXPECT_EQ(ask(later, 8, after(1s)), 2u);
}

TEST(Limiter, KeepsALongWindowOverARestart) {
  limiter before({window(10, 24h)});
  ASSERT_EQ(ask(before, 8, start), 8u);
  limiter later({window(10, 24h)});
  later.restore(before.usage(start), after(1h));
  EXPECT_EQ(ask(later, 8, after(1h)), 2u);
  EXPECT_EQ(later.poll(after(24h)).admitted.size(), 6u);
}

TEST(Limiter, BoundsRequestsUnderWay) {
  limit_definition parallel;
  parallel.id = "parallel";
  parallel.kind = limit_kind::concurrency;
  parallel.amount = 2;
  parallel.by_default = true;
  limiter limits({parallel});
  const auto first = limits.enqueue({}, limiter::place::back, start, 60s);
  EXPECT_EQ(ask(limits, 3, start), 2u);
  limits.lost(first, after(1s));
  EXPECT_EQ(limits.poll(after(1s)).admitted.size(), 1u);
}

TEST(Limiter, GivesBackWhatWasNotSent) {
  limiter limits({window(1, 10s), day(1, "UTC")});
  const auto request = limits.enqueue({}, limiter::place::back, start, 60s);
  ASSERT_EQ(limits.poll(start).admitted.size(), 1u);
  limits.not_sent(request, start);
  EXPECT_EQ(ask(limits, 1, start), 1u);
}

TEST(RetryAfter, IsSecondsOrADate) {
  EXPECT_EQ(retry_after({{"retry-after", "2"}}, start.wall), 2s);
  EXPECT_EQ(retry_after({{"retry-after", "Wed, 25 Nov 2026 10:01:00 GMT"}}, start.wall), 60s);
  EXPECT_EQ(retry_after({{"retry-after", "soon"}}, start.wall), std::nullopt);
  EXPECT_EQ(retry_after({{"retry-after", "-5"}}, start.wall), std::nullopt);
}

}  // namespace
}  // namespace leadsync
