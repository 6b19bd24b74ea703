#pragma once

#include "http/message.h"

#include <optional>
#include <string>
#include <vector>

namespace leadsync::simulator::hubspot {

/// The three spellings of a path, as one: `/crm/v3/objects/contacts`, `/crm/objects/2026-09/contacts` and
/// `/crm/objects/v3/contacts` are area "objects", segments {"contacts"}.
struct route {
  std::string area;
  std::string version;
  std::vector<std::string> segments;

  [[nodiscard]] bool dated() const { return version.starts_with("20"); }
};

/// None for a path that the API does not have.
[[nodiscard]] std::optional<route> parse_route(std::string_view path);
/// With ids and names replaced, in the spelling that was used.
[[nodiscard]] std::string template_of(std::string_view path);

}  // namespace leadsync::simulator::hubspot
