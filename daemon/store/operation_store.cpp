#include "store/operation_store.h"

#include "base/text.h"
#include "store/backfill_store.h"
#include "store/codes.h"
#include "store/operation_taking.h"

namespace leadsync {
namespace {

/// Intake waits for a batch: however large, it ends by then.
constexpr auto longest_batch = std::chrono::milliseconds(10);
constexpr int page_size = 512;

constexpr auto insert_operation = R"sql(
  INSERT INTO operation (id, integration_id, kind, filter, state, watermark, created_at, total, by_uid, by_name)
  VALUES (?1, ?2, ?3, ?4, 'applying', ?5, ?6, ?7, ?8, ?9))sql";

constexpr auto select_operation = R"sql(
  SELECT id, integration_id, kind, state, created_at, finished_at, total, applied, cleared, still_failing, moved, skipped, by_uid,
    by_name, filter, watermark, cursor FROM operation WHERE id = ?1)sql";

constexpr auto select_unfinished = R"sql(
  SELECT id, integration_id, kind, state, created_at, finished_at, total, applied, cleared, still_failing, moved, skipped, by_uid,
    by_name, filter, watermark, cursor FROM operation INDEXED BY operation_unfinished
  WHERE state = 'applying' OR state = 'running' ORDER BY id)sql";

constexpr auto other_operations = R"sql(
  SELECT 1 FROM operation INDEXED BY operation_unfinished
  WHERE (state = 'applying' OR state = 'running') AND integration_id = ?1 AND id <> ?2 LIMIT 1)sql";

constexpr auto save_position = "UPDATE operation SET cursor = ?2, applied = applied + ?3 WHERE id = ?1";

/// What was counted at acceptance and has gone elsewhere since counts as skipped.
constexpr auto begin_running = R"sql(
  UPDATE operation SET state = 'running', skipped = skipped + max(total - applied, 0), applied = max(total, applied),
    total = max(total, applied) WHERE id = ?1 AND state = 'applying')sql";

std::string_view to_text(operation_kind kind) {
  switch (kind) {
    case operation_kind::retry: return "retry";
    case operation_kind::release: return "release";
    case operation_kind::backfill: return "backfill";
  }
  return "";
}

operation_kind kind_of(std::string_view text) {
  if (text == "release") return operation_kind::release;
  return text == "backfill" ? operation_kind::backfill : operation_kind::retry;
}

struct stored_operation {
  operation_record record;
  delivery_filter filter;
  std::int64_t watermark = 0;
  std::int64_t cursor = 0;
};

stored_operation operation_of(const statement& row) {
  stored_operation stored;
  stored.record = {.id = {row.integer(0)},
                   .integration = {row.integer(1)},
                   .kind = kind_of(row.view(2)),
                   .state = row.view(3) == "cancelling" ? std::string("cancelled") : row.text(3),
                   .created_at = row.time(4),
                   .finished_at = row.optional_time(5),
                   .total = row.integer(6),
                   .applied = row.integer(7),
                   .cleared = row.integer(8),
                   .still_failing = row.integer(9),
                   .moved = row.integer(10),
                   .skipped = row.integer(11),
                   .by = {row.integer(12), row.text(13)}};
  stored.filter = unpack_filter(row.view(14));
  stored.watermark = row.integer(15);
  stored.cursor = row.integer(16);
  return stored;
}

result<stored_operation> load(connection& db, operation_id operation) {
  auto row = db.use(select_operation);
  row.with(operation);
  if (!row.step()) return make_error(errc::not_found, "operation " + to_string(operation));
  return operation_of(row);
}

/// States that an operation may take a delivery from. Released ones belong to an earlier operation, which this one supersedes.
resolved_filter scope_filter(connection& db, const operation_seed& seed, operation_id own) {
  auto filter = resolve(db, seed.integration, seed.filter);
  if (seed.kind == operation_kind::release) {
    filter.states = {delivery_state::waiting};
    return filter;
  }
  if (filter.states.empty()) filter.states = {delivery_state::failed};
  if (filter.states.front() != delivery_state::failed) return filter;
  auto others = db.use(other_operations);
  others.with(seed.integration, own);
  if (others.step()) filter.states.push_back(delivery_state::released);
  return filter;
}

std::int64_t newest(connection& db, const char* sql) {
  auto row = db.use(sql);
  return row.step() ? row.integer(0) : 0;
}

/// Read to its end before anything is changed: an index must not be walked while it changes.
std::vector<std::int64_t> next_page(connection& db, const resolved_filter& filter, std::int64_t after, int limit) {
  std::vector<std::int64_t> ids;
  delivery_scan scan(db, filter, scan_order::ascending, after);
  while (int(ids.size()) < limit) {
    const auto id = scan.next();
    if (!id) break;
    ids.push_back(*id);
  }
  return ids;
}

void put_back(database& db, const delivery_entry& before, operation_kind kind, instant at) {
  auto after = before;
  after.operation = 0;
  after.held_what = category::none;
  after.held_locus = 0;
  after.what = before.held_what;
  after.locus = before.held_locus;
  const bool fails = kind == operation_kind::retry && after.what != category::none && !waits_without_cap(after.what);
  after.state = fails ? delivery_state::failed : delivery_state::waiting;
  after.deferred = !fails && before.attempts > 0;
  after.due_at = at;
  save_entry(db, before, after);
}

}  // namespace

void finish_in_operation(database& db, delivery_entry& entry) {
  if (entry.operation == 0) return;
  auto& progress = db.counts.progress_of(entry.operation);
  if (entry.state == delivery_state::cleared)
    ++progress.cleared;
  else if (entry.what == entry.held_what)
    ++progress.still_failing;
  else
    ++progress.moved;
  entry.operation = 0;
  entry.held_what = category::none;
  entry.held_locus = 0;
}

std::optional<operation_scope> scope_of(connection& db, const operation_seed& seed, bool without_scan) {
  if (seed.kind == operation_kind::backfill) return backfill_scope(db, seed, without_scan);
  // A list of leads is short, a text is not.
  if (without_scan && !seed.filter.text.empty()) return std::nullopt;
  const auto filter = scope_filter(db, seed, {});
  operation_scope scope;
  scope.watermark = newest(db, "SELECT coalesce(max(id), 0) FROM attempt");
  if (filter.countable()) {
    scope.total = counted(db, filter);
    return scope;
  }
  delivery_scan scan(db, filter, scan_order::ascending, 0);
  while (const auto id = scan.next())
    if (const auto entry = load_entry(db, *id); entry && matches(db, filter, *entry)) ++scope.total;
  return scope;
}

result<operation_record> create_operation(database& db, const operation_seed& seed, operation_scope scope) {
  const auto id = db.next_id("operation");
  db.sql.use(insert_operation)
      .with(id, seed.integration, to_text(seed.kind), pack_filter(seed.filter), scope.watermark, now(), scope.total, seed.by.uid, seed.by.name)
      .run();
  return find_operation(db.sql, {id});
}

result<operation_record> advance_operation(database& db, operation_id operation, int limit) {
  db.write_counts();
  auto loaded = load(db.sql, operation);
  if (!loaded) return loaded.error();
  if (loaded->record.state != "applying") return loaded->record;
  const auto began = std::chrono::steady_clock::now();
  const taking how{operation.value, loaded->watermark, loaded->record.created_at, now()};
  const operation_seed seed{loaded->record.integration, loaded->record.kind, loaded->filter, {}};
  std::int64_t applied = 0;
  std::int64_t cursor = loaded->cursor;
  bool more = false;
  if (seed.kind == operation_kind::backfill) {
    const auto step = backfill_some(db, operation, seed, loaded->watermark, cursor, limit);
    applied = step.added;
    cursor = step.last;
    more = step.more;
  } else {
    const auto filter = scope_filter(db.sql, seed, operation);
    more = true;
    for (int looked_at = 0; more && looked_at < limit && std::chrono::steady_clock::now() - began < longest_batch;) {
      const auto page = next_page(db.sql, filter, cursor, std::min(limit - looked_at, page_size));
      more = int(page.size()) == std::min(limit - looked_at, page_size);
      looked_at += int(page.size());
      applied += take_page(db, how, filter, page);
      if (!page.empty()) cursor = page.back();
    }
  }
  db.sql.use(save_position).with(operation, cursor, applied).run();
  if (!more) {
    db.sql.use(begin_running).with(operation).run();
    (void)db.counts.progress_of(operation.value);  // done where nothing is owed
  }
  db.write_counts();
  return find_operation(db.sql, operation);
}

result<operation_record> begin_cancel(database& db, operation_id operation) {
  db.write_counts();
  auto loaded = load(db.sql, operation);
  if (!loaded) return loaded.error();
  if (loaded->record.state != "applying" && loaded->record.state != "running")
    return make_error(errc::conflict, "operation " + to_string(operation) + " is " + loaded->record.state + " already");
  db.sql.use("UPDATE operation SET state = 'cancelling', cursor = 0, finished_at = ?2 WHERE id = ?1").with(operation, now()).run();
  return find_operation(db.sql, operation);
}

result<bool> finish_cancel(database& db, operation_id operation, int limit) {
  auto loaded = load(db.sql, operation);
  if (!loaded) return loaded.error();
  const auto at = now();
  resolved_filter owed{.integration = loaded->record.integration.value};
  owed.states = {loaded->record.kind == operation_kind::backfill ? delivery_state::waiting : delivery_state::released};
  const auto candidates = next_page(db.sql, owed, loaded->cursor, limit);
  std::int64_t changed = 0;
  for (const auto id : candidates) {
    const auto entry = load_entry(db.sql, id);
    if (!entry || entry->run != 0 || entry->operation != operation.value) continue;
    if (loaded->record.kind == operation_kind::backfill)
      take_back(db, *entry);
    else
      put_back(db, *entry, loaded->record.kind, at);
    ++changed;
  }
  db.counts.progress_of(operation.value).skipped += changed;
  if (!candidates.empty()) db.sql.use(save_position).with(operation, candidates.back(), 0).run();
  const bool more = int(candidates.size()) == limit;
  if (!more) db.sql.use("UPDATE operation SET state = 'cancelled' WHERE id = ?1").with(operation).run();
  return more;
}

std::vector<operation_id> half_cancelled(connection& db) {
  std::vector<operation_id> operations;
  auto row = db.use("SELECT id FROM operation INDEXED BY operation_unfinished WHERE state = 'cancelling'");
  while (row.step()) operations.push_back({row.integer(0)});
  return operations;
}

result<std::vector<operation_record>> unfinished_operations(connection& db) {
  std::vector<operation_record> operations;
  auto row = db.use(select_unfinished);
  while (row.step()) operations.push_back(operation_of(row).record);
  return operations;
}

result<operation_record> find_operation(connection& db, operation_id operation) {
  auto loaded = load(db, operation);
  if (!loaded) return loaded.error();
  return loaded->record;
}

result<dismissal_step> dismiss_some(database& db, integration_id integration, const delivery_filter& wanted, dismissal what,
                                    std::int64_t after, int limit) {
  db.write_counts();
  auto filter = resolve(db.sql, integration, wanted);
  if (what == dismissal::undismiss)
    filter.states = {delivery_state::dismissed};
  else if (filter.states.empty())
    filter.states = {delivery_state::failed};
  const auto at = now();
  const auto candidates = next_page(db.sql, filter, after, limit);
  dismissal_step step{.last = after, .more = int(candidates.size()) == limit};
  for (const auto id : candidates) {
    step.last = id;
    const auto before = load_entry(db.sql, id);
    if (!before || before->run != 0 || before->state == delivery_state::cleared || !matches(db.sql, filter, *before)) continue;
    auto entry = *before;
    if (what == dismissal::dismiss) {
      if (entry.operation != 0) ++db.counts.progress_of(entry.operation).skipped;
      entry.operation = 0;
      entry.state = delivery_state::dismissed;
      entry.deferred = false;
    } else {
      const bool waits = entry.what == category::none || waits_without_cap(entry.what);
      entry.state = waits ? delivery_state::waiting : delivery_state::failed;
      entry.deferred = waits;
      entry.due_at = at;
    }
    save_entry(db, *before, entry);
    ++step.changed;
  }
  return step;
}

}  // namespace leadsync
