#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <random>

namespace leadsync::test {

using std::chrono::microseconds;

struct quota_model {
  bool slides = true;
  int amount = 190;
  microseconds window = std::chrono::seconds(10);
  microseconds phase = std::chrono::milliseconds(3700);  ///< where a fixed window turns
  double foreign_share = 0;
  bool foreign_is_poisson = false;
};

/// Counts as the CRM does. Another client of the same account calls in between, at its own times.
class quota_server {
 public:
  quota_server(quota_model model, unsigned seed) : model_(model), random_(seed) {
    if (model_.foreign_share > 0) next_foreign_ = foreign_gap() - model_.window;  // it was there before us
  }

  /// What remains after the call was counted; none: refused.
  std::optional<int> call(microseconds at) {
    while (model_.foreign_share > 0 && next_foreign_ <= at) {
      if (count(next_foreign_)) ++foreign_;
      next_foreign_ += foreign_gap();
    }
    if (!count(at)) return {};
    ++ours_;
    return model_.amount - used();
  }
  [[nodiscard]] int ours() const { return ours_; }
  [[nodiscard]] int foreign() const { return foreign_; }

 private:
  bool count(microseconds at) {
    if (model_.slides) {
      while (!taken_.empty() && taken_.front() + model_.window <= at) taken_.pop_front();
    } else {
      const auto number = (at + 4 * model_.window - model_.phase) / model_.window;
      if (number != number_) taken_.clear();
      number_ = number;
    }
    if (used() >= model_.amount) return false;
    taken_.push_back(at);
    return true;
  }
  [[nodiscard]] int used() const { return static_cast<int>(taken_.size()); }
  microseconds foreign_gap() {
    const double mean = static_cast<double>(model_.window.count()) / (model_.foreign_share * model_.amount);
    if (!model_.foreign_is_poisson) return microseconds(static_cast<long>(mean));
    return microseconds(static_cast<long>(std::exponential_distribution<>(1 / mean)(random_)));
  }

  quota_model model_;
  std::mt19937 random_;
  std::deque<microseconds> taken_;
  std::int64_t number_ = 0;
  microseconds next_foreign_{};
  int ours_ = 0, foreign_ = 0;
};

}  // namespace leadsync::test
