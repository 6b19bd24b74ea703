#include "store/writer.h"

#include "base/failpoint.h"

#include <cstdio>
#include <cstdlib>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_group = 1024;
/// After so long no further job joins a transaction, so that a small one does not wait for many big ones.
constexpr auto longest_group = 20ms;
constexpr auto idle = 100ms;
constexpr std::int64_t idle_log_bytes = 1 << 20;
constexpr std::int64_t busy_log_bytes = 4 << 20;  // a larger one makes intake wait too long for its checkpoint

/// The kernel drops dirty pages after a failed fsync: only what is read back after a restart can be trusted.
void end_where_lost(const sqlite_failure& failure) {
  if (!is_lost_write(failure)) return;
  std::fprintf(stderr, "leadsyncd: the disk refused to keep what was written (%s); ending, so that a restart recovers\n", failure.what());
  std::abort();
}

}  // namespace

std::int64_t database::next_id(const std::string& table) {
  auto& newest = newest_ids[table];
  if (newest == 0) {
    auto query = sql.prepare("SELECT coalesce(max(id), 0) FROM " + table);
    if (query.step()) newest = query.integer(0);
  }
  return ++newest;
}

void database::write_counts() {
  counts_written_early.merge(transaction_counts);
  transaction_counts.write(sql);
  counts.write(sql);
}

void database::keep_job() {
  transaction_counts.merge(counts);
  counts.clear();
  counts_written_early.clear();
  identities.keep_job();
}

void database::drop_job() {
  identities.drop_job();
  transaction_counts.merge(counts_written_early);
  counts_written_early.clear();
  counts.clear();
  targets.reset();
  events.clear();
  loci.clear();
  newest_ids.clear();
}

void database::drop_transaction() {
  drop_job();
  transaction_counts.clear();
  identities.drop_transaction();
}

writer::writer(std::unique_ptr<database> db) : db_(std::move(db)), thread_([this] { serve(); }) {}

void writer::stop() {
  queue_.stop();
  if (thread_.joinable()) thread_.join();
  db_.reset();
}

void writer::serve() {
  while (!queue_.finished()) {
    auto group = queue_.take(largest_group, idle);
    if (group.empty()) checkpoint_if(idle_log_bytes);
    for (std::size_t done = 0; done < group.size();) {
      const auto size = commit(std::span(group).subspan(done));
      for (auto& item : std::span(group).subspan(done, size)) item.done();
      done += size;
      merge_identities();
      checkpoint_if(busy_log_bytes);
    }
  }
  checkpoint_if(0);
}

std::size_t writer::commit(std::span<queued_job<database>> group) {
  if (group.size() == 1) {
    run_alone(*group.front().work);
    return 1;
  }
  // Savepoints copy every page that they touch, so that they are taken only where a job has failed after it wrote.
  if (const auto size = commit_together(group, isolation::none)) return size;
  if (const auto size = commit_together(group, isolation::savepoints)) return size;
  run_alone(*group.front().work);
  return 1;
}

std::size_t writer::commit_together(std::span<queued_job<database>> group, isolation between) {
  const auto begin = std::chrono::steady_clock::now();
  std::size_t size = 0;
  try {
    db_->sql.use("BEGIN IMMEDIATE").run();
    for (; size < group.size() && std::chrono::steady_clock::now() - begin < longest_group; ++size) {
      auto& work = *group[size].work;
      if (between == isolation::savepoints) {
        run_in_savepoint(work);
      } else if (!run_cleanly(work)) {
        db_->sql.use("ROLLBACK").run();
        db_->drop_transaction();
        return 0;
      }
    }
    finish_transaction();
    return size;
  } catch (const sqlite_failure& failure) {
    give_up(failure);
    return 0;
  }
}

bool writer::run_cleanly(job<database>& work) {
  const auto before = db_->sql.total_changes();
  if (work.run(*db_)) {
    db_->keep_job();
    return true;
  }
  if (db_->sql.total_changes() != before) return false;
  db_->drop_job();
  return true;
}

void writer::run_in_savepoint(job<database>& work) {
  db_->sql.use("SAVEPOINT job").run();
  bool kept = false;
  try {
    kept = work.run(*db_);
  } catch (const sqlite_failure& failure) {
    if (is_lost_write(failure) || !db_->sql.in_transaction()) throw;
    work.fail(to_error(failure));
  }
  if (kept) {
    db_->keep_job();
  } else {
    db_->drop_job();
    db_->sql.use("ROLLBACK TO job").run();
  }
  db_->sql.use("RELEASE job").run();
}

void writer::run_alone(job<database>& work) {
  try {
    db_->sql.use("BEGIN IMMEDIATE").run();
    if (work.run(*db_)) {
      db_->keep_job();
      finish_transaction();
    } else {
      db_->sql.use("ROLLBACK").run();
      db_->drop_transaction();
    }
  } catch (const sqlite_failure& failure) {
    give_up(failure);
    work.fail(to_error(failure));
  }
}

void writer::finish_transaction() {
  db_->transaction_counts.write(db_->sql);
  failpoint("before_commit");
  db_->sql.use("COMMIT").run();
  db_->keep_transaction();
  failpoint("after_commit");
}

void writer::give_up(const sqlite_failure& failure) {
  end_where_lost(failure);
  db_->drop_transaction();
  try {
    if (db_->sql.in_transaction()) db_->sql.execute("ROLLBACK");
  } catch (const sqlite_failure& second) {
    end_where_lost(second);
  }
}

void writer::merge_identities() {
  if (!db_->identities.merge_due()) return;
  try {
    db_->sql.use("BEGIN IMMEDIATE").run();
    db_->identities.merge_some(db_->sql);
    db_->sql.use("COMMIT").run();
    db_->identities.merged();
    failpoint("identities_merged");
  } catch (const sqlite_failure& failure) {
    // What is not in the table stays in memory, and is tried again after the next commit.
    give_up(failure);
    db_->identities.not_merged();
  }
}

void writer::checkpoint_if(std::int64_t more_than_bytes) {
  if (db_->sql.wal_bytes() <= more_than_bytes) return;
  try {
    db_->sql.checkpoint();
    failpoint("checkpoint");
  } catch (const sqlite_failure& failure) {
    end_where_lost(failure);
    // A full disk: what is in the log stays there, and is tried again later.
    const auto at = std::chrono::steady_clock::now();
    if (at - complained_at_ < 60s) return;
    complained_at_ = at;
    std::fprintf(stderr, "leadsyncd: checkpoint: %s\n", failure.what());
  }
}

}  // namespace leadsync
