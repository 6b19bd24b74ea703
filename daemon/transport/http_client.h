#pragma once

#include "transport/exchange.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace leadsync {

/// A request as it leaves: secrets filled in, host checked by the caller.
struct http_request {
  std::string method;
  std::string url;
  header_list headers;
  std::string body;
  bool may_repeat = false;  ///< harmless where a connection that was kept open turns out dead after it was written
  std::chrono::milliseconds deadline{30000};  ///< of the whole try; connecting takes at most 10 s of it
  std::size_t max_response_bytes = 8u << 20;  ///< decoded
  std::string ca_file, proxy, user_agent;
};

struct http_answer {
  transport_result outcome = transport_result::not_sent;
  std::string error;  ///< one line
  int status = 0;
  header_list headers;  ///< names in lower case
  std::string body;
  std::optional<instant> sent_at, received_at;
  bool never_connected = false;  ///< not_sent, and no connection came to be: trying again soon may help
  std::optional<std::chrono::microseconds> connect_time;  ///< of TCP, where a connection was opened without proxy: one round trip
};

/// HTTP/1.1 and HTTP/2 for the whole process: connections are kept and shared by all who send. TLS 1.2 or newer, always verified.
/// Redirects are not followed. Nothing that was written is ever written again unless `may_repeat`.
class http_client : public std::enable_shared_from_this<http_client> {
 public:
  explicit http_client(boost::asio::any_io_executor executor);
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// [any thread] Completes on the caller's executor. A caller that is cancelled leaves the request to finish.
  boost::asio::awaitable<http_answer> send(http_request request);

  /// [any thread] Ends what is under way and closes all connections; later requests are answered not_sent.
  void stop();

 private:
  class engine;
  std::shared_ptr<engine> engine_;
};

}  // namespace leadsync
