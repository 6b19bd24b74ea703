#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator::salesforce {

using csv_row = std::vector<std::string>;

/// RFC 4180 with either line ending; what stands in quotes may hold any character.
[[nodiscard]] std::vector<csv_row> read_csv(std::string_view text);
/// Every cell in quotes, as the real results have them.
void append_csv(std::string& out, const csv_row& row);

}  // namespace leadsync::simulator::salesforce
