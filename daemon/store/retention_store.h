#pragma once

#include "base/instant.h"
#include "store/writer.h"

namespace leadsync {

/// Removes a batch of what is older than its retention; true where more is left.
[[nodiscard]] result<bool> prune(database& db, instant bodies_before, instant attempts_before);

}  // namespace leadsync
