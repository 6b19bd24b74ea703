#pragma once

#include "hubspot/portal.h"
#include "hubspot/route.h"

#include <boost/json.hpp>

namespace leadsync::simulator::hubspot {

namespace json = boost::json;

/// One request on its way through the API.
struct call {
  const request& raw;
  const route& where;
  instant now;
  json::value body;  ///< null where the request has none

  [[nodiscard]] bool is(std::string_view method) const { return raw.method == method; }
  [[nodiscard]] const std::string& segment(std::size_t index) const;
  [[nodiscard]] std::size_t size() const { return where.segments.size(); }
};

/// The standard error: absent members where `context` and `errors` are empty.
[[nodiscard]] response refuse(const portal& account, int status, std::string_view category, std::string_view message,
                              json::object context = {}, json::array errors = {});
[[nodiscard]] inline response invalid(const portal& account, std::string_view message, json::object context = {}) {
  return refuse(account, 400, "VALIDATION_ERROR", message, std::move(context));
}
[[nodiscard]] response not_found(const portal& account);
[[nodiscard]] response unknown_object_type(const portal& account, std::string_view name);
[[nodiscard]] response unknown_path();
[[nodiscard]] response method_not_allowed();
/// `member` is missing or has the wrong type.
[[nodiscard]] response bad_json(const portal& account, std::string_view what);
[[nodiscard]] response missing_member(const portal& account, std::string_view names);
[[nodiscard]] response ok(const json::value& body, int status = 200);

/// 429, 423, 500 and the like, in the CRM's words; status 0 for a kind that is not a whole answer.
[[nodiscard]] response fault_body(const portal& account, std::string_view kind, instant now);

/// The string member, or empty.
[[nodiscard]] std::string_view text_member(const json::object& from, std::string_view name);
/// Ids come as text or as number.
[[nodiscard]] std::string id_member(const json::object& from, std::string_view name);
/// `"text"` with JSON's escapes.
void append_json_string(std::string& out, std::string_view text);

/// The frame of a batch's answer, around results that are serialised into it with commas between.
[[nodiscard]] std::string begin_batch(instant now, std::size_t expected_size);
[[nodiscard]] response end_batch(int status_without_errors, std::string body, const json::array& errors);
/// The same around `results` that are already joined.
[[nodiscard]] response batch_answer(int status_without_errors, std::string results, const json::array& errors, instant now);

}  // namespace leadsync::simulator::hubspot
