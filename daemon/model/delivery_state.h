#pragma once

#include <optional>
#include <string_view>

namespace leadsync {

/// As stored. What the API calls `held` and `syncing` is derived: a waiting delivery of an integration that holds, and one in an open run.
enum class delivery_state {
  waiting,   ///< owed; claimed when due, by sync mode, schedule and breaker
  released,  ///< as waiting, by a person's retry or release: manual mode, quiet hours and schedule do not hold it
  failed,
  cleared,
  dismissed,
};

enum class sync_mode { automatic, manual, disabled };

/// Why an integration sends nothing although it may.
enum class breaker_state { closed, reconnect, unreachable };

[[nodiscard]] std::string_view to_text(delivery_state state);
[[nodiscard]] std::optional<delivery_state> parse_delivery_state(std::string_view text);
[[nodiscard]] std::string_view to_text(sync_mode mode);
[[nodiscard]] std::optional<sync_mode> parse_sync_mode(std::string_view text);
[[nodiscard]] std::string_view to_text(breaker_state state);
[[nodiscard]] std::optional<breaker_state> parse_breaker_state(std::string_view text);

}  // namespace leadsync
