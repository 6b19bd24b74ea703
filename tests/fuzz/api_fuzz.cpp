#include "api/delivery_query.h"
#include "api/http_connection.h"
#include "api/json_body.h"
#include "api/router.h"
#include "api/selection.h"
#include "model/mapping.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>
#include <cstdlib>

namespace {

namespace asio = boost::asio;
using namespace leadsync;
using namespace leadsync::api;

#define CHECK(what) ((what) ? void() : (std::fprintf(stderr, "does not hold: %s\n", #what), std::abort()))

template <class T>
void note(const result<T>& read, std::vector<error>& failures) {
  if (!read) failures.push_back(read.error());
}

/// Every reader of a request's text that a handler may call, whatever the path. What comes back is what the first of them refused.
class readers final : public request_handler {
 public:
  readers() {
    routes_.add(http_method::post, "/v1/leads", nullptr, body_mode::streamed);
    routes_.add(http_method::get, "/v1/integrations/{name}/deliveries", nullptr);
    routes_.add(http_method::post, "/v1/integrations/{name}/retry", nullptr);
    routes_.add(http_method::put, "/v1/integrations/{name}/mapping", nullptr);
    routes_.add(http_method::get, "/v1/leads/{lead}", nullptr);
  }

  [[nodiscard]] body_mode body_of(http_request& head) const override {
    const auto match = routes_.find(head);
    return match.found ? match.found->body : body_mode::buffered;
  }

  awaitable<api_response> answer(http_request& request) override {
    const auto match = routes_.find(request);
    CHECK(!match.found || match.allowed.empty());
    const request_view view(request);
    std::vector<error> failures;
    if (request.stream) {
      for (;;) {
        const auto piece = co_await request.stream->next();
        note(piece, failures);
        if (!piece || piece->empty()) break;
      }
    }
    read_head(view, failures);
    read_body(view, failures);
    for (const auto& failure : failures) CHECK(!failure.context.empty());
    api_response response;
    if (!failures.empty()) response = problem_response(failures.front());
    response.headers.emplace_back("ETag", view.argument("name"));
    co_return response;
  }

 private:
  static void read_head(request_view request, std::vector<error>& failures) {
    note(matched_revision(request), failures);
    note(request.id_argument("lead"), failures);
    note(parse_delivery_query(request, "manual", {"cursor", "limit"}), failures);
    note(parse_limit(request, 50), failures);
    const auto where = parse_locus(request);
    CHECK(where.has_value() || !request.has_query("object"));
  }

  static void read_body(request_view request, std::vector<error>& failures) {
    const auto body = parse_body(request);
    note(body, failures);
    if (!body) return;
    note(parse_selection(*body, request), failures);
    note(parse_backfill(*body), failures);
    note(api::parse_locus(*body, ""), failures);
    note(parse_mapping(request->body), failures);
  }

  router routes_;
};

asio::awaitable<void> write_all(asio::local::stream_protocol::socket* peer, std::string_view text) {
  co_await asio::async_write(*peer, asio::buffer(text), asio::as_tuple(asio::use_awaitable));
  boost::system::error_code ignored;
  peer->shutdown(asio::socket_base::shutdown_send, ignored);
}

asio::awaitable<void> read_all(asio::local::stream_protocol::socket* peer, std::string* into) {
  char piece[4096];
  for (;;) {
    const auto [failed, size] = co_await peer->async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
    if (failed) break;
    into->append(piece, size);
  }
}

void rethrow(std::exception_ptr failure) {
  if (failure) std::rethrow_exception(failure);
}

}  // namespace

/// Any bytes on the socket: each request gets an answer that is HTTP, nothing of the caller's becomes a header of ours, and the
/// connection ends when the peer has.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size > 65536) return -1;
  static readers handler;
  asio::io_context io(1);
  asio::local::stream_protocol::socket ours(io), peer(io);
  asio::local::connect_pair(ours, peer);
  http_server_options options;  // small, so that small inputs reach them
  options.max_header_bytes = 1024;
  options.max_body_bytes = 512;
  options.stream_above_bytes = 64;
  const std::shared_ptr<connection_environment> environment(new connection_environment{handler, options, false, "now", "id-", 1});
  const auto connection =
      std::make_shared<http_connection>(std::move(ours), environment, principal{1000, "ada"}, http_connection::admission::admitted);
  std::string answers;
  bool ended = false;
  asio::co_spawn(io, connection->serve(), [&ended](std::exception_ptr failure) {
    rethrow(failure);
    ended = true;
  });
  asio::co_spawn(io, write_all(&peer, {reinterpret_cast<const char*>(data), size}), rethrow);
  asio::co_spawn(io, read_all(&peer, &answers), rethrow);
  io.run();
  CHECK(ended);
  CHECK(answers.empty() || answers.starts_with("HTTP/1.1 "));
  CHECK(answers.find("HTTP/1.1 500") == std::string::npos);
  CHECK(answers.find("\nInjected:") == std::string::npos);
  return 0;
}
