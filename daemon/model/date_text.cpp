#include "model/date_text.h"

#include "base/text.h"

#include <array>
#include <charconv>

namespace leadsync {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

bool digit(char c) { return c >= '0' && c <= '9'; }

/// A cursor over the text: every take_ function moves on only where it succeeds.
struct cursor {
  std::string_view rest;

  bool take(char expected) {
    if (rest.empty() || rest.front() != expected) return false;
    rest.remove_prefix(1);
    return true;
  }
  void blanks() {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == ',')) rest.remove_prefix(1);
  }
  std::optional<int> number(std::size_t least, std::size_t most) {
    std::size_t length = 0;
    while (length < rest.size() && digit(rest[length])) ++length;
    if (length < least || length > most) return std::nullopt;
    int value = 0;
    std::from_chars(rest.data(), rest.data() + length, value);
    rest.remove_prefix(length);
    return value;
  }
  std::optional<unsigned> month_name() {
    std::size_t length = 0;
    while (length < rest.size() && ((rest[length] | 0x20) >= 'a' && (rest[length] | 0x20) <= 'z')) ++length;
    if (length < 3) return std::nullopt;
    const auto start = ascii_lower(rest.substr(0, 3));
    for (unsigned i = 0; i < 12; ++i)
      if (start == months[i]) {
        rest.remove_prefix(length);
        take('.');
        return i + 1;
      }
    return std::nullopt;
  }
};

std::optional<year_month_day> make_day(int y, unsigned m, unsigned d) {
  const year_month_day day{year(y), month(m), std::chrono::day(d)};
  if (!day.ok() || y < 1900 || y > 2200) return std::nullopt;
  return day;
}

struct two_numbers {
  int first, second, year;
  char separator;
};

/// "25/11/2026", "25.11.2026", "25-11-2026"
std::optional<two_numbers> take_numeric(cursor& at) {
  auto now = at;
  const auto first = now.number(1, 2);
  if (!first || now.rest.empty()) return std::nullopt;
  const char separator = now.rest.front();
  if (separator != '/' && separator != '.' && separator != '-') return std::nullopt;
  now.take(separator);
  const auto second = now.number(1, 2);
  if (!second || !now.take(separator)) return std::nullopt;
  const auto year = now.number(4, 4);
  if (!year) return std::nullopt;
  at = now;
  return two_numbers{*first, *second, *year, separator};
}

std::optional<year_month_day> take_iso(cursor& at) {
  auto now = at;
  const auto y = now.number(4, 4);
  if (!y) return std::nullopt;
  const char separator = now.rest.empty() ? ' ' : now.rest.front();
  if (separator != '-' && separator != '/') return std::nullopt;
  now.take(separator);
  const auto m = now.number(1, 2);
  if (!m || !now.take(separator)) return std::nullopt;
  const auto d = now.number(1, 2);
  if (!d) return std::nullopt;
  at = now;
  return make_day(*y, unsigned(*m), unsigned(*d));
}

std::optional<year_month_day> take_named(cursor& at) {
  auto now = at;
  auto d = now.number(1, 2);
  if (d) now.take('.');
  now.blanks();
  if (d) now.take('-');
  const auto m = now.month_name();
  if (!m) return std::nullopt;
  now.take('-');
  now.blanks();
  if (!d) d = now.number(1, 2);
  now.blanks();
  const auto y = now.number(4, 4);
  if (!d || !y) return std::nullopt;
  at = now;
  return make_day(*y, *m, unsigned(*d));
}

std::optional<year_month_day> take_day(cursor& at, day_order order) {
  if (auto iso = take_iso(at)) return iso;
  if (auto named = take_named(at)) return named;
  const auto parts = take_numeric(at);
  if (!parts) return std::nullopt;
  const auto first = unsigned(parts->first);
  const auto second = unsigned(parts->second);
  // A dot is only ever written day first; a value above 12 cannot be a month.
  const bool day_first = parts->separator == '.' || first > 12 || first == second || (second <= 12 && order == day_order::day_first);
  if (!day_first && second <= 12 && order == day_order::unknown) return std::nullopt;
  return day_first ? make_day(parts->year, second, first) : make_day(parts->year, first, second);
}

std::optional<milliseconds> take_time(cursor& at) {
  auto now = at;
  auto hour = now.number(1, 2);
  if (!hour) return std::nullopt;
  int minute = 0;
  int second = 0;
  int millis = 0;
  if (now.take(':')) {
    const auto m = now.number(2, 2);
    if (!m) return std::nullopt;
    minute = *m;
    if (now.take(':')) {
      const auto s = now.number(2, 2);
      if (!s) return std::nullopt;
      second = *s;
      if (now.take('.') || now.take(',')) {
        int scale = 100;
        if (now.rest.empty() || !digit(now.rest.front())) return std::nullopt;
        for (; !now.rest.empty() && digit(now.rest.front()); now.rest.remove_prefix(1), scale /= 10)
          millis += (now.rest.front() - '0') * scale;
      }
    }
  } else if (now.take('h') || now.take('H')) {
    if (const auto m = now.number(2, 2)) minute = *m;
  } else {
    return std::nullopt;
  }
  auto suffix = now;
  suffix.blanks();
  if (suffix.rest.size() >= 2 && (suffix.rest[1] | 0x20) == 'm' && ((suffix.rest[0] | 0x20) == 'a' || (suffix.rest[0] | 0x20) == 'p')) {
    if (*hour < 1 || *hour > 12) return std::nullopt;
    *hour = *hour % 12 + ((suffix.rest[0] | 0x20) == 'p' ? 12 : 0);
    suffix.rest.remove_prefix(2);
    now = suffix;
  }
  if (*hour > 23 || minute > 59 || second > 60) return std::nullopt;
  at = now;
  return hours(*hour) + minutes(minute) + seconds(second) + milliseconds(millis);
}

std::optional<minutes> take_offset(cursor& at) {
  at.blanks();
  if (at.take('Z') || at.take('z')) return minutes(0);
  if (at.rest == "UTC" || at.rest == "GMT") {
    at.rest = {};
    return minutes(0);
  }
  const bool negative = !at.rest.empty() && at.rest.front() == '-';
  if (!at.take('+') && !at.take('-')) return std::nullopt;
  const auto hour_digits = at.rest.substr(0, 2);
  cursor hour{hour_digits};
  const auto h = hour.number(2, 2);
  if (!h) return std::nullopt;
  at.rest.remove_prefix(2);
  at.take(':');
  const auto m = at.number(2, 2);
  if (!m || *h > 23 || *m > 59) return std::nullopt;
  const auto offset = hours(*h) + minutes(*m);
  return negative ? -offset : offset;
}

}  // namespace

std::optional<written_date> parse_date_text(std::string_view text, day_order order) {
  cursor at{trim(text)};
  const auto day = take_day(at, order);
  if (!day) return std::nullopt;
  written_date date{*day, std::nullopt, std::nullopt};
  if (at.rest.empty()) return date;
  if (!at.take('T') && !at.take('t') && at.rest.front() != ' ' && at.rest.front() != ',') return std::nullopt;
  at.blanks();
  date.time = take_time(at);
  if (!date.time) return std::nullopt;
  if (!at.rest.empty()) {
    date.offset = take_offset(at);
    if (!date.offset || !at.rest.empty()) return std::nullopt;
  }
  return date;
}

std::optional<milliseconds> parse_time_text(std::string_view text) {
  cursor at{trim(text)};
  const auto time = take_time(at);
  return time && at.rest.empty() ? time : std::nullopt;
}

day_order order_shown_by(std::string_view text) {
  cursor at{trim(text)};
  const auto parts = take_numeric(at);
  if (!parts || parts->first == 0 || parts->second == 0) return day_order::unknown;
  if (parts->first > 12 && parts->first <= 31 && parts->second <= 12) return day_order::day_first;
  if (parts->second > 12 && parts->second <= 31 && parts->first <= 12) return day_order::month_first;
  return day_order::unknown;
}

}  // namespace leadsync
