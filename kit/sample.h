#pragma once

#include "plugin/manifest.h"
#include "sync/attempt_book.h"

#include <cstdint>
#include <string>
#include <vector>

namespace leadsync::kit {

/// A job as text, and what it demands.
struct sample_job {
  std::string kind;
  std::string json;
  std::vector<book_entry> entries;  ///< sync: by ordinal of the lead
  std::size_t companies = 0;        ///< sync
};

/// What a job's text demands. Throws std::runtime_error where it is no job.
[[nodiscard]] sample_job read_job(const plugin_manifest& about, std::string json);

/// Four leads, two of them of one company and one without any, rendered by the manifest's default mapping onto `schema_json`: the result of a
/// `describe` job, or empty for one made up.
[[nodiscard]] sample_job sample_sync_job(const plugin_manifest& about, const std::string& schema_json, const std::string& api_base,
                                         const std::string& settings_json, const std::string& account_json);
/// check, describe, provision or authorize.
[[nodiscard]] sample_job sample_simple_job(const plugin_manifest& about, const std::string& kind, const std::string& credential,
                                           const std::string& api_base, const std::string& settings_json);

/// The same with "ambiguous" for each lead and company: an earlier request may have been carried out.
[[nodiscard]] sample_job in_doubt(const plugin_manifest& about, const sample_job& job);

}  // namespace leadsync::kit
