#include "api/http_server.h"

#include "api/http_connection.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <map>
#include <pwd.h>
#include <random>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unordered_set>

namespace leadsync::api {
namespace {

namespace asio = boost::asio;
using protocol = asio::local::stream_protocol;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

std::string http_date() {
  const auto at = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&at, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

std::string random_prefix() {
  std::random_device source;
  char text[24];
  std::snprintf(text, sizeof text, "%08x-", source());
  return text;
}

std::string login_name(uid_t uid) {
  char buffer[4096];
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) == 0 && found) return found->pw_name;
  return "uid " + std::to_string(uid);
}

error system_failure(const std::string& what) { return make_error(errc::io, what + ": " + std::strerror(errno)); }

}  // namespace

struct http_server::state {
  asio::any_io_executor executor;
  std::shared_ptr<connection_environment> environment;
  protocol::acceptor acceptor;
  asio::steady_timer sweep;
  asio::steady_timer drained;  ///< cancelled when the last connection has gone
  std::unordered_set<std::shared_ptr<http_connection>> connections;
  std::map<uid_t, std::string> names;
  std::filesystem::path made;  ///< the socket file, where it is ours

  state(asio::any_io_executor where, request_handler& handler, http_server_options options)
      : executor(where),
        environment(new connection_environment{handler, options, false, http_date(), random_prefix(), 1}),
        acceptor(where), sweep(where), drained(where) {}

  principal peer_of(protocol::socket& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {65534, "unknown"};
    auto known = names.find(peer.uid);
    if (known == names.end()) known = names.emplace(peer.uid, login_name(peer.uid)).first;
    return {std::int64_t(peer.uid), known->second};
  }

  void closed(const std::shared_ptr<http_connection>& connection) {
    connections.erase(connection);
    if (connections.empty()) drained.cancel();
  }
};

namespace {

/// Refused ones need room too, to read the request that they refuse.
constexpr std::size_t refused_at_most = 64;

template <class State>
void admit(const std::shared_ptr<State>& state, protocol::socket socket) {
  const auto limit = state->environment->options.max_connections;
  if (state->connections.size() >= limit + refused_at_most) return;
  const auto admitted =
      state->connections.size() < limit ? http_connection::admission::admitted : http_connection::admission::refused;
  auto by = state->peer_of(socket);
  auto connection = std::make_shared<http_connection>(std::move(socket), state->environment, std::move(by), admitted);
  state->connections.insert(connection);
  asio::co_spawn(state->executor, connection->serve(), [state, connection](std::exception_ptr failure) {
    state->closed(connection);
    if (failure) std::rethrow_exception(failure);  // a bug of ours
  });
}

template <class State>
awaitable<void> accept_loop(std::shared_ptr<State> state) {
  asio::steady_timer pause(state->executor);
  while (!state->environment->stopping) {
    auto [failed, socket] = co_await state->acceptor.async_accept(as_result);
    if (!failed) {
      admit(state, std::move(socket));
      continue;
    }
    if (state->environment->stopping || failed == asio::error::operation_aborted) break;
    // Out of descriptors: the pending connection stays pending, and asking at once would spin.
    pause.expires_after(std::chrono::milliseconds(100));
    co_await pause.async_wait(as_result);
  }
}

/// One timer for all connections: each only notes until when its peer must have moved.
template <class State>
awaitable<void> sweep_loop(std::shared_ptr<State> state) {
  const auto& options = state->environment->options;
  const auto shortest = std::min({options.idle_timeout, options.header_timeout, options.transfer_timeout, options.body_timeout});
  const auto interval = std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
  for (;;) {
    state->sweep.expires_after(interval);
    const auto [failed] = co_await state->sweep.async_wait(as_result);
    if (failed) break;
    state->environment->date = http_date();
    const auto at = http_connection::clock::now();
    for (const auto& connection : state->connections) connection->check(at);
  }
}

/// Only a refused connection says that nobody does: a socket that we may not use is somebody's.
bool somebody_listens(const std::filesystem::path& path) {
  boost::system::error_code failure;
  asio::io_context context;
  protocol::socket probe(context);
  probe.connect(protocol::endpoint(path.string()), failure);
  return failure != asio::error::connection_refused;
}

}  // namespace

http_server::http_server(asio::any_io_executor executor, request_handler& handler, http_server_options options) {
  options.max_connections = std::clamp<std::size_t>(options.max_connections, 1, 1024);
  state_ = std::make_shared<state>(std::move(executor), handler, options);
}

http_server::~http_server() {
  state_->environment->stopping = true;
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  state_->sweep.cancel();
  for (const auto& connection : state_->connections) connection->close();
}

result<> http_server::listen(int descriptor) {
  boost::system::error_code failure;
  state_->acceptor.assign(protocol(), descriptor, failure);
  if (failure) return make_error(errc::io, "taking over the listening socket: " + failure.message());
  const auto spawn_failed = [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(state_->executor, accept_loop(state_), spawn_failed);
  asio::co_spawn(state_->executor, sweep_loop(state_), spawn_failed);
  return {};
}

result<> http_server::listen(const std::filesystem::path& path) {
  const auto text = path.string();
  sockaddr_un address{};
  if (text.size() >= sizeof address.sun_path)
    return make_error(errc::invalid_input, "the socket's path is longer than " + std::to_string(sizeof address.sun_path - 1) +
                                               " bytes: " + text);
  struct stat found{};
  if (lstat(text.c_str(), &found) == 0) {
    if (!S_ISSOCK(found.st_mode)) return make_error(errc::conflict, text + " is there and is no socket; remove it, or choose another path");
    if (somebody_listens(path)) return make_error(errc::conflict, "another process listens on " + text + "; stop it, or choose another path");
    unlink(text.c_str());
  }
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return system_failure("making a socket");
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, text.c_str(), text.size() + 1);
  const auto before = umask(0117);
  const int bound = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  umask(before);
  if (bound != 0 || ::listen(descriptor, SOMAXCONN) != 0) {
    const auto failure = system_failure("listening on " + text);
    ::close(descriptor);
    return failure;
  }
  state_->made = path;
  return listen(descriptor);
}

awaitable<void> http_server::stop(std::chrono::milliseconds grace) {
  const auto state = state_;
  state->environment->stopping = true;
  boost::system::error_code ignored;
  state->acceptor.close(ignored);
  if (!state->made.empty()) unlink(state->made.c_str());
  for (const auto& connection : state->connections) connection->finish();
  if (!state->connections.empty()) {
    state->drained.expires_after(grace);
    co_await state->drained.async_wait(as_result);
  }
  for (const auto& connection : state->connections) connection->close();
  if (!state->connections.empty()) {
    // Closed sockets end their coroutines at once; those inside a handler end with it.
    state->drained.expires_after(std::chrono::milliseconds(100));
    co_await state->drained.async_wait(as_result);
  }
  state->sweep.cancel();
}

std::size_t http_server::connection_count() const { return state_->connections.size(); }

}  // namespace leadsync::api
