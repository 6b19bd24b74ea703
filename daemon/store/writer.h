#pragma once

#include "store/counts.h"
#include "store/identity_index.h"
#include "store/job_queue.h"

#include <set>
#include <span>
#include <thread>
#include <unordered_map>

namespace leadsync {

/// What a job on the writer works with. The caches repeat what the transaction holds, and are dropped whenever it loses something.
struct database {
  explicit database(const std::filesystem::path& file) : sql(file, connection_kind::writer) {}

  struct target {
    std::int64_t integration = 0;
    std::set<std::string> events;  ///< folded names; empty: all
  };

  connection sql;
  count_deltas counts;  ///< of the job that runs
  count_deltas transaction_counts;
  count_deltas counts_written_early;  ///< of earlier jobs, inside this job's savepoint

  identity_index identities;
  std::optional<std::vector<target>> targets;
  std::unordered_map<std::string, std::int64_t> events;  ///< by folded name
  std::map<std::string, std::int64_t> loci;              ///< by packed locus
  std::unordered_map<std::string, std::int64_t> newest_ids;
  std::int64_t pruned_attempt = 0;  ///< the last one that this round of pruning looked at

  /// Ids grow, so that indexes are appended to.
  [[nodiscard]] std::int64_t next_id(const std::string& table);
  /// For a job that reads the count tables.
  void write_counts();
  void keep_job();
  void drop_job();
  void keep_transaction() { identities.keep_transaction(); }
  void drop_transaction();
};

/// The one thread that commits and checkpoints. Takes whatever queued while the last commit ran, as one transaction.
class writer {
 public:
  explicit writer(std::unique_ptr<database> db);
  ~writer() { stop(); }

  [[nodiscard]] job_queue<database>& queue() { return queue_; }
  /// After what is queued.
  void stop();

 private:
  void serve();
  /// How many it did.
  std::size_t commit(std::span<queued_job<database>> group);
  enum class isolation { none, savepoints };
  /// 0 where nothing was committed.
  std::size_t commit_together(std::span<queued_job<database>> group, isolation between);
  /// False where it failed and left something behind.
  [[nodiscard]] bool run_cleanly(job<database>& work);
  void run_in_savepoint(job<database>& work);
  void run_alone(job<database>& work);
  void finish_transaction();
  void give_up(const sqlite_failure& failure);
  void checkpoint_if(std::int64_t more_than_bytes);
  void merge_identities();

  job_queue<database> queue_{waking::after_burst};
  std::unique_ptr<database> db_;
  std::chrono::steady_clock::time_point complained_at_{};
  std::thread thread_;
};

}  // namespace leadsync
