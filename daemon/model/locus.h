#pragma once

#include <compare>
#include <string>

namespace leadsync {

/// Where it failed. Members that do not apply are empty. `value` is set for option-typed fields only: a locus must not hold what
/// a person wrote, and groups must stay few.
struct locus {
  std::string object;
  std::string remote_field;
  std::string lead_field;  ///< a mapping source: "email", "qualifier:Timeline"
  std::string value;

  friend auto operator<=>(const locus&, const locus&) = default;
  [[nodiscard]] bool empty() const { return object.empty() && remote_field.empty() && lead_field.empty() && value.empty(); }
};

}  // namespace leadsync
