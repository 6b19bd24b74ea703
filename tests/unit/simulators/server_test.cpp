#include "account.h"
#include "http/server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <thread>

namespace leadsync::simulator {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// A server on a thread of its own, and one blocking connection to it.
struct served {
  served() : http(context, crm, "127.0.0.1", 0) {
    http.start();
    thread = std::thread([this] { context.run(); });
    connect();
  }
  ~served() {
    context.stop();
    thread.join();
  }
  void connect() {
    socket = tcp::socket(client);
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), http.port()));
  }
  void send(const std::string& method, const std::string& path, const std::string& body) {
    asio::write(socket, asio::buffer(method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer pat\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body));
  }
  /// Until the end of the head, or the connection's.
  std::string head() {
    boost::system::error_code failure;
    const auto size = asio::read_until(socket, asio::dynamic_buffer(pending), "\r\n\r\n", failure);
    std::string out = pending.substr(0, failure ? pending.size() : size);
    pending.erase(0, out.size());
    return out;
  }
  /// The body's bytes that came, up to the announced length.
  std::string body(const std::string& head_text) {
    const auto at = head_text.find("Content-Length: ");
    const auto length = at == std::string::npos ? 0 : std::stoul(head_text.substr(at + 16));
    boost::system::error_code failure;
    if (pending.size() < length) asio::read(socket, asio::dynamic_buffer(pending), asio::transfer_exactly(length - pending.size()), failure);
    std::string out = pending.substr(0, length);
    pending.erase(0, out.size());
    return out;
  }
  std::string exchange(const std::string& method, const std::string& path, const std::string& text = {}) {
    send(method, path, text);
    const auto first = head();
    return first.substr(0, first.find("\r\n")) + " " + body(first);
  }

  simulator crm{std::make_unique<hubspot::hubspot_crm>(7, std::vector<std::string>{"pat"}), 7};
  asio::io_context context{1};
  server http;
  asio::io_context client;
  tcp::socket socket{client};
  std::string pending;
  std::thread thread;
};

TEST(Server, KeepsAConnectionForManyRequests) {
  served one;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(one.exchange("POST", "/crm/v3/objects/contacts", R"({"properties":{"lastname":"x"}})").starts_with("HTTP/1.1 201 Created {\"id\":"));
  EXPECT_EQ(one.exchange("GET", "/_simulator/objects/contacts?count=1"), "HTTP/1.1 200 OK {\"count\":3}\n");
}

TEST(Server, CutsTheConnectionAfterTheWrite) {
  served one;
  EXPECT_TRUE(one.exchange("POST", "/_simulator/faults", R"({"kind":"cut_after"})").starts_with("HTTP/1.1 201"));
  one.send("POST", "/crm/v3/objects/contacts", R"({"properties":{"lastname":"x"}})");
  EXPECT_EQ(one.head(), "");
  one.connect();
  EXPECT_EQ(one.exchange("GET", "/_simulator/objects/contacts?count=1"), "HTTP/1.1 200 OK {\"count\":1}\n");
}

TEST(Server, TruncatedBodyIsShorterThanAnnounced) {
  served one;
  (void)one.exchange("POST", "/_simulator/faults", R"({"kind":"truncated_body"})");
  one.send("GET", "/account-info/v3/details", "");
  const auto head = one.head();
  const auto length = std::stoul(head.substr(head.find("Content-Length: ") + 16));
  EXPECT_EQ(one.body(head).size(), length / 2);
}

}  // namespace
}  // namespace leadsync::simulator
