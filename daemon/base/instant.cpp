#include "base/instant.h"

#include <charconv>
#include <cstdio>

namespace leadsync {
namespace {

using namespace std::chrono;

/// Takes exactly `digits` decimal digits off the front.
bool take(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  out = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    out = out * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

bool take_zone(std::string_view& text, minutes& offset) {
  if (take(text, 'Z') || take(text, 'z')) {
    offset = minutes(0);
    return true;
  }
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return false;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  int hour = 0;
  int minute = 0;
  if (!take(text, 2, hour)) return false;
  take(text, ':');
  if (!take(text, 2, minute) || hour > 23 || minute > 59) return false;
  offset = minutes(sign * (hour * 60 + minute));
  return true;
}

}  // namespace

instant now() { return floor<milliseconds>(system_clock::now()); }

std::string to_date(instant at) {
  const year_month_day date{floor<days>(at)};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  return text;
}

std::string to_rfc3339(instant at) {
  const auto day = floor<days>(at);
  const hh_mm_ss time{at - day};
  char text[40];
  std::snprintf(text, sizeof text, "T%02d:%02d:%02d.%03dZ", int(time.hours().count()), int(time.minutes().count()),
                int(time.seconds().count()), int(time.subseconds().count()));
  return to_date(at) + text;
}

result<instant> parse_rfc3339(std::string_view text) {
  const auto bad = [whole = text] {
    return make_error(errc::invalid_input,
                      "\"" + std::string(whole.substr(0, 64)) + "\" is not an RFC 3339 time such as 2026-11-25T09:30:00Z");
  };
  int y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0, fraction = 0;
  if (!take(text, 4, y) || !take(text, '-') || !take(text, 2, m) || !take(text, '-') || !take(text, 2, d)) return bad();
  if (!take(text, 'T') && !take(text, 't') && !take(text, ' ')) return bad();
  if (!take(text, 2, hour) || !take(text, ':') || !take(text, 2, minute)) return bad();
  if (take(text, ':') && !take(text, 2, second)) return bad();
  if (take(text, '.')) {
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1), ++digits)
      if (digits < 3) fraction = fraction * 10 + (text.front() - '0');
    if (digits == 0) return bad();
    for (; digits < 3; ++digits) fraction *= 10;
  }
  minutes offset{};
  if (!take_zone(text, offset) || !text.empty()) return bad();
  const year_month_day date{year(y), month(unsigned(m)), day(unsigned(d))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return bad();
  return instant(sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second) +
                 milliseconds(fraction)) - offset;
}

}  // namespace leadsync
