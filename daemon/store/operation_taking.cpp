#include "store/operation_taking.h"

#include "store/codes.h"

#include <map>

namespace leadsync {
namespace {

/// By one statement for the page: what a statement of its own costs each row is more than its change.
constexpr auto select_page = R"sql(
  SELECT d.id, d.integration_id, d.lead_id, d.event_id, d.state, d.category, d.locus_id, d.accepted_at, d.warned, d.run_id, d.operation_id,
    d.last_attempt_id
  FROM json_each(?1) page CROSS JOIN delivery d ON d.id = page.value)sql";

/// What is held for an earlier operation stays so. The row hardly grows, so that its page is not split.
constexpr auto release_page = R"sql(
  UPDATE delivery SET state = 'released', deferred = 0, due_at = ?2,
    held_category = CASE WHEN operation_id IS NULL OR held_category = '' THEN NULL ELSE held_category END,
    held_locus_id = CASE WHEN operation_id IS NULL OR held_category = '' THEN NULL ELSE held_locus_id END,
    operation_id = ?3
  WHERE id IN (SELECT value FROM json_each(?1)))sql";

std::string json_of(std::span<const std::int64_t> ids) {
  std::string text = "[";
  for (const auto id : ids) (text += std::to_string(id)) += ',';
  if (ids.empty())
    text += ']';
  else
    text.back() = ']';
  return text;
}

/// As far as it is looked at here.
delivery_entry entry_of(const statement& row) {
  delivery_entry entry;
  entry.id = row.integer(0);
  entry.integration = row.integer(1);
  entry.lead = row.integer(2);
  entry.event = row.integer(3);
  entry.state = state_of(row.view(4));
  entry.what = category_of(row.view(5));
  entry.locus = row.integer(6);
  entry.accepted_at = row.time(7);
  entry.warned = row.integer(8) != 0;
  entry.run = row.integer(9);
  entry.operation = row.integer(10);
  entry.last_attempt = row.integer(11);
  return entry;
}

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
  {
    auto row = db.sql.use(select_page);
    row.with(json_of(ids));
    while (row.step()) {
      const auto entry = entry_of(row);
      if (!may_take(entry, how) || !matches(db.sql, filter, entry)) continue;
      taken.push_back(entry.id);
      ++from[count_key_of(entry)];
      if (entry.operation != 0) ++db.counts.progress_of(entry.operation).skipped;
    }
  }
  if (taken.empty()) return 0;
  db.sql.use(release_page).with(json_of(taken), how.at, how.operation).run();
  for (const auto& [key, count] : from) {
    auto to = key;
    to.state = delivery_state::released;
    db.counts.add(key, -count);
    db.counts.add(to, count);
  }
  return std::int64_t(taken.size());
}

}  // namespace leadsync
