#pragma once

#include "salesforce/org.h"

#include <optional>

namespace leadsync::simulator::salesforce {

struct row_error {
  std::string code, message;
  std::vector<std::string> fields = {};
  json::object duplicate = {};  ///< of a duplicate rule, for answers about a single record
};

using value_map = std::map<std::string, json::value, std::less<>>;

enum class write { create, update };

/// What a record that was sent becomes, or why it does not.
struct checked_values {
  value_map values;
  std::vector<row_error> errors;
  /// A value of the wrong JSON type or form: fails the whole call. "Cannot deserialize instance of date from VALUE_STRING value x"
  std::string unreadable;
  std::string unreadable_field;
};

/// `attributes`, `Id` and the field `key` are not values.
[[nodiscard]] checked_values check_values(org& account, const object_type& type, const json::object& given, write kind, std::string_view key);

}  // namespace leadsync::simulator::salesforce
