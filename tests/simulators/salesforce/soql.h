#pragma once

#include "salesforce/org.h"

#include <optional>
#include <unordered_set>

namespace leadsync::simulator::salesforce {

/// SELECT fields FROM object [WHERE …] [ORDER BY field [DESC]] [LIMIT n], with = != IN LIKE, AND, OR and parentheses.
struct soql {
  struct condition {
    enum class kind { all, any, equal, unequal, in, like } what = kind::all;
    std::string field;
    std::vector<std::string> values;              ///< null: empty
    std::unordered_set<std::string> compared_values;
    std::vector<condition> parts;
  };
  std::vector<std::string> selected;
  std::string from;
  condition where;
  std::string order_by;
  bool descending = false;
  std::size_t limit = static_cast<std::size_t>(-1);
};

/// Says what is wrong, empty where nothing is.
[[nodiscard]] std::string parse_soql(std::string_view text, soql& out);
[[nodiscard]] bool matches(const soql::condition& what, const object_type& type, const record& one);
/// Every field that the query names.
[[nodiscard]] std::vector<std::string> fields_of(const soql& query);

}  // namespace leadsync::simulator::salesforce
