#include "store/counts.h"

#include "store/codes.h"

namespace leadsync {
namespace {

constexpr auto add_to_count = R"sql(
  INSERT INTO delivery_count (integration_id, event_id, state, category, locus_id, accepted_hour, count)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET count = count + excluded.count)sql";

constexpr auto drop_empty_count = R"sql(
  DELETE FROM delivery_count WHERE integration_id = ?1 AND event_id = ?2 AND state = ?3 AND category = ?4 AND locus_id = ?5
    AND accepted_hour = ?6 AND count = 0)sql";

constexpr auto add_to_failures = R"sql(
  INSERT INTO failure_day (integration_id, category, locus_id, day, count, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
  ON CONFLICT DO UPDATE SET count = count + excluded.count, first_at = min(first_at, excluded.first_at),
    last_at = max(last_at, excluded.last_at))sql";

constexpr auto add_to_event = "UPDATE event SET leads = leads + ?2 WHERE id = ?1";

constexpr auto add_to_operation = R"sql(
  UPDATE operation SET cleared = cleared + ?2, still_failing = still_failing + ?3, moved = moved + ?4, skipped = skipped + ?5
  WHERE id = ?1)sql";

constexpr auto finish_operation = R"sql(
  UPDATE operation SET state = 'done', finished_at = ?2
  WHERE id = ?1 AND state = 'running' AND cleared + still_failing + moved + skipped >= applied)sql";

/// Rows of either side that the other has not.
constexpr auto different_counts = R"sql(
  WITH recount AS (
    SELECT integration_id, event_id, state, category, locus_id, accepted_at / 3600000 AS accepted_hour, count(*) AS count
    FROM delivery GROUP BY 1, 2, 3, 4, 5, 6)
  SELECT 'counted', * FROM (SELECT * FROM delivery_count EXCEPT SELECT * FROM recount)
  UNION ALL SELECT 'found', * FROM (SELECT * FROM recount EXCEPT SELECT * FROM delivery_count))sql";

constexpr auto different_events = R"sql(
  SELECT e.name, e.leads, coalesce(c.found, 0) FROM event e
  LEFT JOIN (SELECT event_id, count(*) AS found FROM lead GROUP BY 1) c ON c.event_id = e.id WHERE e.leads <> coalesce(c.found, 0))sql";

constexpr auto different_runs = R"sql(
  SELECT coalesce(r.id, c.run_id), CASE WHEN r.closed_at IS NULL THEN coalesce(r.size, 0) ELSE 0 END, coalesce(c.found, 0)
  FROM run r FULL JOIN (SELECT run_id, count(*) AS found FROM delivery WHERE run_id IS NOT NULL GROUP BY 1) c ON c.run_id = r.id
  WHERE (r.closed_at IS NULL OR c.found IS NOT NULL)
    AND (CASE WHEN r.closed_at IS NULL THEN coalesce(r.size, 0) ELSE 0 END) <> coalesce(c.found, 0))sql";

}  // namespace

std::int64_t hour_of(instant at) { return std::chrono::floor<std::chrono::hours>(at).time_since_epoch().count(); }
std::int64_t day_of(instant at) { return std::chrono::floor<std::chrono::days>(at).time_since_epoch().count(); }

void count_deltas::add_failure(const failure_key& key, instant at) {
  auto& entry = failures_[key];
  if (entry.count == 0 || at < entry.first) entry.first = at;
  if (entry.count == 0 || at > entry.last) entry.last = at;
  ++entry.count;
}

void count_deltas::merge(const count_deltas& other) {
  for (const auto& [key, difference] : other.deliveries_) deliveries_[key] += difference;
  for (const auto& [event, count] : other.leads_) leads_[event] += count;
  for (const auto& [operation, added] : other.operations_) {
    auto& progress = operations_[operation];
    progress.cleared += added.cleared;
    progress.still_failing += added.still_failing;
    progress.moved += added.moved;
    progress.skipped += added.skipped;
  }
  for (const auto& [key, added] : other.failures_) {
    auto& entry = failures_[key];
    entry.first = entry.count == 0 ? added.first : std::min(entry.first, added.first);
    entry.last = entry.count == 0 ? added.last : std::max(entry.last, added.last);
    entry.count += added.count;
  }
}

void count_deltas::write(connection& db) {
  for (const auto& [key, difference] : deliveries_) {
    if (difference == 0) continue;
    const auto state = to_text(key.state);
    const auto what = text_of(key.what);
    db.use(add_to_count).with(key.integration, key.event, state, what, key.locus, key.accepted_hour, difference).run();
    if (difference < 0) db.use(drop_empty_count).with(key.integration, key.event, state, what, key.locus, key.accepted_hour).run();
  }
  for (const auto& [key, entry] : failures_)
    db.use(add_to_failures).with(key.integration, text_of(key.what), key.locus, key.day, entry.count, entry.first, entry.last).run();
  for (const auto& [event, count] : leads_) db.use(add_to_event).with(event, count).run();
  for (const auto& [operation, progress] : operations_) {
    db.use(add_to_operation).with(operation, progress.cleared, progress.still_failing, progress.moved, progress.skipped).run();
    db.use(finish_operation).with(operation, now()).run();
  }
  clear();
}

void count_deltas::clear() {
  operations_.clear();
  deliveries_.clear();
  failures_.clear();
  leads_.clear();
}

std::vector<std::string> count_differences(connection& db) {
  std::vector<std::string> lines;
  auto counts = db.use(different_counts);
  while (counts.step())
    lines.push_back("deliveries of integration " + counts.text(1) + ", event " + counts.text(2) + ", " + counts.text(3) + " " +
                    counts.text(4) + ", locus " + counts.text(5) + ", hour " + counts.text(6) + ": " + counts.text(0) + " " + counts.text(7));
  auto events = db.use(different_events);
  while (events.step()) lines.push_back("leads of event " + events.text(0) + ": counted " + events.text(1) + ", found " + events.text(2));
  auto runs = db.use(different_runs);
  while (runs.step()) lines.push_back("deliveries in run " + runs.text(0) + ": counted " + runs.text(1) + ", found " + runs.text(2));
  return lines;
}

}  // namespace leadsync
