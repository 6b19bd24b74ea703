#pragma once

#include "failure.h"

#include <boost/json/value.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::client {

struct answer {
  int status = 0;
  std::string body;
  std::string etag;

  [[nodiscard]] boost::json::value document() const;  ///< throws failure where it is no JSON
};

struct call {
  std::string method = "GET";
  std::string path;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What an upload reads from; fills `buffer`, 0 at the end.
using byte_source = std::function<std::size_t(char* buffer, std::size_t size)>;
/// Bytes sent so far.
using progress_watcher = std::function<void(std::uint64_t sent)>;

/// The daemon, on its socket. One connection for all calls.
class connection {
 public:
  explicit connection(std::string socket_path);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Throws failure where the daemon cannot be reached, or answers with a problem.
  answer send(const call& request);
  /// As `send`, but any status is an answer.
  answer try_send(const call& request);
  /// Body by pieces. `size` below 0: unknown.
  answer upload(const call& request, std::int64_t size, const byte_source& source, const progress_watcher& watcher);
  /// The answer's body goes to `sink` as it comes; only where the status is 200.
  void download(const call& request, const std::function<void(std::string_view)>& sink);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Throws what a problem document says.
[[noreturn]] void fail_with_problem(const answer& problem);
[[nodiscard]] std::string percent_encoded(std::string_view text);
/// "?a=1&b=2" of the members that are not empty; empty where all are.
[[nodiscard]] std::string query_of(const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace leadsync::client
