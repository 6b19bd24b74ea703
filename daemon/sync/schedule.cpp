#include "sync/schedule.h"

#include "sync/zone.h"

#include <algorithm>
#include <vector>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds time_of_day(const date::time_zone& zone, instant at) {
  const auto local = zone.to_local(at);
  return local - date::floor<date::days>(local);
}

bool is_quiet(const quiet_hours& quiet, const date::time_zone& zone, instant at) {
  const auto time = time_of_day(zone, at);
  if (quiet.from < quiet.until) return time >= quiet.from && time < quiet.until;
  return quiet.from != quiet.until && (time >= quiet.from || time < quiet.until);
}

/// Where quiet hours may end after `at`: at their local end on the next days, both times where it is repeated, and where the clock jumps.
std::vector<instant> possible_ends(const quiet_hours& quiet, const date::time_zone& zone, instant at) {
  std::vector<instant> ends;
  const auto today = date::floor<date::days>(zone.to_local(at));
  for (int i = -1; i <= 3; ++i) {
    const date::local_seconds local = today + date::days(i) + quiet.until;
    const auto info = zone.get_info(local);
    ends.push_back(first_moment_of(zone, local));
    if (info.result == date::local_info::ambiguous)
      ends.push_back(date::sys_seconds(local.time_since_epoch()) - info.second.offset);
  }
  const auto jump = zone.get_info(date::floor<std::chrono::seconds>(at)).end;
  if (jump - at < 96h) ends.push_back(jump);
  std::sort(ends.begin(), ends.end());
  return ends;
}

}  // namespace

std::string to_text(const schedule& when) {
  switch (when.what) {
    case schedule::kind::continuous: return "continuous";
    case schedule::kind::every: {
      const auto minutes = when.every.count();
      if (minutes % (24 * 60) == 0) return "every " + std::to_string(minutes / (24 * 60)) + "d";
      if (minutes % 60 == 0) return "every " + std::to_string(minutes / 60) + "h";
      return "every " + std::to_string(minutes) + "m";
    }
    case schedule::kind::cron: return "cron " + when.cron.text + " " + when.zone;
  }
  return "continuous";
}

bool in_quiet_hours(const quiet_hours& quiet, instant at) {
  const auto* zone = find_zone(quiet.zone);
  return zone && is_quiet(quiet, *zone, at);
}

instant end_of_quiet_hours(const quiet_hours& quiet, instant at) {
  const auto* zone = find_zone(quiet.zone);
  if (!zone || !is_quiet(quiet, *zone, at)) return at;
  for (const auto end : possible_ends(quiet, *zone, at))
    if (end > at && !is_quiet(quiet, *zone, end)) return end;
  return at + 24h;
}

std::optional<instant> next_tick(const schedule& when, instant after) {
  switch (when.what) {
    case schedule::kind::continuous: return std::nullopt;
    case schedule::kind::every: {
      if (when.every <= 0min) return std::nullopt;
      const std::chrono::milliseconds interval = when.every;
      return instant((after.time_since_epoch() / interval + 1) * interval);
    }
    case schedule::kind::cron: {
      const auto at = next_fire(when.cron, when.zone, after);
      if (!at) return std::nullopt;
      return *at;
    }
  }
  return std::nullopt;
}

}  // namespace leadsync
