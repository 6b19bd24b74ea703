#pragma once

#include "pipedrive/answers.h"

namespace leadsync::simulator::pipedrive {

// One function per area; each is given authorized calls only, except oauth.

[[nodiscard]] response handle_records(company& account, const call& from, table& kind);  // v2 persons, organizations, deals
[[nodiscard]] response handle_merge(company& account, const call& from, table& kind);    // v1
[[nodiscard]] response handle_search(company& account, const call& from);                // v2
[[nodiscard]] response handle_fields(company& account, const call& from, const std::string& entity);
[[nodiscard]] response handle_leads(company& account, const call& from);          // v1
[[nodiscard]] response handle_lead_conversion(company& account, const call& from);  // v2
[[nodiscard]] response handle_lead_labels(company& account, const call& from);    // v1
[[nodiscard]] response handle_notes(company& account, const call& from);          // v1
[[nodiscard]] response handle_users(company& account, const call& from);          // v1
[[nodiscard]] response handle_oauth(company& account, const call& from);

/// Nothing where the caller may do this.
[[nodiscard]] std::optional<response> refuse_caller(company& account, const call& from);
/// Limits, in Pipedrive's order; nothing where the call is admitted. What it costs is taken.
[[nodiscard]] std::optional<response> refuse_quota(company& account, const call& from);
void add_quota_headers(company& account, const call& from, header_list& out);

[[nodiscard]] response administer_company(company& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now);

/// What is wrong with a v2 body. Several faults are told at once; `status` is 0 where there is none.
struct faults {
  std::vector<std::string> texts;
  std::string field_code;
  response other{0, {}, {}, {}};  ///< what is no validation fault: 403, 404
};
[[nodiscard]] faults check_body(company& account, std::string_view entity, const json::object& body, bool creates);
/// Writes a checked body into a record's data.
void apply_body(company& account, std::string_view entity, const json::object& body, json::object& data);

/// A custom value of v1, as it is kept: null where v1 drops it in silence.
[[nodiscard]] json::value lax_value(const field& of, const json::value& given);
}  // namespace leadsync::simulator::pipedrive
