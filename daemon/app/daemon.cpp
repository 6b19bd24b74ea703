#include "app/daemon.h"

#include "app/config/integration_config.h"
#include "app/log.h"
#include "app/service_manager.h"
#include "base/text.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <csignal>

namespace leadsync {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// For a reconnect: the file as it is now. What else changed in it counts from the next start on.
integration_settings reread_secrets(const integration_settings& known) {
  auto fresh = load_integration(known.file);
  auto settings = known;
  if (fresh) {
    settings.credential_kind = fresh->credential_kind;
    settings.secrets = std::move(fresh->secrets);
    settings.secrets_problem = std::move(fresh->secrets_problem);
  } else {
    settings.secrets_problem = fresh.error().context;
  }
  return settings;
}

void log_lines(std::string_view text) {
  for (const auto line : split(text, '\n')) spdlog::error("{}", line);
}

}  // namespace

std::string_view version() { return LEADSYNC_VERSION; }

daemon::daemon(app_settings settings)
    : settings_(std::move(settings)), signals_(context_, SIGTERM, SIGINT, SIGHUP), tick_(context_) {
  settings_.engine.version = version();
  settings_.engine.reread_secrets = reread_secrets;
}

int daemon::run() {
  std::signal(SIGPIPE, SIG_IGN);
  service_manager::notify_starting("opening the store");
  if (auto opened = open(); !opened) {
    log_lines(opened.error().context);
    service_manager::notify_status("failed: " + opened.error().context);
    return 1;
  }
  asio::co_spawn(context_, live(), [this](std::exception_ptr failure) {
    context_.stop();
    if (!failure) return;
    exit_status_ = 1;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& what) {
      spdlog::critical("ended by an unexpected failure: {}", what.what());
    }
  });
  context_.run();
  return exit_status_;
}

result<void> daemon::open() {
  auto folder = state_folder::open(settings_.engine.state_folder);
  if (!folder) return folder.error();
  folder_.emplace(std::move(*folder));
  auto opened = open_sqlite_store({.folder = settings_.engine.state_folder});
  if (!opened) return with_context(opened.error(), "store");
  store_ = std::move(*opened);
  return {};
}

asio::awaitable<void> daemon::live() {
  watch_signals();
  auto started = co_await start();
  if (started) {
    co_await serve();
  } else {
    log_lines(started.error().context);
    service_manager::notify_status("failed: " + started.error().context);
    exit_status_ = 1;
  }
  co_await stop();
}

asio::awaitable<result<void>> daemon::start() {
  for (const auto& problem : secret_problems(settings_)) spdlog::error("{}", problem);
  engine_ = std::make_unique<engine>(context_.get_executor(), *store_, settings_.engine);
  auto started = co_await engine_->start();
  if (!started) co_return with_context(started.error(), "engine");

  api_ = std::make_unique<api::control_api>(*store_, *engine_, std::string(version()));
  server_ = std::make_unique<api::http_server>(context_.get_executor(), *api_, api::http_server_options{});
  const auto passed = service_manager::passed_socket();
  if (!passed) co_return with_context(passed.error(), "socket activation");
  if (*passed) {
    auto listening = server_->listen(**passed);
    if (!listening) co_return with_context(listening.error(), "control socket");
  } else {
    std::error_code failure;
    std::filesystem::create_directories(settings_.socket.parent_path(), failure);
    auto listening = server_->listen(settings_.socket);
    if (!listening) co_return with_context(listening.error(), "control socket " + settings_.socket.string());
  }
  const auto status = co_await status_line();
  spdlog::info("ready version={} socket={} integrations={}", version(), *passed ? "passed" : settings_.socket.string(),
               settings_.engine.integrations.size());
  service_manager::notify_ready(status);
  co_return result<void>();
}

void daemon::watch_signals() {
  signals_.async_wait([this](boost::system::error_code failure, int number) {
    if (failure) return;
    (number == SIGHUP ? reload_wanted_ : stop_wanted_) = true;
    tick_.cancel();
    if (stop_wanted_) {
      // A second one must end the process even where the stop hangs.
      boost::system::error_code ignored;
      signals_.clear(ignored);
    } else {
      watch_signals();
    }
  });
}

asio::awaitable<void> daemon::serve() {
  const auto watchdog = service_manager::watchdog_interval();
  const std::chrono::microseconds period = watchdog ? std::min<std::chrono::microseconds>(*watchdog / 3, 1s) : 1s;
  while (!stop_wanted_) {
    if (std::exchange(reload_wanted_, false)) co_await reload();
    co_await tell_service_manager();
    if (stop_wanted_ || reload_wanted_) continue;
    tick_.expires_after(period);
    co_await tick_.async_wait(as_result);
  }
}

/// The ping goes through this executor and through the store, so that it stops where either hangs.
asio::awaitable<void> daemon::tell_service_manager() {
  const auto alive = co_await store_->load_usage("leadsyncd");
  if (!alive) {
    spdlog::error("the store does not answer: {}", alive.error().context);
    co_return;
  }
  // Nothing is sent that nobody waits for: a full notification socket blocks.
  if (service_manager::watchdog_interval()) service_manager::ping_watchdog();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_status_) co_return;
  next_status_ = now + 10s;
  auto line = co_await status_line();
  if (line == last_status_) co_return;
  service_manager::notify_status(line);
  last_status_ = std::move(line);
}

asio::awaitable<std::string> daemon::status_line() {
  std::int64_t cleared = 0, failed = 0, waiting = 0;
  std::string held;
  const auto integrations = engine_->integrations();
  for (const auto& integration : integrations) {
    delivery_filter all;
    const auto summary = co_await store_->summary(integration.id, std::move(all));
    if (!summary) continue;
    for (const auto& count : summary->states) {
      if (count.state == delivery_state::cleared) cleared += count.count;
      if (count.state == delivery_state::failed) failed += count.count;
      if (count.state == delivery_state::waiting || count.state == delivery_state::released) waiting += count.count;
    }
    if (!integration.problem.empty()) held += "; " + integration.name + ": " + integration.problem;
    else if (integration.breaker != breaker_state::closed) held += "; " + integration.name + " held: " + std::string(to_text(integration.breaker));
  }
  co_return std::to_string(cleared) + " cleared, " + std::to_string(failed) + " failed, " + std::to_string(waiting) + " waiting" + held;
}

/// Log level and secrets count at once; a file that is wrong changes nothing.
asio::awaitable<void> daemon::reload() {
  service_manager::notify_reloading();
  const auto fresh = load_config(settings_.file);
  if (!fresh) {
    log_lines(fresh.error().context);
    spdlog::error("reload failed; the earlier configuration stays");
    service_manager::notify_ready("reload failed: " + fresh.error().context);
    next_status_ = std::chrono::steady_clock::now() + 60s;
    co_return;
  }
  settings_.log_level = fresh->log_level;
  set_log_level(settings_.log_level);
  std::size_t known = 0;
  for (auto& integration : settings_.engine.integrations) {
    for (const auto& now : fresh->engine.integrations) {
      if (now.name != integration.name) continue;
      ++known;
      const bool same = now.secrets == integration.secrets && now.secrets_problem == integration.secrets_problem;
      if (same) continue;
      integration.secrets = now.secrets;
      integration.secrets_problem = now.secrets_problem;
      principal by{0, "leadsyncd"};
      const auto connected = co_await engine_->reconnect(integration.name, std::move(by));
      if (connected) spdlog::info("new credentials integration={}", integration.name);
      else spdlog::error("new credentials are refused: {} integration={}", connected.error().context, integration.name);
    }
  }
  if (known != fresh->engine.integrations.size() || known != settings_.engine.integrations.size())
    spdlog::warn("integrations were added or removed; that counts from the next start on");
  spdlog::info("reloaded; log level and secrets count at once, all else from the next start on");
  service_manager::notify_ready(co_await status_line());
}

asio::awaitable<void> daemon::stop() {
  service_manager::notify_stopping();
  spdlog::info("stopping");
  if (server_) co_await server_->stop(2s);
  if (engine_) co_await engine_->stop();
  store_->stop();
  server_.reset();
  api_.reset();
  engine_.reset();
  spdlog::info("stopped");
}

}  // namespace leadsync
