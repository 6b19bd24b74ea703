#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace leadsync {

enum class limit_kind { rolling, fixed, daily, concurrency };

struct limit_definition {
  std::string id;
  std::uint32_t amount = 0;  ///< the ceiling; headers may lower it
  limit_kind kind = limit_kind::rolling;
  std::chrono::milliseconds window{0};
  std::string zone = "UTC";
  bool account_zone = false;  ///< the day is of the account's zone, where that is known
  bool per_token = false;     ///< each token of the account has a quota of its own
  bool by_default = false;  ///< costs 1 where a request names no costs
  std::string amount_header, remaining_header, window_header;  ///< lower case; empty: none
};

/// What one answer's headers say about one limit.
struct limit_report {
  std::uint32_t amount = 0;  ///< 0: not said
  std::chrono::milliseconds window{0};
  bool has_remaining = false;
  std::uint32_t remaining = 0;
};

}  // namespace leadsync
