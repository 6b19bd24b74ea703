#pragma once

#include "http/message.h"
#include "zoho/organization.h"

namespace leadsync::simulator::zoho {

/// One request on its way through the API.
struct call {
  const request& raw;
  std::vector<std::string> segments;  ///< after /crm/v8
  instant now;
  json::value body;  ///< null where the request has none

  [[nodiscard]] bool is(std::string_view method) const { return raw.method == method; }
  [[nodiscard]] std::string_view segment(std::size_t index) const { return index < segments.size() ? std::string_view(segments[index]) : std::string_view(); }
  [[nodiscard]] std::size_t size() const { return segments.size(); }
  /// The rows of `data`; null where there are none, or the body is another.
  [[nodiscard]] const json::array* rows() const;
};

/// {"code","details","message","status":"error"}: of a record, or alone of a request.
[[nodiscard]] json::object error_row(std::string_view code, std::string_view message, json::object details = {});
[[nodiscard]] response ok(const json::value& body, int status = 200);
[[nodiscard]] response refuse(int status, std::string_view code, std::string_view message, json::object details = {});
[[nodiscard]] response nothing();  ///< 204: no records
[[nodiscard]] response unknown_path();
[[nodiscard]] response wrong_method();
[[nodiscard]] response invalid_module();
[[nodiscard]] response bad_id();
[[nodiscard]] response bad_data();  ///< no array `data` in the body

/// Rows in the order of the request: `good` where all succeeded, 207 or 200 where some did, 400 where none did.
[[nodiscard]] response batch_answer(const organization& org, json::array rows, int good);
/// 429, 500 and the like, in Zoho's words; status 0 for a kind that is not a whole answer.
[[nodiscard]] response fault_body(std::string_view kind);
/// Created_Time, id and so on of a record that was written.
[[nodiscard]] json::object written(const organization& org, const record& one);
[[nodiscard]] json::object user();
[[nodiscard]] std::string_view text_member(const json::object& from, std::string_view name);

// One function per area of the API.
[[nodiscard]] response handle_token(organization& org, const request& raw, instant now);
/// The 401 of a call that may not be made.
[[nodiscard]] std::optional<response> refuse_caller(organization& org, const call& from);
[[nodiscard]] response handle_settings(organization& org, const call& from);
[[nodiscard]] response handle_records(organization& org, module& of, const call& from);
[[nodiscard]] response handle_write(organization& org, module& of, const call& from);
[[nodiscard]] response handle_notes(organization& org, const call& from);
[[nodiscard]] response handle_campaigns(organization& org, module& of, const call& from);
[[nodiscard]] response handle_tags(organization& org, module& of, const call& from);
[[nodiscard]] response handle_coql(organization& org, const call& from);
/// The fields asked for of one record, and its id. Unknown names are left out without a word.
[[nodiscard]] json::object shown(const organization& org, module& of, const record& one, const std::vector<std::string>& fields);

/// `/_simulator/...`; status 0 for paths of others.
[[nodiscard]] response administer(organization& org, const request& raw, const std::vector<std::string>& segments, const json::value& body);

}  // namespace leadsync::simulator::zoho
