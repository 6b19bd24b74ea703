#pragma once

#include "hubspot/answers.h"

namespace leadsync::simulator::hubspot {

struct property_error {
  std::string message, code, name;
};

/// The properties of one input, checked and normalised.
struct prepared {
  field_list fields;
  std::vector<property_error> errors;
  std::vector<std::string> bad_names;  ///< not lower case or too long: refused before anything else is looked at
};

enum class rules { enforced, ignored };

[[nodiscard]] prepared prepare(const portal& account, const object_type& type, const json::object& properties, rules admin_rules);
[[nodiscard]] rules rules_for(const portal& account, const call& from);

/// 400 with every error in `message` and in `errors`.
[[nodiscard]] response refuse_properties(const portal& account, const std::vector<property_error>& errors);
[[nodiscard]] std::string properties_message(const std::vector<property_error>& errors);
[[nodiscard]] response refuse_names(const portal& account, const call& from, const std::vector<std::string>& names);

/// Required properties that neither the input nor the record has; "at least one of" counts as all of them.
[[nodiscard]] std::vector<std::string> missing_required(const object_type& type, const field_list& given);
[[nodiscard]] std::string required_message(const object_type& type);

}  // namespace leadsync::simulator::hubspot
