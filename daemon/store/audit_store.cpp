#include "store/audit_store.h"

namespace leadsync {
namespace {

constexpr auto answers_live = std::chrono::hours(24);

constexpr auto insert_audit = R"sql(
  INSERT INTO audit (at, by_uid, by_name, action, integration, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6))sql";

constexpr auto insert_note = R"sql(
  INSERT INTO audit (at, by_uid, by_name, action, integration, detail)
  VALUES (?1, ?2, ?3, ?4, coalesce((SELECT name FROM integration WHERE id = ?5), ''), ?6))sql";

constexpr auto select_audit = R"sql(
  SELECT id, at, by_uid, by_name, action, integration, detail FROM audit WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC LIMIT ?2)sql";

constexpr auto upsert_answer = R"sql(
  INSERT INTO answer (key, request_hash, answer, saved_at) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT DO UPDATE SET request_hash = excluded.request_hash, answer = excluded.answer, saved_at = excluded.saved_at)sql";

constexpr auto drop_old_answers = R"sql(
  DELETE FROM answer WHERE key IN (SELECT key FROM answer INDEXED BY answer_by_age WHERE saved_at < ?1 ORDER BY saved_at LIMIT 20))sql";

}  // namespace

result<> add_audit(database& db, const audit_record& record) {
  const auto at = record.at == instant() ? now() : record.at;
  db.sql.use(insert_audit).with(at, record.by.uid, record.by.name, record.action, record.integration, record.detail_json).run();
  return {};
}

void note(database& db, const principal& by, std::string_view action, integration_id integration, std::string_view detail_json) {
  db.sql.use(insert_note).with(now(), by.uid, by.name, action, integration, detail_json).run();
}

result<std::vector<audit_record>> list_audit(connection& db, std::int64_t before, int limit) {
  std::vector<audit_record> found;
  auto row = db.use(select_audit);
  row.with(before, limit);
  while (row.step())
    found.push_back({row.integer(0), row.time(1), {row.integer(2), row.text(3)}, row.text(4), row.text(5), row.text(6)});
  return found;
}

result<std::optional<std::string>> find_answer(connection& db, const std::string& key, const std::string& request_hash) {
  auto row = db.use("SELECT request_hash, answer FROM answer WHERE key = ?1 AND saved_at >= ?2");
  row.with(key, now() - answers_live);
  std::optional<std::string> found;
  if (!row.step()) return found;
  if (row.view(0) != request_hash) return make_error(errc::conflict, "idempotency key \"" + key + "\" was used for another request");
  found = row.text(1);
  return found;
}

result<> save_answer(database& db, const std::string& key, const std::string& request_hash, const std::string& answer) {
  db.sql.use(upsert_answer).with(key, request_hash, answer, now()).run();
  db.sql.use(drop_old_answers).with(now() - answers_live).run();
  return {};
}

}  // namespace leadsync
