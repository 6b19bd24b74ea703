#pragma once

#include <span>
#include <string_view>

namespace leadsync {

struct country {
  std::string_view iso2;
  std::string_view iso3;
  std::string_view calling_code;
  std::string_view name;     ///< English
  std::string_view aliases;  ///< further names, separated by '|'
};

/// By any of its codes or names, whatever the case; null where unknown.
[[nodiscard]] const country* find_country(std::string_view text);

}  // namespace leadsync
