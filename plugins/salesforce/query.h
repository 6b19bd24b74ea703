#pragma once
#include "errors.h"
#include "values.h"

#include <optional>

namespace leadsync::salesforce {

/// What a query found. The database answers it, not a search index: it sees every record that was committed.
struct query_result {
  std::optional<failure> failed;
  place where;
  std::vector<json::object> rows;
};

/// 'O\'Neill'
std::string soql_text(std::string_view text);
/// The text of a field of a row; false and true as such, null as nothing.
std::string row_text(const json::object& row, std::string_view field);

/// All pages of one query.
sdk::task<query_result> query(std::string soql, std::string phase, std::vector<std::uint32_t> leads);

/// `SELECT {selected} FROM {type} WHERE ({condition of each value, joined by OR}){and_also}`, in as many calls as the length of a URL asks for.
/// Each condition is `field IN (…)` or, where `like` is set, `field LIKE '%…%'`.
struct lookup {
  std::string type, selected, field, and_also = {};
  bool like = false;
};
sdk::task<query_result> query_each(lookup what, std::vector<std::string> values, std::string phase, std::vector<std::uint32_t> leads);
}  // namespace leadsync::salesforce
