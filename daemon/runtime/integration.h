#pragma once

#include "plugin/library.h"
#include "runtime/commands.h"
#include "runtime/context.h"
#include "runtime/gather.h"
#include "runtime/job_runner.h"
#include "runtime/sync_job.h"
#include "runtime/sync_outcomes.h"
#include "sync/batch.h"
#include "sync/breaker.h"
#include "sync/hold.h"
#include "transport/account_transport.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace leadsync {

/// One configured connection to one CRM account: its queue, mapping, schema, breaker and transport. On the context's executor only.
/// Its member functions are in four files: integration.cpp (life, state, commands), preparing.cpp (check, describe, provision),
/// claiming.cpp (what is claimed when), syncing.cpp (one batch).
class integration {
 public:
  integration(runtime_context& context, integration_settings settings, integration_record record,
              result<std::shared_ptr<const plugin_library>> plugin);
  integration(const integration&) = delete;
  integration& operator=(const integration&) = delete;

  /// Reads back what is stored; then the loops run until `stop`.
  boost::asio::awaitable<result<>> restore();
  /// After what the last process left open was recovered.
  boost::asio::awaitable<result<>> hold_ambiguous_companies();
  /// Takes over a run that the last process left open, where its plugin left a checkpoint to go on from; it goes on when started, and
  /// where a blind write may be under way no earlier than `settled_at`. False where it cannot: then it is to be recovered.
  boost::asio::awaitable<result<bool>> adopt_run(interrupted_run left, instant settled_at);
  void start();
  /// No new claim, no new request; completes when nothing is in flight.
  boost::asio::awaitable<void> stop();

  [[nodiscard]] integration_status status() const;
  [[nodiscard]] const std::string& name() const { return settings_.name; }
  [[nodiscard]] integration_id id() const { return record_.id; }
  [[nodiscard]] const plugin_library* plugin() const { return plugin_.get(); }
  [[nodiscard]] std::shared_ptr<const rendering> current_rendering() const { return rendering_; }
  [[nodiscard]] std::shared_ptr<const remote_schema> current_schema() const { return schema_; }

  void leads_changed();
  boost::asio::awaitable<result<>> set_mode(sync_mode mode, principal by);
  boost::asio::awaitable<result<check_report>> check();
  boost::asio::awaitable<result<>> reconnect(integration_settings reread, principal by);
  boost::asio::awaitable<result<>> refresh_schema();
  boost::asio::awaitable<result<std::vector<std::string>>> provision();
  boost::asio::awaitable<result<std::int64_t>> save_mapping(mapping fields, std::int64_t expected_revision, principal by);

 private:
  struct simple_job {
    std::string result_json;
    std::optional<job_failure> failure;
  };
  struct batch_run;

  // integration.cpp
  [[nodiscard]] account_options make_account_options() const;
  void make_account();
  [[nodiscard]] remote_account known_account() const;
  boost::asio::awaitable<result<authorization_result>> authorize();
  [[nodiscard]] job_frame frame() const;
  [[nodiscard]] hold_view view(instant now) const;
  /// Why no job can run; empty where one can.
  [[nodiscard]] std::string problem() const;
  void report(connection_report run);
  boost::asio::awaitable<void> store_breaker();
  void log_failure(std::string_view what, const error& why) const;

  // preparing.cpp
  boost::asio::awaitable<void> upkeep_loop();
  boost::asio::awaitable<simple_job> run_simple_job(std::string kind, std::string members, bool authorizing);
  boost::asio::awaitable<result<>> refresh_schema_once();
  boost::asio::awaitable<result<>> refresh_account();
  void adopt_account(std::string_view check_result);
  boost::asio::awaitable<result<>> adopt_schema(remote_schema schema);
  boost::asio::awaitable<result<>> use_mapping();
  [[nodiscard]] error failed_job(std::string_view kind, const job_failure& failure);

  // claiming.cpp
  boost::asio::awaitable<void> claim_loop();
  boost::asio::awaitable<bool> start_batches(admission gate);
  boost::asio::awaitable<result<>> fill_window(admission gate);
  [[nodiscard]] bool admits_window() const;
  boost::asio::awaitable<instant> next_wake(admission gate);
  void let_go_of_companies(instant now);
  void take_off(const std::vector<candidate>& batch);
  void put_back(const std::vector<candidate>& batch);

  // syncing.cpp
  boost::asio::awaitable<void> run_batch(std::vector<candidate> batch, bool probe);
  boost::asio::awaitable<void> resume(std::shared_ptr<batch_run> run);
  void end_batch(const std::vector<candidate>& batch);
  boost::asio::awaitable<void> carry_out(std::shared_ptr<batch_run> run);
  boost::asio::awaitable<result<>> before_step(std::shared_ptr<batch_run> run, std::shared_ptr<const plugin_step> step);
  boost::asio::awaitable<bool> wait_in(std::shared_ptr<batch_run> run, std::chrono::milliseconds duration);
  boost::asio::awaitable<result<>> keep_checkpoint(std::shared_ptr<batch_run> run);
  boost::asio::awaitable<void> send_job(std::shared_ptr<batch_run> run);
  boost::asio::awaitable<void> close(std::shared_ptr<batch_run> run);
  boost::asio::awaitable<prepared_batch> prepare(std::shared_ptr<batch_run> run);
  [[nodiscard]] run_view view_of(const batch_run& run);
  void remember(const batch_run& run, const run_outcome& outcome);

  runtime_context& context_;
  integration_settings settings_;
  integration_record record_;
  std::shared_ptr<const plugin_library> plugin_;
  std::string problem_;  ///< of settings or secrets; see also `problem`
  std::unique_ptr<account_transport> account_;
  std::vector<token_value> stored_tokens_;
  std::string stored_usage_;

  breaker breaker_;
  bool probing_ = false;
  std::string account_json_;
  bool account_checked_ = false;  ///< that these credentials are of this account
  std::shared_ptr<const remote_schema> schema_;
  std::optional<instant> schema_fetched_at_;
  std::optional<mapping> mapping_;
  std::shared_ptr<const rendering> rendering_;
  bool provisioned_ = false;
  bool refreshing_ = false;
  result<> last_refresh_;
  int failed_refreshes_ = 0;
  instant next_refresh_{};

  std::deque<candidate> window_;
  bool window_stale_ = true;  ///< there may be more in the store than the window holds
  bool window_has_waiting_ = false;  ///< and not only released ones
  instant filled_at_{};
  in_flight busy_;
  std::unordered_set<delivery_id> taken_;
  /// Companies that a write without an answer may have made: nobody else may make them before that can be looked up.
  std::unordered_map<std::string, instant> held_companies_;
  int batches_ = 0;
  std::vector<std::shared_ptr<batch_run>> adopted_;
  std::chrono::steady_clock::time_point last_partial_{};
  std::optional<instant> tick_;
  instant last_tick_{};
  std::unordered_map<delivery_id, instant> failing_since_;
  instant last_success_{};

  bool stopping_ = false;
  wake_up claims_;
  wake_up upkeep_;
  wake_up refreshed_;
  breakable_pauses pauses_;
  gate work_;
};

}  // namespace leadsync
