#pragma once

#include "base/error.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// What a plugin says about itself (sdk/protocol.md), checked: references resolve, numbers are in range.
struct plugin_manifest {
  struct credential {
    std::string kind;
    std::string title;
    std::vector<std::string> secrets;
    bool authorize = false;  ///< an `authorize` job must come first
  };

  enum class per { lead, company };
  struct object {
    std::string name;
    std::string title;
    plugin_manifest::per per = per::lead;
    std::string phase;
    std::vector<std::string> match_keys;
  };

  struct phase {
    std::string name;
    std::vector<std::string> needs;  ///< each is an earlier phase
  };

  struct field_default {
    std::string object;
    std::string remote_field;
    std::string source;
    bool only_if_empty = false;
  };

  enum class limit_kind { rolling, fixed, daily, concurrency };
  enum class limit_scope { account, token };
  /// Names of response headers, in lower case; empty where the CRM has none.
  struct limit_headers {
    std::string amount;
    std::string remaining;
    std::string window_ms;
  };
  struct limit {
    std::string id;
    std::uint32_t amount = 0;
    std::chrono::milliseconds window{0};  ///< rolling and fixed
    limit_kind kind = limit_kind::rolling;
    limit_scope scope = limit_scope::account;
    std::string zone = "UTC";  ///< daily
    bool account_zone = false; ///< daily, in the zone that `check` reports
    bool is_default = false;   ///< applies to requests that name no cost
    limit_headers headers;
  };

  std::string name;
  std::string title;
  std::string version;
  std::string api_base;  ///< may be empty where an `authorize` job says it
  std::vector<std::string> hosts;
  std::string authorization_header;
  std::string authorization_value;
  std::vector<credential> credentials;
  std::vector<std::string> token_members;
  boost::json::object settings;  ///< a JSON Schema
  std::vector<std::string> jobs;
  std::vector<object> objects;
  std::vector<phase> phases;
  std::vector<field_default> default_mapping;
  std::uint32_t batch_size = 1;
  std::uint32_t backlog_batch_size = 1;  ///< where many more wait; see `batch_size_for`
  std::chrono::milliseconds settle{0};
  std::chrono::milliseconds deadline{30'000};
  std::uint64_t max_response_bytes = 8u << 20;
  std::vector<limit> limits;
  std::map<std::string, std::string> help;  ///< by the CRM's own error code

  [[nodiscard]] bool offers(std::string_view job) const;
  /// Whether requests to this host (without port, in any case) may leave.
  [[nodiscard]] bool admits_host(std::string_view host) const;
};

/// The error names the member: "limits[1].window_ms: must be at least 1".
[[nodiscard]] result<plugin_manifest> parse_manifest(std::string_view json);

}  // namespace leadsync
