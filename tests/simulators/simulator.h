#pragma once

#include "crm.h"
#include "faults/fault_list.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <random>

namespace leadsync::simulator {

/// Paths under `/_simulator`: not the CRM's.
[[nodiscard]] bool is_admin(const request& call);

/// A CRM with its faults, delays, request counts and admin API. Not thread-safe: one thread feeds it.
class simulator {
 public:
  simulator(std::unique_ptr<crm> account, std::uint64_t seed);

  [[nodiscard]] plan handle(request call, instant now);
  /// The server brackets each request to the CRM with these, until the last byte of the answer.
  void enter();
  void leave() { --concurrent_; }

 private:
  friend class admin;

  plan answer_api(request& call, instant now);
  plan answer_fault(const fault& what, request& call, instant now);
  void count(const request& call, int status, bool answered);

  std::unique_ptr<crm> account_;
  std::mt19937_64 random_;
  std::uint64_t seed_;
  fault_list faults_;
  std::chrono::milliseconds latency_min_{0}, latency_max_{0};
  std::map<std::string, std::map<std::string, std::size_t>, std::less<>> counts_;
  std::size_t concurrent_ = 0, max_concurrent_ = 0;
  std::chrono::system_clock::time_point newest_call_;
};

}  // namespace leadsync::simulator
