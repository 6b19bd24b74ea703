#include "transport/limiter.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace leadsync {

using namespace std::chrono;
namespace json = boost::json;

namespace {

/// "123", "api-usage=10018/100000" (used of amount) or "95/100": what a header says of a number.
std::optional<std::uint32_t> leading_number(std::string_view text) {
  while (!text.empty() && (text.front() < '0' || text.front() > '9')) text.remove_prefix(1);
  std::uint32_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value).ec != std::errc{}) return {};
  return value;
}

limit_report read(const limit_definition& of, const header_list& headers) {
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

}  // namespace

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

limiter::limiter(std::vector<limit_definition> definitions) {
  for (auto& each : definitions) {
    if (each.kind == limit_kind::concurrency)
      limits_.push_back({each, concurrency{std::max<std::uint32_t>(1, each.amount), {}, 0, {}}});
    else if (each.kind == limit_kind::daily)
      limits_.push_back({each, day_limit(each)});
    else
      limits_.push_back({each, window_limit(each)});
  }
}

std::vector<limiter::charge> limiter::charges_of(const std::vector<limit_cost>& costs) const {
  std::vector<charge> out;
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    std::uint32_t amount = costs.empty() && limits_[i].definition.by_default ? 1 : 0;
    for (const auto& each : costs)
      if (each.limit == limits_[i].definition.id) amount += each.amount;
    if (amount > 0) out.push_back({i, amount});
  }
  return out;
}

limiter::ticket limiter::enqueue(const std::vector<limit_cost>& costs, place where, moment now, milliseconds longest_wait) {
  waiting added{next_++, charges_of(costs), now.steady + longest_wait};
  const auto request = added.request;
  queue_.insert(where == place::front ? queue_.begin() : queue_.end(), std::move(added));
  return request;
}

void limiter::withdraw(ticket request) {
  queue_.remove_if([request](const waiting& each) { return each.request == request; });
}

limiter::refusal limiter::ask(const limit& of, std::uint32_t amount, moment now) const {
  if (const auto* window = std::get_if<window_limit>(&of.state)) {
    const auto answer = window->check(now.steady, amount);
    return {!answer.now, answer.earliest};
  }
  if (const auto* day = std::get_if<day_limit>(&of.state)) {
    const auto until = day->refuses_until(now.wall, amount);
    if (!until) return {};
    if (*until == instant{}) return {true, {}};
    return {true, now.steady + (*until - now.wall)};
  }
  const auto& parallel = std::get<concurrency>(of.state);
  if (parallel.held_until && now.steady < *parallel.held_until) return {true, parallel.held_until};
  return {parallel.used > 0 && parallel.used + amount > parallel.amount, {}};
}

limiter::round limiter::poll(moment now) {
  round out;
  const auto wake_at = [&out](steady_instant at) { out.wake = out.wake ? std::min(*out.wake, at) : at; };
  std::vector<bool> closed(limits_.size(), false);
  const bool held = held_until_ && now.steady < *held_until_;

  for (auto it = queue_.begin(); it != queue_.end();) {
    bool refused = held;
    std::optional<steady_instant> until = held ? held_until_ : std::nullopt;
    std::string by = held ? "retry-after" : "";
    for (const auto& each : it->charges) {
      const auto& limit = limits_[each.limit];
      const auto answer = closed[each.limit] ? refusal{true, {}} : ask(limit, each.amount, now);
      if (!answer.refused) continue;
      refused = true;
      if (by.empty() || (answer.until && (!until || *answer.until > *until))) by = limit.definition.id;
      if (answer.until) until = until ? std::max(*until, *answer.until) : *answer.until;
    }
    if (!refused) {
      take(*it, now);
      out.admitted.push_back(it->request);
      it = queue_.erase(it);
      continue;
    }
    if ((until && *until > it->give_up) || now.steady >= it->give_up) {
      const auto wait = until && *until > now.steady ? *until - now.steady : steady_clock::duration(seconds(1));
      out.deferred.push_back({it->request, now.wall + ceil<milliseconds>(wait), by});
      it = queue_.erase(it);
      continue;
    }
    for (const auto& each : it->charges) closed[each.limit] = true;
    if (until) wake_at(*until);
    wake_at(it->give_up);
    ++it;
  }
  return out;
}

void limiter::take(const waiting& request, moment now) {
  for (const auto& each : request.charges) {
    auto& state = limits_[each.limit].state;
    if (auto* window = std::get_if<window_limit>(&state)) {
      window->leave(request.request, each.amount, now.steady);
    } else if (auto* day = std::get_if<day_limit>(&state)) {
      day->leave(request.request, each.amount, now.wall);
    } else {
      std::get<concurrency>(state).used += each.amount;
    }
  }
  under_way_.emplace_back(request.request, request.charges);
}

void limiter::answered(ticket request, moment now, int status, const header_list& headers) {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& each) { return each.first == request; });
  if (found == under_way_.end()) return;
  const auto charges = std::move(found->second);
  under_way_.erase(found);
  for (const auto& each : charges)
    if (auto* parallel = std::get_if<concurrency>(&limits_[each.limit].state)) parallel->used -= each.amount;
  if (status == 429) return refuse(request, charges, now, headers);
  next_pause_ = milliseconds(0);
  for (const auto& each : charges) {
    auto& limit = limits_[each.limit];
    if (auto* window = std::get_if<window_limit>(&limit.state)) window->answered(request, now.steady, read(limit.definition, headers));
    if (auto* day = std::get_if<day_limit>(&limit.state)) day->answered(request, now.wall, read(limit.definition, headers));
  }
}

/// The limits whose headers say that nothing remains; with none such, the shortest: a day's end is seldom the reason.
void limiter::refuse(ticket request, const std::vector<charge>& charges, moment now, const header_list& headers) {
  const auto pause = retry_after(headers, now.wall);
  std::vector<std::size_t> at_fault;
  std::optional<std::size_t> shortest;
  for (const auto& each : charges) {
    const auto& limit = limits_[each.limit];
    if (std::holds_alternative<concurrency>(limit.state)) continue;
    const auto report = read(limit.definition, headers);
    if (report.has_remaining && report.remaining == 0) at_fault.push_back(each.limit);
    const auto length = [&](std::size_t i) { return limits_[i].definition.kind == limit_kind::daily ? hours(24) : limits_[i].definition.window; };
    if (!shortest || length(each.limit) < length(*shortest)) shortest = each.limit;
  }
  if (at_fault.empty() && shortest && limits_[*shortest].definition.kind != limit_kind::daily) at_fault.push_back(*shortest);
  if (at_fault.empty()) {
    next_pause_ = std::clamp<milliseconds>(next_pause_ * 2, seconds(1), seconds(64));
    held_until_ = now.steady + pause.value_or(next_pause_);
  }
  for (const auto& each : charges) {
    auto& limit = limits_[each.limit];
    const auto report = read(limit.definition, headers);
    const bool guilty = std::find(at_fault.begin(), at_fault.end(), each.limit) != at_fault.end();
    if (auto* window = std::get_if<window_limit>(&limit.state)) {
      if (guilty)
        window->refused(request, now.steady, pause, report);
      else
        window->not_sent(request);
    } else if (auto* day = std::get_if<day_limit>(&limit.state)) {
      if (guilty)
        day->refused(request, now.wall, pause);
      else
        day->not_sent(request);
    }
  }
}

void limiter::lost(ticket request, moment now) {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& each) { return each.first == request; });
  if (found == under_way_.end()) return;
  for (const auto& each : found->second) {
    auto& state = limits_[each.limit].state;
    if (auto* window = std::get_if<window_limit>(&state)) window->lost(request, now.steady);
    if (auto* day = std::get_if<day_limit>(&state)) day->answered(request, now.wall, {});
    if (auto* parallel = std::get_if<concurrency>(&state)) parallel->used -= each.amount;
  }
  under_way_.erase(found);
}

void limiter::not_sent(ticket request, moment) {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& each) { return each.first == request; });
  if (found == under_way_.end()) return;
  for (const auto& each : found->second) {
    auto& state = limits_[each.limit].state;
    if (auto* window = std::get_if<window_limit>(&state)) window->not_sent(request);
    if (auto* day = std::get_if<day_limit>(&state)) day->not_sent(request);
    if (auto* parallel = std::get_if<concurrency>(&state)) parallel->used -= each.amount;
  }
  under_way_.erase(found);
}

std::size_t limiter::admissible(moment now) const {
  std::size_t free = 1000;
  if (held_until_ && now.steady < *held_until_) return 0;
  for (const auto& each : limits_) {
    if (!each.definition.by_default) continue;
    if (const auto* window = std::get_if<window_limit>(&each.state)) {
      free = std::min<std::size_t>(free, window->free(now.steady));
    } else if (const auto* day = std::get_if<day_limit>(&each.state)) {
      if (day->refuses_until(now.wall, 1)) return 0;
      free = std::min<std::size_t>(free, day->amount() - std::min(day->amount(), day->used(now.wall)));
    } else {
      const auto& parallel = std::get<concurrency>(each.state);
      free = std::min<std::size_t>(free, parallel.amount - std::min(parallel.amount, parallel.used));
    }
  }
  return free - std::min(free, queue_.size());
}

void limiter::set_path_delay(nanoseconds delay) {
  for (auto& each : limits_)
    if (auto* window = std::get_if<window_limit>(&each.state)) window->set_path_delay(delay);
}

std::string limiter::to_json(moment now) const {
  json::array list;
  for (const auto& each : limits_) {
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

std::string limiter::usage(moment now) const {
  json::object out;
  for (const auto& each : limits_) {
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

void limiter::restore(std::string_view usage, moment now) {
  for (auto& each : limits_)
    if (auto* window = std::get_if<window_limit>(&each.state)) window->count_as_spent(now.steady);
  boost::system::error_code failed;
  const auto value = json::parse(usage, failed);
  if (failed || !value.is_object()) return;
  for (auto& each : limits_) {
    const auto* stored = value.get_object().if_contains(each.definition.id);
    if (!stored || !stored->is_object()) continue;
    try {
      const auto& members = stored->get_object();
      if (auto* day = std::get_if<day_limit>(&each.state)) {
        day->restore(from_millis(members.at("day_end").to_number<std::int64_t>()), members.at("used").to_number<std::uint32_t>());
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

}  // namespace leadsync
