#pragma once

#include "simulator.h"

#include <boost/json/value.hpp>

namespace leadsync::simulator {

/// `/_simulator/...`: what every CRM has in common; the rest goes to the CRM. See README.md for the paths.
class admin {
 public:
  explicit admin(simulator& owner) : owner_(owner) {}
  [[nodiscard]] response handle(const request& call, instant now);

 private:
  response requests(const request& call, instant now);
  response limits(const request& call, const boost::json::value& body, instant now);
  response latency(const request& call, const boost::json::value& body);
  response faults(const request& call, const std::vector<std::string>& segments, const boost::json::value& body);
  response reset();

  simulator& owner_;
};

[[nodiscard]] response admin_answer(const boost::json::value& body, int status = 200);
[[nodiscard]] response admin_refusal(int status, std::string_view text);

}  // namespace leadsync::simulator
