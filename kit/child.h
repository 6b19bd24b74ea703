#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace leadsync::kit {

struct child_end {
  bool passed = false;
  std::string output;  ///< what the work returned, where it passed
  std::string what;    ///< the finding, where it did not
  std::string rule;
};

/// Runs `work` in a process of its own. A finding that it throws, a crash, an exit and an overrun of `limit` are its end.
[[nodiscard]] child_end in_child(const std::function<std::string()>& work, std::chrono::seconds limit);

/// For signal handlers of the child: ends it with this finding.
[[noreturn]] void end_child(const char* what, const char* rule) noexcept;

}  // namespace leadsync::kit
