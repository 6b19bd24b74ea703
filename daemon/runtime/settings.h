#pragma once

#include "base/secret.h"
#include "model/delivery_state.h"
#include "sync/schedule.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leadsync {

/// One integration as configured; what the database owns (mapping, sync mode) is not in it.
struct integration_settings {
  std::string name;
  std::string plugin;
  std::vector<std::string> events;  ///< empty: all
  sync_mode mode = sync_mode::automatic;
  schedule when;
  std::string credential_kind;               ///< "token", "oauth": one of the manifest's
  std::map<std::string, secret> secrets;     ///< read from file, environment or systemd credential
  std::string secrets_problem;               ///< why they could not be read; the integration is held and says so
  std::string base_url;                      ///< empty: the manifest's
  std::string ca_file;
  std::string proxy;
  std::map<std::string, std::uint32_t> limits;  ///< ceilings by limit id
  std::string settings_json = "{}";             ///< the plugin's own settings
  bool provision = false;                       ///< may make our unique key fields in the CRM
  int max_in_flight = 16;                       ///< batches at once
  std::filesystem::path file;                   ///< for messages
};

struct engine_settings {
  std::filesystem::path state_folder;
  std::vector<std::filesystem::path> plugin_folders;
  std::vector<integration_settings> integrations;
  std::chrono::seconds schema_refresh{900};
  std::chrono::seconds stop_grace{30};
  int plugin_threads = 2;
  int retry_cap = 5;  ///< counted attempts before a delivery is Failed with its category
  std::chrono::days body_retention{30};
  std::chrono::days attempt_retention{400};
  std::string version;
  /// Reads an integration's secrets again, for a reconnect.
  std::function<integration_settings(const integration_settings&)> reread_secrets;
};

}  // namespace leadsync
