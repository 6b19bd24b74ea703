#include "transport/limit_headers.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace leadsync {

using namespace std::chrono;

namespace {

/// "123", "api-usage=10018/100000" (used of amount) or "95/100": what a header says of a number.
std::optional<std::uint32_t> leading_number(std::string_view text) {
  while (!text.empty() && (text.front() < '0' || text.front() > '9')) text.remove_prefix(1);
  std::uint32_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return {};
  return value;
}

}  // namespace

limit_report read_report(const limit_definition& of, const header_list& headers) {
  limit_report out;
  const auto number = [&](const std::string& name) -> std::optional<std::uint32_t> {
    const auto* text = name.empty() ? nullptr : find_header(headers, name);
    return text ? leading_number(*text) : std::nullopt;
  };
  if (const auto amount = number(of.amount_header)) out.amount = *amount;
  if (const auto window = number(of.window_header); window && *window > 0 && *window <= 86'400'000) out.window = milliseconds(*window);
  if (const auto* text = of.remaining_header.empty() ? nullptr : find_header(headers, of.remaining_header)) {
    if (const auto slash = text->find('/'); slash != std::string::npos) {
      // One header that holds "used/amount".
      const auto used = leading_number(*text);
      const auto amount = leading_number(std::string_view(*text).substr(slash));
      if (used && amount) {
        out.amount = *amount;
        out.remaining = *amount - std::min(*used, *amount);
        out.has_remaining = true;
      }
    } else if (const auto remaining = leading_number(*text); remaining && text->find('-') == std::string::npos) {
      out.remaining = *remaining;
      out.has_remaining = true;
    } else if (remaining) {
      out.has_remaining = true;  // below zero
    }
  }
  return out;
}

const std::string* find_header(const header_list& headers, std::string_view name) {
  for (const auto& [each, value] : headers)
    if (each == name) return &value;
  return nullptr;
}

std::optional<milliseconds> retry_after(const header_list& headers, instant now) {
  const auto* text = find_header(headers, "retry-after");
  if (!text || text->empty()) return {};
  double seconds_to_wait = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), seconds_to_wait);
  if (failed == std::errc{} && end == text->data() + text->size()) {
    if (!(seconds_to_wait >= 0)) return {};
    return milliseconds(static_cast<std::int64_t>(std::min(seconds_to_wait, 7 * 86400.0) * 1000));
  }
  std::tm parts{};
  if (!strptime(text->c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts)) return {};
  const instant until(seconds(timegm(&parts)));
  return std::clamp<milliseconds>(until - now, milliseconds(0), hours(24 * 7));
}

}  // namespace leadsync
