#pragma once

#include "transport/limit_definition.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <vector>

namespace leadsync {

using steady_instant = std::chrono::steady_clock::time_point;

/// N calls per window, at a server whose clock we do not see and whose other clients we do not know.
///
/// Of a request we know that it was counted between its sending and its answer, and no nearer to either than the network is long.
/// So the slot of a request is free again when its answer is a window old, less one round trip of the bare network: no order of
/// arrival can then exceed the limit. That is right for sliding and for fixed windows alike.
///
/// The headers add three things. What an answer reports beyond all that could be ours belongs to another client, and is kept free
/// for it. What it reports below what surely is ours proves that the window does not slide; then each possible place of its turn is
/// a hypothesis that answers refute, and a request leaves when all that are left say that the window has turned. And where nothing
/// was reported for a window's length, a few requests go first and the rest waits for what they report.
class window_limit {
 public:
  explicit window_limit(const limit_definition& definition);

  struct admission {
    bool now = false;
    std::optional<steady_instant> earliest;  ///< none: when an answer comes
  };
  [[nodiscard]] admission check(steady_instant now, std::uint32_t cost) const;
  [[nodiscard]] std::uint32_t used(steady_instant now) const;
  [[nodiscard]] std::uint32_t capacity(steady_instant now) const;
  /// How many requests of cost 1 could leave now.
  [[nodiscard]] std::uint32_t free(steady_instant now) const;
  [[nodiscard]] steady_instant all_free_at(steady_instant now) const;

  void leave(std::uint64_t request, std::uint32_t cost, steady_instant now);
  void answered(std::uint64_t request, steady_instant now, const limit_report& report);
  /// The server refused it for this limit. Nothing leaves for `pause`, or for a guess that doubles where refusals go on.
  void refused(std::uint64_t request, steady_instant now, std::optional<std::chrono::milliseconds> pause, const limit_report& report);
  /// It left, and no answer came: it may have been counted until now.
  void lost(std::uint64_t request, steady_instant now);
  void not_sent(std::uint64_t request);

  /// What an earlier process did in the window is not known.
  void count_as_spent(steady_instant now);
  /// Round trip of the bare network, such as the shortest TCP connect.
  void set_path_delay(std::chrono::nanoseconds delay) { path_delay_ = delay; }
  void lower_ceiling(std::uint32_t amount) { ceiling_ = std::min(ceiling_, amount); }
  /// `other` counted requests to the same quota, and has none under way.
  void absorb(const window_limit& other);
  [[nodiscard]] bool slides() const { return slides_; }

  /// Windows that outlast a restart: ages of what was used.
  using bucket = std::pair<std::chrono::milliseconds, std::uint32_t>;
  [[nodiscard]] bool is_long() const { return window_ > std::chrono::minutes(1); }
  [[nodiscard]] std::vector<bucket> buckets(steady_instant now) const;
  /// Before the first request; of several, the one that tells of most counts.
  void restore(const std::vector<bucket>& ages, steady_instant now);

 private:
  struct entry {
    std::uint64_t request = 0;
    std::uint32_t cost = 0;
    steady_instant sent, received;
    bool counted = true;  ///< surely counted by the server
  };
  struct sample {
    steady_instant at;
    std::int64_t proven;
  };

  static constexpr int turn_count = 200;  ///< hypotheses about where a fixed window turns

  [[nodiscard]] std::optional<entry> take(std::uint64_t request);
  void keep(entry done);
  void apply(const limit_report& report);
  void learn(const entry& mine, steady_instant now, std::uint32_t remaining);
  [[nodiscard]] std::int64_t refute_sliding(const entry& mine, steady_instant now, std::int64_t reported);
  [[nodiscard]] std::int64_t refute_turns(const entry& mine, steady_instant now, std::int64_t reported);
  [[nodiscard]] std::int64_t possibly_counted_since(steady_instant start, const entry& mine) const;
  [[nodiscard]] std::int64_t likely_counted(const entry& mine, steady_instant now) const;
  [[nodiscard]] steady_instant likely_turn(steady_instant now) const;
  void forget_turns();
  [[nodiscard]] steady_instant last_turn(int turn, steady_instant now) const;
  [[nodiscard]] steady_instant spent_since(steady_instant now) const;
  [[nodiscard]] std::int64_t foreign(steady_instant now) const;
  [[nodiscard]] std::uint32_t share(steady_instant now) const;
  [[nodiscard]] std::uint32_t probe_allowance(steady_instant now) const;
  [[nodiscard]] bool is_informed(steady_instant now) const;

  limit_kind kind_;
  std::uint32_t ceiling_;
  std::uint32_t amount_;  ///< as reported, else the ceiling
  std::chrono::nanoseconds window_;
  bool reports_;  ///< answers say what remains
  std::chrono::nanoseconds path_delay_{0};

  std::vector<entry> in_flight_;
  std::uint32_t in_flight_cost_ = 0;
  steady_instant paced_until_{};  ///< matters beside another client
  std::deque<entry> answered_;  ///< by `received`

  bool slides_ = true;
  int contradictions_ = 0;
  std::vector<int> turns_;  ///< those not refuted; never empty
  steady_instant origin_{};
  std::vector<std::pair<steady_instant, std::int64_t>> scratch_;

  std::deque<sample> foreign_;  ///< falling: the first that is young enough is the maximum
  std::deque<std::pair<steady_instant, std::int64_t>> likely_;
  std::int64_t likely_sum_ = 0;
  std::optional<steady_instant> informed_at_;
  int silent_answers_ = 0;
  bool probing_ = false;
  std::optional<steady_instant> spent_until_;

  std::optional<steady_instant> held_since_, held_until_;
  std::chrono::nanoseconds next_pause_{0};
  std::uint32_t reserve_ = 0;
  steady_instant reserve_changed_at_{};
};

}  // namespace leadsync
