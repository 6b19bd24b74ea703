#pragma once

#include "base/strong_id.h"

namespace leadsync {

using integration_id = strong_id<struct integration_tag>;
using lead_id = strong_id<struct lead_tag>;
using event_id = strong_id<struct event_tag>;
using delivery_id = strong_id<struct delivery_tag>;
using run_id = strong_id<struct run_tag>;
using attempt_id = strong_id<struct attempt_tag>;
using import_id = strong_id<struct import_tag>;
using operation_id = strong_id<struct operation_tag>;

}  // namespace leadsync
