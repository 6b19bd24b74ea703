#pragma once

#include "base/error.h"
#include "base/instant.h"
#include "sync/cron.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace leadsync {

/// Local times of day between which nothing is claimed; may span midnight. Equal ends mean never.
struct quiet_hours {
  std::chrono::minutes from{0};
  std::chrono::minutes until{0};
  std::string zone = "UTC";
};

/// When an automatic integration claims what waits.
struct schedule {
  enum class kind { continuous, every, cron };
  kind what = kind::continuous;
  std::chrono::minutes every{0};
  cron_expression cron;
  std::string zone = "UTC";
  std::optional<quiet_hours> quiet;
};

/// "continuous", "every 15m", "cron 0 7 * * 1-5 Europe/Paris"
[[nodiscard]] std::string to_text(const schedule& when);

[[nodiscard]] bool in_quiet_hours(const quiet_hours& quiet, instant at);
/// The first moment at or after `at` outside quiet hours.
[[nodiscard]] instant end_of_quiet_hours(const quiet_hours& quiet, instant at);

/// The first tick after `after`; nothing for `continuous`. Ticks of `every` are multiples of the interval since 1970, so that a restart
/// does not move them. Missed ticks collapse into one: the caller asks from the last tick it served.
[[nodiscard]] std::optional<instant> next_tick(const schedule& when, instant after);

}  // namespace leadsync
