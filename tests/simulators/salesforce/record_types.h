#pragma once

#include "http/message.h"

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator::salesforce {

namespace json = boost::json;
struct org;
struct call;
class object_type;

/// Narrows the picklists of the records that have it.
struct record_type {
  std::string id, developer_name;
  bool is_default = false;
  std::map<std::string, std::vector<std::string>, std::less<>> options;  ///< by picklist; those not named are whole
};
using record_types = std::map<std::string, std::vector<record_type>, std::less<>>;  ///< by object

/// As describe shows them, with the master.
[[nodiscard]] json::array record_type_infos(const org& account, std::string_view object);
/// Whether a new record with these values may have this option.
[[nodiscard]] bool admits_option(const org& account, std::string_view object, const std::map<std::string, json::value, std::less<>>& values,
                                 std::string_view field, std::string_view option);

/// GET /ui-api/object-info/{object}/picklist-values/{record type}
[[nodiscard]] response handle_picklists(org& account, const call& from);
/// `[{"developer_name", "default", "options": {field: [value]}}]` in place of the former ones of the object.
[[nodiscard]] response change_record_types(org& account, const request& raw, std::string_view object, const json::value& body);

}  // namespace leadsync::simulator::salesforce
