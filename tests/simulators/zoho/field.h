#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::simulator::zoho {

namespace json = boost::json;

struct pick_value {
  std::string display, actual;
  bool used = true;  ///< an unused one counts as missing
};

/// A field of a module, as `settings/fields` tells it.
struct field {
  std::string api_name, label, data_type;
  std::size_t length = 0;  ///< 0: not limited by it
  bool mandatory = false, read_only = false, unique = false, custom = false;
  bool on_layout = true;  ///< what is on no layout is accepted and lost
  std::vector<pick_value> options;
  std::string lookup;  ///< module that a lookup points to
  std::string id;

  [[nodiscard]] bool is_picklist() const { return data_type == "picklist" || data_type == "multiselectpicklist"; }
};

[[nodiscard]] json::object to_json(const field& of);
/// Members of the API's own definitions; says what is wrong, empty where nothing is.
[[nodiscard]] std::string merge(field& into, const json::object& wanted);

/// What is wrong with a value: the `details` of an INVALID_DATA, without the place.
using complaint = std::optional<json::object>;

enum class unknown_option { reject, drop, accept };
/// Checks a value, and brings it to what is stored. Null clears. `storage` is left empty where the value is dropped without a word.
[[nodiscard]] complaint check(const field& of, const json::value& sent, unknown_option policy, std::optional<json::value>& stored);

}  // namespace leadsync::simulator::zoho
