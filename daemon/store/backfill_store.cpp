#include "store/backfill_store.h"

#include "base/text.h"
#include "store/codes.h"
#include "store/intake_store.h"

#include <algorithm>
#include <set>

namespace leadsync {
namespace {

constexpr auto leads_between = R"sql(
  SELECT l.id, l.event_id FROM lead l
  WHERE l.id > ?1 AND l.id <= ?2 AND (?3 IS NULL OR l.event_id = ?3) AND l.accepted_at / 3600000 BETWEEN ?4 AND ?5
    AND (?6 = '' OR instr(l.search, ?6) > 0) AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.lead_id = l.id AND d.integration_id = ?7)
  ORDER BY l.id)sql";

/// The leads that are meant. A named event counts even where the integration does not admit it: a person asked.
struct backfill_filter {
  resolved_filter leads;
  std::optional<std::set<std::int64_t>> events;  ///< those that the integration admits; nothing: all

  [[nodiscard]] bool wants(std::int64_t lead, std::int64_t event) const {
    if (events && !events->contains(event)) return false;
    return !leads.leads || std::binary_search(leads.leads->begin(), leads.leads->end(), lead);
  }
};

backfill_filter filter_of(connection& db, const operation_seed& seed) {
  delivery_filter asked;
  asked.event = seed.filter.event;
  asked.text = seed.filter.text;
  asked.since = seed.filter.since;
  asked.until = seed.filter.until;
  asked.leads = seed.filter.leads;
  backfill_filter filter{resolve(db, seed.integration, asked), std::nullopt};
  if (!asked.event.empty()) return filter;
  std::set<std::string> names;
  auto integration = db.use("SELECT events FROM integration WHERE id = ?1");
  integration.with(seed.integration);
  if (integration.step())
    for (const auto& name : unpack_texts(integration.view(0))) names.insert(fold(name));
  if (names.empty()) return filter;
  filter.events.emplace();
  auto events = db.use("SELECT id, key FROM event");
  while (events.step())
    if (names.contains(events.text(1))) filter.events->insert(events.integer(0));
  return filter;
}

void bind_range(statement& rows, const resolved_filter& filter, std::int64_t after, std::int64_t last) {
  rows.with(after, last, filter.event, filter.first_hour, filter.last_hour, filter.text, filter.integration);
}

std::int64_t missing_by_counts(connection& db, const backfill_filter& filter) {
  std::int64_t missing = 0;
  auto events = db.use("SELECT id, leads FROM event");
  while (events.step()) {
    const auto event = events.integer(0);
    if ((filter.leads.event && *filter.leads.event != event) || !filter.wants(0, event)) continue;
    auto owed = filter.leads;
    owed.event = event;
    missing += events.integer(1) - counted(db, owed);
  }
  return missing;
}

}  // namespace

std::optional<operation_scope> backfill_scope(connection& db, const operation_seed& seed, bool without_scan) {
  const bool countable = seed.filter.leads.empty() && seed.filter.text.empty() && !seed.filter.since && !seed.filter.until;
  if (without_scan && !countable) return std::nullopt;
  const auto filter = filter_of(db, seed);
  operation_scope scope;
  auto newest = db.use("SELECT coalesce(max(id), 0) FROM lead");
  if (newest.step()) scope.watermark = newest.integer(0);
  if (filter.leads.nothing) return scope;
  if (countable) {
    scope.total = missing_by_counts(db, filter);
    return scope;
  }
  auto rows = db.use(leads_between);
  bind_range(rows, filter.leads, 0, scope.watermark);
  while (rows.step()) scope.total += filter.wants(rows.integer(0), rows.integer(1)) ? 1 : 0;
  return scope;
}

backfill_step backfill_some(database& db, operation_id operation, const operation_seed& seed, std::int64_t watermark, std::int64_t after,
                            int limit) {
  const auto filter = filter_of(db.sql, seed);
  if (filter.leads.nothing) return {0, watermark, false};
  backfill_step step;
  step.last = std::min(watermark, after + limit);
  step.more = step.last < watermark;
  std::vector<std::pair<std::int64_t, std::int64_t>> missing;
  {
    auto rows = db.sql.use(leads_between);
    bind_range(rows, filter.leads, after, step.last);
    while (rows.step())
      if (filter.wants(rows.integer(0), rows.integer(1))) missing.emplace_back(rows.integer(0), rows.integer(1));
  }
  const auto at = now();
  for (const auto& [lead, event] : missing) add_delivery(db, filter.leads.integration, lead, event, at, operation.value);
  step.added = std::int64_t(missing.size());
  return step;
}

void take_back(database& db, const delivery_entry& entry) {
  if (entry.attempts > 0 || entry.ambiguous || entry.crashes > 0) {
    auto after = entry;
    after.operation = 0;
    save_entry(db, entry, after);
    return;
  }
  db.sql.use("DELETE FROM delivery_remote WHERE delivery_id = ?1").with(entry.id).run();
  db.sql.use("DELETE FROM delivery WHERE id = ?1").with(entry.id).run();
  db.counts.add(count_key_of(entry), -1);
}

}  // namespace leadsync
