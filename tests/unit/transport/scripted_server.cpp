#include "tests/unit/transport/scripted_server.h"

#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>

#include <sys/socket.h>

namespace leadsync::test {

namespace asio = boost::asio;
using asio::ip::tcp;

scripted_reply answer(int status, std::string body, std::string headers) {
  return {"HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

scripted_server::scripted_server(script what, const certificate* identity)
    : script_(std::move(what)), acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
  if (identity) {
    tls_.emplace(asio::ssl::context::tls_server);
    tls_->use_certificate_chain(asio::buffer(identity->certificate_pem));
    tls_->use_private_key(asio::buffer(identity->key_pem), asio::ssl::context::pem);
  }
  accepting_ = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (const int each : open_) ::shutdown(each, SHUT_RDWR);
  }
  ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
  accepting_.join();
  for (auto& each : threads_) each.join();
}

std::string scripted_server::url(const std::string& path) const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(acceptor_.local_endpoint().port()) + path;
}

std::vector<received_request> scripted_server::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int scripted_server::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void scripted_server::accept_all() {
  for (;;) {
    tcp::socket socket(io_);
    boost::system::error_code failed;
    acceptor_.accept(socket, failed);
    const std::lock_guard lock(mutex_);
    if (failed || ending_) return;
    const int number = ++connections_;
    open_.push_back(socket.native_handle());
    threads_.emplace_back([this, number, moved = std::move(socket)]() mutable {
      const int descriptor = moved.native_handle();
      if (tls_) {
        asio::ssl::stream<tcp::socket&> stream(moved, *tls_);
        boost::system::error_code broken;
        stream.handshake(asio::ssl::stream_base::server, broken);
        if (!broken) serve(stream, moved, number);
      } else {
        serve(moved, moved, number);
      }
      const std::lock_guard closing(mutex_);
      open_.remove(descriptor);
      moved.close();
    });
  }
}

template <class Stream>
void scripted_server::serve(Stream& stream, tcp::socket& socket, int connection) {
  std::string buffer;
  boost::system::error_code failed;
  const auto read_more = [&] {
    char chunk[16384];
    const auto size = stream.read_some(asio::buffer(chunk), failed);
    buffer.append(chunk, size);
    return !failed;
  };
  for (;;) {
    while (buffer.find("\r\n\r\n") == std::string::npos)
      if (!read_more()) return;
    received_request request;
    request.connection = connection;
    const auto end = buffer.find("\r\n\r\n") + 4;
    request.head = buffer.substr(0, end);
    buffer.erase(0, end);
    std::size_t length = 0;
    if (const auto at = request.head.find("Content-Length: "); at != std::string::npos) length = std::stoul(request.head.substr(at + 16));
    while (buffer.size() < length)
      if (!read_more()) return;
    request.body = buffer.substr(0, length);
    buffer.erase(0, length);

    scripted_reply reply;
    {
      const std::lock_guard lock(mutex_);
      request.number = static_cast<int>(requests_.size()) + 1;
      requests_.push_back(request);
      reply = script_(request);
    }
    if (!reply.bytes.empty()) asio::write(stream, asio::buffer(reply.bytes), failed);
    if (reply.then == scripted_reply::hold)
      while (read_more()) {
      }
    if (reply.then == scripted_reply::reset) socket.set_option(tcp::socket::linger(true, 0), failed);
    if (reply.then != scripted_reply::keep || failed) return;
  }
}

}  // namespace leadsync::test
