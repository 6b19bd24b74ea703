#include "store/identity_index.h"

#include <algorithm>

namespace leadsync {
namespace {

/// So that a transaction that waits for a merge's does not wait for long.
constexpr std::size_t merged_at_once = 2048;

constexpr auto select_identity = "SELECT lead_id FROM lead_identity WHERE hash = ?1";

// A merge that a crash ended is done again from its start.
constexpr auto insert_identity = "INSERT INTO lead_identity (hash, lead_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING";

constexpr auto select_recent = R"sql(
  SELECT identity, id FROM lead WHERE id > (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'identities_merged_through'))sql";

constexpr auto note_end = "UPDATE meta SET value = CAST(?1 AS TEXT) WHERE name = 'identities_merged_through'";

}  // namespace

void identity_index::load(connection& db) {
  auto row = db.use(select_recent);
  while (row.step()) recent_.emplace(row.integer(0), row.integer(1));
}

std::optional<std::int64_t> identity_index::find(connection& db, std::int64_t hash) const {
  if (const auto known = recent_.find(hash); known != recent_.end()) return known->second;
  auto row = db.use(select_identity);
  row.with(hash);
  if (!row.step()) return std::nullopt;
  return row.integer(0);
}

void identity_index::add(std::int64_t hash, std::int64_t lead) {
  recent_.emplace(hash, lead);
  added_by_job_.push_back(hash);
}

void identity_index::keep_job() {
  added_.insert(added_.end(), added_by_job_.begin(), added_by_job_.end());
  added_by_job_.clear();
}

void identity_index::drop_job() {
  for (const auto hash : added_by_job_) recent_.erase(hash);
  added_by_job_.clear();
}

void identity_index::drop_transaction() {
  keep_job();
  for (const auto hash : added_) recent_.erase(hash);
  added_.clear();
}

bool identity_index::merge_due() const { return !merging_.empty() || recent_.size() >= most_recent_; }

void identity_index::merge_some(connection& db) {
  if (merging_.empty()) {
    merging_.assign(recent_.begin(), recent_.end());
    std::sort(merging_.begin(), merging_.end());
    position_ = 0;
  }
  next_position_ = std::min(position_ + merged_at_once, merging_.size());
  for (auto i = position_; i < next_position_; ++i) db.use(insert_identity).with(merging_[i].first, merging_[i].second).run();
  if (next_position_ < merging_.size()) return;
  // Ids grow, so that none up to the greatest is missing among these.
  std::int64_t greatest = 0;
  for (const auto& [hash, lead] : merging_) greatest = std::max(greatest, lead);
  db.use(note_end).with(greatest).run();
}

void identity_index::merged() {
  position_ = next_position_;
  if (position_ < merging_.size()) return;
  for (const auto& [hash, lead] : merging_) recent_.erase(hash);
  merging_ = {};
}

}  // namespace leadsync
