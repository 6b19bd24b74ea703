#pragma once

#include "base/error.h"
#include "plugin/manifest.h"
#include "plugin/message.h"

struct leadsync_step;

namespace leadsync {

/// Copies a step out of the C contract and fills in the manifest's defaults. An error is a sentence about what the plugin did wrong.
[[nodiscard]] result<plugin_step> read_step(const leadsync_step& step, const plugin_manifest& manifest, std::uint32_t lead_count);

}  // namespace leadsync
