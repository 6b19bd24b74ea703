#pragma once

#include "api/api_response.h"
#include "api/http_request.h"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <filesystem>
#include <memory>

namespace leadsync::api {

/// Who answers. Called on the server's executor.
class request_handler {
 public:
  virtual ~request_handler() = default;
  /// Asked before the body is read, to know whether it may be streamed.
  [[nodiscard]] virtual body_mode body_of(http_request& head) const = 0;
  virtual awaitable<api_response> answer(http_request& request) = 0;
};

struct http_server_options {
  std::size_t max_connections = 1024;  ///< an idle one costs about 1 KB; more are answered 503
  std::size_t max_header_bytes = 16u << 10;
  std::size_t max_body_bytes = 1u << 20;   ///< of what is not streamed
  std::size_t stream_above_bytes = 256u << 10;  ///< streamed routes hold smaller bodies as a whole
  std::chrono::milliseconds idle_timeout{30000};
  std::chrono::milliseconds header_timeout{10000};  ///< from the first byte of a request to the end of its header
  std::chrono::milliseconds transfer_timeout{30000};  ///< for each piece of a body, either way
  std::chrono::milliseconds body_timeout{60000};      ///< for a whole body that is not streamed
};

/// HTTP/1.1 on a Unix socket. An idle connection holds no buffer. Everything runs on the executor given, which must not run two
/// things at once.
class http_server {
 public:
  http_server(boost::asio::any_io_executor executor, request_handler& handler, http_server_options options);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// A listening socket that was passed in (systemd); owned from now on.
  result<> listen(int descriptor);
  /// Binds with umask 0117. A socket file that nobody listens on is replaced; errc::conflict where somebody does.
  result<> listen(const std::filesystem::path& path);

  /// Accepts no more, lets requests finish for at most `grace`, then closes everything. Removes the socket file it made.
  awaitable<void> stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::size_t connection_count() const;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace leadsync::api
