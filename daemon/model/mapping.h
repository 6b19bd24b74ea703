#pragma once

#include "base/error.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

enum class write_mode { overwrite, if_empty };

/// One remote field and where its value comes from.
struct field_mapping {
  std::string object;
  std::string remote_field;
  std::string source;         ///< a lead field, "qualifier:NAME", "custom:NAME", "event_name", "lead_id"; empty: only the default
  std::string default_value;  ///< used where the lead has no value; leaves a DEFAULTED warning
  write_mode mode = write_mode::overwrite;
  bool truncate = false;                      ///< cut to the field's length; leaves a TRUNCATED warning
  std::map<std::string, std::string> values;  ///< the lead's value (as written) to the CRM's option value; matched folded

  friend bool operator==(const field_mapping&, const field_mapping&) = default;
};

/// The mapping of one integration. Every save is a new revision.
struct mapping {
  std::vector<field_mapping> fields;

  [[nodiscard]] const field_mapping* find(std::string_view object, std::string_view remote_field) const;
  [[nodiscard]] field_mapping* find(std::string_view object, std::string_view remote_field);

  friend bool operator==(const mapping&, const mapping&) = default;
};

[[nodiscard]] std::string_view to_text(write_mode mode);

/// {"fields": [{"object", "remote_field", "source", "default", "write_mode", "truncate", "values": {...}}]}; errors name the member
/// by JSON pointer. Unknown members and two mappings of one remote field are refused.
[[nodiscard]] result<mapping> parse_mapping(std::string_view json);
[[nodiscard]] std::string to_json(const mapping& fields);

}  // namespace leadsync
