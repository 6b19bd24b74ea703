#pragma once

#include "transcript.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace leadsync::kit {

/// One play of one of the bases, its answers changed as `seed` says: the same seed changes the same. Throws a finding.
void fuzz_once(const std::shared_ptr<const plugin_library>& plugin, const std::vector<transcript>& bases, std::uint64_t seed,
               const std::filesystem::path& findings);

struct fuzz_end {
  std::uint64_t plays = 0;
  bool passed = true;
  std::uint64_t seed = 0;  ///< of the play that failed
  std::string what, rule;
};
/// Until the time is over or something is found. `load` gives the plugin, in a child.
[[nodiscard]] fuzz_end fuzz(const std::function<std::shared_ptr<const plugin_library>()>& load, const std::vector<transcript>& bases,
                            std::chrono::seconds how_long, std::uint64_t seed, const std::filesystem::path& findings);

}  // namespace leadsync::kit
