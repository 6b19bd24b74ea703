#include "store/run_store.h"

#include "store/attempt_store.h"
#include "store/codes.h"

#include <set>

namespace leadsync {
namespace {

constexpr std::int64_t exchanges_per_run = std::int64_t(1) << 20;

// One statement for each order in which deliveries fall due: `deferred` ones by time, the others by id.
constexpr auto ready_released = R"sql(
  SELECT d.id, d.lead_id, d.due_at, l.person_key, l.company_key, d.attempts, d.alone
  FROM delivery d INDEXED BY delivery_in_order JOIN lead l ON l.id = d.lead_id
  WHERE d.integration_id = ?1 AND d.state = 'released' AND d.deferred = 0 AND d.id > ?2 AND d.run_id IS NULL
  ORDER BY d.id)sql";
constexpr auto ready_new = R"sql(
  SELECT d.id, d.lead_id, d.due_at, l.person_key, l.company_key, d.attempts, d.alone
  FROM delivery d INDEXED BY delivery_in_order JOIN lead l ON l.id = d.lead_id
  WHERE d.integration_id = ?1 AND d.state = 'waiting' AND d.deferred = 0 AND d.id > ?2 AND d.run_id IS NULL
  ORDER BY d.id)sql";
constexpr auto ready_released_later = R"sql(
  SELECT d.id, d.lead_id, d.due_at, l.person_key, l.company_key, d.attempts, d.alone
  FROM delivery d INDEXED BY delivery_due JOIN lead l ON l.id = d.lead_id
  WHERE d.integration_id = ?1 AND d.state = 'released' AND d.deferred = 1 AND d.due_at <= ?3 AND d.id > ?2 AND d.run_id IS NULL
  ORDER BY d.due_at, d.id)sql";
constexpr auto ready_retried = R"sql(
  SELECT d.id, d.lead_id, d.due_at, l.person_key, l.company_key, d.attempts, d.alone
  FROM delivery d INDEXED BY delivery_due JOIN lead l ON l.id = d.lead_id
  WHERE d.integration_id = ?1 AND d.state = 'waiting' AND d.deferred = 1 AND d.due_at <= ?3 AND d.id > ?2 AND d.run_id IS NULL
  ORDER BY d.due_at, d.id)sql";

constexpr auto next_due_waiting = R"sql(
  SELECT due_at FROM delivery INDEXED BY delivery_due
  WHERE integration_id = ?1 AND state = 'waiting' AND deferred = 1 AND due_at > ?2 AND run_id IS NULL ORDER BY due_at LIMIT 1)sql";
constexpr auto next_due_released = R"sql(
  SELECT due_at FROM delivery INDEXED BY delivery_due
  WHERE integration_id = ?1 AND state = 'released' AND deferred = 1 AND due_at > ?2 AND run_id IS NULL ORDER BY due_at LIMIT 1)sql";

constexpr auto select_claim = R"sql(
  SELECT d.integration_id, d.state, d.run_id, d.lead_id, l.revision, p.document, e.name, l.company_key, d.attempts, d.counted_attempts,
    d.ambiguous, d.not_before, d.category, r.ids, r.phases_done, r.revision, l.person_key
  FROM delivery d JOIN lead l ON l.id = d.lead_id JOIN lead_payload p ON p.lead_id = d.lead_id JOIN event e ON e.id = d.event_id
  LEFT JOIN delivery_remote r ON r.delivery_id = d.id WHERE d.id = ?1)sql";

constexpr auto claim = "UPDATE delivery SET run_id = ?2 WHERE id = ?1";

constexpr auto insert_run = R"sql(
  INSERT INTO run (id, integration_id, size, deliveries, mapping_revision, opened_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql";

constexpr auto select_companies = "SELECT object, remote_id, url FROM company WHERE integration_id = ?1 AND key = ?2";

constexpr auto select_ambiguous_companies = R"sql(
  SELECT l.company_key, max(max(d.not_before, d.due_at)) FROM delivery d INDEXED BY delivery_ambiguous JOIN lead l ON l.id = d.lead_id
  WHERE d.integration_id = ?1 AND d.ambiguous = 1 AND d.state IN ('waiting', 'released') AND l.company_key <> ''
    AND NOT EXISTS (SELECT 1 FROM company c WHERE c.integration_id = ?1 AND c.key = l.company_key)
  GROUP BY l.company_key)sql";

constexpr auto upsert_company = R"sql(
  INSERT INTO company (integration_id, key, object, remote_id, url) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT DO UPDATE SET remote_id = excluded.remote_id, url = excluded.url)sql";

constexpr auto select_open_run = R"sql(
  SELECT integration_id, mapping_revision, deliveries, intent, opened_at FROM run WHERE id = ?1 AND closed_at IS NULL)sql";

constexpr auto insert_exchange = R"sql(
  INSERT INTO exchange (id, phase, method, url, transport, status, sent_at, received_at, compressed, request_headers, response_headers,
    request_body, response_body)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))sql";

constexpr auto select_exchanges = R"sql(
  SELECT id, phase, method, url, transport, status, sent_at, received_at, compressed, request_headers, response_headers,
    request_body, response_body
  FROM exchange WHERE id >= ?1 AND id < ?2 ORDER BY id)sql";

struct open_run_view : run_view {
  std::vector<std::int64_t> deliveries;
  bool intent = false;
  instant opened_at;
};

result<open_run_view> load_open_run(database& db, run_id run) {
  auto row = db.sql.use(select_open_run);
  row.with(run);
  if (!row.step()) return make_error(errc::conflict, "run " + to_string(run) + " is not open");
  open_run_view view;
  view.id = run.value;
  view.integration = row.integer(0);
  view.mapping_revision = row.integer(1);
  view.deliveries = unpack_ids(row.view(2));
  view.intent = row.integer(3) != 0;
  view.opened_at = row.time(4);
  return view;
}

void save_companies(database& db, std::int64_t integration, const std::vector<company_id>& companies) {
  for (const auto& company : companies) {
    if (company.key.empty() || company.id.id.empty()) continue;
    db.sql.use(upsert_company).with(integration, company.key, company.id.object, company.id.id, company.id.url).run();
  }
}

void close(database& db, std::int64_t run, instant at) { db.sql.use("UPDATE run SET closed_at = ?2 WHERE id = ?1").with(run, at).run(); }

/// `held_by`: the run that has it; 0 for none. Nothing where it may not be claimed.
std::optional<claimed_delivery> load_claim(database& db, integration_id integration, delivery_id delivery, run_id held_by) {
  auto row = db.sql.use(select_claim);
  row.with(delivery);
  if (!row.step() || row.integer(0) != integration.value || (row.is_null(2) ? 0 : row.integer(2)) != held_by.value) return std::nullopt;
  const auto state = state_of(row.view(1));
  if (state != delivery_state::waiting && state != delivery_state::released) return std::nullopt;
  claimed_delivery claimed;
  claimed.delivery = delivery;
  claimed.lead = {row.integer(3)};
  claimed.lead_revision = row.integer(4);
  claimed.document_json = row.text(5);
  claimed.event_name = row.text(6);
  claimed.company_key = row.text(7);
  claimed.person_key = row.integer(16);
  claimed.attempt_number = row.integer(8) + 1;
  claimed.counted_attempts = row.integer(9);
  claimed.ambiguous = row.integer(10) != 0;
  claimed.not_before = row.time(11);
  claimed.last_category = category_of(row.view(12));
  if (!row.is_null(13)) {
    claimed.remote_ids = unpack_remote_ids(row.view(13));
    if (row.integer(15) == claimed.lead_revision) claimed.phases_done = unpack_texts(row.view(14));
  }
  return claimed;
}

std::vector<company_id> known_companies(database& db, integration_id integration, const std::vector<claimed_delivery>& deliveries) {
  std::set<std::string> keys;
  for (const auto& each : deliveries)
    if (!each.company_key.empty()) keys.insert(each.company_key);
  std::vector<company_id> known;
  for (const auto& key : keys) {
    auto row = db.sql.use(select_companies);
    row.with(integration, key);
    while (row.step()) known.push_back({key, {row.text(0), row.text(1), row.text(2)}});
  }
  return known;
}

result<> insert_exchanges(database& db, run_id run, const std::vector<packed_exchange>& exchanges) {
  for (const auto& [exchange, request_compressed, response_compressed] : exchanges) {
    if (exchange.number < 0 || exchange.number >= exchanges_per_run) return make_error(errc::invalid_input, "too many exchanges in a run");
    db.sql.use(insert_exchange)
        .with(run.value * exchanges_per_run + exchange.number, exchange.phase, exchange.method, exchange.url, exchange.transport,
              exchange.status, exchange.sent_at, exchange.received_at, (request_compressed ? 1 : 0) | (response_compressed ? 2 : 0),
              exchange.request_headers, exchange.response_headers, blob{exchange.request_body}, blob{exchange.response_body})
        .run();
  }
  return {};
}

/// A `due` that lies back so far is a schedule's tick: what was accepted since waits for the next. Otherwise what is due at once is not
/// compared with the clock, which may have been set back.
constexpr auto tick_age = std::chrono::seconds(1);
/// What was accepted since the tick comes in one piece at the end, unless the clock was set back: a few are passed over before it is the end.
constexpr int most_passed_over = 4096;

void append_ready(connection& db, const char* sql, integration_id integration, instant due, delivery_id after, int limit,
                  std::vector<ready_delivery>& found) {
  if (int(found.size()) >= limit) return;
  auto row = db.use(sql);
  row.bind(1, integration);
  row.bind(2, after);
  if (sql == ready_released_later || sql == ready_retried) row.bind(3, due);
  const bool at_a_tick = due < now() - tick_age;
  int passed_over = 0;
  while (int(found.size()) < limit && passed_over < most_passed_over && row.step()) {
    if (at_a_tick && row.time(2) > due) {
      ++passed_over;
      continue;
    }
    found.push_back({{row.integer(0)}, {row.integer(1)}, row.time(2), row.integer(3), row.text(4), row.integer(5) > 0, row.integer(6) != 0});
  }
}

attempt_outcome crash_outcome(connection& db, const delivery_entry& entry, const open_run_view& run, instant at) {
  attempt_outcome outcome;
  outcome.delivery = {entry.id};
  outcome.lead_revision = revision_of(db, entry.lead);
  outcome.what = category::plugin_fault;
  outcome.message = "The plugin crashed twice while it worked on this lead.";
  outcome.ambiguous = run.intent || entry.ambiguous;
  outcome.started_at = run.opened_at;
  outcome.finished_at = at;
  outcome.phases_json = "[]";
  return outcome;
}

}  // namespace

std::vector<packed_exchange> pack(std::vector<exchange_record> exchanges) {
  std::vector<packed_exchange> packed;
  packed.reserve(exchanges.size());
  for (auto& exchange : exchanges) {
    auto request = pack_body(exchange.request_body);
    auto response = pack_body(exchange.response_body);
    exchange.request_body = std::move(request.bytes);
    exchange.response_body = std::move(response.bytes);
    packed.push_back({std::move(exchange), request.compressed, response.compressed});
  }
  return packed;
}

result<opened_run> open_run(database& db, integration_id integration, const std::vector<delivery_id>& deliveries, std::int64_t mapping_revision) {
  opened_run opened;
  const auto run = db.next_id("run");
  std::vector<std::int64_t> ids;
  for (const auto delivery : deliveries) {
    auto claimed = load_claim(db, integration, delivery, {});
    if (!claimed) {
      opened.refused.push_back(delivery);
      continue;
    }
    db.sql.use(claim).with(delivery, run).run();
    ids.push_back(delivery.value);
    opened.deliveries.push_back(std::move(*claimed));
  }
  if (ids.empty()) {
    --db.newest_ids["run"];
    return opened;
  }
  opened.run = {run};
  const auto size = ids.size();
  db.sql.use(insert_run).with(run, integration, size, blob{pack_ids(std::move(ids))}, mapping_revision, now()).run();
  opened.companies = known_companies(db, integration, opened.deliveries);
  return opened;
}

result<> save_intent(database& db, run_id run, const std::vector<attempt_outcome>& reached, const std::vector<company_id>& companies) {
  auto open = load_open_run(db, run);
  if (!open) return open.error();
  db.sql.use("UPDATE run SET intent = 1 WHERE id = ?1").with(run).run();
  for (const auto& outcome : reached) save_progress(db, outcome);
  save_companies(db, open->integration, companies);
  return {};
}

result<> save_checkpoint(database& db, run_id run, const std::string& checkpoint, const std::vector<attempt_outcome>& reached,
                         const std::vector<company_id>& companies, const std::vector<packed_exchange>& exchanges) {
  auto open = load_open_run(db, run);
  if (!open) return open.error();
  db.sql.use("UPDATE run SET checkpoint = ?2 WHERE id = ?1").with(run, blob{checkpoint}).run();
  for (const auto& outcome : reached) save_progress(db, outcome);
  save_companies(db, open->integration, companies);
  return insert_exchanges(db, run, exchanges);
}

result<opened_run> resume_run(database& db, run_id run) {
  auto open = load_open_run(db, run);
  if (!open) return open.error();
  opened_run opened{.run = run};
  for (const auto id : open->deliveries) {
    auto claimed = load_claim(db, {open->integration}, {id}, run);
    if (!claimed) continue;
    claimed->ambiguous = claimed->ambiguous || open->intent;
    opened.deliveries.push_back(std::move(*claimed));
  }
  opened.companies = known_companies(db, {open->integration}, opened.deliveries);
  auto row = db.sql.use("SELECT checkpoint, (SELECT max(id) + 1 - ?2 FROM exchange WHERE id >= ?2 AND id < ?3) FROM run WHERE id = ?1");
  row.with(run, run.value * exchanges_per_run, (run.value + 1) * exchanges_per_run);
  if (row.step()) opened.checkpoint = row.text(0), opened.next_exchange = row.is_null(1) ? 0 : row.integer(1);
  return opened;
}

result<std::vector<delivery_id>> close_run(database& db, run_id run, const std::vector<attempt_outcome>& outcomes,
                                           const std::vector<packed_exchange>& exchanges, const std::vector<company_id>& companies) {
  auto open = load_open_run(db, run);
  if (!open) return open.error();
  const auto at = now();
  std::vector<delivery_id> queued_again;
  std::set<std::int64_t> left(open->deliveries.begin(), open->deliveries.end());
  for (const auto& outcome : outcomes) {
    if (left.erase(outcome.delivery.value) == 0)
      return make_error(errc::invalid_input, "delivery " + to_string(outcome.delivery) + " is not in run " + to_string(run));
    const auto entry = load_entry(db.sql, outcome.delivery.value);
    if (!entry || entry->run != run.value) continue;
    if (apply_outcome(db, *open, *entry, outcome, at)) queued_again.push_back(outcome.delivery);
  }
  for (const auto id : left) {
    const auto entry = load_entry(db.sql, id);
    if (!entry || entry->run != run.value) continue;
    attempt_outcome untouched;
    untouched.delivery = {id};
    untouched.next = delivery_state::waiting;
    untouched.no_attempt = true;
    (void)apply_outcome(db, *open, *entry, untouched, at);
  }
  auto recorded = insert_exchanges(db, run, exchanges);
  if (!recorded) return recorded.error();
  save_companies(db, open->integration, companies);
  close(db, run.value, at);
  return queued_again;
}

result<> recover_run(database& db, run_id run, instant not_before, bool crashed_in_plugin) {
  auto open = load_open_run(db, run);
  if (!open) return open.error();
  const auto at = now();
  for (const auto id : open->deliveries) {
    const auto before = load_entry(db.sql, id);
    if (!before || before->run != run.value) continue;
    if (crashed_in_plugin && before->crashes + 1 >= 2) {
      (void)apply_outcome(db, *open, *before, crash_outcome(db.sql, *before, *open, at), at);
      continue;
    }
    auto entry = *before;
    entry.run = 0;
    entry.deferred = true;
    entry.due_at = open->intent ? std::max(at, not_before) : at;
    if (open->intent) {
      entry.ambiguous = true;
      entry.not_before = not_before;
    }
    if (crashed_in_plugin) {
      entry.alone = true;
      ++entry.crashes;
    }
    save_entry(db, *before, entry);
  }
  close(db, run.value, at);
  return {};
}

result<std::vector<ready_delivery>> ready(connection& db, integration_id integration, claim_filter filter, instant due, delivery_id after,
                                          int limit) {
  std::vector<ready_delivery> found;
  found.reserve(std::size_t(std::max(0, limit)));
  if (filter.released) {
    append_ready(db, ready_released, integration, due, after, limit, found);
    append_ready(db, ready_released_later, integration, due, after, limit, found);
  }
  if (filter.waiting) {
    append_ready(db, ready_new, integration, due, after, limit, found);
    append_ready(db, ready_retried, integration, due, after, limit, found);
  }
  return found;
}

result<std::optional<instant>> next_due(connection& db, integration_id integration, claim_filter filter, instant after) {
  std::optional<instant> next;
  const auto consider = [&](const char* sql) {
    auto row = db.use(sql);
    row.with(integration, after);
    if (row.step() && (!next || row.time(0) < *next)) next = row.time(0);
  };
  if (filter.waiting) consider(next_due_waiting);
  if (filter.released) consider(next_due_released);
  return next;
}

result<std::vector<interrupted_run>> interrupted_runs(connection& db) {
  std::vector<interrupted_run> runs;
  auto row = db.use("SELECT id, integration_id, opened_at, intent, deliveries, checkpoint FROM run WHERE closed_at IS NULL ORDER BY id");
  while (row.step()) {
    interrupted_run run{{row.integer(0)}, {row.integer(1)}, row.time(2), row.integer(3) != 0, {}, row.text(5)};
    for (const auto id : unpack_ids(row.view(4))) run.deliveries.push_back({id});
    runs.push_back(std::move(run));
  }
  return runs;
}

result<std::vector<ambiguous_company>> ambiguous_companies(connection& db, integration_id integration) {
  std::vector<ambiguous_company> found;
  auto row = db.use(select_ambiguous_companies);
  row.with(integration);
  while (row.step()) found.push_back({row.text(0), row.time(1)});
  return found;
}

result<std::vector<exchange_record>> exchanges(connection& db, run_id run) {
  std::vector<exchange_record> found;
  auto row = db.use(select_exchanges);
  row.with(run.value * exchanges_per_run, (run.value + 1) * exchanges_per_run);
  while (row.step()) {
    exchange_record exchange;
    exchange.number = row.integer(0) % exchanges_per_run;
    exchange.phase = row.text(1);
    exchange.method = row.text(2);
    exchange.url = row.text(3);
    exchange.transport = row.text(4);
    exchange.status = int(row.integer(5));
    exchange.sent_at = row.optional_time(6);
    exchange.received_at = row.optional_time(7);
    exchange.request_headers = row.text(9);
    exchange.response_headers = row.text(10);
    exchange.request_body = unpack_body(row.view(11), (row.integer(8) & 1) != 0);
    exchange.response_body = unpack_body(row.view(12), (row.integer(8) & 2) != 0);
    found.push_back(std::move(exchange));
  }
  return found;
}

}  // namespace leadsync
