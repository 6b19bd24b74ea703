#pragma once

#include "hubspot/association_types.h"
#include "hubspot/validation.h"

#include <unordered_set>

namespace leadsync::simulator::hubspot {

/// Why one input is refused.
struct failure {
  int status = 400;
  std::string category = "VALIDATION_ERROR";
  std::string message;
  json::object context;
  std::vector<property_error> properties;  ///< the message is made of these where there are any
  std::string existing_id;                 ///< of a conflict
};

enum class write_kind { create, update, upsert };

/// One record to be written.
struct input {
  std::string id, trace_id;
  std::optional<std::uint16_t> id_property;
  prepared what;
  std::vector<link_request> links;
  record* target = nullptr;  ///< none: to be created
};

/// Unique values that earlier inputs of the same request are about to take.
using claims = std::unordered_set<std::string>;

/// Members of an input that have the wrong shape refuse the whole request: the text, or none.
[[nodiscard]] std::optional<response> read_input(const portal& account, object_type& type, write_kind kind, const call& from, const json::value& source, input& out);
/// Which record the input means, and whether it may be written. Nothing changes but `taken`, which is null where each input is
/// written before the next one is checked.
[[nodiscard]] std::optional<failure> check(portal& account, object_type& type, write_kind kind, input& one, const json::value& source, claims* taken);
/// The caller has checked it. Returns the record.
record& apply(portal& account, object_type& type, input& one, instant now);

[[nodiscard]] response to_response(const portal& account, const failure& what);
[[nodiscard]] json::object to_batch_error(const failure& what, std::string_view trace_id);
[[nodiscard]] failure record_not_found(const object_type& type, const std::vector<std::string>& ids);

/// The answer where the property cannot identify records.
[[nodiscard]] std::optional<response> refuse_id_property(const portal& account, const object_type& type, std::string_view name, write_kind kind);

}  // namespace leadsync::simulator::hubspot
