#pragma once

#include "plugin/session.h"
#include "runtime/worker_pool.h"
#include "transport/exchange.h"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace leadsync {

/// How a job's requests reach the CRM, and who is told of what. `step` and `request` arguments live until the awaitable completes.
struct job_hooks {
  std::function<boost::asio::awaitable<sent_request>(outgoing_request)> send;
  /// Before a step's requests leave: verdicts and checkpoint are durable afterwards where they must be. May be empty.
  std::function<boost::asio::awaitable<result<>>(std::shared_ptr<const plugin_step>)> before;
  /// Where the plugin waits; false breaks the job off. May be empty.
  std::function<boost::asio::awaitable<bool>(std::chrono::milliseconds)> pause;
  /// After each request, in request order. May be empty.
  std::function<void(std::uint32_t number, const plugin_request&, const sent_request&)> after;
};

/// How a job ended.
struct job_end {
  std::string result_json;  ///< the plugin's, where it came to its end
  bool overran = false;  ///< it was given up with its thread, and the plugin is in quarantine
  std::optional<error> failure;  ///< not this job's: the store refused, the daemon stops, or the plugin was already in quarantine
  std::optional<token_failure> token;
  std::optional<instant> not_before;  ///< a limit admits no request until then
};

/// As the plugin is told of it.
[[nodiscard]] plugin_response response_of(const sent_request& sent);

/// Opens a session for `job_json` and resumes it to its end.
boost::asio::awaitable<job_end> run_job(std::shared_ptr<worker_pool> workers, std::shared_ptr<const plugin_library> plugin, std::string job_json,
                                        job_hooks hooks, plugin_run about);

}  // namespace leadsync
