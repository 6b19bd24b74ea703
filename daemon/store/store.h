#pragma once

#include "base/error.h"
#include "store/records.h"

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace leadsync {

/// What must survive. Every operation is one commit, shared with whatever else queued meanwhile; it completes when it is durable, on the
/// caller's executor, which must outlive the store. Reads see everything whose write has completed.
class store {
 public:
  template <class T = void>
  using task = boost::asio::awaitable<result<T>>;

  virtual ~store() = default;

  /// Random, made with the database: part of every key that is written into a CRM.
  [[nodiscard]] virtual const std::string& installation_id() const = 0;

  /// Waits for what is queued, checkpoints and closes. Nothing may be called afterwards.
  virtual void stop() = 0;

  // -- integrations

  /// Makes the stored integrations those of the configuration; others are kept, inactive. In the order given.
  virtual task<std::vector<integration_record>> register_integrations(std::vector<integration_seed> seeds) = 0;
  virtual task<> set_sync_mode(integration_id integration, sync_mode mode, principal by) = 0;
  virtual task<> set_breaker(integration_id integration, breaker_state state, category what, std::string message) = 0;
  virtual task<std::optional<schema_record>> load_schema(integration_id integration) = 0;
  virtual task<> save_schema(integration_id integration, schema_record schema) = 0;
  virtual task<std::optional<mapping_record>> load_mapping(integration_id integration, std::int64_t revision /* 0: newest */) = 0;
  /// errc::conflict where `expected_revision` is not the newest. The new revision.
  virtual task<std::int64_t> save_mapping(integration_id integration, std::string json, std::int64_t expected_revision, principal by) = 0;
  virtual task<std::vector<mapping_record>> mapping_revisions(integration_id integration) = 0;  ///< newest first, at most 500
  virtual task<std::vector<stored_secret>> load_secrets(integration_id integration) = 0;
  virtual task<> save_secrets(integration_id integration, std::vector<stored_secret> secrets) = 0;
  virtual task<> clear_secrets(integration_id integration) = 0;
  virtual task<std::string> load_usage(std::string account) = 0;  ///< opaque JSON, empty where none
  virtual task<> save_usage(std::string account, std::string json) = 0;

  // -- intake

  virtual task<import_id> begin_import(import_seed seed) = 0;
  /// Accepts, merges into known identities, and owes each to every active integration that admits its event. In the order given.
  /// `import` may be 0.
  virtual task<std::vector<accepted_lead>> add_leads(import_id import, std::vector<captured_lead> leads) = 0;
  virtual task<> reject_rows(import_id import, std::vector<rejected_row> rows) = 0;
  virtual task<> finish_import(import_id import, std::string failure) = 0;
  virtual task<import_record> find_import(import_id import) = 0;
  virtual task<std::vector<import_record>> list_imports(int limit) = 0;  ///< newest first
  virtual task<std::vector<rejected_row>> rejected_rows(import_id import, std::int64_t after_row, int limit) = 0;
  virtual task<lead_record> find_lead(lead_id lead) = 0;
  /// Replaces the document (a new revision) and queues its deliveries again where their failure was about data, or they were cleared.
  virtual task<lead_record> edit_lead(lead_id lead, lead_document document, std::int64_t expected_revision /* 0: any */, principal by) = 0;
  virtual task<std::vector<event_record>> list_events() = 0;

  // -- runs

  /// Due deliveries that are in no open run and none of `taken`, released and new before retried, oldest first.
  virtual task<std::vector<ready_delivery>> ready(integration_id integration, claim_filter filter, instant due, delivery_id after, int limit) = 0;
  /// When the next delivery becomes due after `after`; nothing where none waits.
  virtual task<std::optional<instant>> next_due(integration_id integration, claim_filter filter, instant after) = 0;
  /// Commits the run before anything is sent.
  virtual task<opened_run> open_run(integration_id integration, std::vector<delivery_id> deliveries, std::int64_t mapping_revision) = 0;
  /// Before a blind write leaves: that it will, and every outcome reached so far (remote ids and phases done of deliveries and companies).
  virtual task<> save_intent(run_id run, std::vector<attempt_outcome> reached, std::vector<company_id> companies) = 0;
  /// With what was reached so far, as `save_intent`, and the exchanges that are not yet on record: such a run may be resumed.
  virtual task<> save_checkpoint(run_id run, std::string checkpoint, std::vector<attempt_outcome> reached, std::vector<company_id> companies,
                                 std::vector<exchange_record> exchanges) = 0;
  /// A run that the last process left open, as it stands now. After a blind write's intent its deliveries are ambiguous.
  virtual task<opened_run> resume_run(run_id run) = 0;
  /// Attempts, phases, exchanges, states, remote ids and counts in one commit. Deliveries queued again because their lead changed while
  /// they synced.
  virtual task<std::vector<delivery_id>> close_run(run_id run, std::vector<attempt_outcome> outcomes, std::vector<exchange_record> exchanges,
                                                   std::vector<company_id> companies) = 0;
  virtual task<std::vector<interrupted_run>> interrupted_runs() = 0;
  virtual task<std::vector<ambiguous_company>> ambiguous_companies(integration_id integration) = 0;
  /// Closes a run that a crash left open: its deliveries go back to waiting, ambiguous where a blind write was announced (not to be
  /// looked up before `not_before`), alone where the crash came inside the plugin. Two such crashes fail a delivery with PLUGIN_FAULT.
  virtual task<> recover_run(run_id run, instant not_before, bool crashed_in_plugin) = 0;

  // -- reconciliation

  /// Only event, since and until of the filter count; costs the number of groups, not of leads.
  virtual task<summary_record> summary(integration_id integration, delivery_filter filter) = 0;
  virtual task<std::vector<locus_count>> groups(integration_id integration, delivery_filter filter) = 0;
  virtual task<std::vector<day_count>> failures_by_day(integration_id integration) = 0;
  virtual task<delivery_page> deliveries(integration_id integration, delivery_filter filter, std::string cursor, int limit) = 0;
  virtual task<delivery_detail> delivery(integration_id integration, lead_id lead) = 0;
  virtual task<std::vector<exchange_record>> exchanges(run_id run) = 0;
  /// Failed, cleared and waiting ones of the filter by delivery id, for previews.
  virtual task<std::vector<document_row>> documents(integration_id integration, delivery_filter filter, delivery_id after, int limit) = 0;
  virtual task<std::int64_t> count(integration_id integration, delivery_filter filter) = 0;
  /// Recounts from the deliveries; lines that say what differs, none where all agree.
  virtual task<std::vector<std::string>> verify_counts() = 0;

  // -- operations

  virtual task<operation_record> create_operation(operation_seed seed) = 0;
  /// Applies up to `limit` more deliveries of an operation in state "applying". The operation after it.
  virtual task<operation_record> advance_operation(operation_id operation, int limit) = 0;
  virtual task<std::vector<operation_record>> unfinished_operations() = 0;
  virtual task<operation_record> find_operation(operation_id operation) = 0;
  /// What is unclaimed goes back to Failed with its category and no attempt.
  virtual task<operation_record> cancel_operation(operation_id operation, principal by) = 0;
  /// How many it changed.
  virtual task<std::int64_t> dismiss(integration_id integration, delivery_filter filter, std::string note, principal by) = 0;
  virtual task<std::int64_t> undismiss(integration_id integration, delivery_filter filter, principal by) = 0;

  // -- audit and idempotency

  virtual task<> add_audit(audit_record record) = 0;
  virtual task<std::vector<audit_record>> list_audit(std::int64_t before, int limit) = 0;
  /// What was answered to this key within a day; nothing where it is new. errc::conflict where the same key came with another request.
  virtual task<std::optional<std::string>> find_answer(std::string key, std::string request_hash) = 0;
  virtual task<> save_answer(std::string key, std::string request_hash, std::string answer) = 0;

  /// Removes bodies and attempts older than their retention, in small batches; true where more is left.
  virtual task<bool> prune(instant bodies_before, instant attempts_before) = 0;
};

struct store_options {
  std::filesystem::path folder;  ///< made with mode 0700; holds leadsync.db
  int readers = 2;
};

/// Opens or makes the database, migrates it forward, refuses one of a newer version. A failed fsync ends the process.
[[nodiscard]] result<std::unique_ptr<store>> open_sqlite_store(store_options options);

}  // namespace leadsync
