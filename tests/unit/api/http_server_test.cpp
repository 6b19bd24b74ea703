#include "api/http_server.h"
#include "tests/unit/api/api_world.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <future>
#include <thread>

namespace leadsync::test {
namespace {

using namespace std::chrono_literals;
using api::api_response;
using api::http_request;

/// Answers with what it was asked; reads streams to their end.
class echo final : public api::request_handler {
 public:
  api::body_mode body_of(http_request& head) const override {
    return head.path == "/stream" ? api::body_mode::streamed : api::body_mode::buffered;
  }
  api::awaitable<api_response> answer(http_request& request) override {
    api_response response;
    response.content_type = "text/plain";
    response.body = request.method_text + " " + request.path + " " + request.by.name + " " + std::to_string(request.body.size());
    if (request.path == "/ignore") co_return response;
    std::size_t streamed = 0;
    while (request.stream) {
      const auto piece = co_await request.stream->next();
      if (!piece) co_return api::problem_response(piece.error());
      if (piece->empty()) break;
      streamed += piece->size();
    }
    if (streamed) response.body += " streamed " + std::to_string(streamed);
    if (request.path == "/throw") throw std::runtime_error("a bug");
    if (request.path == "/header") response.headers.emplace_back("X-Echo", "a\r\nX-Evil: 1");
    co_return response;
  }
};

/// One end of a connection, as the peer of the server.
class peer {
 public:
  explicit peer(const std::filesystem::path& path) : descriptor_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~peer() { close(descriptor_); }
  peer(const peer&) = delete;

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = ::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(std::size_t(sent));
    }
  }
  /// Until `end` has come, or the connection has ended.
  std::string read_until(std::string_view end) {
    while (text_.find(end) == std::string::npos && more()) {}
    const auto at = std::min(text_.find(end), text_.size());
    const auto taken = text_.substr(0, std::min(at + end.size(), text_.size()));
    text_.erase(0, taken.size());
    return taken;
  }
  std::string read_all() {
    while (more()) {}
    return std::exchange(text_, {});
  }
  /// Header and body of one answer with a Content-Length.
  std::string answer() {
    auto head = read_until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    const auto length = at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
    while (text_.size() < length && more()) {}
    head += text_.substr(0, length);
    text_.erase(0, length);
    return head;
  }

 private:
  bool more() {
    pollfd wait{descriptor_, POLLIN, 0};
    if (poll(&wait, 1, 20000) <= 0) return false;
    char buffer[4096];
    const auto got = recv(descriptor_, buffer, sizeof buffer, 0);
    if (got > 0) text_.append(buffer, std::size_t(got));
    return got > 0;
  }
  int descriptor_;
  std::string text_;
};

class http_server_test : public testing::Test {
 protected:
  void start(api::http_server_options options = {}) {
    server.emplace(context.get_executor(), handler, options);
    ASSERT_TRUE(server->listen(path).has_value());
    thread = std::thread([this] { context.run(); });
  }
  /// On the server's thread, to its end.
  void stop(std::chrono::milliseconds grace = 2s) {
    std::promise<void> stopped;
    boost::asio::co_spawn(context, server->stop(grace), [&stopped](std::exception_ptr) { stopped.set_value(); });
    stopped.get_future().wait();
    thread.join();
  }
  void TearDown() override {
    if (thread.joinable()) stop();
  }

  scratch_folder folder;
  std::filesystem::path path = folder.path / "api.sock";
  boost::asio::io_context context;
  echo handler;
  std::optional<api::http_server> server;
  std::thread thread;
};

TEST_F(http_server_test, KeepsTheConnectionAndKnowsThePeer) {
  start();
  peer client(path);
  client.send("GET /a?x=1 HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine-7\r\n\r\n");
  const auto first = client.answer();
  EXPECT_TRUE(first.starts_with("HTTP/1.1 200 OK\r\n")) << first;
  EXPECT_NE(first.find("X-Request-Id: mine-7\r\n"), std::string::npos);
  EXPECT_NE(first.find("GET /a "), std::string::npos);
  client.send("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_TRUE(client.answer().ends_with(" 5"));
  struct stat mode{};
  ASSERT_EQ(stat(path.c_str(), &mode), 0);
  EXPECT_EQ(mode.st_mode & 0777, 0660u);
}

TEST_F(http_server_test, AnswersPipelinedRequestsInOrder) {
  start();
  peer client(path);
  client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto all = client.read_all();
  const auto at = [&all](std::string_view text) { return all.find(text); };
  EXPECT_LT(at("GET /1"), at("GET /2"));
  EXPECT_LT(at("GET /2"), at("GET /3"));
  EXPECT_NE(at("Connection: close"), std::string::npos);
}

TEST_F(http_server_test, LeavesTheBodyOutOfHead) {
  start();
  peer client(path);
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto all = client.read_all();
  EXPECT_NE(all.find("Content-Length: "), std::string::npos);
  EXPECT_TRUE(all.ends_with("\r\n\r\n")) << all;
}

TEST_F(http_server_test, RefusesWhatIsTooLargeOrNoHttp) {
  start();
  peer header(path);
  header.send("GET / HTTP/1.1\r\nX-Long: " + std::string(20000, 'a') + "\r\n\r\n");
  EXPECT_TRUE(header.answer().starts_with("HTTP/1.1 431 "));
  peer body(path);
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + std::string(2000000, 'b'));
  const auto refused = body.read_all();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 413 ")) << refused;
  EXPECT_NE(refused.find("application/problem+json"), std::string::npos);
  peer chunked(path);
  chunked.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n" + std::string(0x200000, 'b') + "\r\n0\r\n\r\n");
  EXPECT_TRUE(chunked.read_all().starts_with("HTTP/1.1 413 "));
  peer noise(path);
  noise.send("\x16\x03\x01 what is this\r\n\r\n");
  EXPECT_TRUE(noise.read_all().starts_with("HTTP/1.1 400 "));
}

TEST_F(http_server_test, StreamsLargeBodiesAndGoesOnAfterwards) {
  start();
  peer client(path);
  const std::string big(5u << 20, 'z');
  client.send("POST /stream HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(big.size()) + "\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(big);
  EXPECT_TRUE(client.answer().ends_with("streamed " + std::to_string(big.size())));
  client.send("POST /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
  EXPECT_TRUE(client.answer().ends_with("streamed 11"));
}

TEST_F(http_server_test, AStreamThatBreaksOffIsThePeersFaultAndNotTheDisks) {
  start();
  peer client(path);
  client.send("POST /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno chunk\r\n");
  const auto refused = client.answer();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 400 ")) << refused;
  EXPECT_NE(refused.find("the body broke off before its end: bad chunk"), std::string::npos) << refused;
}

TEST_F(http_server_test, DeliversAnAnswerThatCameBeforeTheBodyWasRead) {
  api::http_server_options options;
  start(options);
  peer client(path);
  client.send("POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n" + std::string(900000, 'q'));
  EXPECT_TRUE(client.answer().ends_with(" 900000")) << "a buffered body is read as a whole";
}

TEST_F(http_server_test, ClosesWhoIsSlow) {
  api::http_server_options options;
  options.idle_timeout = options.header_timeout = 60ms;
  start(options);
  peer idle(path);
  peer slow(path);
  slow.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(slow.read_all(), "");
}

TEST_F(http_server_test, RefusesConnectionsAboveItsLimit) {
  api::http_server_options options;
  options.max_connections = 1;
  start(options);
  peer first(path);
  first.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(first.answer().starts_with("HTTP/1.1 200 "));
  peer second(path);
  second.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto refused = second.read_all();
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503 ")) << refused;
  EXPECT_NE(refused.find("Retry-After: "), std::string::npos);
}

TEST_F(http_server_test, SurvivesAHandlerThatThrowsAndNeverSplitsAHeader) {
  start();
  peer client(path);
  client.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(client.answer().starts_with("HTTP/1.1 500 "));
  client.send("GET /header HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.answer().find("\r\nX-Evil"), std::string::npos);
}

TEST_F(http_server_test, StopsWhileConnectionsAreOpen) {
  start();
  peer idle(path);
  idle.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.answer();
  stop(10s);
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(http_server_test, TakesOverADeadSocketButNotALivingOne) {
  start();
  boost::asio::io_context other;
  api::http_server second(other.get_executor(), handler, {});
  const auto refused = second.listen(path);
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, errc::conflict);
  const auto stale = folder.path / "stale.sock";
  {
    const int dead = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    stale.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(dead, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    close(dead);
  }
  EXPECT_TRUE(second.listen(stale).has_value());
}

}  // namespace
}  // namespace leadsync::test
