#pragma once

#include "store/records.h"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::api {

/// One delivery as lists show it. `hold` is the integration's.
[[nodiscard]] boost::json::object to_view(const delivery_row& row, std::string_view hold);

/// The export's first line, and one delivery as a line. A cell that a spreadsheet would take for a formula begins with an apostrophe.
[[nodiscard]] std::string csv_header();
[[nodiscard]] std::string csv_line(const delivery_row& row, std::string_view hold);
[[nodiscard]] std::string csv_cell(std::string_view text);

/// The log of a delivery: current issue, attempts, phases with the exchange behind each. Of shared requests and answers only the part that
/// is about this lead. `exchanges` are those of the attempts' runs, in the order of the attempts; missing ones leave their phases without.
[[nodiscard]] boost::json::object to_log(const delivery_detail& detail, const std::vector<std::vector<exchange_record>>& exchanges,
                                         std::string_view hold);

}  // namespace leadsync::api
