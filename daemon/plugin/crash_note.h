#pragma once

#include "base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace leadsync {

/// The plugin in whose code a fatal signal came, and the run it worked on.
struct crash_note {
  std::string plugin;
  std::string sha256;  ///< of its file, when it was loaded
  std::int64_t run_id = 0;
  int signal = 0;
};

/// Marks, while it lives, that this thread is inside a plugin. Also gives the thread a stack for signals, because the plugin may
/// have used up its own.
class current_plugin_call {
 public:
  current_plugin_call(std::string_view plugin, std::string_view sha256, std::int64_t run_id) noexcept;
  ~current_plugin_call();
  current_plugin_call(const current_plugin_call&) = delete;
  current_plugin_call& operator=(const current_plugin_call&) = delete;

  /// Of this thread's innermost call; empty and 0 outside.
  [[nodiscard]] static std::string_view plugin() noexcept;
  [[nodiscard]] static std::int64_t run_id() noexcept;
};

/// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT inside a plugin leave a note in `file` before they take their course.
/// Call once, at start-up, after `read_and_clear_crash_note` and before a plugin is loaded.
[[nodiscard]] result<> install_crash_note(const std::filesystem::path& file);

/// The last process's note, if it left one. Clears it: each crash counts once.
[[nodiscard]] result<std::optional<crash_note>> read_and_clear_crash_note(const std::filesystem::path& file);

}  // namespace leadsync
