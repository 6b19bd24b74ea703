#pragma once

#include "salesforce/values.h"

namespace leadsync::simulator::salesforce {

/// What a call's headers say of its writes.
struct write_terms {
  instant now{};
  bool allow_save = false;   ///< passes the alerts of duplicate rules
  bool auto_assign = true;
};

struct row_result {
  std::string id;
  bool success = false, created = false;
  std::vector<row_error> errors;
  std::string unreadable, unreadable_field;  ///< see checked_values
  std::vector<std::string> several;          ///< ids that share the key
};

[[nodiscard]] row_result create_record(org& account, object_type& type, const json::object& given, const write_terms& terms);
[[nodiscard]] row_result update_record(org& account, object_type& type, std::string_view id, const json::object& given, const write_terms& terms);
/// By an external id field, whose value is not among those given.
[[nodiscard]] row_result upsert_record(org& account, object_type& type, const field& key, const std::string& value, const json::object& given, const write_terms& terms);
/// Why it cannot be deleted; empty where it was.
[[nodiscard]] std::optional<row_error> delete_record(org& account, std::string_view id);

/// A row of a collections answer.
[[nodiscard]] json::object to_row(const row_result& result, bool upsert);
/// The body of an answer about one record.
[[nodiscard]] json::array to_errors(const std::vector<row_error>& errors, bool misspelt);

}  // namespace leadsync::simulator::salesforce
