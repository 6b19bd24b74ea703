#pragma once

#include "plugin/message.h"

#include <functional>
#include <string>
#include <vector>

namespace leadsync::kit {

/// One way in which an answer goes wrong.
struct adversity {
  std::string name;
  std::function<plugin_response(plugin_response)> change;
};

/// Faults of the way, statuses 3xx to 5xx, and bodies that no API should send.
[[nodiscard]] const std::vector<adversity>& adversities();

}  // namespace leadsync::kit
