#pragma once

#include "intake/capture_clock.h"
#include "intake/lead_reader.h"

#include <string_view>

namespace leadsync {

/// One JSON object to a lead. Members go through the header dictionary; unknown ones are kept as custom fields, whatever they hold.
[[nodiscard]] result<captured_lead> lead_from_json(std::string_view json, const intake_options& options, const capture_clock& clock);

}  // namespace leadsync
