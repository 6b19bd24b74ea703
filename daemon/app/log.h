#pragma once

#include <string_view>

namespace leadsync {

/// Makes spdlog's default logger write to the journal where stderr is the journal, else to stderr. Lines read
/// "sent a batch integration=acme leads=100 took=184ms"; in the journal each such key is a field too (LEADSYNC_INTEGRATION=acme).
void start_log(std::string_view level);
void set_log_level(std::string_view level);

}  // namespace leadsync
