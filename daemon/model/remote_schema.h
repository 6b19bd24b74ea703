#pragma once

#include "base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

enum class value_type { text, email, phone, url, decimal, boolean, date, instant, option, options, reference };
enum class length_unit { code_points, utf16, bytes };

struct remote_option {
  std::string value;
  std::string label;
  bool active = true;
};

struct remote_field {
  std::string name;
  std::string label;
  value_type type = value_type::text;
  bool creatable = true;
  bool updatable = true;
  bool required = false;
  std::size_t max_length = 0;  ///< 0: no limit known
  length_unit unit = length_unit::code_points;
  std::vector<remote_option> options;
  bool restricted = false;  ///< other values than the active options are refused
  bool unique = false;
  std::string semantic;  ///< "email", "phone", "country", "url", "domain", "owner", or empty

  [[nodiscard]] const remote_option* find_option(std::string_view value) const;
};

struct remote_object {
  std::string name;
  std::string title;
  std::string key_field;  ///< the unique field of ours, where provisioned
  std::vector<remote_field> fields;

  [[nodiscard]] const remote_field* find(std::string_view field) const;
};

/// The CRM's objects, fields and options as last described.
struct remote_schema {
  std::vector<remote_object> objects;

  [[nodiscard]] const remote_object* find(std::string_view object) const;
};

[[nodiscard]] std::string_view to_text(value_type type);
[[nodiscard]] std::optional<value_type> parse_value_type(std::string_view text);

/// The result of a `describe` job (sdk/protocol.md). Errors name the member.
[[nodiscard]] result<remote_schema> parse_remote_schema(std::string_view json);
[[nodiscard]] std::string to_json(const remote_schema& schema);
/// Equal for equal schemas, whatever the order of objects, fields and options.
[[nodiscard]] std::string fingerprint(const remote_schema& schema);

}  // namespace leadsync
