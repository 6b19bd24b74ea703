#pragma once

#include "api/http_server.h"

#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace leadsync::api {

/// What the connections of a server share.
struct connection_environment {
  request_handler& handler;
  http_server_options options;
  bool stopping = false;
  std::string date;            ///< of the Date header, renewed every second
  std::string id_prefix;       ///< of the request ids that we make
  std::uint64_t next_id = 1;
};

/// One peer, from accept to close. Touched on the server's executor only.
class http_connection {
 public:
  using socket = boost::asio::local::stream_protocol::socket;
  using clock = std::chrono::steady_clock;
  enum class admission { admitted, refused };  ///< refused: answered 503 and closed

  http_connection(socket peer, std::shared_ptr<connection_environment> environment, principal by, admission admitted);
  ~http_connection();

  /// Returns when the connection is over. The caller keeps the connection alive until then.
  awaitable<void> serve();

  /// Closes where the peer has been too slow.
  void check(clock::time_point at);
  /// Closes when the request under way has been answered; at once where there is none.
  void finish();
  void close();

 private:
  struct incoming;
  class body_stream;

  awaitable<bool> exchange();
  awaitable<bool> answer_one(incoming& wire);
  awaitable<bool> refuse(const http_request& request, const problem_text& problem);
  awaitable<bool> respond(const http_request& request, api_response response, bool with_body, bool keep_alive, bool chunked);
  awaitable<bool> send_stream(std::shared_ptr<byte_stream> stream, bool chunked);
  awaitable<bool> write(std::string_view first, std::string_view second, std::string_view third = {});
  awaitable<void> drain();
  void expect_within(std::chrono::milliseconds limit);
  [[nodiscard]] std::string head_of(const http_request& request, const api_response& response, bool keep_alive, bool chunked) const;

  socket socket_;
  std::shared_ptr<connection_environment> environment_;
  principal by_;
  admission admitted_;
  bool idle_ = true;
  clock::time_point deadline_ = clock::time_point::max();
};

}  // namespace leadsync::api
