#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leadsync::kit {

/// What a 64-bit shared library says about itself. Throws std::runtime_error where the file is none.
struct shared_library {
  std::vector<std::string> exported;  ///< dynamic symbols that it defines
  bool never_unloaded = false;        ///< linked with -z nodelete
};
[[nodiscard]] shared_library read_shared_library(const std::filesystem::path& file);

}  // namespace leadsync::kit
