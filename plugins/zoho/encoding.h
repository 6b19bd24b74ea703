#pragma once
#include "json.h"

#include <vector>

namespace leadsync::zoho {

/// Zoho's duplicate check may mind the case of an address, so it is always lower.
std::string folded(std::string_view text);

/// A canonical value as Zoho wants it, in JSON.
json::value wire_value(std::string_view field, const json::object& value);

/// Only to be written where the CRM has no value yet.
inline bool is_if_empty(const json::value& value) { return text_of(as_object(value), "mode") == "if_empty"; }

/// What Zoho has nothing of: absent values, null, "", [] and the picklist's "-None-".
bool is_blank(const json::value* value);

/// A text for a COQL query, quotes included.
std::string coql_text(std::string_view text);

/// The values of a record by field. `dropped` are those that stay as the CRM has them; `added` are ours, beside what is mapped.
struct field_values {
  const json::object* mapped = &as_object(nullptr);
  std::vector<std::string_view> dropped;
  std::vector<std::pair<std::string_view, json::value>> added;

  [[nodiscard]] bool sends(std::string_view name) const;
  [[nodiscard]] json::value value(std::string_view name) const;  // null where it is not sent
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] json::object row() const;
};
}  // namespace leadsync::zoho
