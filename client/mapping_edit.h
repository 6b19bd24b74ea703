#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::client {

// Changes of a mapping document, {"fields": [...]}. They throw failure where the field is not mapped, and say what is.

using value_pair = std::pair<std::string, std::string>;

/// "contact.timeline", or what the lead calls it: "Timeline", "qualifier:Timeline", "email".
[[nodiscard]] boost::json::object& find_field(boost::json::object& mapping, std::string_view name);

/// "FROM=TO", split at the last "=" that leaves both sides something; an empty TO takes the mapping of FROM away.
[[nodiscard]] value_pair parse_value_pair(std::string_view text);

void map_values(boost::json::object& field, const std::vector<value_pair>& values);
/// Lets the source of `name` write to another remote field, "object.field".
void remap_field(boost::json::object& mapping, std::string_view name, std::string_view target);
void clear_field(boost::json::object& mapping, std::string_view name);

struct field_change {
  std::string source;
  std::string default_value;
  bool truncate = false;
  bool if_empty = false;
  bool overwrite = false;
};
/// Maps "object.field", or changes how it is mapped.
void set_field(boost::json::object& mapping, std::string_view name, const field_change& change);

}  // namespace leadsync::client
