#pragma once

#include "model/mapping.h"
#include "model/remote_schema.h"

#include <span>

namespace leadsync {

/// A plugin's default mapping, as far as this account's schema carries it: entries whose field is absent or read-only are dropped, and
/// of two entries for one field the first holds.
[[nodiscard]] mapping make_default_mapping(std::span<const field_mapping> wanted, const remote_schema& schema);

}  // namespace leadsync
