#pragma once

#include <stdexcept>
#include <string>

namespace leadsync::kit {

/// What the plugin's author did wrong, and where the rule stands: "sdk/protocol.md, Verdict".
struct finding : std::runtime_error {
  finding(const std::string& what, std::string where) : std::runtime_error(what), rule(std::move(where)) {}
  std::string rule;
};

}  // namespace leadsync::kit
