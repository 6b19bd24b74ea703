#include "sync/cron.h"

#include "base/text.h"
#include "sync/zone.h"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace leadsync {
namespace {

struct field_rules {
  std::string_view name;
  int lowest;
  int highest;
  std::vector<std::string_view> names;  ///< of the values from `lowest` on
};

const std::array<field_rules, 5>& all_fields() {
  static const std::array<field_rules, 5> fields = {{
      {"minute", 0, 59, {}},
      {"hour", 0, 23, {}},
      {"day of month", 1, 31, {}},
      {"month", 1, 12, {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
      {"day of week", 0, 7, {"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
  }};
  return fields;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  return value;
}

std::optional<int> value_of(const field_rules& rules, std::string_view text) {
  const auto lower = ascii_lower(text);
  for (std::size_t i = 0; i < rules.names.size(); ++i)
    if (lower == rules.names[i]) return rules.lowest + int(i);
  const auto value = number(text);
  if (!value || *value < rules.lowest || *value > rules.highest) return std::nullopt;
  return value;
}

error refuse(const field_rules& rules, std::string_view text) {
  std::string hint = std::to_string(rules.lowest) + " to " + std::to_string(rules.highest);
  if (!rules.names.empty()) hint += " or " + std::string(rules.names.front()) + " to " + std::string(rules.names.back());
  return make_error(errc::invalid_input, "\"" + std::string(text.substr(0, 32)) + "\" is not a cron " + std::string(rules.name) +
                                             ": it takes *, values of " + hint + ", ranges, lists and steps");
}

/// One part of a list: "*", "5", "1-5", "*/15", "10-40/10". Steps after a single value run to the end of the field.
template <std::size_t Size>
bool add_part(const field_rules& rules, std::string_view part, std::bitset<Size>& values) {
  int step = 1;
  const auto slash = part.find('/');
  if (slash != std::string_view::npos) {
    const auto given = number(part.substr(slash + 1));
    if (!given || *given < 1 || *given > rules.highest) return false;
    step = *given;
    part = part.substr(0, slash);
  }
  int first = rules.lowest;
  int last = rules.highest;
  if (part != "*") {
    const auto dash = part.find('-');
    const auto from = value_of(rules, part.substr(0, dash));
    if (!from) return false;
    first = *from;
    if (dash != std::string_view::npos) {
      const auto until = value_of(rules, part.substr(dash + 1));
      if (!until || *until < first) return false;
      last = *until;
    } else if (slash == std::string_view::npos) {
      last = first;
    }
  }
  for (int value = first; value <= last; value += step) values.set(std::size_t(value) % Size);
  return true;
}

template <std::size_t Size>
result<void> parse_field(const field_rules& rules, std::string_view text, std::bitset<Size>& values) {
  for (const auto part : split(text, ','))
    if (!add_part(rules, part, values)) return refuse(rules, text);
  return {};
}

bool day_matches(const cron_expression& cron, date::local_days day) {
  const date::year_month_day calendar{day};
  if (!cron.months.test(unsigned(calendar.month()))) return false;
  const bool day_fits = cron.days.test(unsigned(calendar.day()));
  const bool weekday_fits = cron.weekdays.test(date::weekday(day).c_encoding());
  // "*/2" counts as any, and still says which days: both must hold then.
  if (cron.any_day || cron.any_weekday) return day_fits && weekday_fits;
  return day_fits || weekday_fits;
}

/// The first firing on `day` after `after`. Local times in their order give moments in their order, so the first is the earliest.
std::optional<instant> first_of_day(const cron_expression& cron, const date::time_zone& zone, date::local_days day, instant after) {
  for (int hour = 0; hour < 24; ++hour) {
    if (!cron.hours.test(std::size_t(hour))) continue;
    for (int minute = 0; minute < 60; ++minute) {
      if (!cron.minutes.test(std::size_t(minute))) continue;
      const auto at = first_moment_of(zone, day + std::chrono::hours(hour) + std::chrono::minutes(minute));
      if (at > after) return at;
    }
  }
  return std::nullopt;
}

}  // namespace

result<cron_expression> parse_cron(std::string_view text) {
  std::vector<std::string_view> parts;
  for (auto rest = trim(text); !rest.empty(); rest = trim(rest)) {
    const auto end = std::min(rest.find_first_of(" \t"), rest.size());
    parts.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (parts.size() != 5)
    return make_error(errc::invalid_input, "a cron expression has five fields (minute, hour, day of month, month, day of week), such as "
                                           "\"0 7 * * 1-5\"; this one has " + std::to_string(parts.size()));
  const auto& fields = all_fields();
  cron_expression cron;
  std::bitset<7> weekdays;
  if (auto field = parse_field(fields[0], parts[0], cron.minutes); !field) return field.error();
  if (auto field = parse_field(fields[1], parts[1], cron.hours); !field) return field.error();
  if (auto field = parse_field(fields[2], parts[2], cron.days); !field) return field.error();
  if (auto field = parse_field(fields[3], parts[3], cron.months); !field) return field.error();
  if (auto field = parse_field(fields[4], parts[4], weekdays); !field) return field.error();
  cron.weekdays = weekdays;
  cron.any_day = parts[2].starts_with('*');
  cron.any_weekday = parts[4].starts_with('*');
  for (const auto part : parts) cron.text += (cron.text.empty() ? "" : " ") + std::string(part);
  return cron;
}

result<void> check_zone(std::string_view zone) {
  if (find_zone(zone)) return {};
  return make_error(errc::invalid_input,
                    "\"" + std::string(zone.substr(0, 64)) + "\" is not a time zone; write one as in Europe/Paris or America/New_York");
}

result<instant> next_fire(const cron_expression& cron, std::string_view zone_name, instant after) {
  const auto* zone = find_zone(zone_name);
  if (!zone) return check_zone(zone_name).error();
  // A zone may skip a whole day of its calendar, so the day before can still hold the next moment.
  auto day = date::floor<date::days>(zone->to_local(after)) - date::days(1);
  for (int i = 0; i < 5 * 366 + 2; ++i, day += date::days(1)) {
    if (!day_matches(cron, day)) continue;
    if (const auto at = first_of_day(cron, *zone, day, after)) return *at;
  }
  return make_error(errc::invalid_input, "cron expression \"" + cron.text + "\" fires on no day of the next five years");
}

}  // namespace leadsync
