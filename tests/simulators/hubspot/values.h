#pragma once

#include "hubspot/portal.h"

#include <optional>

namespace leadsync::simulator::hubspot {

struct value_error {
  std::string message, code;
};

/// Brings a value into the form in which the API stores and reports it, or says what is wrong. Empty always clears.
[[nodiscard]] std::optional<value_error> normalise(const portal& account, const object_type& type, const property& what, std::string& value);
/// The first validation rule that the value breaks.
[[nodiscard]] std::optional<value_error> break_rule(const property& what, std::string_view value);

}  // namespace leadsync::simulator::hubspot
