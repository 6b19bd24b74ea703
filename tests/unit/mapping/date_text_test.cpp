#include "model/date_text.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::chrono;

TEST(DateText, AColumnsOrderDecidesWhatACellLeavesOpen) {
  EXPECT_EQ(order_shown_by("25/11/2026"), day_order::day_first);
  EXPECT_EQ(order_shown_by("11/25/2026 9:00"), day_order::month_first);
  EXPECT_EQ(order_shown_by("04/05/2026"), day_order::unknown);
  EXPECT_EQ(order_shown_by("2026-11-25"), day_order::unknown);
  EXPECT_EQ(parse_date_text("04/05/2026"), std::nullopt);
  EXPECT_EQ(parse_date_text("04/05/2026", day_order::day_first)->day, year(2026) / May / 4);
  EXPECT_EQ(parse_date_text("04/05/2026", day_order::month_first)->day, year(2026) / April / 5);
}

TEST(DateText, TimesAreReadInTheFormsOfScanners) {
  EXPECT_EQ(parse_time_text("14:05:09"), hours(14) + minutes(5) + seconds(9));
  EXPECT_EQ(parse_time_text("2:05 PM"), hours(14) + minutes(5));
  EXPECT_EQ(parse_time_text("12:00 am"), milliseconds(0));
  EXPECT_EQ(parse_time_text("9h00"), hours(9));
  EXPECT_EQ(parse_time_text("9h"), hours(9));
  for (const auto* text : {"24:00", "9", "13:00 pm", "9:5", "9:00 xm", ""}) EXPECT_EQ(parse_time_text(text), std::nullopt) << text;
}

TEST(DateText, AZoneIsKeptAsWritten) {
  const auto date = parse_date_text("2026-11-25T23:30:00.5+05:30");
  ASSERT_TRUE(date);
  EXPECT_EQ(date->offset, minutes(330));
  EXPECT_EQ(date->time, hours(23) + minutes(30) + milliseconds(500));
  EXPECT_EQ(parse_date_text("2026-11-25 23:30")->offset, std::nullopt);
  for (const auto* text : {"2026-11-25T", "2026-11-25 x", "2026-13-01", "2026-02-30", "25/11/26", "2026-11-25T10:00+1", "2026-11-25T10:00+0199"})
    EXPECT_EQ(parse_date_text(text), std::nullopt) << text;
}

}  // namespace
}  // namespace leadsync
