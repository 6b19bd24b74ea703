#pragma once

#include "store/sqlite.h"

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace leadsync {

/// Which lead has an identity's hash. New ones stay in memory until there are many, and go to their table in the order of their hashes: one by
/// one, each would change a page of its own, which costs as much as all else that is written for a lead. On the writer's thread only.
class identity_index {
 public:
  explicit identity_index(std::size_t most_recent = 1 << 16) : most_recent_(most_recent) {}

  /// What the table does not hold yet.
  void load(connection& db);

  [[nodiscard]] std::optional<std::int64_t> find(connection& db, std::int64_t hash) const;
  void add(std::int64_t hash, std::int64_t lead);

  /// What was added follows the fate of its job, and then of its transaction.
  void keep_job();
  void drop_job();
  void keep_transaction() { added_.clear(); }
  void drop_transaction();

  [[nodiscard]] bool merge_due() const;
  /// Moves the next few to the table; inside a transaction, of which `merged` or `not_merged` tells the end.
  void merge_some(connection& db);
  void merged();
  void not_merged() { next_position_ = position_; }

 private:
  std::size_t most_recent_;
  std::unordered_map<std::int64_t, std::int64_t> recent_;
  std::vector<std::int64_t> added_by_job_;
  std::vector<std::int64_t> added_;  ///< by earlier jobs of the transaction

  std::vector<std::pair<std::int64_t, std::int64_t>> merging_;  ///< in order of hash; none: no merge is under way
  std::size_t position_ = 0;                                    ///< how many of them are durable
  std::size_t next_position_ = 0;
};

}  // namespace leadsync
