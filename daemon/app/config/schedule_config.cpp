#include "app/config/schedule_config.h"

namespace leadsync {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view forms = "must be `continuous`, `{every: 15m}`, or `{cron: \"0 7 * * 1-5\", zone: Europe/Paris}`";

/// "07:00"; 24:00 is the end of the day.
std::optional<std::chrono::minutes> time_of_day(yaml_map& map, std::string_view key) {
  const auto text = map.text(key);
  if (!text) {
    map.refuse(key, "is missing; write it as in \"20:00\"");
    return std::nullopt;
  }
  const auto digit = [&](std::size_t i) { return (*text)[i] >= '0' && (*text)[i] <= '9'; };
  if (text->size() == 5 && (*text)[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
    const int hour = std::stoi(text->substr(0, 2));
    const int minute = std::stoi(text->substr(3));
    if ((hour < 24 && minute < 60) || (hour == 24 && minute == 0)) return std::chrono::hours(hour % 24) + std::chrono::minutes(minute);
  }
  map.refuse(key, "must be a time of day from \"00:00\" to \"24:00\", not \"" + text->substr(0, 40) + "\"");
  return std::nullopt;
}

std::string zone_of(yaml_map& map) {
  const auto zone = map.text("zone").value_or("UTC");
  if (auto known = check_zone(zone); !known) map.refuse("zone", "is wrong: " + known.error().context);
  return zone;
}

void read_cron(yaml_map& map, schedule& when) {
  when.what = schedule::kind::cron;
  when.zone = zone_of(map);
  const auto text = map.text("cron");
  if (!text) return;
  const auto cron = parse_cron(*text);
  if (!cron) {
    map.refuse("cron", "is wrong: " + cron.error().context);
    return;
  }
  when.cron = *cron;
  if (!check_zone(when.zone)) return;
  if (auto fires = next_fire(when.cron, when.zone, now()); !fires) map.refuse("cron", "is wrong: " + fires.error().context);
}

void read_every(yaml_map& map, schedule& when) {
  when.what = schedule::kind::every;
  const auto length = map.duration("every", 1min, 7 * 24h);
  if (!length) return;
  if (*length % 1min != 0s) map.refuse("every", "must be whole minutes");
  when.every = std::chrono::duration_cast<std::chrono::minutes>(*length);
}

}  // namespace

schedule read_schedule(yaml_map& integration) {
  schedule when;
  if (const auto node = integration.node("schedule")) {
    if (node->IsScalar()) {
      if (node->Scalar() != "continuous") integration.refuse("schedule", forms);
    } else if (auto map = node->IsMap() ? integration.map("schedule") : std::nullopt) {
      const bool has_cron = (*node)["cron"].IsDefined();
      if (has_cron == (*node)["every"].IsDefined())
        integration.refuse("schedule", forms);
      else {
        if (has_cron) read_cron(*map, when);
        else read_every(*map, when);
        map->finish();
      }
    } else {
      integration.refuse("schedule", forms);
    }
  }
  if (auto map = integration.map("quiet_hours")) {
    const auto from = time_of_day(*map, "from");
    const auto until = time_of_day(*map, "until");
    if (from && from == until)
      integration.refuse("quiet_hours", "begins and ends at the same time, so that nothing is quiet; `sync_mode: manual` holds leads at all times");
    quiet_hours quiet{from.value_or(0min), until.value_or(0min), zone_of(*map)};
    map->finish();
    when.quiet = std::move(quiet);
  }
  return when;
}

}  // namespace leadsync
