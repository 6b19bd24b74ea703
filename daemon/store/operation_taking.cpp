#include "store/operation_taking.h"

#include "store/codes.h"

#include <map>

namespace leadsync {
namespace {

/// What is held for an earlier operation stays so. The row hardly grows, so that its page is not split.
constexpr auto release_page = R"sql(
  UPDATE delivery SET state = 'released', deferred = 0, due_at = ?2,
    held_category = CASE WHEN operation_id IS NULL OR held_category = '' THEN NULL ELSE held_category END,
    held_locus_id = CASE WHEN operation_id IS NULL OR held_category = '' THEN NULL ELSE held_locus_id END,
    operation_id = ?3
  WHERE id IN (SELECT value FROM json_each(?1)))sql";

bool may_take(const delivery_entry& entry, const taking& how) {
  if (entry.run != 0 || entry.last_attempt > how.watermark || entry.accepted_at > how.created_at) return false;
  switch (entry.state) {
    case delivery_state::failed:
    case delivery_state::waiting: return true;
    case delivery_state::released: return entry.operation != how.operation;
    default: return false;
  }
}

}  // namespace

std::int64_t take_page(database& db, const taking& how, const resolved_filter& filter, std::span<const std::int64_t> ids) {
  std::vector<std::int64_t> taken;
  std::map<count_key, std::int64_t> from;
  for (const auto& entry : load_entries(db.sql, ids)) {
    if (!may_take(entry, how) || !matches(db.sql, filter, entry)) continue;
    taken.push_back(entry.id);
    ++from[count_key_of(entry)];
    if (entry.operation != 0) ++db.counts.progress_of(entry.operation).skipped;
  }
  if (taken.empty()) return 0;
  db.sql.use(release_page).with(list_ids(taken), how.at, how.operation).run();
  for (const auto& [key, count] : from) {
    auto to = key;
    to.state = delivery_state::released;
    db.counts.add(key, -count);
    db.counts.add(to, count);
  }
  return std::int64_t(taken.size());
}

}  // namespace leadsync
