#pragma once

#include "model/remote_schema.h"

#include <optional>
#include <string>
#include <string_view>

namespace leadsync {

/// Text as people write it to the canonical text of a type (sdk/protocol.md). Nothing where it cannot be read without guessing.
struct converted {
  std::string text;
  bool coerced = false;  ///< something was assumed, or lost: deserves a warning
};

[[nodiscard]] std::optional<converted> to_decimal(std::string_view text);
[[nodiscard]] std::optional<bool> to_boolean(std::string_view text);
[[nodiscard]] std::optional<converted> to_date_text(std::string_view text);
[[nodiscard]] std::optional<converted> to_instant_text(std::string_view text);
[[nodiscard]] std::optional<converted> to_email(std::string_view text);
[[nodiscard]] std::optional<converted> to_url(std::string_view text);
/// Digits with a leading + where the country is known, by the number or by `country` (any name or code; may be empty).
[[nodiscard]] std::optional<converted> to_phone(std::string_view text, std::string_view country);

/// The form that a person is told to use: "a number such as 1234.50".
[[nodiscard]] std::string_view expected_form(value_type type);

}  // namespace leadsync
