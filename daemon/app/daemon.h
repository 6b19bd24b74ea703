#pragma once

#include "api/control_api.h"
#include "app/config/config.h"
#include "app/state_folder.h"
#include "runtime/engine.h"
#include "store/store.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace leadsync {

[[nodiscard]] std::string_view version();

/// The program: store, engine and control API on one thread, from start to a graceful stop.
class daemon {
 public:
  explicit daemon(app_settings settings);

  /// Until SIGTERM or SIGINT; a second one ends the process at once. The exit status.
  int run();

 private:
  template <class T = void>
  using awaitable = boost::asio::awaitable<T>;

  result<void> open();
  awaitable<void> live();
  awaitable<result<void>> start();
  awaitable<void> serve();
  awaitable<void> reload();
  awaitable<void> tell_service_manager();
  awaitable<std::string> status_line();
  awaitable<void> stop();
  void watch_signals();

  app_settings settings_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_;
  boost::asio::steady_timer tick_;
  std::optional<state_folder> folder_;
  std::unique_ptr<store> store_;
  std::unique_ptr<engine> engine_;
  std::unique_ptr<api::control_api> api_;
  std::unique_ptr<api::http_server> server_;
  std::chrono::steady_clock::time_point next_status_;
  std::string last_status_;
  bool stop_wanted_ = false;
  bool reload_wanted_ = false;
  int exit_status_ = 0;
};

}  // namespace leadsync
