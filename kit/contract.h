#pragma once

#include "sample.h"

#include "plugin/message.h"

#include <chrono>
#include <string>
#include <vector>

namespace leadsync::kit {

struct answered_request {
  plugin_request request;
  plugin_response response;
};

/// What a session did from beginning to end.
struct played {
  struct turn {
    std::vector<answered_request> exchanges;
    std::chrono::milliseconds wait{0};
  };
  std::vector<turn> turns;
  std::vector<verdict> verdicts;
  std::string result_json;

  [[nodiscard]] std::vector<const answered_request*> requests() const;
};

// Each throws a finding.
void check_request(const plugin_manifest& about, const sample_job& job, const plugin_request& request);
/// A step's verdicts, when it leaves.
[[nodiscard]] std::vector<verdict> check_verdicts(attempt_book& book, const std::string& verdicts_json, std::size_t requests_so_far);
/// The end of a session of `job`.
void check_end(const plugin_manifest& about, const sample_job& job, const attempt_book& book, const played& session);

}  // namespace leadsync::kit
