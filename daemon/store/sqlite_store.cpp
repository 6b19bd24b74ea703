#include "store/sqlite_store.h"

#include "store/asynchronous.h"
#include "store/audit_store.h"
#include "store/codes.h"
#include "store/integration_store.h"
#include "store/intake_store.h"
#include "store/migrations.h"
#include "store/operation_steps.h"
#include "store/operation_store.h"
#include "store/reconciliation_store.h"
#include "store/retention_store.h"
#include "store/run_store.h"

#include <sys/stat.h>

namespace leadsync {
namespace {

void finish_half_cancelled(database& db) {
  for (const auto operation : half_cancelled(db.sql)) {
    for (bool more = true; more;) {
      db.sql.execute("BEGIN IMMEDIATE");
      const auto moved = finish_cancel(db, operation, deliveries_per_step);
      db.write_counts();
      db.keep_job();
      db.sql.execute("COMMIT");
      more = moved && *moved;
    }
  }
}

std::string load_installation_id(connection& db) {
  auto row = db.use("SELECT value FROM meta WHERE name = 'installation_id'");
  return row.step() ? row.text(0) : std::string();
}

}  // namespace

sqlite_store::sqlite_store(folder_lock lock, std::unique_ptr<database> db, const std::filesystem::path& file, int readers,
                           std::string installation_id)
    : lock_(std::move(lock)), installation_id_(std::move(installation_id)), writer_(std::move(db)), readers_(file, readers) {}

void sqlite_store::stop() {
  readers_.stop();
  writer_.stop();
}

result<std::unique_ptr<store>> open_sqlite_store(store_options options) try {
  std::filesystem::create_directories(options.folder);
  ::chmod(options.folder.c_str(), 0700);
  auto lock = folder_lock::take(options.folder);
  if (!lock) return lock.error();
  const auto file = options.folder / "leadsync.db";
  const auto mask = ::umask(0077);
  auto db = std::make_unique<database>(file);
  ::umask(mask);
  if (auto migrated = migrate(db->sql, file, embedded_migrations()); !migrated) return migrated.error();
  finish_half_cancelled(*db);
  db->identities.load(db->sql);
  auto installation = load_installation_id(db->sql);
  return std::unique_ptr<store>(
      std::make_unique<sqlite_store>(std::move(*lock), std::move(db), file, options.readers, std::move(installation)));
} catch (const sqlite_failure& failure) {
  return with_context(to_error(failure), "opening the database in " + options.folder.string());
} catch (const std::filesystem::filesystem_error& failure) {
  return make_error(errc::io, failure.what());
}

store::task<std::vector<integration_record>> sqlite_store::register_integrations(std::vector<integration_seed> seeds) {
  return write<std::vector<integration_record>>(writer_, [seeds = std::move(seeds)](database& db) {
    return leadsync::register_integrations(db, seeds);
  });
}

store::task<> sqlite_store::set_sync_mode(integration_id integration, sync_mode mode, principal) {
  return write<void>(writer_, [integration, mode](database& db) { return leadsync::set_sync_mode(db, integration, mode); });
}

store::task<> sqlite_store::set_breaker(integration_id integration, breaker_state state, category what, std::string message) {
  return write<void>(writer_, [integration, state, what, message = std::move(message)](database& db) {
    return leadsync::set_breaker(db, integration, state, what, message);
  });
}

store::task<std::optional<schema_record>> sqlite_store::load_schema(integration_id integration) {
  return read<std::optional<schema_record>>(readers_, [integration](connection& db) { return leadsync::load_schema(db, integration); });
}

store::task<> sqlite_store::save_schema(integration_id integration, schema_record schema) {
  return write<void>(writer_, [integration, schema = std::move(schema)](database& db) {
    return leadsync::save_schema(db, integration, schema);
  });
}

store::task<std::optional<mapping_record>> sqlite_store::load_mapping(integration_id integration, std::int64_t revision) {
  return read<std::optional<mapping_record>>(readers_, [integration, revision](connection& db) {
    return leadsync::load_mapping(db, integration, revision);
  });
}

store::task<std::int64_t> sqlite_store::save_mapping(integration_id integration, std::string json, std::int64_t expected_revision,
                                                     principal by) {
  return write<std::int64_t>(writer_, [integration, json = std::move(json), expected_revision, by = std::move(by)](database& db) {
    return leadsync::save_mapping(db, integration, json, expected_revision, by);
  });
}

store::task<std::vector<mapping_record>> sqlite_store::mapping_revisions(integration_id integration) {
  return read<std::vector<mapping_record>>(readers_, [integration](connection& db) {
    return leadsync::mapping_revisions(db, integration);
  });
}

store::task<std::vector<stored_secret>> sqlite_store::load_secrets(integration_id integration) {
  return read<std::vector<stored_secret>>(readers_, [integration](connection& db) { return leadsync::load_secrets(db, integration); });
}

store::task<> sqlite_store::save_secrets(integration_id integration, std::vector<stored_secret> secrets) {
  return write<void>(writer_, [integration, secrets = std::move(secrets)](database& db) {
    return leadsync::save_secrets(db, integration, secrets);
  });
}

store::task<> sqlite_store::clear_secrets(integration_id integration) {
  return write<void>(writer_, [integration](database& db) { return leadsync::clear_secrets(db, integration); });
}

store::task<std::string> sqlite_store::load_usage(std::string account) {
  return read<std::string>(readers_, [account = std::move(account)](connection& db) { return leadsync::load_usage(db, account); });
}

store::task<> sqlite_store::save_usage(std::string account, std::string json) {
  return write<void>(writer_, [account = std::move(account), json = std::move(json)](database& db) {
    return leadsync::save_usage(db, account, json);
  });
}

store::task<import_id> sqlite_store::begin_import(import_seed seed) {
  return write<import_id>(writer_, [seed = std::move(seed)](database& db) { return leadsync::begin_import(db, seed); });
}

store::task<std::vector<accepted_lead>> sqlite_store::add_leads(import_id import, std::vector<captured_lead> leads) {
  return write<std::vector<accepted_lead>>(writer_, [prepared = prepare(std::move(leads)), import](database& db) {
    return leadsync::add_leads(db, import, prepared);
  });
}

store::task<> sqlite_store::reject_rows(import_id import, std::vector<rejected_row> rows) {
  return write<void>(writer_, [import, rows = std::move(rows)](database& db) { return leadsync::reject_rows(db, import, rows); });
}

store::task<> sqlite_store::finish_import(import_id import, std::string failure) {
  return write<void>(writer_, [import, failure = std::move(failure)](database& db) {
    return leadsync::finish_import(db, import, failure);
  });
}

store::task<import_record> sqlite_store::find_import(import_id import) {
  return read<import_record>(readers_, [import](connection& db) { return leadsync::find_import(db, import); });
}

store::task<std::vector<import_record>> sqlite_store::list_imports(int limit) {
  return read<std::vector<import_record>>(readers_, [limit](connection& db) { return leadsync::list_imports(db, limit); });
}

store::task<std::vector<rejected_row>> sqlite_store::rejected_rows(import_id import, std::int64_t after_row, int limit) {
  return read<std::vector<rejected_row>>(readers_, [import, after_row, limit](connection& db) {
    return leadsync::rejected_rows(db, import, after_row, limit);
  });
}

store::task<lead_record> sqlite_store::find_lead(lead_id lead) {
  return read<lead_record>(readers_, [lead](connection& db) { return leadsync::find_lead(db, lead); });
}

store::task<lead_record> sqlite_store::edit_lead(lead_id lead, lead_document document, std::int64_t expected_revision, principal by) {
  std::vector<captured_lead> edited(1);
  edited.front().document = std::move(document);
  return write<lead_record>(writer_, [=, prepared = prepare(std::move(edited))](database& db) -> result<lead_record> {
    auto made = leadsync::edit_lead(db, lead, prepared.front(), expected_revision);
    if (made) note(db, by, "edit_lead", {}, R"({"lead": ")" + to_string(lead) + R"(", "revision": )" + std::to_string(made->revision) + "}");
    return made;
  });
}

store::task<std::vector<event_record>> sqlite_store::list_events() {
  return read<std::vector<event_record>>(readers_, [](connection& db) { return leadsync::list_events(db); });
}

store::task<std::vector<ready_delivery>> sqlite_store::ready(integration_id integration, claim_filter filter, instant due,
                                                             delivery_id after, int limit) {
  return read<std::vector<ready_delivery>>(readers_, [integration, filter, due, after, limit](connection& db) {
    return leadsync::ready(db, integration, filter, due, after, limit);
  });
}

store::task<std::optional<instant>> sqlite_store::next_due(integration_id integration, claim_filter filter, instant after) {
  return read<std::optional<instant>>(readers_, [integration, filter, after](connection& db) {
    return leadsync::next_due(db, integration, filter, after);
  });
}

store::task<opened_run> sqlite_store::open_run(integration_id integration, std::vector<delivery_id> deliveries,
                                               std::int64_t mapping_revision) {
  return write<opened_run>(writer_, [integration, deliveries = std::move(deliveries), mapping_revision](database& db) {
    return leadsync::open_run(db, integration, deliveries, mapping_revision);
  });
}

store::task<> sqlite_store::save_intent(run_id run, std::vector<attempt_outcome> reached, std::vector<company_id> companies) {
  return write<void>(writer_, [run, reached = std::move(reached), companies = std::move(companies)](database& db) {
    return leadsync::save_intent(db, run, reached, companies);
  });
}

store::task<> sqlite_store::save_checkpoint(run_id run, std::string checkpoint, std::vector<attempt_outcome> reached, std::vector<company_id> companies,
                                            std::vector<exchange_record> exchanges) {
  return write<void>(writer_, [run, checkpoint = std::move(checkpoint), reached = std::move(reached), companies = std::move(companies),
                               packed = pack(std::move(exchanges))](database& db) {
    return leadsync::save_checkpoint(db, run, checkpoint, reached, companies, packed);
  });
}

store::task<opened_run> sqlite_store::resume_run(run_id run) {
  return write<opened_run>(writer_, [run](database& db) { return leadsync::resume_run(db, run); });
}

store::task<std::vector<delivery_id>> sqlite_store::close_run(run_id run, std::vector<attempt_outcome> outcomes,
                                                              std::vector<exchange_record> exchanges, std::vector<company_id> companies) {
  return write<std::vector<delivery_id>>(writer_, [run, outcomes = std::move(outcomes), packed = pack(std::move(exchanges)), companies = std::move(companies)](database& db) {
    return leadsync::close_run(db, run, outcomes, packed, companies);
  });
}

store::task<std::vector<ambiguous_company>> sqlite_store::ambiguous_companies(integration_id integration) {
  return read<std::vector<ambiguous_company>>(readers_, [integration](connection& db) { return leadsync::ambiguous_companies(db, integration); });
}

store::task<std::vector<interrupted_run>> sqlite_store::interrupted_runs() {
  return read<std::vector<interrupted_run>>(readers_, [](connection& db) { return leadsync::interrupted_runs(db); });
}

store::task<> sqlite_store::recover_run(run_id run, instant not_before, bool crashed_in_plugin) {
  return write<void>(writer_, [run, not_before, crashed_in_plugin](database& db) {
    return leadsync::recover_run(db, run, not_before, crashed_in_plugin);
  });
}

store::task<summary_record> sqlite_store::summary(integration_id integration, delivery_filter filter) {
  return read<summary_record>(readers_, [integration, filter = std::move(filter)](connection& db) {
    return leadsync::summary(db, integration, filter);
  });
}

store::task<std::vector<locus_count>> sqlite_store::groups(integration_id integration, delivery_filter filter) {
  return read<std::vector<locus_count>>(readers_, [integration, filter = std::move(filter)](connection& db) {
    return leadsync::groups(db, integration, filter);
  });
}

store::task<std::vector<day_count>> sqlite_store::failures_by_day(integration_id integration) {
  return read<std::vector<day_count>>(readers_, [integration](connection& db) { return leadsync::failures_by_day(db, integration); });
}

store::task<delivery_page> sqlite_store::deliveries(integration_id integration, delivery_filter filter, std::string cursor, int limit) {
  return read<delivery_page>(readers_, [integration, filter = std::move(filter), cursor = std::move(cursor), limit](connection& db) {
    return leadsync::deliveries(db, integration, filter, cursor, limit);
  });
}

store::task<delivery_detail> sqlite_store::delivery(integration_id integration, lead_id lead) {
  return read<delivery_detail>(readers_, [integration, lead](connection& db) { return leadsync::delivery(db, integration, lead); });
}

store::task<std::vector<exchange_record>> sqlite_store::exchanges(run_id run) {
  return read<std::vector<exchange_record>>(readers_, [run](connection& db) { return leadsync::exchanges(db, run); });
}

store::task<std::vector<document_row>> sqlite_store::documents(integration_id integration, delivery_filter filter, delivery_id after,
                                                               int limit) {
  return read<std::vector<document_row>>(readers_, [integration, filter = std::move(filter), after, limit](connection& db) {
    return leadsync::documents(db, integration, filter, after, limit);
  });
}

store::task<std::int64_t> sqlite_store::count(integration_id integration, delivery_filter filter) {
  return read<std::int64_t>(readers_, [integration, filter = std::move(filter)](connection& db) {
    return leadsync::count(db, integration, filter);
  });
}

store::task<std::vector<std::string>> sqlite_store::verify_counts() {
  return read<std::vector<std::string>>(readers_, [](connection& db) { return result<std::vector<std::string>>(count_differences(db)); });
}

store::task<operation_record> sqlite_store::create_operation(operation_seed seed) {
  return leadsync::create_operation(writer_, readers_, std::move(seed));
}

store::task<operation_record> sqlite_store::advance_operation(operation_id operation, int limit) {
  return write<operation_record>(writer_, [operation, limit](database& db) { return leadsync::advance_operation(db, operation, limit); });
}

store::task<std::vector<operation_record>> sqlite_store::unfinished_operations() {
  return read<std::vector<operation_record>>(readers_, [](connection& db) { return leadsync::unfinished_operations(db); });
}

store::task<operation_record> sqlite_store::find_operation(operation_id operation) {
  return read<operation_record>(readers_, [operation](connection& db) { return leadsync::find_operation(db, operation); });
}

store::task<operation_record> sqlite_store::cancel_operation(operation_id operation, principal) {
  return leadsync::cancel_operation(writer_, readers_, operation);
}

store::task<std::int64_t> sqlite_store::dismiss(integration_id integration, delivery_filter filter, std::string note, principal by) {
  return change_dismissals(writer_, integration, std::move(filter), dismissal::dismiss, std::move(note), std::move(by));
}

store::task<std::int64_t> sqlite_store::undismiss(integration_id integration, delivery_filter filter, principal by) {
  return change_dismissals(writer_, integration, std::move(filter), dismissal::undismiss, {}, std::move(by));
}

store::task<> sqlite_store::add_audit(audit_record record) {
  return write<void>(writer_, [record = std::move(record)](database& db) { return leadsync::add_audit(db, record); });
}

store::task<std::vector<audit_record>> sqlite_store::list_audit(std::int64_t before, int limit) {
  return read<std::vector<audit_record>>(readers_, [before, limit](connection& db) { return leadsync::list_audit(db, before, limit); });
}

store::task<std::optional<std::string>> sqlite_store::find_answer(std::string key, std::string request_hash) {
  return read<std::optional<std::string>>(readers_, [key = std::move(key), request_hash = std::move(request_hash)](connection& db) {
    return leadsync::find_answer(db, key, request_hash);
  });
}

store::task<> sqlite_store::save_answer(std::string key, std::string request_hash, std::string answer) {
  return write<void>(writer_, [key = std::move(key), request_hash = std::move(request_hash), answer = std::move(answer)](database& db) {
    return leadsync::save_answer(db, key, request_hash, answer);
  });
}

store::task<bool> sqlite_store::prune(instant bodies_before, instant attempts_before) {
  return write<bool>(writer_, [bodies_before, attempts_before](database& db) {
    return leadsync::prune(db, bodies_before, attempts_before);
  });
}

}  // namespace leadsync
