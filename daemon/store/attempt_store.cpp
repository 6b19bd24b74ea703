#include "store/attempt_store.h"

#include "store/codes.h"
#include "store/operation_store.h"

#include <algorithm>

namespace leadsync {
namespace {

constexpr auto insert_attempt = R"sql(
  INSERT INTO attempt (id, previous_id, delivery_id, number, run_id, started_at, finished_at, outcome, category, locus_id, crm_code,
    message, phases, warnings, mapping_revision, lead_revision)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16))sql";

constexpr auto select_progress = "SELECT ids, phases_done, revision FROM delivery_remote WHERE delivery_id = ?1";

constexpr auto insert_progress = R"sql(
  INSERT INTO delivery_remote (delivery_id, ids, phases_done, revision) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING)sql";

constexpr auto update_progress = "UPDATE delivery_remote SET ids = ?2, phases_done = ?3, revision = ?4 WHERE delivery_id = ?1";

void add_attempt(database& db, const run_view& run, delivery_entry& entry, const attempt_outcome& outcome, std::int64_t locus) {
  const auto id = db.next_id("attempt");
  db.sql.use(insert_attempt)
      .with(id, entry.last_attempt, entry.id, entry.attempts + 1, run.id, outcome.started_at, outcome.finished_at, borrowed{to_text(outcome.next)},
            borrowed{text_of(outcome.what)}, locus, outcome.crm_code, outcome.message, borrowed{outcome.phases_json},
            outcome.warnings.empty() ? std::string("[]") : pack_warnings(outcome.warnings), run.mapping_revision, outcome.lead_revision)
      .run();
  entry.last_attempt = id;
  entry.last_attempt_at = outcome.finished_at;
  ++entry.attempts;
  entry.counted_attempts += outcome.counted ? 1 : 0;
  entry.alone = false;
  entry.crashes = 0;
}

void wait(delivery_entry& entry, const delivery_entry& before, const attempt_outcome& outcome, std::int64_t locus, instant at) {
  entry.state = before.state == delivery_state::released ? delivery_state::released : delivery_state::waiting;
  entry.deferred = before.deferred || !outcome.no_attempt || outcome.due_at.has_value();
  entry.due_at = outcome.due_at.value_or(at);
  if (outcome.no_attempt && outcome.what == category::none) return;  // as it was, with its last category
  entry.what = outcome.what;
  entry.locus = locus;
}

}  // namespace

void save_progress(database& db, const attempt_outcome& outcome) {
  if (outcome.remote_ids.empty() && outcome.phases_done.empty()) return;
  db.sql.use(insert_progress)
      .with(outcome.delivery, pack_remote_ids(outcome.remote_ids), pack_texts(outcome.phases_done), outcome.lead_revision)
      .run();
  if (db.sql.changes() == 1) return;
  std::vector<remote_id> ids;
  std::vector<std::string> phases;
  {
    auto known = db.sql.use(select_progress);
    known.with(outcome.delivery);
    if (known.step()) {
      ids = unpack_remote_ids(known.view(0));
      if (known.integer(2) == outcome.lead_revision) phases = unpack_texts(known.view(1));
    }
  }
  for (const auto& added : outcome.remote_ids) {
    const auto same = std::find_if(ids.begin(), ids.end(), [&added](const remote_id& id) { return id.object == added.object; });
    if (same == ids.end())
      ids.push_back(added);
    else
      *same = added;
  }
  for (const auto& phase : outcome.phases_done)
    if (std::find(phases.begin(), phases.end(), phase) == phases.end()) phases.push_back(phase);
  db.sql.use(update_progress).with(outcome.delivery, pack_remote_ids(ids), pack_texts(phases), outcome.lead_revision).run();
}

bool apply_outcome(database& db, const run_view& run, const delivery_entry& before, const attempt_outcome& outcome, instant at) {
  auto entry = before;
  entry.run = 0;
  const auto locus = intern_locus(db, outcome.where);
  if (!outcome.no_attempt) add_attempt(db, run, entry, outcome, locus);
  entry.ambiguous = outcome.ambiguous || (outcome.no_attempt && before.ambiguous);
  if (!entry.ambiguous) entry.not_before = {};

  const bool sent = outcome.lead_revision != 0 && !outcome.no_attempt;
  const bool changed = sent && revision_of(db.sql, before.lead) > outcome.lead_revision;
  const bool failed = !changed && outcome.next == delivery_state::failed;
  if (changed) {
    wait(entry, before, {.what = category::none}, 0, at);
  } else if (outcome.next == delivery_state::waiting || outcome.next == delivery_state::released) {
    wait(entry, before, outcome, locus, at);
  } else {
    entry.state = outcome.next;
    entry.deferred = false;
    entry.what = failed ? outcome.what : category::none;
    entry.locus = failed ? locus : 0;
    entry.warned = (before.warned || !outcome.warnings.empty()) && outcome.next == delivery_state::cleared;
    finish_in_operation(db, entry);
  }
  if (outcome.next == delivery_state::failed && !outcome.no_attempt)
    db.counts.add_failure({entry.integration, outcome.what, locus, day_of(outcome.finished_at)}, outcome.finished_at);
  save_progress(db, outcome);
  save_entry(db, before, entry);
  return changed;
}

}  // namespace leadsync
