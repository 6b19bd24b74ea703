#pragma once

#include "plugin/library.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace leadsync::kit {

/// How to reach a server, as an integration's YAML says it to the daemon.
struct recording {
  std::string base_url, credential;
  std::vector<std::string> secrets;   ///< NAME=VALUE
  std::vector<std::string> settings;  ///< NAME=VALUE
};

/// Plays the plugin's jobs against the server through the daemon's transport, and writes a transcript of each to `folder`. Says on standard output what it
/// wrote, on standard error why it cannot. The program's exit status.
[[nodiscard]] int record(std::shared_ptr<const plugin_library> plugin, const recording& how, const std::filesystem::path& folder);

}  // namespace leadsync::kit
