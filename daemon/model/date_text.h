#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace leadsync {

/// A date and time as a person or a program wrote it.
struct written_date {
  std::chrono::year_month_day day;
  std::optional<std::chrono::milliseconds> time;  ///< of day; none where only a date was written
  std::optional<std::chrono::minutes> offset;     ///< from UTC; none where no zone was written
};

enum class day_order { unknown, day_first, month_first };

/// ISO and RFC 3339, "25.11.2026", "25/11/2026", "11/25/2026", "25 Nov 2026", "Nov 25, 2026", each with or without a time ("14:05:09",
/// "2:05 PM", "14h05"). Of "04/05/2026" the order must be known. Numbers alone are never a date.
[[nodiscard]] std::optional<written_date> parse_date_text(std::string_view text, day_order order = day_order::unknown);
/// "14:05:09", "2:05 PM", "9h00"
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_time_text(std::string_view text);
/// What one cell tells of the order in its column: day_first for "25/11/2026".
[[nodiscard]] day_order order_shown_by(std::string_view text);

}  // namespace leadsync
