#include "sync/schedule.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

instant at(std::string_view text) { return parse_rfc3339(text).value(); }

quiet_hours quiet(std::chrono::minutes from, std::chrono::minutes until, std::string zone = "Europe/Paris") {
  return {from, until, std::move(zone)};
}

std::string quiet_until(const quiet_hours& hours, std::string_view from) { return to_rfc3339(end_of_quiet_hours(hours, at(from))); }

TEST(QuietHours, HoldBetweenTheirEndsAndNotAtTheLast) {
  const auto lunch = quiet(12h, 14h, "UTC");
  EXPECT_FALSE(in_quiet_hours(lunch, at("2026-11-25T11:59:59.999Z")));
  EXPECT_TRUE(in_quiet_hours(lunch, at("2026-11-25T12:00:00Z")));
  EXPECT_TRUE(in_quiet_hours(lunch, at("2026-11-25T13:59:59.999Z")));
  EXPECT_FALSE(in_quiet_hours(lunch, at("2026-11-25T14:00:00Z")));
}

TEST(QuietHours, SpanMidnight) {
  const auto night = quiet(20h, 7h);
  EXPECT_TRUE(in_quiet_hours(night, at("2026-11-25T19:00:00Z")));
  EXPECT_TRUE(in_quiet_hours(night, at("2026-11-26T05:59:00Z")));
  EXPECT_FALSE(in_quiet_hours(night, at("2026-11-26T06:00:00Z")));
  EXPECT_EQ(quiet_until(night, "2026-11-25T21:00:00Z"), "2026-11-26T06:00:00.000Z");
  EXPECT_EQ(quiet_until(night, "2026-11-26T01:00:00Z"), "2026-11-26T06:00:00.000Z");
}

TEST(QuietHours, EndWhereTheyAreNotHeldAtOnce) {
  EXPECT_EQ(quiet_until(quiet(20h, 7h), "2026-11-25T12:00:00.250Z"), "2026-11-25T12:00:00.250Z");
}

TEST(QuietHours, NeverHoldWhereTheirEndsAreEqual) {
  EXPECT_FALSE(in_quiet_hours(quiet(8h, 8h), at("2026-11-25T07:00:00Z")));
  EXPECT_FALSE(in_quiet_hours(quiet(0h, 0h), at("2026-11-25T23:00:00Z")));
}

TEST(QuietHours, EndAtTheirLocalTimeAfterTheClockChanged) {
  // 07:00 in Paris is 06:00 UTC in winter and 05:00 UTC in summer.
  EXPECT_EQ(quiet_until(quiet(20h, 7h), "2027-03-27T22:00:00Z"), "2027-03-28T05:00:00.000Z");
  EXPECT_EQ(quiet_until(quiet(20h, 7h), "2026-10-24T22:00:00Z"), "2026-10-25T06:00:00.000Z");
}

TEST(QuietHours, EndWithTheGapWhereDaylightSavingSkipsTheirEnd) {
  EXPECT_EQ(quiet_until(quiet(20h, 2h + 30min), "2027-03-28T00:30:00Z"), "2027-03-28T01:00:00.000Z");
}

TEST(QuietHours, ComeBackWhereDaylightSavingRepeatsThem) {
  // Paris: 02:00 to 03:00 is first 00:00Z to 01:00Z, then 01:00Z to 02:00Z.
  const auto hours = quiet(2h, 2h + 30min);
  EXPECT_EQ(quiet_until(hours, "2026-10-25T00:10:00Z"), "2026-10-25T00:30:00.000Z");
  EXPECT_FALSE(in_quiet_hours(hours, at("2026-10-25T00:45:00Z")));
  EXPECT_EQ(quiet_until(hours, "2026-10-25T01:10:00Z"), "2026-10-25T01:30:00.000Z");
}

TEST(QuietHours, EndWhereTheClockIsSetBackOutOfThem) {
  EXPECT_EQ(quiet_until(quiet(2h + 30min, 3h + 30min), "2026-10-25T00:40:00Z"), "2026-10-25T01:00:00.000Z");
}

TEST(Schedule, HasNoTicksWhereItIsContinuous) { EXPECT_FALSE(next_tick(schedule{}, at("2026-11-25T12:00:00Z"))); }

TEST(Schedule, TicksAtMultiplesOfItsIntervalSoThatARestartDoesNotMoveThem) {
  schedule when{.what = schedule::kind::every, .every = 15min};
  EXPECT_EQ(to_rfc3339(*next_tick(when, at("2026-11-25T12:07:31Z"))), "2026-11-25T12:15:00.000Z");
  EXPECT_EQ(to_rfc3339(*next_tick(when, at("2026-11-25T12:15:00Z"))), "2026-11-25T12:30:00.000Z");
  EXPECT_EQ(to_rfc3339(*next_tick(when, at("2026-11-25T12:14:59.999Z"))), "2026-11-25T12:15:00.000Z");
}

TEST(Schedule, TicksAsItsCronExpressionFires) {
  schedule when{.what = schedule::kind::cron, .cron = parse_cron("0 7 * * 1-5").value(), .zone = "Europe/Paris"};
  // Friday evening to Monday
  EXPECT_EQ(to_rfc3339(*next_tick(when, at("2026-11-27T18:00:00Z"))), "2026-11-30T06:00:00.000Z");
}

TEST(Schedule, CollapsesMissedTicksIntoTheOneThatIsAskedFor) {
  schedule when{.what = schedule::kind::cron, .cron = parse_cron("*/5 * * * *").value()};
  const auto served = at("2026-11-25T12:00:00Z");
  const auto missed = next_tick(when, served);
  EXPECT_EQ(to_rfc3339(*missed), "2026-11-25T12:05:00.000Z");
  EXPECT_EQ(to_rfc3339(*next_tick(when, at("2026-11-25T15:31:00Z"))), "2026-11-25T15:35:00.000Z");
}

TEST(Schedule, ReadsAsItIsWritten) {
  EXPECT_EQ(to_text(schedule{}), "continuous");
  EXPECT_EQ(to_text(schedule{.what = schedule::kind::every, .every = 15min}), "every 15m");
  EXPECT_EQ(to_text(schedule{.what = schedule::kind::every, .every = 120min}), "every 2h");
  EXPECT_EQ(to_text(schedule{.what = schedule::kind::every, .every = 24h}), "every 1d");
  EXPECT_EQ(to_text(schedule{.what = schedule::kind::cron, .cron = parse_cron(" 0  7 * * 1-5 ").value(), .zone = "Europe/Paris"}),
            "cron 0 7 * * 1-5 Europe/Paris");
}

}  // namespace
}  // namespace leadsync
