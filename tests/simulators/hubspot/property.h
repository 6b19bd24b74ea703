#pragma once

#include "base/error.h"
#include "base/instant.h"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator::hubspot {

enum class value_type { string, number, date, datetime, enumeration, boolean, phone_number };

struct option {
  std::string label, value, description;
  std::int64_t display_order = -1;
  bool hidden = false;
};

/// A validation rule that an admin attached to the property.
struct rule {
  std::string type;  ///< MAX_LENGTH, MIN_LENGTH, ALPHA, ALPHANUMERIC, MIN_NUMBER, MAX_NUMBER
  std::string argument;
};

/// Where a value that is never stored comes from.
enum class computed { no, created_at, updated_at, object_id, email_domain, full_name, constant };

struct property {
  std::string name, label, field_type, group, description;
  value_type type = value_type::string;
  std::vector<option> options;
  std::vector<rule> rules;
  computed source = computed::no;
  std::string constant;
  bool unique = false, calculated = false, external_options = false, read_only = false, hidden = false;
  bool built_in = false, required = false, archived = false, form_field = true, by_default = false;
  instant created_at{}, updated_at{};

  [[nodiscard]] bool multiple() const { return type == value_type::enumeration && field_type == "checkbox"; }
};

[[nodiscard]] std::string_view to_text(value_type type);
[[nodiscard]] boost::json::object to_json(const property& what);

/// Takes over the members that are present: a whole definition or a patch. Errors are the text for the API's answer.
[[nodiscard]] result<> merge_definition(property& into, const boost::json::object& from);

}  // namespace leadsync::simulator::hubspot
