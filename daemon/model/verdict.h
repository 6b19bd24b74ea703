#pragma once

#include "base/error.h"
#include "model/category.h"
#include "model/locus.h"
#include "model/rendered.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

enum class phase_status { ok, skipped, failed };

/// What became of one phase of one lead, or of one company (sdk/protocol.md, Verdict).
struct verdict {
  std::optional<std::uint32_t> lead;     ///< ordinal; exactly one of the two
  std::optional<std::uint32_t> company;  ///< ordinal
  std::string phase;
  phase_status status = phase_status::ok;
  std::string object;  ///< whose remote id it is; empty: the manifest's object of that phase
  std::string remote_id;
  std::string url;
  category what = category::none;
  std::string crm_code;
  std::string message;
  locus where;
  std::chrono::milliseconds retry_after{0};
  std::vector<warning> warnings;
  std::optional<std::uint32_t> request;  ///< number within the session
  std::string request_pointer;
  std::string response_pointer;
};

/// A job that failed as a whole.
struct job_failure {
  category what = category::unexpected;
  std::string crm_code;
  std::string message;
  std::chrono::milliseconds retry_after{0};
  std::optional<std::uint32_t> request;
};

/// An array of verdicts. A plugin that breaks the contract gives an error that says how.
[[nodiscard]] result<std::vector<verdict>> parse_verdicts(std::string_view json);
/// The "error" member of a result; nothing where the job did not fail.
[[nodiscard]] result<std::optional<job_failure>> parse_job_failure(std::string_view result_json);

[[nodiscard]] std::string_view to_text(phase_status status);

}  // namespace leadsync
