#pragma once

#include <cstdint>
#include <functional>
#include <string>

struct leadsync_host;

namespace leadsync {

enum class plugin_severity : std::uint32_t { debug, info, warning, error };

struct plugin_log_line {
  plugin_severity severity = plugin_severity::info;
  std::string plugin;       ///< empty where a plugin logs from a thread of its own
  std::int64_t run_id = 0;  ///< 0 where there is none
  std::string text;
};

/// Where plugins' log lines go; called on any thread. Set once, before the first session.
void set_plugin_log(std::function<void(plugin_log_line)> sink);

/// What plugins may call: constant, for the life of the program.
[[nodiscard]] const leadsync_host& plugin_host();

}  // namespace leadsync
