#pragma once

#include "base/error.h"
#include "base/instant.h"

#include <bitset>
#include <string>
#include <string_view>

namespace leadsync {

/// Five fields: minute, hour, day of month, month, day of week (0 and 7 are Sunday), with lists, ranges, steps and three-letter names.
/// Where both day fields are restricted, either is enough.
struct cron_expression {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;
  std::bitset<13> months;
  std::bitset<7> weekdays;
  bool any_day = true;
  bool any_weekday = true;
  std::string text;
};

[[nodiscard]] result<cron_expression> parse_cron(std::string_view text);

/// The first moment after `after` at which it fires in `zone`. A time that daylight saving skips fires at the next valid minute, one that it
/// repeats fires once. errc::invalid_input where the zone is unknown or nothing fires within five years.
[[nodiscard]] result<instant> next_fire(const cron_expression& cron, std::string_view zone, instant after);

[[nodiscard]] result<void> check_zone(std::string_view zone);

}  // namespace leadsync
