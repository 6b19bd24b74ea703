#include "plugin/host.h"

#include "base/text.h"
#include "leadsync/plugin.h"
#include "plugin/crash_note.h"

namespace leadsync {
namespace {

constexpr std::size_t max_line_bytes = 4096;

std::function<void(plugin_log_line)>& sink() {
  static auto& function = *new std::function<void(plugin_log_line)>;  // plugins' threads may outlive main's statics
  return function;
}

void log(std::uint32_t severity, leadsync_str text) noexcept {
  try {
    if (!sink() || !text.data) return;
    plugin_log_line line;
    line.severity = static_cast<plugin_severity>(severity > 3 ? 3 : severity);
    line.plugin = current_plugin_call::plugin();
    line.run_id = current_plugin_call::run_id();
    line.text = scrub_utf8(std::string_view(text.data, std::min(text.size, max_line_bytes)));
    sink()(std::move(line));
  } catch (...) {
    // A log line is not worth a plugin's session.
  }
}

const void* no_extension(const char*) noexcept { return nullptr; }

}  // namespace

void set_plugin_log(std::function<void(plugin_log_line)> function) { sink() = std::move(function); }

const leadsync_host& plugin_host() {
  static const leadsync_host host{sizeof(leadsync_host), LEADSYNC_ABI_MAJOR, LEADSYNC_ABI_MINOR, &log, &no_extension};
  return host;
}

}  // namespace leadsync
