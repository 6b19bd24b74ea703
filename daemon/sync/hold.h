#pragma once

#include "base/instant.h"
#include "model/delivery_state.h"
#include "sync/schedule.h"

#include <optional>
#include <string_view>

namespace leadsync {

/// What an integration is in, as far as it decides whether anything may be claimed.
struct hold_view {
  bool usable = true;  ///< plugin loaded, credentials readable
  sync_mode mode = sync_mode::automatic;
  bool breaker_open = false;
  breaker_state breaker = breaker_state::closed;
  std::optional<instant> next_probe;
  bool probing = false;
  bool has_schema = true;
  bool has_mapping = true;
  const schedule* when = nullptr;
  std::optional<instant> tick;  ///< the last one that fired and is still being drained
};

/// What may be claimed now.
struct admission {
  bool released = false;
  std::optional<instant> waiting_due;  ///< waiting ones due by then; nothing: none
  bool only_a_probe = false;           ///< one lead, alone, and none while it is under way
  std::string_view reason;             ///< why waiting ones are held; empty where they are not
  std::optional<instant> wake_at;      ///< when this may change by itself
};

/// Precedence: disabled, breaker, manual, quiet hours, schedule. What a person released overrides the last three, never the first two.
[[nodiscard]] admission admit(const hold_view& view, instant now);

}  // namespace leadsync
