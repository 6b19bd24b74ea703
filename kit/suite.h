#pragma once

#include "transcript.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace leadsync::kit {

/// One thing that must hold. `run` is called in a child, returns nothing of interest, and throws a finding.
struct test_case {
  std::string name;
  std::function<void()> run;
};

/// Loads the plugin, in a child. Throws a finding.
[[nodiscard]] std::shared_ptr<const plugin_library> load(const std::filesystem::path& file);

/// What is played: the transcripts, and for each job that the manifest offers and they lack a conversation with plain answers.
[[nodiscard]] std::vector<transcript> bases_of(const plugin_manifest& about, std::vector<transcript> recorded);

[[nodiscard]] std::vector<test_case> cases_for(const std::filesystem::path& file, const plugin_manifest& about, const std::vector<transcript>& recorded,
                                               const std::vector<transcript>& bases);

}  // namespace leadsync::kit
