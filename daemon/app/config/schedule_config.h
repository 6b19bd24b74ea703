#pragma once

#include "app/config/yaml_map.h"
#include "sync/schedule.h"

namespace leadsync {

/// Reads `schedule` and `quiet_hours` of an integration.
[[nodiscard]] schedule read_schedule(yaml_map& integration);

}  // namespace leadsync
