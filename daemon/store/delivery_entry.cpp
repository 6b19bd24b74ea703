#include "store/delivery_entry.h"

#include "store/codes.h"

namespace leadsync {
namespace {

const std::string select_columns = R"sql(
  SELECT d.id, d.integration_id, d.lead_id, d.event_id, d.state, d.category, d.locus_id, d.deferred, d.due_at, d.accepted_at, d.attempts,
    d.counted_attempts, d.ambiguous, d.not_before, d.alone, d.crashes, d.warned, d.run_id, d.operation_id, d.held_category,
    d.held_locus_id, d.last_attempt_id, d.last_attempt_at
  FROM )sql";
const std::string select_entry = select_columns + "delivery d WHERE d.id = ?1";
const std::string select_entries = select_columns + "json_each(?1) page CROSS JOIN delivery d ON d.id = page.value";

constexpr auto update_entry = R"sql(
  UPDATE delivery SET state = ?2, category = ?3, locus_id = ?4, deferred = ?5, due_at = ?6, attempts = ?7, counted_attempts = ?8,
    ambiguous = ?9, not_before = ?10, alone = ?11, crashes = ?12, warned = ?13, run_id = nullif(?14, 0), operation_id = nullif(?15, 0),
    held_category = ?16, held_locus_id = ?17, last_attempt_id = ?18, last_attempt_at = ?19
  WHERE id = ?1)sql";

delivery_entry read_entry(const statement& row) {
  delivery_entry entry;
  entry.id = row.integer(0);
  entry.integration = row.integer(1);
  entry.lead = row.integer(2);
  entry.event = row.integer(3);
  entry.state = state_of(row.view(4));
  entry.what = category_of(row.view(5));
  entry.locus = row.integer(6);
  entry.deferred = row.integer(7) != 0;
  entry.due_at = row.time(8);
  entry.accepted_at = row.time(9);
  entry.attempts = row.integer(10);
  entry.counted_attempts = row.integer(11);
  entry.ambiguous = row.integer(12) != 0;
  entry.not_before = row.time(13);
  entry.alone = row.integer(14) != 0;
  entry.crashes = row.integer(15);
  entry.warned = row.integer(16) != 0;
  entry.run = row.integer(17);
  entry.operation = row.integer(18);
  if (entry.operation != 0) {
    const bool as_now = row.is_null(19);
    entry.held_what = as_now ? entry.what : category_of(row.view(19));
    entry.held_locus = as_now ? entry.locus : row.integer(20);
  }
  entry.last_attempt = row.integer(21);
  entry.last_attempt_at = row.optional_time(22);
  return entry;
}

}  // namespace

std::optional<delivery_entry> load_entry(connection& db, std::int64_t id) {
  auto row = db.use(select_entry.c_str());
  row.with(id);
  if (!row.step()) return std::nullopt;
  return read_entry(row);
}

std::vector<delivery_entry> load_entries(connection& db, std::span<const std::int64_t> ids) {
  std::vector<delivery_entry> entries;
  entries.reserve(ids.size());
  auto row = db.use(select_entries.c_str());
  row.with(list_ids(ids));
  while (row.step()) entries.push_back(read_entry(row));
  return entries;
}

void save_entry(database& db, const delivery_entry& before, const delivery_entry& after) {
  const bool held_as_now = after.operation == 0 || (after.held_what == after.what && after.held_locus == after.locus);
  const auto held_what = held_as_now ? std::nullopt : std::optional(borrowed{text_of(after.held_what)});
  const auto held_locus = held_as_now ? std::nullopt : std::optional(after.held_locus);
  db.sql.use(update_entry)
      .with(after.id, borrowed{to_text(after.state)}, borrowed{text_of(after.what)}, after.locus, after.deferred, after.due_at, after.attempts,
            after.counted_attempts, after.ambiguous, after.not_before, after.alone, after.crashes, after.warned, after.run,
            after.operation, held_what, held_locus, after.last_attempt, after.last_attempt_at)
      .run();
  if (count_key_of(before) == count_key_of(after)) return;
  db.counts.add(count_key_of(before), -1);
  db.counts.add(count_key_of(after), 1);
}

count_key count_key_of(const delivery_entry& entry) {
  return {entry.integration, entry.event, entry.state, entry.what, entry.locus, hour_of(entry.accepted_at)};
}

std::int64_t revision_of(connection& db, std::int64_t lead) {
  auto row = db.use("SELECT revision FROM lead WHERE id = ?1");
  row.with(lead);
  return row.step() ? row.integer(0) : 0;
}

std::int64_t intern_locus(database& db, const locus& where) {
  if (where.empty()) return 0;
  std::string packed;
  for (const auto* part : {&where.object, &where.remote_field, &where.lead_field, &where.value}) (packed += *part) += '\0';
  if (const auto known = db.loci.find(packed); known != db.loci.end()) return known->second;
  auto id = find_locus(db.sql, where);
  if (!id) {
    id = db.next_id("locus");
    db.sql.use("INSERT INTO locus (id, object, remote_field, lead_field, value) VALUES (?1, ?2, ?3, ?4, ?5)")
        .with(*id, where.object, where.remote_field, where.lead_field, where.value)
        .run();
  }
  if (db.loci.size() > 10'000) db.loci.clear();
  return db.loci[packed] = *id;
}

}  // namespace leadsync
