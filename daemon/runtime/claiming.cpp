#include "runtime/integration.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace leadsync {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

/// Candidates held in memory, whatever the backlog, unless a plugin's batches are larger.
constexpr std::size_t least_window = 4096;
/// A batch that is not full leaves at once when nothing is under way, and otherwise no more often than this: what arrives meanwhile fills it.
constexpr auto partial_pause = 20ms;

std::chrono::steady_clock::time_point steady(instant at, instant now) {
  return std::chrono::steady_clock::now() + std::clamp<std::chrono::milliseconds>(at - now, 0ms, 60s);
}

}  // namespace

awaitable<void> integration::claim_loop() {
  while (!stopping_) {
    const auto at = now();
    if (const auto next = next_tick(settings_.when, last_tick_); next && *next <= at) {
      // Missed ticks collapse into one: what was due when the last of them fired is drained.
      tick_ = at;
      last_tick_ = at;
      window_stale_ = true;
    }
    const auto gate = admit(view(at), at);
    bool started = false;
    if (gate.released || gate.waiting_due) started = co_await start_batches(gate);
    if (started || stopping_) continue;
    const auto wake = co_await next_wake(gate);
    co_await claims_.wait_until(steady(wake, now()));
  }
}

awaitable<bool> integration::start_batches(admission gate) {
  const auto& about = plugin_->manifest();
  const std::size_t enough = gate.only_a_probe ? 1 : about.backlog_batch_size;
  const int at_once = gate.only_a_probe ? 1 : settings_.max_in_flight;
  bool started = false;
  let_go_of_companies(now());
  if (window_has_waiting_ && !gate.waiting_due) {
    // Held since: a change of mode, quiet hours, or a schedule's tick that is over.
    window_.clear();
    window_stale_ = true;
  }
  while (batches_ < at_once && !stopping_) {
    if (window_.size() < enough && window_stale_) {
      auto filled = co_await fill_window(gate);
      if (!filled) {
        log_failure("reading what is due", filled.error());
        break;
      }
    }
    const std::size_t size = gate.only_a_probe ? 1 : batch_size_for(window_.size(), about.batch_size, about.backlog_batch_size);
    const auto time = std::chrono::steady_clock::now();
    if (window_.size() < size && batches_ > 0 && time < last_partial_ + partial_pause) break;
    if (!admits_window()) break;
    auto batch = take_batch(window_, busy_, size);
    if (batch.empty()) break;
    if (batch.size() < size) last_partial_ = time;
    take_off(batch);
    ++batches_;
    if (gate.only_a_probe) probing_ = true;
    started = true;
    work_.spawn(run_batch(std::move(batch), gate.only_a_probe));
  }
  if (tick_ && window_.empty() && !window_stale_ && batches_ == 0) tick_.reset();
  co_return started;
}

/// What the window was filled with may have been held since, while the store was asked.
bool integration::admits_window() const {
  const auto at = now();
  const auto gate = admit(view(at), at);
  return window_has_waiting_ ? gate.waiting_due.has_value() : gate.released;
}

awaitable<result<>> integration::fill_window(admission gate) {
  window_stale_ = false;  // what changes while the store looks makes it stale again
  window_has_waiting_ = gate.waiting_due.has_value();
  std::vector<ready_delivery> found;
  const auto at = now();
  filled_at_ = at;
  const auto most = int(std::max<std::size_t>(least_window, 2 * plugin_->manifest().backlog_batch_size));
  if (gate.released && gate.waiting_due && *gate.waiting_due >= at - 1s) {
    auto both = co_await context_.data.ready(record_.id, claim_filter{true, true}, at, delivery_id{}, most);
    if (!both) co_return both.error();
    found = std::move(*both);
  } else {
    if (gate.released) {
      auto released = co_await context_.data.ready(record_.id, claim_filter{false, true}, at, delivery_id{}, most);
      if (!released) co_return released.error();
      found = std::move(*released);
    }
    if (gate.waiting_due) {
      auto waiting = co_await context_.data.ready(record_.id, claim_filter{true, false}, *gate.waiting_due, delivery_id{}, most);
      if (!waiting) co_return waiting.error();
      found.insert(found.end(), waiting->begin(), waiting->end());
    }
  }
  window_.clear();
  for (auto& each : found)
    if (!taken_.contains(each.delivery)) window_.push_back({each.delivery, each.person_key, std::move(each.company_key), each.alone});
  // Where all of a full answer is under way already, the next finished batch asks again.
  if (found.size() >= std::size_t(most) && !window_.empty()) window_stale_ = true;
  co_return result<>();
}

awaitable<instant> integration::next_wake(admission gate) {
  auto wake = now() + 60s;
  if (gate.wake_at) wake = std::min(wake, *gate.wake_at);
  if (const auto tick = next_tick(settings_.when, last_tick_)) wake = std::min(wake, *tick);
  for (const auto& [key, until] : held_companies_) wake = std::min(wake, until);
  if (!window_.empty() && batches_ > 0) wake = std::min(wake, now() + partial_pause);
  const bool drained = window_.empty() && !window_stale_;
  if ((gate.released || gate.waiting_due) && drained) {
    const claim_filter filter{.waiting = gate.waiting_due.has_value(), .released = gate.released};
    auto due = co_await context_.data.next_due(record_.id, filter, filled_at_);
    if (due && *due) {
      wake = std::min(wake, **due);
      window_stale_ = true;
    }
  }
  co_return std::max(wake, now() + 1ms);
}

void integration::let_go_of_companies(instant now) {
  std::erase_if(held_companies_, [&](const auto& held) {
    if (held.second > now) return false;
    busy_.companies.erase(held.first);
    return true;
  });
}

void integration::take_off(const std::vector<candidate>& batch) {
  for (const auto& each : batch) {
    taken_.insert(each.delivery);
    busy_.persons.insert(each.person_key);
    if (!each.company_key.empty() && !busy_.resolved_companies.contains(each.company_key)) busy_.companies.insert(each.company_key);
  }
}

void integration::put_back(const std::vector<candidate>& batch) {
  for (const auto& each : batch) {
    taken_.erase(each.delivery);
    busy_.persons.erase(each.person_key);
    if (!held_companies_.contains(each.company_key)) busy_.companies.erase(each.company_key);
  }
}

}  // namespace leadsync
