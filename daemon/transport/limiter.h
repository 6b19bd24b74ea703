#pragma once

#include "transport/day_limit.h"
#include "transport/limit_headers.h"
#include "transport/window_limit.h"

#include <list>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace leadsync {

struct moment {
  steady_instant steady;
  instant wall;
};

/// All limits of one remote account, and the requests that wait for them. Pure: the caller brings the time.
///
/// What the account's quota is taken from by several, each with its token, is in one limiter. A limit of the account is there once; one
/// that is per token is there once in each **lane**, and counts the requests of that lane alone.
///
/// First come, first served per limit: a request may pass another only where they wait for different limits. A request leaves when
/// all its limits admit it, and takes from all of them at once.
class limiter {
 public:
  using ticket = std::uint64_t;
  enum class place { back, front };  ///< front: it waited before

  limiter() = default;
  explicit limiter(const std::vector<limit_definition>& definitions) { join("", definitions, {}); }

  /// Before a lane's first request. Of several ceilings of one limit the lowest counts.
  void join(const std::string& lane, const std::vector<limit_definition>& definitions, moment now);
  /// Of days that are the account's.
  void set_account_zone(const std::string& zone, moment now);

  /// `costs` empty: 1 of each default limit. Costs of limits that do not exist are ignored.
  ticket enqueue(const std::vector<limit_cost>& costs, place where, moment now, std::chrono::milliseconds longest_wait,
                 const std::string& lane = {});
  void withdraw(ticket waiting);

  struct deferral {
    ticket request;
    instant until;
    std::string limit;
  };
  struct round {
    std::vector<ticket> admitted;
    std::vector<deferral> deferred;      ///< would wait longer than they may; no longer waiting
    std::optional<steady_instant> wake;  ///< ask again then at the latest, and after each answer
  };
  [[nodiscard]] round poll(moment now);

  /// One of these for each admitted request.
  void answered(ticket request, moment now, int status, const header_list& headers);
  void lost(ticket request, moment now);
  void not_sent(ticket request, moment now);

  [[nodiscard]] bool is_idle() const { return under_way_.empty(); }

  /// How many more requests of default cost could leave now.
  [[nodiscard]] std::size_t admissible(moment now, const std::string& lane = {}) const;
  [[nodiscard]] std::string to_json(moment now, const std::string& lane = {}) const;
  void set_path_delay(std::chrono::nanoseconds delay);

  /// What outlasts a restart: days and windows longer than a minute. JSON.
  [[nodiscard]] std::string usage(moment now, const std::string& lane = {}) const;
  /// What `usage` gave. Shorter windows count as spent until an answer or their passing says otherwise. Several that shared the limiter
  /// may each bring theirs: the most recent counts.
  void restore(std::string_view usage, moment now, const std::string& lane = {});
  /// `other`, which has nothing under way, was of the same account.
  void absorb(const limiter& other, moment now);

 private:
  struct concurrency {
    std::uint32_t amount;
    std::set<ticket> under_way;
    std::uint32_t used = 0;
    std::optional<steady_instant> held_until;
  };
  struct limit {
    limit_definition definition;
    std::string lane;  ///< matters to one that is per token
    std::variant<window_limit, day_limit, concurrency> state;
  };
  struct charge {
    std::size_t limit;
    std::uint32_t amount;
  };
  struct waiting {
    ticket request;
    std::vector<charge> charges;
    steady_instant give_up;
  };
  struct refusal {
    bool refused = false;
    std::optional<steady_instant> until;
  };

  [[nodiscard]] static bool binds(const limit& each, const std::string& lane) { return !each.definition.per_token || each.lane == lane; }
  [[nodiscard]] limit* find(const limit_definition& definition, const std::string& lane);
  void add(const limit_definition& definition, const std::string& lane, moment now);
  [[nodiscard]] std::vector<charge> charges_of(const std::vector<limit_cost>& costs, const std::string& lane) const;
  [[nodiscard]] refusal ask(const limit& of, std::uint32_t amount, moment now) const;
  void take(const waiting& request, moment now);
  void refuse(ticket request, const std::vector<charge>& charges, moment now, const header_list& headers);

  std::vector<limit> limits_;  ///< grows only: charges are indexes
  std::string account_zone_;
  std::list<waiting> queue_;
  std::vector<std::pair<ticket, std::vector<charge>>> under_way_;
  ticket next_ = 1;
  std::optional<steady_instant> held_until_;  ///< a refusal that no limit of ours explains
  std::chrono::milliseconds next_pause_{0};
};

}  // namespace leadsync
