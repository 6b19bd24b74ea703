#pragma once

#include "mapping/render.h"
#include "model/rendered.h"
#include "plugin/manifest.h"
#include "store/records.h"
#include "sync/attempt_book.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leadsync {

/// What a batch is rendered by; shared by all runs of one mapping revision and schema.
struct rendering {
  std::shared_ptr<const mapping> fields;
  std::shared_ptr<const remote_schema> schema;
  std::int64_t revision = 0;
  compiled_mapping compiled;
};

[[nodiscard]] render_options render_options_of(const plugin_manifest& about);
/// What the manifest proposes, as far as the CRM has the fields.
[[nodiscard]] mapping default_mapping_of(const plugin_manifest& about, const remote_schema& schema);
[[nodiscard]] std::vector<phase_rule> phase_rules_of(const plugin_manifest& about);

/// What is the same in every job of an integration.
struct job_frame {
  std::string api_base;
  std::string settings_json = "{}";
  std::string account_json;  ///< empty until checked
  std::string installation;
};

/// One batch, rendered and checked: the leads that pass are in the job, the others have their problem.
struct prepared_batch {
  std::string job_json;                          ///< empty where no lead passed
  std::vector<book_entry> entries;               ///< by ordinal
  std::vector<std::size_t> delivery_of;          ///< ordinal to index in the run
  std::vector<std::string> company_keys;         ///< by company ordinal
  std::vector<std::vector<warning>> warnings;    ///< by index in the run
  std::vector<std::optional<problem>> problems;  ///< by index in the run
  bool any_problem = false;
};

/// {"kind": KIND, "protocol": 1, ..., without the closing brace.
[[nodiscard]] std::string begin_job(std::string_view kind, const job_frame& frame, instant now, std::uint64_t seed);

/// Renders each delivery of `run` and states the job (sdk/protocol.md). Pure; a few microseconds per lead.
[[nodiscard]] prepared_batch prepare_batch(const opened_run& run, const rendering& how, const plugin_manifest& about, const job_frame& frame,
                                           instant now, std::uint64_t seed);

}  // namespace leadsync
