// What a limiter tells of itself, and what it takes over: from an earlier process, or from another limiter of the same account.
#include "transport/limiter.h"

#include <boost/json.hpp>

#include <algorithm>

namespace leadsync {

using namespace std::chrono;
namespace json = boost::json;

std::string limiter::to_json(moment now, const std::string& lane) const {
  json::array list;
  for (const auto& each : limits_) {
    if (!binds(each, lane)) continue;
    json::object entry{{"id", each.definition.id}};
    if (const auto* window = std::get_if<window_limit>(&each.state)) {
      entry["amount"] = window->capacity(now.steady);
      entry["used"] = window->used(now.steady);
      entry["resets_at"] = to_rfc3339(now.wall + duration_cast<milliseconds>(window->all_free_at(now.steady) - now.steady));
    } else if (const auto* day = std::get_if<day_limit>(&each.state)) {
      entry["amount"] = day->amount();
      entry["used"] = day->used(now.wall);
      entry["resets_at"] = to_rfc3339(day->resets_at(now.wall));
    } else {
      const auto& parallel = std::get<concurrency>(each.state);
      entry["amount"] = parallel.amount;
      entry["used"] = parallel.used;
      entry["resets_at"] = nullptr;
    }
    list.push_back(std::move(entry));
  }
  return json::serialize(json::object{{"limits", std::move(list)}});
}

std::string limiter::usage(moment now, const std::string& lane) const {
  json::object out;
  for (const auto& each : limits_) {
    if (!binds(each, lane)) continue;
    if (const auto* day = std::get_if<day_limit>(&each.state)) {
      out[each.definition.id] = {{"day_end", to_millis(day->resets_at(now.wall))}, {"used", day->used(now.wall)}};
    } else if (const auto* window = std::get_if<window_limit>(&each.state); window && window->is_long()) {
      json::array buckets;
      for (const auto& [age, cost] : window->buckets(now.steady)) buckets.push_back(json::array{to_millis(now.wall - age), cost});
      out[each.definition.id] = {{"buckets", std::move(buckets)}};
    }
  }
  return json::serialize(out);
}

void limiter::restore(std::string_view usage, moment now, const std::string& lane) {
  for (auto& each : limits_)
    if (auto* window = std::get_if<window_limit>(&each.state); window && binds(each, lane)) window->count_as_spent(now.steady);
  boost::system::error_code failed;
  const auto value = json::parse(usage, failed);
  if (failed || !value.is_object()) return;
  for (auto& each : limits_) {
    if (!binds(each, lane)) continue;
    const auto* stored = value.get_object().if_contains(each.definition.id);
    if (!stored || !stored->is_object()) continue;
    try {
      const auto& members = stored->get_object();
      if (auto* day = std::get_if<day_limit>(&each.state)) {
        day->restore(from_millis(members.at("day_end").to_number<std::int64_t>()), members.at("used").to_number<std::uint32_t>(), now.wall);
      } else if (auto* window = std::get_if<window_limit>(&each.state); window && window->is_long()) {
        std::vector<window_limit::bucket> ages;
        for (const auto& bucket : members.at("buckets").as_array()) {
          const auto at = from_millis(bucket.at(0).to_number<std::int64_t>());
          if (at > now.wall - hours(48)) ages.emplace_back(std::max(milliseconds(0), now.wall - at), bucket.at(1).to_number<std::uint32_t>());
        }
        window->restore(ages, now.steady);
      }
    } catch (const std::exception&) {  // written by another version: as if nothing were stored
    }
  }
}

void limiter::absorb(const limiter& other, moment now) {
  if (account_zone_.empty() && !other.account_zone_.empty()) set_account_zone(other.account_zone_, now);
  for (const auto& each : other.limits_) {
    join(each.lane, {each.definition}, now);
    auto& mine = *find(each.definition, each.lane);
    if (auto* window = std::get_if<window_limit>(&mine.state); window && std::holds_alternative<window_limit>(each.state))
      window->absorb(std::get<window_limit>(each.state));
    if (auto* day = std::get_if<day_limit>(&mine.state); day && std::holds_alternative<day_limit>(each.state))
      day->absorb(std::get<day_limit>(each.state), now.wall);
  }
  if (other.held_until_) held_until_ = std::max(held_until_.value_or(*other.held_until_), *other.held_until_);
}

}  // namespace leadsync
