#pragma once

#include "base/instant.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <deque>
#include <string>

namespace leadsync::simulator {

enum class window_kind { sliding, fixed, daily };

/// N calls per window. Off until an amount is set. A refused call does not count.
class quota {
 public:
  quota(std::string name, window_kind kind, std::chrono::milliseconds window);

  /// `amount` 0 switches it off. The window starts empty.
  void set(std::size_t amount, window_kind kind, std::chrono::milliseconds window);
  /// Another client of the same account, arriving steadily at `share` (0 to 1) of the quota.
  void set_foreign(double share);
  void set_day_offset(std::chrono::minutes utc_offset) { day_offset_ = utc_offset; }
  /// For tests that begin in the middle of a day.
  void set_used(std::size_t used) { in_window_ = used; }

  [[nodiscard]] bool take(instant now);
  [[nodiscard]] bool enabled() const { return amount_ > 0; }
  [[nodiscard]] std::size_t amount() const { return amount_; }
  [[nodiscard]] std::size_t remaining(instant now);
  [[nodiscard]] std::size_t used_in_window(instant now);
  [[nodiscard]] std::chrono::milliseconds window() const { return window_; }
  [[nodiscard]] window_kind kind() const { return kind_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  /// When the daily or fixed window ends.
  [[nodiscard]] instant resets_at(instant now) const;

  void clear_statistics();
  [[nodiscard]] boost::json::object to_json(instant now);

 private:
  void advance(instant now);
  bool take_one(instant at);
  [[nodiscard]] std::int64_t window_number(instant at) const;
  void roll(instant at);

  std::string name_;
  window_kind kind_;
  std::chrono::milliseconds window_;
  std::chrono::minutes day_offset_{0};
  std::size_t amount_ = 0;
  std::deque<instant> taken_;  // sliding
  std::size_t in_window_ = 0;  // fixed, daily
  std::int64_t current_window_ = 0;
  double foreign_share_ = 0;
  instant next_foreign_{};
  std::size_t used_ = 0, foreign_ = 0, rejected_ = 0;
  instant first_at_{}, last_at_{};
};

}  // namespace leadsync::simulator
