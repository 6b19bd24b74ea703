#pragma once

#include "base/instant.h"
#include "transport/limit_definition.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

namespace leadsync {

/// N calls per calendar day of a time zone. The headers are the truth; without them we count.
class day_limit {
 public:
  explicit day_limit(const limit_definition& definition);

  /// None: admitted. Else when to ask again; the epoch: when an answer comes.
  [[nodiscard]] std::optional<instant> refuses_until(instant now, std::uint32_t cost) const;
  [[nodiscard]] std::uint32_t used(instant now) const { return now < day_end_ ? used_ : 0; }
  [[nodiscard]] std::uint32_t amount() const { return amount_; }
  [[nodiscard]] instant resets_at(instant now) const { return now < day_end_ ? day_end_ : end_of_day(now); }

  void leave(std::uint64_t request, std::uint32_t cost, instant now);
  void answered(std::uint64_t request, instant now, const limit_report& report);
  void refused(std::uint64_t request, instant now, std::optional<std::chrono::milliseconds> pause);
  void not_sent(std::uint64_t request);

  /// The day under way ends where it ends in `zone`; what was used of it stays used. A zone that this machine does not know changes nothing.
  void set_zone(const std::string& zone, instant now);
  void lower_ceiling(std::uint32_t amount) { ceiling_ = std::min(ceiling_, amount); }
  /// What was used is known to be at least this.
  void restore(instant day_end, std::uint32_t used, instant now);
  /// `other` counted requests to the same quota, and has none under way.
  void absorb(const day_limit& other, instant now);

 private:
  struct departure {
    std::uint32_t cost;
    std::uint64_t answered_before;  ///< cost of all answers known when it left
    instant day_end;
  };
  [[nodiscard]] instant end_of_day(instant now) const;
  void turn(instant now);

  std::string zone_;
  bool reports_;
  std::uint32_t ceiling_, amount_;
  std::uint32_t used_ = 0;
  instant day_end_{};
  std::optional<instant> held_until_;
  std::unordered_map<std::uint64_t, departure> under_way_;
  std::uint64_t left_ = 0, answered_ = 0, newest_reporter_ = 0;
  bool probing_ = false;
};

}  // namespace leadsync
