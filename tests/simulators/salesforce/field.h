#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator::salesforce {

namespace json = boost::json;

/// One field of an object, as its describe tells it.
struct field {
  struct option {
    std::string value;
    bool active = true;
  };

  std::string name, label;
  std::string type = "string";
  int length = 0;                            ///< of texts, in characters
  int digits = 0, precision = 0, scale = 0;  ///< of numbers
  bool nillable = true, createable = true, updateable = true, defaulted = false;
  bool restricted = false, unique = false, external_id = false, id_lookup = false, custom = false;
  bool hidden = false;  ///< field-level security: as if it did not exist
  std::string reference_to = {};
  std::vector<option> options = {};
  std::string default_value = {};

  [[nodiscard]] bool is_text() const;
  [[nodiscard]] bool is_picklist() const { return type == "picklist" || type == "multipicklist"; }
  [[nodiscard]] bool required() const { return createable && !nillable && !defaulted && type != "boolean"; }
  [[nodiscard]] bool has_option(std::string_view value) const;
};

/// One element of `fields` in a describe.
[[nodiscard]] json::object describe(const field& what);

/// Changes what the object names: `label`, `type`, `length`, `nillable`, `createable`, `updateable`, `restricted`, `unique`, `externalId`, `hidden`,
/// `options` (a list of texts). Says what is wrong, empty where nothing is.
[[nodiscard]] std::string change(field& what, const json::object& wanted);

}  // namespace leadsync::simulator::salesforce
