#pragma once

#include "model/category.h"
#include "model/locus.h"
#include "model/mapping.h"
#include "model/remote_schema.h"

#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// A canonical value of sdk/protocol.md: `text` holds every scalar type ("true"/"false" for boolean), `items` the options.
struct rendered_value {
  std::string remote_field;
  value_type type = value_type::text;
  std::string text;
  std::vector<std::string> items;
  write_mode mode = write_mode::overwrite;
};

struct rendered_object {
  std::string object;
  std::vector<rendered_value> values;
};

/// A policy changed something; kept on the cleared delivery.
struct warning {
  std::string code;  ///< "TRUNCATED", "DEFAULTED", "COERCED", "LEFT_OUT", "NOT_APPLIED"
  std::string object;
  std::string remote_field;
  std::string message;
};

/// What stops a lead before any request is sent.
struct problem {
  category what = category::unexpected;
  locus where;
  std::string message;
};

struct rendered_lead {
  std::vector<rendered_object> objects;  ///< without objects that have no value
  std::vector<warning> warnings;
  std::vector<problem> problems;  ///< in order of severity: the first gives the delivery its category

  [[nodiscard]] const rendered_object* find(std::string_view object) const;
};

/// {"email": {"type": "text", "value": "a@b.c", "mode": "overwrite"}, ...}, appended to `out`.
void append_fields_json(std::string& out, const rendered_object& object);

}  // namespace leadsync
