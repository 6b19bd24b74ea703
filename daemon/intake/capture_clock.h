#pragma once

#include "base/error.h"
#include "model/date_text.h"

#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

namespace leadsync {

/// Turns what a scanner wrote into RFC 3339, with the offset at the event: so the day stays the day at the event. A date without a time
/// stays a date; a time without a known zone stays without an offset.
class capture_clock {
 public:
  /// Fails for an unknown time zone.
  [[nodiscard]] static result<capture_clock> make(std::string_view time_zone);

  /// What a cell tells about day/month order holds for the rest of its file; cells that contradict each other leave it open.
  void learn(std::string_view date_cell);
  /// Nothing where it cannot be read without guessing.
  [[nodiscard]] std::optional<std::string> read(std::string_view date, std::string_view time) const;

 private:
  const date::time_zone* zone_ = nullptr;
  day_order order_ = day_order::unknown;
  bool contradictory_ = false;
};

}  // namespace leadsync
