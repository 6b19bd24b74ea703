#include "sync/cron.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

instant at(std::string_view text) { return parse_rfc3339(text).value(); }

std::string fire(std::string_view cron, std::string_view zone, std::string_view after) {
  const auto parsed = parse_cron(cron);
  if (!parsed) return parsed.error().context;
  const auto next = next_fire(*parsed, zone, at(after));
  return next ? to_rfc3339(*next) : next.error().context;
}

TEST(Cron, FiresAtTheNextMinuteThatFits) {
  EXPECT_EQ(fire("0 7 * * *", "UTC", "2026-11-25T06:59:59Z"), "2026-11-25T07:00:00.000Z");
  EXPECT_EQ(fire("0 7 * * *", "UTC", "2026-11-25T07:00:00Z"), "2026-11-26T07:00:00.000Z");
  EXPECT_EQ(fire("*/15 * * * *", "UTC", "2026-11-25T23:46:00Z"), "2026-11-26T00:00:00.000Z");
  EXPECT_EQ(fire("5,35 8-9 * * *", "UTC", "2026-11-25T08:05:00Z"), "2026-11-25T08:35:00.000Z");
  EXPECT_EQ(fire("10/20 * * * *", "UTC", "2026-11-25T08:31:00Z"), "2026-11-25T08:50:00.000Z");
}

TEST(Cron, ReadsTheLocalTimeOfItsZone) {
  EXPECT_EQ(fire("0 7 * * *", "Europe/Paris", "2026-11-25T00:00:00Z"), "2026-11-25T06:00:00.000Z");
  EXPECT_EQ(fire("0 7 * * *", "Europe/Paris", "2026-07-01T00:00:00Z"), "2026-07-01T05:00:00.000Z");
}

TEST(Cron, CountsSundayAsZeroAndAsSevenAndByName) {
  // 2026-11-29 is a Sunday
  for (const auto* cron : {"0 0 * * 0", "0 0 * * 7", "0 0 * * SUN", "0 0 * * 6-7"})
    EXPECT_EQ(fire(cron, "UTC", "2026-11-28T12:00:00Z"), "2026-11-29T00:00:00.000Z") << cron;
  EXPECT_EQ(fire("0 0 * jan mon", "UTC", "2026-11-28T12:00:00Z"), "2027-01-04T00:00:00.000Z");
}

TEST(Cron, TakesEitherDayFieldWhereBothAreRestricted) {
  // Friday the 13th, or any Friday: 2026-11-27 is a Friday.
  EXPECT_EQ(fire("0 0 13 * 5", "UTC", "2026-11-25T00:00:00Z"), "2026-11-27T00:00:00.000Z");
  EXPECT_EQ(fire("0 0 26 * 5", "UTC", "2026-11-25T00:00:00Z"), "2026-11-26T00:00:00.000Z");
}

TEST(Cron, NeedsBothDayFieldsWhereOneIsASteppedStar) {
  // odd days that are Mondays: the 30th is even, so December 7
  EXPECT_EQ(fire("0 0 */2 * 1", "UTC", "2026-11-25T00:00:00Z"), "2026-12-07T00:00:00.000Z");
}

TEST(Cron, FiresAtTheNextValidMinuteWhereDaylightSavingSkipsItsTime) {
  // Paris goes from 02:00 to 03:00 on 2027-03-28 at 01:00 UTC.
  EXPECT_EQ(fire("30 2 * * *", "Europe/Paris", "2027-03-27T12:00:00Z"), "2027-03-28T01:00:00.000Z");
  EXPECT_EQ(fire("30 2 * * *", "Europe/Paris", "2027-03-28T01:00:00Z"), "2027-03-29T00:30:00.000Z");
}

TEST(Cron, CollapsesEverySkippedTimeIntoOneFiring) {
  EXPECT_EQ(fire("0,15,30,45 2 * * *", "Europe/Paris", "2027-03-27T12:00:00Z"), "2027-03-28T01:00:00.000Z");
  EXPECT_EQ(fire("0,15,30,45 2 * * *", "Europe/Paris", "2027-03-28T01:00:00Z"), "2027-03-29T00:00:00.000Z");
}

TEST(Cron, FiresOnceWhereDaylightSavingRepeatsItsTime) {
  // Paris repeats 02:00 to 03:00 on 2026-10-25: 00:30 UTC and 01:30 UTC are both 02:30.
  EXPECT_EQ(fire("30 2 * * *", "Europe/Paris", "2026-10-24T12:00:00Z"), "2026-10-25T00:30:00.000Z");
  EXPECT_EQ(fire("30 2 * * *", "Europe/Paris", "2026-10-25T00:30:00Z"), "2026-10-26T01:30:00.000Z");
}

TEST(Cron, FindsARareDayAndRefusesOneThatNeverComes) {
  EXPECT_EQ(fire("0 0 29 2 *", "UTC", "2026-11-25T00:00:00Z"), "2028-02-29T00:00:00.000Z");
  EXPECT_EQ(fire("0 0 31 2 *", "UTC", "2026-11-25T00:00:00Z"),
            "cron expression \"0 0 31 2 *\" fires on no day of the next five years");
}

TEST(Cron, FiresAfterACalendarDayThatItsZoneNeverHad) {
  // Samoa had no 2011-12-30.
  EXPECT_EQ(fire("0 12 30 12 *", "Pacific/Apia", "2011-12-29T12:00:00Z"), "2011-12-30T10:00:00.000Z");
}

TEST(Cron, NamesTheFieldThatItCannotRead) {
  const std::pair<const char*, const char*> cases[] = {
      {"60 * * * *", "minute"},   {"* 24 * * *", "hour"},       {"* * 0 * *", "day of month"}, {"* * * foo *", "month"},
      {"* * * * 8", "day of week"}, {"5-1 * * * *", "minute"},  {"*/0 * * * *", "minute"},     {"1,,2 * * * *", "minute"},
      {"-1 * * * *", "minute"},   {"* 1-2-3 * * *", "hour"},
  };
  for (const auto& [text, field] : cases) {
    const auto parsed = parse_cron(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().context.find(std::string("is not a cron ") + field), std::string::npos) << parsed.error().context;
  }
  EXPECT_NE(parse_cron("0 7 * *").error().context.find("this one has 4"), std::string::npos);
}

TEST(Cron, NamesAnUnknownZone) {
  EXPECT_TRUE(check_zone("Europe/Paris"));
  ASSERT_FALSE(check_zone("Europe/Pariss"));
  EXPECT_NE(fire("0 7 * * *", "Mars/Olympus", "2026-11-25T00:00:00Z").find("\"Mars/Olympus\" is not a time zone"), std::string::npos);
}

}  // namespace
}  // namespace leadsync
