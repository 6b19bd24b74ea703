#pragma once

#include "store/folder_lock.h"
#include "store/reader_pool.h"
#include "store/store.h"
#include "store/writer.h"

namespace leadsync {

/// Hands each operation to the writer or to a reader. What can be worked out before is worked out on the caller's thread.
class sqlite_store final : public store {
 public:
  sqlite_store(folder_lock lock, std::unique_ptr<database> db, const std::filesystem::path& file, int readers, std::string installation_id);
  ~sqlite_store() override { sqlite_store::stop(); }

  const std::string& installation_id() const override { return installation_id_; }
  void stop() override;

  task<std::vector<integration_record>> register_integrations(std::vector<integration_seed> seeds) override;
  task<> set_sync_mode(integration_id integration, sync_mode mode, principal by) override;
  task<> set_breaker(integration_id integration, breaker_state state, category what, std::string message) override;
  task<std::optional<schema_record>> load_schema(integration_id integration) override;
  task<> save_schema(integration_id integration, schema_record schema) override;
  task<std::optional<mapping_record>> load_mapping(integration_id integration, std::int64_t revision) override;
  task<std::int64_t> save_mapping(integration_id integration, std::string json, std::int64_t expected_revision, principal by) override;
  task<std::vector<mapping_record>> mapping_revisions(integration_id integration) override;
  task<std::vector<stored_secret>> load_secrets(integration_id integration) override;
  task<> save_secrets(integration_id integration, std::vector<stored_secret> secrets) override;
  task<> clear_secrets(integration_id integration) override;
  task<std::string> load_usage(std::string account) override;
  task<> save_usage(std::string account, std::string json) override;

  task<import_id> begin_import(import_seed seed) override;
  task<std::vector<accepted_lead>> add_leads(import_id import, std::vector<captured_lead> leads) override;
  task<> reject_rows(import_id import, std::vector<rejected_row> rows) override;
  task<> finish_import(import_id import, std::string failure) override;
  task<import_record> find_import(import_id import) override;
  task<std::vector<import_record>> list_imports(int limit) override;
  task<std::vector<rejected_row>> rejected_rows(import_id import, std::int64_t after_row, int limit) override;
  task<lead_record> find_lead(lead_id lead) override;
  task<lead_record> edit_lead(lead_id lead, lead_document document, std::int64_t expected_revision, principal by) override;
  task<std::vector<event_record>> list_events() override;

  task<std::vector<ready_delivery>> ready(integration_id integration, claim_filter filter, instant due, delivery_id after, int limit) override;
  task<std::optional<instant>> next_due(integration_id integration, claim_filter filter, instant after) override;
  task<opened_run> open_run(integration_id integration, std::vector<delivery_id> deliveries, std::int64_t mapping_revision) override;
  task<> save_intent(run_id run, std::vector<attempt_outcome> reached, std::vector<company_id> companies) override;
  task<> save_checkpoint(run_id run, std::string checkpoint, std::vector<attempt_outcome> reached, std::vector<company_id> companies,
                         std::vector<exchange_record> exchanges) override;
  task<opened_run> resume_run(run_id run) override;
  task<std::vector<delivery_id>> close_run(run_id run, std::vector<attempt_outcome> outcomes, std::vector<exchange_record> exchanges,
                                           std::vector<company_id> companies) override;
  task<std::vector<interrupted_run>> interrupted_runs() override;
  task<std::vector<ambiguous_company>> ambiguous_companies(integration_id integration) override;
  task<> recover_run(run_id run, instant not_before, bool crashed_in_plugin) override;

  task<summary_record> summary(integration_id integration, delivery_filter filter) override;
  task<std::vector<locus_count>> groups(integration_id integration, delivery_filter filter) override;
  task<std::vector<day_count>> failures_by_day(integration_id integration) override;
  task<delivery_page> deliveries(integration_id integration, delivery_filter filter, std::string cursor, int limit) override;
  task<delivery_detail> delivery(integration_id integration, lead_id lead) override;
  task<std::vector<exchange_record>> exchanges(run_id run) override;
  task<std::vector<document_row>> documents(integration_id integration, delivery_filter filter, delivery_id after, int limit) override;
  task<std::int64_t> count(integration_id integration, delivery_filter filter) override;
  task<std::vector<std::string>> verify_counts() override;

  task<operation_record> create_operation(operation_seed seed) override;
  task<operation_record> advance_operation(operation_id operation, int limit) override;
  task<std::vector<operation_record>> unfinished_operations() override;
  task<operation_record> find_operation(operation_id operation) override;
  task<operation_record> cancel_operation(operation_id operation, principal by) override;
  task<std::int64_t> dismiss(integration_id integration, delivery_filter filter, std::string note, principal by) override;
  task<std::int64_t> undismiss(integration_id integration, delivery_filter filter, principal by) override;

  task<> add_audit(audit_record record) override;
  task<std::vector<audit_record>> list_audit(std::int64_t before, int limit) override;
  task<std::optional<std::string>> find_answer(std::string key, std::string request_hash) override;
  task<> save_answer(std::string key, std::string request_hash, std::string answer) override;

  task<bool> prune(instant bodies_before, instant attempts_before) override;

 private:
  folder_lock lock_;
  std::string installation_id_;
  writer writer_;
  reader_pool readers_;
};

}  // namespace leadsync
