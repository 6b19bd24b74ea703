#include "store/integration_store.h"

#include "store/codes.h"

namespace leadsync {
namespace {

constexpr auto select_integration = R"sql(
  SELECT id, name, plugin, mode, breaker, breaker_category, breaker_message, breaker_since,
    (SELECT coalesce(max(revision), 0) FROM mapping_revision WHERE integration_id = integration.id)
  FROM integration WHERE name = ?1)sql";

// The mode of the configuration counts where its text changed; else what a person set since stays.
constexpr auto upsert_integration = R"sql(
  INSERT INTO integration (id, name, plugin, active, events, mode, configured_mode) VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5)
  ON CONFLICT (name) DO UPDATE SET plugin = excluded.plugin, active = 1, events = excluded.events,
    mode = CASE WHEN configured_mode = excluded.configured_mode THEN mode ELSE excluded.mode END,
    configured_mode = excluded.configured_mode)sql";

constexpr auto change_breaker = R"sql(
  UPDATE integration SET breaker_since = CASE WHEN ?2 = 'closed' THEN NULL WHEN breaker = ?2 THEN breaker_since ELSE ?5 END,
    breaker = ?2, breaker_category = ?3, breaker_message = ?4 WHERE id = ?1)sql";

constexpr auto upsert_schema = R"sql(
  INSERT INTO remote_schema (integration_id, schema_json, account_json, fingerprint, fetched_at) VALUES (?1, ?2, ?3, ?4, ?5)
  ON CONFLICT DO UPDATE SET schema_json = excluded.schema_json, account_json = excluded.account_json, fingerprint = excluded.fingerprint,
    fetched_at = excluded.fetched_at)sql";

constexpr auto insert_mapping = R"sql(
  INSERT INTO mapping_revision (integration_id, revision, json, saved_at, by_uid, by_name) VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql";

constexpr auto newest_mapping = R"sql(
  SELECT revision, json, saved_at, by_uid, by_name FROM mapping_revision WHERE integration_id = ?1 ORDER BY revision DESC LIMIT ?2)sql";

constexpr auto one_mapping = R"sql(
  SELECT revision, json, saved_at, by_uid, by_name FROM mapping_revision WHERE integration_id = ?1 AND revision = ?2)sql";

constexpr auto upsert_secret = R"sql(
  INSERT INTO secret (integration_id, name, value, expires_at) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at)sql";

error no_integration(integration_id integration) { return make_error(errc::not_found, "integration " + to_string(integration)); }

integration_record integration_of(const statement& row) {
  return {.id = {row.integer(0)},
          .name = row.text(1),
          .plugin = row.text(2),
          .mode = parse_sync_mode(row.view(3)).value_or(sync_mode::manual),
          .breaker = parse_breaker_state(row.view(4)).value_or(breaker_state::closed),
          .breaker_category = category_of(row.view(5)),
          .breaker_message = row.text(6),
          .breaker_since = row.optional_time(7),
          .mapping_revision = row.integer(8)};
}

mapping_record mapping_of(const statement& row) {
  return {row.integer(0), row.text(1), row.time(2), {row.integer(3), row.text(4)}};
}

}  // namespace

result<std::vector<integration_record>> register_integrations(database& db, const std::vector<integration_seed>& seeds) {
  db.targets.reset();
  db.sql.use("UPDATE integration SET active = 0").run();
  std::vector<integration_record> records;
  for (const auto& seed : seeds) {
    const auto mode = to_text(seed.configured_mode);
    db.sql.use(upsert_integration).with(nullptr, seed.name, seed.plugin, pack_texts(seed.events), mode).run();
    auto row = db.sql.use(select_integration);
    row.with(seed.name);
    if (row.step()) records.push_back(integration_of(row));
  }
  return records;
}

result<> set_sync_mode(database& db, integration_id integration, sync_mode mode) {
  db.sql.use("UPDATE integration SET mode = ?2 WHERE id = ?1").with(integration, to_text(mode)).run();
  if (db.sql.changes() == 0) return no_integration(integration);
  return {};
}

result<> set_breaker(database& db, integration_id integration, breaker_state state, category what, const std::string& message) {
  db.sql.use(change_breaker).with(integration, to_text(state), text_of(what), message, now()).run();
  if (db.sql.changes() == 0) return no_integration(integration);
  return {};
}

result<> save_schema(database& db, integration_id integration, const schema_record& schema) {
  db.sql.use(upsert_schema).with(integration, schema.schema_json, schema.account_json, schema.fingerprint, schema.fetched_at).run();
  return {};
}

result<std::int64_t> save_mapping(database& db, integration_id integration, const std::string& json, std::int64_t expected_revision,
                                  const principal& by) {
  std::int64_t newest = 0;
  {
    auto row = db.sql.use(newest_mapping);
    row.with(integration, 1);
    if (row.step()) newest = row.integer(0);
  }
  if (newest != expected_revision)
    return make_error(errc::conflict, "the mapping is at revision " + std::to_string(newest) + " by now, not " + std::to_string(expected_revision));
  db.sql.use(insert_mapping).with(integration, newest + 1, json, now(), by.uid, by.name).run();
  return newest + 1;
}

result<> save_secrets(database& db, integration_id integration, const std::vector<stored_secret>& secrets) {
  for (const auto& entry : secrets)
    db.sql.use(upsert_secret).with(integration, entry.name, entry.value.reveal(), entry.expires_at).run();
  return {};
}

result<> clear_secrets(database& db, integration_id integration) {
  db.sql.use("DELETE FROM secret WHERE integration_id = ?1").with(integration).run();
  return {};
}

result<> save_usage(database& db, const std::string& account, const std::string& json) {
  db.sql.use("INSERT INTO usage (account, json) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET json = excluded.json").with(account, json).run();
  return {};
}

result<std::optional<schema_record>> load_schema(connection& db, integration_id integration) {
  auto row = db.use("SELECT schema_json, account_json, fingerprint, fetched_at FROM remote_schema WHERE integration_id = ?1");
  row.with(integration);
  std::optional<schema_record> found;
  if (row.step()) found = schema_record{row.text(0), row.text(1), row.text(2), row.time(3)};
  return found;
}

result<std::optional<mapping_record>> load_mapping(connection& db, integration_id integration, std::int64_t revision) {
  auto row = db.use(revision == 0 ? newest_mapping : one_mapping);
  row.with(integration, revision == 0 ? 1 : revision);
  std::optional<mapping_record> found;
  if (row.step()) found = mapping_of(row);
  return found;
}

result<std::vector<mapping_record>> mapping_revisions(connection& db, integration_id integration) {
  std::vector<mapping_record> found;
  auto row = db.use(newest_mapping);
  row.with(integration, 500);
  while (row.step()) found.push_back(mapping_of(row));
  return found;
}

result<std::vector<stored_secret>> load_secrets(connection& db, integration_id integration) {
  std::vector<stored_secret> found;
  auto row = db.use("SELECT name, value, expires_at FROM secret WHERE integration_id = ?1 ORDER BY name");
  row.with(integration);
  while (row.step()) found.push_back({row.text(0), secret(row.text(1)), row.optional_time(2)});
  return found;
}

result<std::string> load_usage(connection& db, const std::string& account) {
  auto row = db.use("SELECT json FROM usage WHERE account = ?1");
  row.with(account);
  return row.step() ? row.text(0) : std::string();
}

}  // namespace leadsync
