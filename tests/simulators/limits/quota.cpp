#include "limits/quota.h"

#include <algorithm>

namespace leadsync::simulator {

using namespace std::chrono;

quota::quota(std::string name, window_kind kind, milliseconds window) : name_(std::move(name)), kind_(kind), window_(window) {}

void quota::set(std::size_t amount, window_kind kind, milliseconds window) {
  amount_ = amount;
  kind_ = kind;
  window_ = std::max(window, milliseconds(1));
  taken_.clear();
  in_window_ = 0;
  next_foreign_ = {};
}

void quota::set_foreign(double share) {
  foreign_share_ = std::clamp(share, 0.0, 1.0);
  next_foreign_ = {};
}

std::int64_t quota::window_number(instant at) const {
  const auto shifted = at.time_since_epoch() + (kind_ == window_kind::daily ? milliseconds(day_offset_) : milliseconds(0));
  return shifted.count() / window_.count();
}

instant quota::resets_at(instant now) const {
  const auto end = instant(window_ * (window_number(now) + 1));
  return kind_ == window_kind::daily ? end - day_offset_ : end;
}

void quota::roll(instant at) {
  if (kind_ == window_kind::sliding) {
    while (!taken_.empty() && taken_.front() + window_ <= at) taken_.pop_front();
    return;
  }
  const auto number = window_number(at);
  if (current_window_ != 0 && number != current_window_) in_window_ = 0;
  current_window_ = number;
}

bool quota::take_one(instant at) {
  roll(at);
  if ((kind_ == window_kind::sliding ? taken_.size() : in_window_) >= amount_) return false;
  if (kind_ == window_kind::sliding)
    taken_.push_back(at);
  else
    ++in_window_;
  return true;
}

/// The foreign client's calls that were due by now arrive first, each at its own time.
void quota::advance(instant now) {
  if (foreign_share_ > 0 && amount_ > 0) {
    const auto gap = duration_cast<milliseconds>(duration<double, std::milli>(static_cast<double>(window_.count()) / (foreign_share_ * static_cast<double>(amount_))));
    const auto step = std::max(gap, milliseconds(1));
    if (next_foreign_ < now - window_) next_foreign_ = now - window_;
    for (; next_foreign_ <= now; next_foreign_ += step)
      if (take_one(next_foreign_)) ++foreign_;
  }
  roll(now);
}

bool quota::take(instant now) {
  if (!enabled()) return true;
  advance(now);
  if (used_ + rejected_ == 0) first_at_ = now;
  last_at_ = now;
  if (!take_one(now)) {
    ++rejected_;
    return false;
  }
  ++used_;
  return true;
}

std::size_t quota::used_in_window(instant now) {
  advance(now);
  return kind_ == window_kind::sliding ? taken_.size() : in_window_;
}

std::size_t quota::remaining(instant now) {
  const auto used = used_in_window(now);
  return used >= amount_ ? 0 : amount_ - used;
}

void quota::clear_statistics() { used_ = foreign_ = rejected_ = 0; }

boost::json::object quota::to_json(instant now) {
  // What the windows from the first call to the last admitted: a quota used to the full reads as 1.
  const double windows = static_cast<double>((last_at_ - first_at_).count()) / static_cast<double>(window_.count());
  const double capacity = static_cast<double>(amount_) * std::max(1.0, windows);
  boost::json::object out;
  out["allowed"] = amount_;
  out["window_ms"] = window_.count();
  out["kind"] = kind_ == window_kind::sliding ? "sliding" : kind_ == window_kind::fixed ? "fixed" : "daily";
  out["used"] = used_;
  out["foreign"] = foreign_;
  out["rejected"] = rejected_;
  out["remaining"] = enabled() ? remaining(now) : 0;
  out["utilisation"] = enabled() ? static_cast<double>(used_ + foreign_) / capacity : 0.0;
  return out;
}

}  // namespace leadsync::simulator
