#pragma once

#include <string_view>

namespace leadsync {

/// Ends the process as `kill -9` would, where LEADSYNC_FAILPOINT names this point ("after_send", or "after_send:3" for the third
/// passage). Costs one comparison where the variable is not set.
void failpoint(std::string_view name);

}  // namespace leadsync
