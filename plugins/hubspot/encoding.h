#pragma once
#include "json.h"

#include <vector>

namespace leadsync::hubspot {

/// HubSpot compares e-mail addresses, domains and searched values without case and surrounding blanks.
std::string folded(std::string_view text);

/// Appends a JSON string, quotes included.
void append_quoted(std::string& out, std::string_view text);

/// A canonical value as HubSpot wants it: always text. Null clears, which is the empty text.
std::string wire_text(std::string_view property, const json::object& value);

/// Only to be written where the CRM has no value yet.
inline bool is_if_empty(const json::value& value) { return text_of(as_object(value), "mode") == "if_empty"; }

/// The values of a record by property. `dropped` are those that stay as the CRM has them; `added` are ours, beside what is mapped.
struct properties {
  const json::object* fields = &as_object(nullptr);
  std::vector<std::string_view> dropped;
  std::vector<std::pair<std::string_view, std::string>> added;

  [[nodiscard]] bool sends(std::string_view name) const;
  [[nodiscard]] std::string text(std::string_view name) const;  // empty where it is not sent
  [[nodiscard]] bool empty() const { return added.empty() && fields->size() <= dropped.size(); }
  void append_to(std::string& out) const;  // {"email":"…",…}
};
}  // namespace leadsync::hubspot
