#include "transport/limiter.h"

#include <algorithm>

namespace leadsync {

using namespace std::chrono;

void limiter::join(const std::string& lane, const std::vector<limit_definition>& definitions, moment now) {
  for (const auto& each : definitions) {
    auto* known = find(each, lane);
    if (!known) {
      add(each, lane, now);
      continue;
    }
    known->definition.amount = std::min(known->definition.amount, each.amount);
    if (auto* window = std::get_if<window_limit>(&known->state)) window->lower_ceiling(each.amount);
    if (auto* day = std::get_if<day_limit>(&known->state)) day->lower_ceiling(each.amount);
    if (auto* parallel = std::get_if<concurrency>(&known->state))
      parallel->amount = std::min(parallel->amount, std::max<std::uint32_t>(1, each.amount));
  }
}

limiter::limit* limiter::find(const limit_definition& definition, const std::string& lane) {
  const auto found = std::find_if(limits_.begin(), limits_.end(),
                                  [&](const limit& each) { return each.definition.id == definition.id && binds(each, lane); });
  return found == limits_.end() ? nullptr : &*found;
}

void limiter::add(const limit_definition& definition, const std::string& lane, moment now) {
  if (definition.kind == limit_kind::concurrency) {
    limits_.push_back({definition, lane, concurrency{std::max<std::uint32_t>(1, definition.amount), {}, 0, {}}});
  } else if (definition.kind == limit_kind::daily) {
    day_limit day(definition);
    if (definition.account_zone && !account_zone_.empty()) day.set_zone(account_zone_, now.wall);
    limits_.push_back({definition, lane, std::move(day)});
  } else {
    limits_.push_back({definition, lane, window_limit(definition)});
  }
}

void limiter::set_account_zone(const std::string& zone, moment now) {
  account_zone_ = zone;
  for (auto& each : limits_)
    if (auto* day = std::get_if<day_limit>(&each.state); day && each.definition.account_zone) day->set_zone(zone, now.wall);
}

std::vector<limiter::charge> limiter::charges_of(const std::vector<limit_cost>& costs, const std::string& lane) const {
  std::vector<charge> out;
  for (std::size_t i = 0; i < limits_.size(); ++i) {
    if (!binds(limits_[i], lane)) continue;
    std::uint32_t amount = costs.empty() && limits_[i].definition.by_default ? 1 : 0;
    for (const auto& each : costs)
      if (each.limit == limits_[i].definition.id) amount += each.amount;
    if (amount > 0) out.push_back({i, amount});
  }
  return out;
}

limiter::ticket limiter::enqueue(const std::vector<limit_cost>& costs, place where, moment now, milliseconds longest_wait,
                                 const std::string& lane) {
  waiting added{next_++, charges_of(costs, lane), now.steady + longest_wait};
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
    if (auto* window = std::get_if<window_limit>(&limit.state)) window->answered(request, now.steady, read_report(limit.definition, headers));
    if (auto* day = std::get_if<day_limit>(&limit.state)) day->answered(request, now.wall, read_report(limit.definition, headers));
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
    const auto report = read_report(limit.definition, headers);
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
    const auto report = read_report(limit.definition, headers);
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

std::size_t limiter::admissible(moment now, const std::string& lane) const {
  std::size_t free = 1000;
  if (held_until_ && now.steady < *held_until_) return 0;
  for (const auto& each : limits_) {
    if (!each.definition.by_default || !binds(each, lane)) continue;
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

}  // namespace leadsync
