#pragma once

#include "plugin/library.h"
#include "plugin/message.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct leadsync_session;

namespace leadsync {

/// What a session works for: for log lines and crash notes, and to check the ordinals in its requests.
struct plugin_run {
  std::int64_t run_id = 0;
  std::uint32_t lead_count = 0;
};

/// One job in one plugin. Owns the C session and keeps its library.
///
/// Calls must not overlap (they may move between threads). Destroying a session at any suspension point is safe: the plugin has
/// nothing in flight, we have. Nothing that a plugin returns is trusted: nonsense, and an exception, become a done step whose
/// error is PLUGIN_FAULT with a sentence, and the plugin is not resumed again.
class plugin_session {
 public:
  [[nodiscard]] static plugin_session open(std::shared_ptr<const plugin_library> library, std::string_view job_json, plugin_run run);
  plugin_session(plugin_session&&) noexcept = default;
  plugin_session& operator=(plugin_session&&) = delete;

  /// First without responses; then with one for each request of the last step, in order, or with none after a wait.
  [[nodiscard]] plugin_step resume(std::span<const plugin_response> responses = {});

 private:
  struct closer {
    std::shared_ptr<const plugin_library> library;
    plugin_run run;
    void operator()(leadsync_session* session) const noexcept;
  };

  plugin_session() = default;
  plugin_step fault(std::string sentence);

  std::shared_ptr<const plugin_library> library_;
  plugin_run run_;
  std::unique_ptr<leadsync_session, closer> session_;
  std::string fault_;  ///< set: broken, for good
};

}  // namespace leadsync
