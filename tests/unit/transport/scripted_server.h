#pragma once

#include "tests/unit/transport/certificates.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace leadsync::test {

struct received_request {
  int connection = 0;  ///< from 1
  int number = 0;      ///< of all requests, from 1
  std::string head, body;

  [[nodiscard]] bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

struct scripted_reply {
  std::string bytes;
  enum { keep, close, reset, hold } then = keep;  ///< hold: neither answers further nor closes until the server ends
};

[[nodiscard]] scripted_reply answer(int status, std::string body, std::string headers = "");

/// Raw sockets that do what the script says, a thread for each connection.
class scripted_server {
 public:
  using script = std::function<scripted_reply(const received_request&)>;  ///< one call at a time

  explicit scripted_server(script what, const certificate* identity = nullptr);
  ~scripted_server();

  [[nodiscard]] std::string url(const std::string& path = "/") const;
  [[nodiscard]] std::vector<received_request> requests() const;
  [[nodiscard]] int connections() const;

 private:
  void accept_all();
  template <class Stream>
  void serve(Stream& stream, boost::asio::ip::tcp::socket& socket, int connection);

  script script_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::optional<boost::asio::ssl::context> tls_;
  mutable std::mutex mutex_;
  std::vector<received_request> requests_;
  int connections_ = 0;
  bool ending_ = false;
  std::list<int> open_;  ///< descriptors, to wake their threads
  std::list<std::thread> threads_;
  std::thread accepting_;
};

}  // namespace leadsync::test
