#pragma once

#include "base/instant.h"

#include <date/tz.h>

#include <string_view>

namespace leadsync {

/// nullptr where the time zone database does not have it.
[[nodiscard]] const date::time_zone* find_zone(std::string_view name);

/// The moment that a local time names: the earlier one where daylight saving repeats it, the end of the gap where it skips it.
[[nodiscard]] instant first_moment_of(const date::time_zone& zone, date::local_seconds local);

}  // namespace leadsync
