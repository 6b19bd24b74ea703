#pragma once

#include "plugin/catalog.h"
#include "plugin/crash_book.h"
#include "runtime/commands.h"
#include "runtime/context.h"
#include "runtime/gather.h"
#include "runtime/integration.h"

#include <memory>
#include <string>
#include <vector>

namespace leadsync {

/// All integrations of the process, and what the API may ask of them. On the context's executor only.
class engine final : public commands {
 public:
  /// `data` outlives the engine.
  engine(boost::asio::any_io_executor executor, store& data, engine_settings settings);
  ~engine() override;

  /// Loads plugins, recovers what the last process left open, and begins to sync. Once.
  boost::asio::awaitable<result<>> start();
  /// Claims nothing more, lets what is in flight finish within the grace period; what is left is recovered at the next start.
  boost::asio::awaitable<void> stop();

  [[nodiscard]] std::vector<plugin_listing> plugins() const override;
  [[nodiscard]] std::vector<integration_status> integrations() const override;
  [[nodiscard]] result<integration_status> integration(std::string_view name) const override;

  task<> set_sync_mode(std::string name, sync_mode mode, principal by) override;
  task<check_report> check(std::string name) override;
  task<> reconnect(std::string name, principal by) override;
  task<remote_schema> schema(std::string name) override;
  task<remote_schema> refresh_schema(std::string name) override;
  task<std::vector<std::string>> provision(std::string name, principal by) override;
  task<std::int64_t> save_mapping(std::string name, mapping fields, std::int64_t expected_revision, principal by) override;
  task<preview_report> preview(std::string name, mapping fields, delivery_filter filter) override;
  task<fix_report> fixes(std::string name, category what, std::optional<locus> where) override;
  task<mapping> default_mapping(std::string name) override;
  task<operation_record> start_operation(std::string name, operation_kind kind, delivery_filter filter, principal by) override;
  task<operation_record> cancel_operation(operation_id operation, principal by) override;
  task<operation_record> wait_for_operation(operation_id operation, std::chrono::milliseconds longest_wait) override;
  void leads_changed() override;

 private:
  [[nodiscard]] class integration* find(std::string_view name) const;
  [[nodiscard]] error unknown(std::string_view name) const;
  std::int64_t note_crashes();
  boost::asio::awaitable<result<>> recover(std::int64_t crashed_run);
  boost::asio::awaitable<void> apply_operation(operation_record operation);
  boost::asio::awaitable<void> housekeeping();
  boost::asio::awaitable<void> audit(std::string action, std::string name, principal by, std::string detail_json);
  boost::asio::awaitable<void> stop_integration(class integration* each);

  runtime_context context_;
  crash_book crashes_;
  plugin_catalog catalog_;
  std::vector<std::unique_ptr<class integration>> integrations_;
  bool stopping_ = false;
  wake_up housekeeping_;
  gate work_;
};

}  // namespace leadsync
