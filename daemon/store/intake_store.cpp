#include "store/intake_store.h"

#include "base/text.h"
#include "store/codes.h"
#include "store/delivery_entry.h"

#include <boost/json.hpp>

namespace leadsync {
namespace {

constexpr auto insert_event = "INSERT INTO event (id, key, name, first_seen) VALUES (?1, ?2, ?3, ?4)";

constexpr auto insert_lead = R"sql(
  INSERT INTO lead (id, identity, event_id, revision, accepted_at, changed_at, person_key, company_key, search)
  VALUES (?1, ?2, ?3, 1, ?4, ?4, ?5, ?6, ?7))sql";

constexpr auto insert_payload = "INSERT INTO lead_payload (lead_id, identity, external_id, document) VALUES (?1, ?2, ?3, ?4)";

constexpr auto insert_delivery = R"sql(
  INSERT INTO delivery (id, integration_id, lead_id, event_id, state, due_at, accepted_at, operation_id)
  VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?5, ?6))sql";

constexpr auto known_lead = "SELECT identity, document FROM lead_payload WHERE lead_id = ?1";

constexpr auto change_lead = R"sql(
  UPDATE lead SET revision = revision + 1, changed_at = ?2, person_key = ?3, company_key = ?4, search = ?5 WHERE id = ?1)sql";

constexpr auto change_payload = "UPDATE lead_payload SET document = ?2 WHERE lead_id = ?1";

constexpr auto count_rows = R"sql(
  UPDATE import SET row_count = row_count + ?2 + ?3 + ?4 + ?5, added = added + ?2, updated = updated + ?3, unchanged = unchanged + ?4,
    rejected = rejected + ?5 WHERE id = ?1)sql";

constexpr auto select_import = R"sql(
  SELECT id, source, event, by_uid, by_name, started_at, finished_at, row_count, added, updated, unchanged, rejected, failure
  FROM import WHERE id = ?1)sql";

constexpr auto select_imports = R"sql(
  SELECT id, source, event, by_uid, by_name, started_at, finished_at, row_count, added, updated, unchanged, rejected, failure
  FROM import ORDER BY id DESC LIMIT ?1)sql";

constexpr auto select_lead = R"sql(
  SELECT l.id, l.revision, p.external_id, l.event_id, e.name, l.accepted_at, l.changed_at, p.document
  FROM lead l JOIN lead_payload p ON p.lead_id = l.id JOIN event e ON e.id = l.event_id WHERE l.id = ?1)sql";

const std::vector<database::target>& targets_of(database& db) {
  if (db.targets) return *db.targets;
  db.targets.emplace();
  auto integrations = db.sql.use("SELECT id, events FROM integration WHERE active = 1 ORDER BY id");
  while (integrations.step()) {
    database::target target{.integration = integrations.integer(0)};
    for (const auto& name : unpack_texts(integrations.view(1))) target.events.insert(fold(name));
    db.targets->push_back(std::move(target));
  }
  return *db.targets;
}

std::int64_t event_of(database& db, const prepared_lead& lead, instant at) {
  if (const auto known = db.events.find(lead.event_key); known != db.events.end()) return known->second;
  std::int64_t id = 0;
  auto find = db.sql.use("SELECT id FROM event WHERE key = ?1");
  find.with(lead.event_key);
  if (find.step()) {
    id = find.integer(0);
  } else {
    id = db.next_id("event");
    db.sql.use(insert_event).with(id, lead.event_key, trim(lead.lead.event), at).run();
  }
  return db.events[lead.event_key] = id;
}

/// What a change of the lead may cure.
bool is_about_data(category what) {
  switch (what) {
    case category::no_tag_mapping:
    case category::data_value_validation:
    case category::data_format_validation:
    case category::data_too_long:
    case category::not_enough_data:
    case category::ambiguous_match:
    case category::crm_rule: return true;
    default: return info_of(what).what_next == disposition::data;
  }
}

void queue_again(database& db, std::int64_t lead, instant at) {
  std::vector<std::int64_t> deliveries;
  auto owed = db.sql.use("SELECT id FROM delivery WHERE lead_id = ?1");
  owed.with(lead);
  while (owed.step()) deliveries.push_back(owed.integer(0));
  for (const auto id : deliveries) {
    auto entry = load_entry(db.sql, id);
    if (!entry) continue;
    const bool cured = entry->state == delivery_state::failed && is_about_data(entry->what);
    if (!cured && entry->state != delivery_state::cleared) continue;
    auto after = *entry;
    after.state = delivery_state::waiting;
    after.what = category::none;
    after.locus = 0;
    after.deferred = true;
    after.due_at = at;
    after.warned = false;
    save_entry(db, *entry, after);
  }
}

void change(database& db, std::int64_t lead, const prepared_lead& changed, instant at) {
  db.sql.use(change_lead).with(lead, at, changed.person_key, changed.company_key, changed.search).run();
  db.sql.use(change_payload).with(lead, changed.document_json).run();
  queue_again(db, lead, at);
}

prepared_lead with_document(const prepared_lead& lead, lead_document document) {
  auto changed = lead;
  changed.document_json = to_json(document);
  changed.search = search_text(document);
  changed.person_key = person_key_of(document);
  changed.company_key = company_key_of(document);
  changed.lead.document = std::move(document);
  return changed;
}

result<accepted_lead> merge_into(database& db, std::int64_t known, std::string_view stored_json, const prepared_lead& lead, instant at) {
  const accepted_lead unchanged{{known}, intake_outcome::unchanged};
  if (stored_json == lead.document_json) return unchanged;
  auto stored = parse_lead_document(stored_json);
  if (!stored) return with_context(make_error(errc::corrupted, stored.error().context), "lead " + std::to_string(known));
  auto together = merged(*stored, lead.lead.document);
  if (together == *stored) return unchanged;
  change(db, known, with_document(lead, std::move(together)), at);
  return accepted_lead{{known}, intake_outcome::updated};
}

result<accepted_lead> add_lead(database& db, const prepared_lead& lead, instant at) {
  const auto event = event_of(db, lead, at);
  auto hash = lead.identity_hash;
  for (std::optional<std::int64_t> lead_there; (lead_there = db.identities.find(db.sql, hash)); ++hash) {
    auto known = db.sql.use(known_lead);
    known.with(*lead_there);
    if (!known.step()) return make_error(errc::corrupted, "a lead without document");
    if (known.view(0) == lead.identity) return merge_into(db, *lead_there, known.text(1), lead, at);
  }
  const auto id = db.next_id("lead");
  db.sql.use(insert_lead).with(id, hash, event, at, lead.person_key, borrowed{lead.company_key}, borrowed{lead.search}).run();
  db.sql.use(insert_payload).with(id, borrowed{lead.identity}, borrowed{lead.lead.external_id}, borrowed{lead.document_json}).run();
  db.identities.add(hash, id);
  db.counts.add_leads(event, 1);
  for (const auto& target : targets_of(db))
    if (target.events.empty() || target.events.contains(lead.event_key)) add_delivery(db, target.integration, id, event, at);
  return accepted_lead{{id}, intake_outcome::added};
}

import_record import_of(const statement& row) {
  return {.id = {row.integer(0)},
          .source = row.text(1),
          .event = row.text(2),
          .by = {row.integer(3), row.text(4)},
          .started_at = row.time(5),
          .finished_at = row.optional_time(6),
          .rows = row.integer(7),
          .added = row.integer(8),
          .updated = row.integer(9),
          .unchanged = row.integer(10),
          .rejected = row.integer(11),
          .failure = row.text(12)};
}

error no_import(import_id import) { return make_error(errc::not_found, "import " + to_string(import)); }

}  // namespace

std::string search_text(const lead_document& document) {
  std::string text;
  for (const auto name : {"email", "full_name", "company"}) {
    if (const auto value = document.field_value(name); !value.empty()) text.append(value) += '\n';
  }
  return fold(text);
}

std::vector<prepared_lead> prepare(std::vector<captured_lead> leads) {
  std::vector<prepared_lead> prepared;
  prepared.reserve(leads.size());
  for (auto& lead : leads) {
    prepared_lead made;
    made.identity = identity_of(lead);
    made.identity_hash = hash64(made.identity);
    const bool same_event = !prepared.empty() && prepared.back().lead.event == lead.event;
    made.event_key = same_event ? prepared.back().event_key : fold(lead.event);
    made.document_json = to_json(lead.document);
    made.search = search_text(lead.document);
    made.person_key = person_key_of(lead.document);
    made.company_key = company_key_of(lead.document);
    made.lead = std::move(lead);
    prepared.push_back(std::move(made));
  }
  return prepared;
}

void add_delivery(database& db, std::int64_t integration, std::int64_t lead, std::int64_t event, instant at,
                  std::optional<std::int64_t> operation) {
  db.sql.use(insert_delivery).with(db.next_id("delivery"), integration, lead, event, at, operation).run();
  db.counts.add({integration, event, delivery_state::waiting, category::none, 0, hour_of(at)}, 1);
}

result<import_id> begin_import(database& db, const import_seed& seed) {
  const auto id = db.next_id("import");
  db.sql.use("INSERT INTO import (id, source, event, by_uid, by_name, started_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .with(id, seed.source, seed.event, seed.by.uid, seed.by.name, now())
      .run();
  return import_id{id};
}

result<std::vector<accepted_lead>> add_leads(database& db, import_id import, const std::vector<prepared_lead>& leads) {
  const auto at = now();
  std::vector<accepted_lead> accepted;
  accepted.reserve(leads.size());
  std::int64_t outcomes[3] = {};
  for (const auto& lead : leads) {
    if (lead.event_key.empty()) return make_error(errc::invalid_input, "a lead without event");
    auto added = add_lead(db, lead, at);
    if (!added) return added.error();
    ++outcomes[std::size_t(added->outcome)];
    accepted.push_back(*added);
  }
  if (import) db.sql.use(count_rows).with(import, outcomes[0], outcomes[1], outcomes[2], 0).run();
  return accepted;
}

result<> reject_rows(database& db, import_id import, const std::vector<rejected_row>& rows) {
  for (const auto& row : rows)
    db.sql.use("INSERT INTO rejected_row (import_id, row, reason, raw) VALUES (?1, ?2, ?3, ?4)").with(import, row.row, row.reason, row.raw).run();
  db.sql.use(count_rows).with(import, 0, 0, 0, rows.size()).run();
  return {};
}

result<> finish_import(database& db, import_id import, const std::string& failure) {
  db.sql.use("UPDATE import SET finished_at = ?2, failure = ?3 WHERE id = ?1").with(import, now(), failure).run();
  if (db.sql.changes() == 0) return no_import(import);
  return {};
}

result<lead_record> edit_lead(database& db, lead_id lead, const prepared_lead& edited, std::int64_t expected_revision) {
  auto before = find_lead(db.sql, lead);
  if (!before) return before;
  if (expected_revision != 0 && before->revision != expected_revision)
    return make_error(errc::conflict, "lead " + to_string(lead) + " is at revision " + std::to_string(before->revision) + " by now");
  if (before->document_json == edited.document_json) return before;
  change(db, lead.value, edited, now());
  return find_lead(db.sql, lead);
}

result<import_record> find_import(connection& db, import_id import) {
  auto row = db.use(select_import);
  row.with(import);
  if (!row.step()) return no_import(import);
  return import_of(row);
}

result<std::vector<import_record>> list_imports(connection& db, int limit) {
  std::vector<import_record> imports;
  auto row = db.use(select_imports);
  row.with(limit);
  while (row.step()) imports.push_back(import_of(row));
  return imports;
}

result<std::vector<rejected_row>> rejected_rows(connection& db, import_id import, std::int64_t after_row, int limit) {
  std::vector<rejected_row> rows;
  auto row = db.use("SELECT row, reason, raw FROM rejected_row WHERE import_id = ?1 AND row > ?2 ORDER BY row LIMIT ?3");
  row.with(import, after_row, limit);
  while (row.step()) rows.push_back({row.integer(0), row.text(1), row.text(2)});
  return rows;
}

result<lead_record> find_lead(connection& db, lead_id lead) {
  auto row = db.use(select_lead);
  row.with(lead);
  if (!row.step()) return make_error(errc::not_found, "lead " + to_string(lead));
  return lead_record{.id = {row.integer(0)},
                     .revision = row.integer(1),
                     .external_id = row.text(2),
                     .event = {row.integer(3)},
                     .event_name = row.text(4),
                     .accepted_at = row.time(5),
                     .changed_at = row.time(6),
                     .document_json = row.text(7)};
}

result<std::vector<event_record>> list_events(connection& db) {
  std::vector<event_record> events;
  auto row = db.use("SELECT id, name, leads, first_seen FROM event ORDER BY first_seen DESC, id DESC");
  while (row.step()) events.push_back({{row.integer(0)}, row.text(1), row.integer(2), row.time(3)});
  return events;
}

}  // namespace leadsync
