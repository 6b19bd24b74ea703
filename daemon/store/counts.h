#pragma once

#include "model/category.h"
#include "model/delivery_state.h"
#include "model/ids.h"
#include "store/sqlite.h"

#include <compare>
#include <map>
#include <string>
#include <vector>

namespace leadsync {

/// What a count is kept for. The hour is that of acceptance, and never moves.
struct count_key {
  std::int64_t integration = 0;
  std::int64_t event = 0;
  delivery_state state = delivery_state::waiting;
  category what = category::none;
  std::int64_t locus = 0;
  std::int64_t accepted_hour = 0;

  friend auto operator<=>(const count_key&, const count_key&) = default;
};

struct failure_key {
  std::int64_t integration = 0;
  category what = category::none;
  std::int64_t locus = 0;
  std::int64_t day = 0;

  friend auto operator<=>(const failure_key&, const failure_key&) = default;
};

/// What became of an operation's deliveries.
struct operation_progress {
  std::int64_t cleared = 0;
  std::int64_t still_failing = 0;
  std::int64_t moved = 0;
  std::int64_t skipped = 0;
};

/// Changes of the count tables, summed in memory and written once per transaction: free, where a trigger costs 40 %.
class count_deltas {
 public:
  void add(const count_key& key, std::int64_t difference) { deliveries_[key] += difference; }
  void add_failure(const failure_key& key, instant at);
  void add_leads(std::int64_t event, std::int64_t count) { leads_[event] += count; }

  [[nodiscard]] operation_progress& progress_of(std::int64_t operation) { return operations_[operation]; }

  void merge(const count_deltas& other);
  void write(connection& db);  ///< and forgets
  void clear();

 private:
  struct failures {
    std::int64_t count = 0;
    instant first;
    instant last;
  };

  std::map<count_key, std::int64_t> deliveries_;
  std::map<failure_key, failures> failures_;
  std::map<std::int64_t, std::int64_t> leads_;
  std::map<std::int64_t, operation_progress> operations_;
};

[[nodiscard]] std::int64_t hour_of(instant at);
[[nodiscard]] std::int64_t day_of(instant at);

/// What differs between the count tables and a recount, one line each.
[[nodiscard]] std::vector<std::string> count_differences(connection& db);

}  // namespace leadsync
