#pragma once

#include "http/message.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>

namespace leadsync::simulator {

class simulator;

/// HTTP/1.1 with keep-alive on 127.0.0.1 (or another address). Everything runs on the thread that runs the io_context.
class server {
 public:
  /// Throws boost::system::system_error where the address cannot be bound.
  server(boost::asio::io_context& context, simulator& crm, const std::string& address, std::uint16_t port);
  ~server();

  [[nodiscard]] std::uint16_t port() const;
  void start();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace leadsync::simulator
