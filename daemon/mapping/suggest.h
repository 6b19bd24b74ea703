#pragma once

#include "model/remote_schema.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// Ranked proposals for a person to choose from. Never applied by themselves.
struct option_suggestion {
  std::string value;
  std::string label;
  double score = 0;    ///< 0 to 1
  std::string reason;  ///< "same label", "similar: 1 letter differs"
};

struct field_suggestion {
  std::string object;
  std::string remote_field;
  std::string label;
  double score = 0;
  std::string reason;
};

/// What the replacement of a field must be able to hold.
struct field_need {
  std::string name;                 ///< of the missing field
  std::string source;               ///< what is mapped to it: "qualifier:Timeline"
  std::optional<value_type> type;   ///< where it is known
  std::size_t longest_value = 0;    ///< in code points; 0: unknown
};

/// Active options only, best first.
[[nodiscard]] std::vector<option_suggestion> suggest_options(const remote_field& field, std::string_view value, std::size_t limit = 5);

/// Writable fields of the object that could hold it, without those in `taken`, best first.
[[nodiscard]] std::vector<field_suggestion> suggest_fields(const remote_object& object, const field_need& need,
                                                           const std::vector<std::string>& taken = {}, std::size_t limit = 5);

/// 1 for equal texts, 0 for texts with nothing in common; over folded texts.
[[nodiscard]] double similarity(std::string_view left, std::string_view right);

}  // namespace leadsync
