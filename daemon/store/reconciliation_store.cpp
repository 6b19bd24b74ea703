#include "store/reconciliation_store.h"

#include "store/codes.h"
#include "store/intake_store.h"

#include <charconv>

namespace leadsync {
namespace {

constexpr int most_attempts = 500;

constexpr auto state_counts = R"sql(
  SELECT state, category, sum(count), min(accepted_hour) FROM delivery_count
  WHERE integration_id = ?1 AND (?2 IS NULL OR event_id = ?2) AND accepted_hour BETWEEN ?3 AND ?4 GROUP BY state, category)sql";

constexpr auto syncing_count = "SELECT coalesce(sum(size), 0) FROM run INDEXED BY run_open WHERE integration_id = ?1 AND closed_at IS NULL";

// Ids are given in order of acceptance, so that the first is the oldest.
constexpr auto oldest_waiting = R"sql(
  SELECT min(accepted_at) FROM (
    SELECT * FROM (SELECT accepted_at FROM delivery INDEXED BY delivery_in_order
      WHERE integration_id = ?1 AND state = 'waiting' AND deferred = 0 ORDER BY id LIMIT 1)
    UNION ALL SELECT * FROM (SELECT accepted_at FROM delivery INDEXED BY delivery_in_order
      WHERE integration_id = ?1 AND state = 'waiting' AND deferred = 1 ORDER BY id LIMIT 1)
    UNION ALL SELECT * FROM (SELECT accepted_at FROM delivery INDEXED BY delivery_in_order
      WHERE integration_id = ?1 AND state = 'released' AND deferred = 0 ORDER BY id LIMIT 1)
    UNION ALL SELECT * FROM (SELECT accepted_at FROM delivery INDEXED BY delivery_in_order
      WHERE integration_id = ?1 AND state = 'released' AND deferred = 1 ORDER BY id LIMIT 1)))sql";

constexpr auto group_counts = R"sql(
  SELECT c.category, c.locus_id, c.count, f.first_at, f.last_at FROM (
    SELECT category, locus_id, sum(count) AS count FROM delivery_count
    WHERE integration_id = ?1 AND state = ?2 AND (?3 IS NULL OR event_id = ?3) AND accepted_hour BETWEEN ?4 AND ?5
      AND (?6 IS NULL OR category = ?6) AND (?7 IS NULL OR locus_id = ?7) GROUP BY category, locus_id) c
  LEFT JOIN (SELECT category, locus_id, min(first_at) AS first_at, max(last_at) AS last_at FROM failure_day
    WHERE integration_id = ?1 GROUP BY category, locus_id) f ON f.category = c.category AND f.locus_id = c.locus_id
  ORDER BY c.count DESC, c.category, c.locus_id)sql";

constexpr auto day_counts = R"sql(
  SELECT category, day, sum(count) FROM failure_day WHERE integration_id = ?1 GROUP BY category, day ORDER BY day, category)sql";

constexpr auto select_row = R"sql(
  SELECT p.document, e.name, a.category, a.message, a.crm_code, r.ids
  FROM delivery d JOIN lead_payload p ON p.lead_id = d.lead_id JOIN event e ON e.id = d.event_id
  LEFT JOIN attempt a ON a.id = d.last_attempt_id LEFT JOIN delivery_remote r ON r.delivery_id = d.id WHERE d.id = ?1)sql";

constexpr auto select_attempt = R"sql(
  SELECT previous_id, number, run_id, started_at, finished_at, outcome, category, locus_id, crm_code, message, phases, warnings,
    mapping_revision, lead_revision FROM attempt WHERE id = ?1)sql";

constexpr auto select_document = R"sql(
  SELECT p.document, e.name, a.mapping_revision
  FROM delivery d JOIN lead_payload p ON p.lead_id = d.lead_id JOIN event e ON e.id = d.event_id
  LEFT JOIN attempt a ON a.id = d.last_attempt_id WHERE d.id = ?1)sql";

std::optional<std::string_view> code_of_wanted(const std::optional<category>& what) {
  if (!what) return std::nullopt;
  return text_of(*what);
}

bool is_owed(delivery_state state) { return state == delivery_state::waiting || state == delivery_state::released; }

delivery_row row_of(connection& db, const delivery_entry& entry) {
  delivery_row row;
  row.delivery = {entry.id};
  row.lead = {entry.lead};
  row.state = entry.state;
  row.syncing = entry.run != 0;
  row.what = entry.what;
  row.where = load_locus(db, entry.locus);
  row.attempts = entry.attempts;
  if (is_owed(entry.state)) row.due_at = entry.due_at;
  row.last_attempt_at = entry.last_attempt_at;
  row.accepted_at = entry.accepted_at;
  row.warned = entry.warned;
  auto more = db.use(select_row);
  more.with(entry.id);
  if (!more.step()) return row;
  if (const auto document = parse_lead_document(more.view(0))) {
    row.email = document->field_value("email");
    row.name = document->field_value("full_name");
    row.company = document->field_value("company");
  }
  row.event = more.text(1);
  // The newest attempt explains the state unless something else moved the delivery since.
  if (entry.what != category::none && category_of(more.view(2)) == entry.what) {
    row.message = more.text(3);
    row.crm_code = more.text(4);
  }
  row.remote_ids = unpack_remote_ids(more.view(5));
  return row;
}

std::vector<attempt_record> attempts_of(connection& db, std::int64_t newest) {
  std::vector<attempt_record> attempts;
  for (auto id = newest; id != 0 && int(attempts.size()) < most_attempts;) {
    auto row = db.use(select_attempt);
    row.with(id);
    if (!row.step()) break;  // pruned
    attempt_record attempt;
    attempt.id = {id};
    attempt.number = row.integer(1);
    attempt.run = {row.integer(2)};
    attempt.started_at = row.time(3);
    attempt.finished_at = row.time(4);
    attempt.outcome = state_of(row.view(5));
    attempt.what = category_of(row.view(6));
    attempt.where = load_locus(db, row.integer(7));
    attempt.crm_code = row.text(8);
    attempt.message = row.text(9);
    attempt.phases_json = row.text(10);
    attempt.warnings_json = row.text(11);
    attempt.mapping_revision = row.integer(12);
    attempt.lead_revision = row.integer(13);
    id = row.integer(0);
    attempts.push_back(std::move(attempt));
  }
  return attempts;
}

result<std::int64_t> parse_cursor(const std::string& cursor) {
  if (cursor.empty()) return 0;
  std::int64_t after = 0;
  const auto* end = cursor.data() + cursor.size();
  const auto [stop, failed] = std::from_chars(cursor.data(), end, after, 36);
  if (failed != std::errc() || stop != end || after <= 0) return make_error(errc::invalid_input, "cursor: take it from next_cursor of the page before");
  return after;
}

std::string to_cursor(std::int64_t id) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, id, 36).ptr;
  return {text, end};
}

}  // namespace

result<summary_record> summary(connection& db, integration_id integration, const delivery_filter& filter) {
  delivery_filter counting;
  counting.event = filter.event;
  counting.since = filter.since;
  counting.until = filter.until;
  const auto resolved = resolve(db, integration, counting);
  summary_record found;
  if (resolved.nothing) return found;
  std::optional<std::int64_t> oldest_hour;
  auto row = db.use(state_counts);
  row.with(integration, resolved.event, resolved.first_hour, resolved.last_hour);
  while (row.step()) {
    const state_count count{state_of(row.view(0)), category_of(row.view(1)), row.integer(2)};
    if (is_owed(count.state) && (!oldest_hour || row.integer(3) < *oldest_hour)) oldest_hour = row.integer(3);
    found.states.push_back(count);
  }
  auto syncing = db.use(syncing_count);
  syncing.with(integration);
  if (syncing.step()) found.syncing = syncing.integer(0);
  if (!oldest_hour) return found;
  if (filter.event.empty() && !filter.since && !filter.until) {
    auto oldest = db.use(oldest_waiting);
    oldest.with(integration);
    if (oldest.step()) found.oldest_waiting = oldest.optional_time(0);
  } else {
    found.oldest_waiting = instant(std::chrono::hours(*oldest_hour));
  }
  return found;
}

result<std::vector<locus_count>> groups(connection& db, integration_id integration, const delivery_filter& filter) {
  auto counting = filter;
  counting.text.clear();
  counting.leads.clear();
  const auto resolved = resolve(db, integration, counting);
  std::vector<locus_count> found;
  if (resolved.nothing) return found;
  auto row = db.use(group_counts);
  row.with(integration, to_text(filter.state.value_or(delivery_state::failed)), resolved.event, resolved.first_hour, resolved.last_hour,
           code_of_wanted(resolved.what), resolved.locus);
  while (row.step())
    found.push_back({category_of(row.view(0)), load_locus(db, row.integer(1)), row.integer(2), row.optional_time(3), row.optional_time(4)});
  return found;
}

result<std::vector<day_count>> failures_by_day(connection& db, integration_id integration) {
  std::vector<day_count> found;
  auto row = db.use(day_counts);
  row.with(integration);
  while (row.step()) found.push_back({category_of(row.view(0)), to_date(instant(std::chrono::days(row.integer(1)))), row.integer(2)});
  return found;
}

result<delivery_page> deliveries(connection& db, integration_id integration, const delivery_filter& wanted, const std::string& cursor,
                                 int limit) {
  const auto after = parse_cursor(cursor);
  if (!after) return after.error();
  const auto filter = resolve(db, integration, wanted);
  delivery_page page;
  delivery_scan scan(db, filter, scan_order::descending, *after);
  while (const auto id = scan.next()) {
    const auto entry = load_entry(db, *id);
    if (!entry || !matches(db, filter, *entry)) continue;
    if (int(page.rows.size()) == limit) {
      page.next_cursor = to_cursor(page.rows.back().delivery.value);
      break;
    }
    page.rows.push_back(row_of(db, *entry));
  }
  return page;
}

result<delivery_detail> delivery(connection& db, integration_id integration, lead_id lead) {
  auto find = db.use("SELECT id FROM delivery WHERE lead_id = ?1 AND integration_id = ?2");
  find.with(lead, integration);
  std::optional<delivery_entry> entry;
  if (find.step()) entry = load_entry(db, find.integer(0));
  if (!entry) return make_error(errc::not_found, "lead " + to_string(lead) + " is not owed to this integration");
  auto document = find_lead(db, lead);
  if (!document) return document.error();
  return delivery_detail{row_of(db, *entry), std::move(*document), attempts_of(db, entry->last_attempt)};
}

result<std::vector<document_row>> documents(connection& db, integration_id integration, const delivery_filter& wanted, delivery_id after,
                                            int limit) {
  using enum delivery_state;
  auto filter = resolve(db, integration, wanted);
  if (filter.states.empty()) filter.states = {failed, cleared, waiting, released};
  std::vector<document_row> found;
  delivery_scan scan(db, filter, scan_order::ascending, after.value);
  while (int(found.size()) < limit) {
    const auto id = scan.next();
    if (!id) break;
    const auto entry = load_entry(db, *id);
    if (!entry || !matches(db, filter, *entry)) continue;
    auto row = db.use(select_document);
    row.with(*id);
    if (row.step()) found.push_back({{*id}, {entry->lead}, entry->state, entry->what, row.text(1), row.text(0), row.integer(2)});
  }
  return found;
}

result<std::int64_t> count(connection& db, integration_id integration, const delivery_filter& wanted) {
  const auto filter = resolve(db, integration, wanted);
  if (filter.countable()) return counted(db, filter);
  std::int64_t found = 0;
  delivery_scan scan(db, filter, scan_order::ascending, 0);
  while (const auto id = scan.next())
    if (const auto entry = load_entry(db, *id); entry && matches(db, filter, *entry)) ++found;
  return found;
}

}  // namespace leadsync
