#include "api/http_connection.h"

#include "base/text.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace leadsync::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t first_read = 4096;
constexpr std::size_t piece_size = 64u << 10;
constexpr std::chrono::seconds drain_time{5};
constexpr std::string_view none;

http_method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
    case http::verb::head: return http_method::get;
    case http::verb::post: return http_method::post;
    case http::verb::put: return http_method::put;
    case http::verb::patch: return http_method::patch;
    case http::verb::delete_: return http_method::delete_;
    default: return http_method::other;
  }
}

bool is_usable_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string media_type(std::string_view header) { return ascii_lower(trim(header.substr(0, header.find(';')))); }

problem_text malformed(const boost::system::error_code& failure) {
  if (failure == http::error::header_limit || failure == http::error::buffer_overflow)
    return {431, "HEADER_TOO_LARGE", "The header is too large", "Send at most 16 KiB of header.", false, "operator", ""};
  if (failure == http::error::body_limit)
    return {413, "BODY_TOO_LARGE", "The body is too large",
            "Send at most 1 MiB; leads in any number can be sent to POST /v1/leads.", false, "operator", ""};
  return {400, "MALFORMED_REQUEST", "This is not HTTP/1.1", failure.message(), false, "operator", ""};
}

problem_text too_many_connections() {
  return {503, "TOO_MANY_CONNECTIONS", "Too many connections are open",
          "Try again, or use fewer connections: one carries any number of requests.", true, "nobody", ""};
}

}  // namespace

/// The buffer and parser of the request under way: they exist while there is one.
struct http_connection::incoming {
  beast::flat_buffer buffer;
  std::optional<http::request_parser<http::empty_body>> head;
  http_request request;

  explicit incoming(std::size_t limit) : buffer(limit) {}
};

/// The body of a streamed route, as the handler takes it: the peer is read no faster.
class http_connection::body_stream final : public byte_stream {
 public:
  body_stream(http_connection& connection, beast::flat_buffer& buffer, http::request_parser<http::empty_body>&& head)
      : connection_(connection), buffer_(buffer), parser_(std::move(head)) {
    parser_.body_limit(boost::none);
  }

  awaitable<result<std::string>> next() override {
    std::string piece;
    if (parser_.is_done()) co_return piece;
    piece.resize(piece_size);
    auto& body = parser_.get().body();
    body.data = piece.data();
    body.size = piece.size();
    body.more = true;
    connection_.expect_within(connection_.environment_->options.transfer_timeout);
    while (!parser_.is_done() && body.size == piece.size()) {  // the header of a chunk brings no bytes
      auto [failed, size] = co_await http::async_read_some(connection_.socket_, buffer_, parser_, as_result);
      if (failed && failed != http::error::need_buffer)
        co_return make_error(errc::invalid_input, "the body broke off before its end: " + failed.message());
    }
    connection_.deadline_ = clock::time_point::max();
    piece.resize(piece.size() - body.size);
    co_return piece;
  }

  [[nodiscard]] bool consumed() const { return parser_.is_done(); }

 private:
  http_connection& connection_;
  beast::flat_buffer& buffer_;
  http::request_parser<http::buffer_body> parser_;
};

http_connection::http_connection(socket peer, std::shared_ptr<connection_environment> environment, principal by, admission admitted)
    : socket_(std::move(peer)), environment_(std::move(environment)), by_(std::move(by)), admitted_(admitted) {
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
}

http_connection::~http_connection() = default;

awaitable<void> http_connection::serve() {
  for (bool open = true; open && !environment_->stopping;) {
    idle_ = true;
    expect_within(admitted_ == admission::admitted ? environment_->options.idle_timeout : environment_->options.header_timeout);
    // Waiting costs no buffer: most connections are idle most of the time.
    const auto [failed] = co_await socket_.async_wait(socket::wait_read, as_result);
    if (failed) break;
    idle_ = false;
    open = co_await exchange();
  }
  close();
}

awaitable<bool> http_connection::exchange() {
  const auto wire = std::make_unique<incoming>(environment_->options.max_header_bytes + piece_size);
  wire->buffer.reserve(first_read);
  do {
    if (!co_await answer_one(*wire)) co_return false;
  } while (wire->buffer.size() > 0 && !environment_->stopping);
  co_return true;
}

awaitable<bool> http_connection::answer_one(incoming& wire) {
  const auto& options = environment_->options;
  auto& request = wire.request = http_request();
  auto& head = wire.head.emplace();
  head.header_limit(std::uint32_t(options.max_header_bytes));
  head.body_limit(boost::none);
  expect_within(options.header_timeout);
  auto [failed, size] = co_await http::async_read_header(socket_, wire.buffer, head, as_result);
  if (failed == http::error::end_of_stream || (failed && failed.category() != http::make_error_code(http::error::end_of_stream).category()))
    co_return false;
  request.by = by_;
  const auto& message = head.get();
  const std::string_view given_id = message["X-Request-Id"];
  request.id = is_usable_id(given_id) ? std::string(given_id) : environment_->id_prefix + std::to_string(environment_->next_id++);
  if (failed) {
    const auto problem = malformed(failed);
    co_return co_await refuse(request, problem);
  }
  if (admitted_ == admission::refused) {
    const auto problem = too_many_connections();
    co_return co_await refuse(request, problem);
  }

  request.method = method_of(message.method());
  request.method_text = message.method_string();
  parse_target(message.target(), request);
  request.content_type = media_type(message[http::field::content_type]);
  request.accept = message[http::field::accept];
  request.if_match = message[http::field::if_match];
  request.if_none_match = message[http::field::if_none_match];
  request.idempotency_key = message["Idempotency-Key"];
  if (const auto length = head.content_length()) request.content_length = *length;
  const bool keep_alive = message.keep_alive();
  const bool with_body = message.method() != http::verb::head;
  const bool chunked = message.version() >= 11;

  const bool has_body = !head.is_done();
  const bool may_stream = has_body && environment_->handler.body_of(request) == body_mode::streamed;
  const bool streams = may_stream && (!request.content_length || *request.content_length > options.stream_above_bytes);
  if (has_body && !streams && request.content_length && *request.content_length > options.max_body_bytes) {
    const auto problem = malformed(http::error::body_limit);
    co_return co_await refuse(request, problem);
  }
  if (has_body && beast::iequals(message[http::field::expect], "100-continue") &&
      !co_await write("HTTP/1.1 100 Continue\r\n\r\n", none))
    co_return false;

  std::unique_ptr<body_stream> stream;
  if (streams) {
    stream = std::make_unique<body_stream>(*this, wire.buffer, std::move(head));
    request.stream = stream.get();
  } else if (has_body && request.content_length && *request.content_length <= wire.buffer.size()) {
    // A small body came with its head: no parser is needed to cut it off.
    request.body.assign(static_cast<const char*>(wire.buffer.data().data()), std::size_t(*request.content_length));
    wire.buffer.consume(request.body.size());
  } else if (has_body) {
    http::request_parser<http::string_body> whole(std::move(head));
    whole.body_limit(options.max_body_bytes);
    expect_within(options.body_timeout);
    auto [body_failed, body_size] = co_await http::async_read(socket_, wire.buffer, whole, as_result);
    if (body_failed == http::error::body_limit || body_failed == http::error::bad_chunk) {
      const auto problem = malformed(body_failed);
      co_return co_await refuse(request, problem);
    }
    if (body_failed) co_return false;
    request.body = std::move(whole.get().body());
  }
  deadline_ = clock::time_point::max();

  api_response response;
  try {
    response = co_await environment_->handler.answer(request);
  } catch (const std::exception& failure) {
    response = problem_response({500, "UNEXPECTED", "leadsyncd failed", failure.what(), false, "operator", ""});
  }
  const bool reusable = keep_alive && (!stream || stream->consumed()) && !environment_->stopping;
  if (!co_await respond(request, std::move(response), with_body, reusable, chunked)) co_return false;
  if (stream && !stream->consumed()) co_await drain();
  co_return reusable;
}

/// By reference, as its callers name what they pass: g++ 12 destroys a temporary aggregate of a co_await expression twice.
awaitable<bool> http_connection::refuse(const http_request& request, const problem_text& problem) {
  auto response = problem_response(problem);
  if (co_await respond(request, std::move(response), true, false, true)) co_await drain();
  co_return false;
}

std::string http_connection::head_of(const http_request& request, const api_response& response, bool keep_alive, bool chunked) const {
  std::string head = "HTTP/1.1 ";
  head.reserve(384);
  head += std::to_string(response.status);
  head += ' ';
  head += http::obsolete_reason(http::int_to_status(unsigned(response.status)));
  const auto add = [&head](std::string_view name, std::string_view value) {
    head += "\r\n";
    head += name;
    head += ": ";
    for (const char c : value) head += c == '\r' || c == '\n' ? ' ' : c;  // nothing of a caller's text may begin another header
  };
  add("Server", "leadsyncd");
  add("Date", environment_->date);
  add("X-Request-Id", request.id);
  for (const auto& [name, value] : response.headers) add(name, value);
  const bool no_content = response.status == 204 || response.status == 304;
  if (!no_content) {
    add("Content-Type", response.content_type);
    add("X-Content-Type-Options", "nosniff");
  }
  if (!response.stream && !no_content) add("Content-Length", std::to_string(response.body.size()));
  if (response.stream && chunked) add("Transfer-Encoding", "chunked");
  add("Connection", keep_alive ? "keep-alive" : "close");
  head += "\r\n\r\n";
  return head;
}

awaitable<bool> http_connection::respond(const http_request& request, api_response response, bool with_body, bool keep_alive,
                                         bool chunked) {
  if (response.stream && !chunked) keep_alive = false;
  const auto head = head_of(request, response, keep_alive, chunked);
  if (response.stream && with_body) {
    if (!co_await write(head, none)) co_return false;
    const bool sent = co_await send_stream(std::move(response.stream), chunked);
    co_return sent && chunked;
  }
  if (!with_body) response.body.clear();
  co_return co_await write(head, response.body);
}

awaitable<bool> http_connection::send_stream(std::shared_ptr<byte_stream> stream, bool chunked) {
  for (;;) {
    deadline_ = clock::time_point::max();
    const auto piece = co_await stream->next();
    if (!piece) co_return false;  // the missing last chunk tells the peer
    if (piece->empty()) break;
    std::string size, end;
    if (chunked) {
      char digits[20];
      std::snprintf(digits, sizeof digits, "%zx\r\n", piece->size());
      size = digits;
      end = "\r\n";
    }
    if (!co_await write(size, *piece, end)) co_return false;
  }
  if (!chunked) co_return true;
  co_return co_await write("0\r\n\r\n", none);
}

awaitable<bool> http_connection::write(std::string_view first, std::string_view second, std::string_view third) {
  std::array<asio::const_buffer, 3> parts{asio::buffer(first), asio::buffer(second), asio::buffer(third)};
  // The peer's buffer is empty most of the time: then this is all, and no timer or turn of the reactor is needed.
  boost::system::error_code full;
  auto left = socket_.write_some(parts, full);
  if (full && full != asio::error::would_block) co_return false;
  for (auto& part : parts) {
    const auto taken = std::min(left, part.size());
    part += taken;
    left -= taken;
  }
  if (asio::buffer_size(parts) == 0) co_return true;
  expect_within(environment_->options.transfer_timeout);
  const auto [failed, size] = co_await asio::async_write(socket_, parts, as_result);
  co_return !failed;
}

/// Closing with unread bytes resets the connection, and the peer might lose our answer: read them first, within reason.
awaitable<void> http_connection::drain() {
  boost::system::error_code ignored;
  socket_.shutdown(socket::shutdown_send, ignored);
  expect_within(drain_time);
  std::string scratch(piece_size, '\0');
  for (std::size_t left = 16u << 20; left > 0;) {
    const auto [failed, size] = co_await socket_.async_read_some(asio::buffer(scratch), as_result);
    if (failed) break;
    left -= std::min(left, size);
  }
}

void http_connection::expect_within(std::chrono::milliseconds limit) { deadline_ = clock::now() + limit; }

void http_connection::check(clock::time_point at) {
  if (at >= deadline_) close();
}

void http_connection::finish() {
  if (idle_) close();
}

void http_connection::close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

}  // namespace leadsync::api
