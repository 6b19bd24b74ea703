#pragma once

#include "base/error.h"
#include "runtime/settings.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// All that leadsyncd.yaml and integrations.d say.
struct app_settings {
  std::filesystem::path file;
  std::filesystem::path integrations_folder;
  std::filesystem::path socket = "/run/leadsync/api.sock";
  std::string log_level = "info";  ///< "debug", "info", "warning", "error"
  engine_settings engine;
};

/// The main file alone.
[[nodiscard]] result<app_settings> parse_config(std::string_view text, const std::filesystem::path& file);

/// The main file, and every *.yaml of its integrations folder in the order of their names. The error has one line for every problem of
/// every file.
[[nodiscard]] result<app_settings> load_config(const std::filesystem::path& file);

/// "acme: secret `access_token`: /etc/... cannot be read", for each integration that will be held by it.
[[nodiscard]] std::vector<std::string> secret_problems(const app_settings& settings);

}  // namespace leadsync
