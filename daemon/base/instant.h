#pragma once

#include "base/error.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace leadsync {

/// A moment in UTC, to the millisecond: the resolution of the store and of the API.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] instant now();
[[nodiscard]] inline std::int64_t to_millis(instant at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline instant from_millis(std::int64_t millis) { return instant(std::chrono::milliseconds(millis)); }

/// "2026-11-25T22:10:52.000Z"
[[nodiscard]] std::string to_rfc3339(instant at);
/// "2026-11-25", UTC
[[nodiscard]] std::string to_date(instant at);
/// RFC 3339 with `Z` or an offset, seconds and fraction optional; a space instead of the T is accepted.
[[nodiscard]] result<instant> parse_rfc3339(std::string_view text);

}  // namespace leadsync
