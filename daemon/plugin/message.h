#pragma once

#include "base/instant.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leadsync {

struct plugin_header {
  std::string name;
  std::string value;
  friend bool operator==(const plugin_header&, const plugin_header&) = default;
};

/// What repeating a request would do.
enum class plugin_effect { read, keyed_write, blind_write };

struct plugin_cost {
  std::string limit;  ///< id of one of the manifest's limits
  std::uint32_t amount = 1;
  friend bool operator==(const plugin_cost&, const plugin_cost&) = default;
};

/// A request that a plugin wants sent, with the manifest's defaults filled in.
struct plugin_request {
  std::string method;
  std::string url;  ///< "/path?query" relative to the api base, or absolute; its host is not checked yet
  std::vector<plugin_header> headers;
  std::string body;
  std::string phase;                 ///< empty for none
  std::vector<std::uint32_t> leads;  ///< ordinals within the job
  plugin_effect effect = plugin_effect::read;
  std::vector<plugin_cost> costs;
  std::chrono::milliseconds deadline{0};
  std::uint64_t max_response_bytes = 0;
};

/// The values are those of the C contract's `enum leadsync_transport`.
enum class plugin_transport : std::uint32_t { ok, not_sent, sent_no_answer, truncated, too_large, refused_host };

struct plugin_response {
  plugin_transport transport = plugin_transport::ok;
  std::uint32_t status = 0;
  std::vector<plugin_header> headers;  ///< names in lower case
  std::string body;
  std::string transport_error;
  std::optional<instant> sent_at;
  std::optional<instant> received_at;
};

/// What a plugin wants next. Owns everything.
struct plugin_step {
  enum class kind { send, wait, done };
  plugin_step::kind kind = kind::done;
  std::vector<plugin_request> requests;  ///< send
  std::chrono::milliseconds wait{0};     ///< wait
  std::string verdicts_json;             ///< an array, or empty; in any kind of step
  std::string checkpoint;                ///< empty: unchanged
  std::string result_json;               ///< done: an object
};

}  // namespace leadsync
