#include "http/server.h"

#include "simulator.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace leadsync::simulator {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t read_size = 64 * 1024;
constexpr std::size_t largest_body = 64 * 1024 * 1024;

std::string_view reason(int status) {
  if (status == 207) return "Multi-Status";
  return http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
}

void append_number(std::string& out, std::size_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

std::string head_of(const response& answer, bool keep_alive) {
  std::string head;
  head.reserve(512);
  head += "HTTP/1.1 ";
  append_number(head, static_cast<std::size_t>(answer.status));
  head += ' ';
  head += reason(answer.status);
  head += "\r\n";
  if (answer.status != 204) {
    head += "Content-Type: ";
    head += answer.content_type;
    head += "\r\nContent-Length: ";
    append_number(head, answer.body.size());
    head += "\r\n";
  }
  for (const auto& [name, value] : answer.headers) {
    head += name;
    head += ": ";
    head += value;
    head += "\r\n";
  }
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

request convert(http::request<http::string_body>& message) {
  request out;
  out.method = message.method_string();
  const std::string_view target(message.target().data(), message.target().size());
  const auto question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string_view::npos) out.query = target.substr(question + 1);
  for (const auto& field : message) {
    std::string name(field.name_string());
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    out.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  out.body = std::move(message.body());
  return out;
}

struct in_flight {
  in_flight(simulator& owner, const request& call) : crm(owner), counted(!is_admin(call)) {
    if (counted) crm.enter();
  }
  ~in_flight() {
    if (counted) crm.leave();
  }
  in_flight(const in_flight&) = delete;
  in_flight& operator=(const in_flight&) = delete;
  simulator& crm;
  bool counted;
};

asio::awaitable<void> pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  boost::system::error_code failure;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failure));
}

/// Writes a tenth at a time: a client with a whole-request deadline must notice, one with a stall timer must not.
asio::awaitable<bool> write_slowly(tcp::socket& socket, const std::string& body) {
  boost::system::error_code failure;
  const std::size_t step = body.size() / 10 + 1;
  for (std::size_t at = 0; at < body.size() && !failure; at += step) {
    const auto piece = asio::buffer(body.data() + at, std::min(step, body.size() - at));
    co_await asio::async_write(socket, piece, asio::redirect_error(asio::use_awaitable, failure));
    co_await pause(std::chrono::milliseconds(200));
  }
  co_return !failure;
}

/// True where the connection can carry another request.
asio::awaitable<bool> deliver(tcp::socket& socket, const plan& what, bool keep_alive) {
  if (what.delay.count() > 0) co_await pause(what.delay);
  if (what.how == delivery::cut) co_return false;
  const std::string head = head_of(what.answer, keep_alive);
  boost::system::error_code failure;
  if (what.how == delivery::slow) {
    co_await asio::async_write(socket, asio::buffer(head), asio::redirect_error(asio::use_awaitable, failure));
    if (failure) co_return false;
    co_return co_await write_slowly(socket, what.answer.body);
  }
  std::size_t size = what.answer.status == 204 ? 0 : what.answer.body.size();
  if (what.how == delivery::truncated) size /= 2;
  const std::array<asio::const_buffer, 2> parts = {asio::buffer(head), asio::buffer(what.answer.body.data(), size)};
  co_await asio::async_write(socket, parts, asio::redirect_error(asio::use_awaitable, failure));
  co_return !failure && what.how == delivery::whole;
}

asio::awaitable<void> serve(tcp::socket socket, simulator& crm) {
  boost::system::error_code failure;
  socket.set_option(tcp::no_delay(true), failure);
  boost::beast::flat_buffer buffer;
  buffer.reserve(read_size);  // also the size of a read
  for (bool keep_alive = true; keep_alive;) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(largest_body);
    co_await http::async_read(socket, buffer, parser, asio::redirect_error(asio::use_awaitable, failure));
    if (failure) break;
    keep_alive = parser.get().keep_alive();
    request call = convert(parser.get());
    const in_flight counted(crm, call);
    const plan what = crm.handle(std::move(call), now());
    keep_alive = co_await deliver(socket, what, keep_alive) && keep_alive;
  }
  socket.shutdown(tcp::socket::shutdown_both, failure);
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, simulator& crm) {
  for (;;) {
    boost::system::error_code failure;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
    if (failure == asio::error::operation_aborted || !acceptor.is_open()) co_return;
    if (failure) {
      co_await pause(std::chrono::milliseconds(50));  // out of descriptors: the others will close
      continue;
    }
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), crm), asio::detached);
  }
}

}  // namespace

struct server::state {
  state(asio::io_context& context, simulator& owner, const std::string& address, std::uint16_t port)
      : acceptor(context, tcp::endpoint(asio::ip::make_address(address), port)), crm(owner) {}
  tcp::acceptor acceptor;
  simulator& crm;
};

server::server(asio::io_context& context, simulator& crm, const std::string& address, std::uint16_t port)
    : state_(std::make_unique<state>(context, crm, address, port)) {}

server::~server() = default;

std::uint16_t server::port() const { return state_->acceptor.local_endpoint().port(); }

void server::start() {
  asio::co_spawn(state_->acceptor.get_executor(), listen(state_->acceptor, state_->crm), asio::detached);
}

}  // namespace leadsync::simulator
