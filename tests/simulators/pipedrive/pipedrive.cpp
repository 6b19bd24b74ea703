#include "pipedrive/pipedrive.h"

#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

/// `/api/v2/x` is version 2, `/api/v1/x` and `/v1/x` version 1, `/oauth/x` 0, all else -1.
int take_version(std::vector<std::string>& segments) {
  const auto drop = [&](std::size_t count) { segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(count)); };
  if (segments.empty()) return -1;
  if (segments[0] == "oauth") return 0;
  const std::size_t at = segments[0] == "api" ? 1 : 0;
  if (segments.size() < at + 2) return -1;
  const int version = segments[at] == "v1" ? 1 : segments[at] == "v2" && at == 1 ? 2 : -1;
  if (version > 0) drop(at + 1);
  return version;
}

response dispatch_v2(company& account, const call& from) {
  const auto area = from.segment(0);
  if (from.segment(1) == "search" || area == "itemSearch") return from.is("GET") ? handle_search(account, from) : unknown_path();
  if (area == "leads") return from.segment(2) == "convert" ? handle_lead_conversion(account, from) : unknown_path();
  if (area == "persons" || area == "organizations" || area == "deals") return handle_records(account, from, *account.find_table(area));
  for (const auto* entity : {"person", "organization", "deal"})
    if (area == std::string(entity) + "Fields") return handle_fields(account, from, entity);
  return unknown_path();
}

response dispatch_v1(company& account, const call& from) {
  const auto area = from.segment(0);
  if (area == "leads") return handle_leads(account, from);
  if (area == "leadLabels") return handle_lead_labels(account, from);
  if (area == "leadFields") return handle_fields(account, from, "deal");
  if (area == "leadSources") return ok(json::array{json::object{{"name", "API"}}});
  if (area == "notes") return handle_notes(account, from);
  if (area == "users" || area == "currencies") return handle_users(account, from);
  if (from.segment(2) == "merge" && from.is("PUT") && (area == "persons" || area == "organizations" || area == "deals")) return handle_merge(account, from, *account.find_table(area));
  return unknown_path();  // persons and their like have left v1
}

response answer(company& account, const request& raw, instant now) {
  call from{raw, 1, path_segments(raw.path), now, nullptr};
  from.version = take_version(from.segments);
  if (from.version == 0) return handle_oauth(account, from);
  if (from.version < 0) return unknown_path();
  if (auto refused = refuse_caller(account, from)) return std::move(*refused);
  auto refused = refuse_quota(account, from);
  if (!refused && account.options.success_false_next > 0) {
    --account.options.success_false_next;
    refused = refuse(200, "Something went wrong");
  }
  response out;
  if (refused) {
    out = std::move(*refused);
  } else {
    // With another content type the server sees an empty body.
    boost::system::error_code failure;
    const bool is_json = raw.header("content-type").find("json") != std::string_view::npos;
    if (!raw.body.empty() && is_json) from.body = json::parse(raw.body, failure);
    if (failure) out = refuse(400, "Bad request");
    else out = from.version == 2 ? dispatch_v2(account, from) : dispatch_v1(account, from);
  }
  if (out.content_type.find("json") != std::string::npos) add_quota_headers(account, from, out.headers);
  return out;
}

bool is_id(std::string_view segment) {
  const bool uuid = segment.size() == 36 && segment[8] == '-' && segment[13] == '-';
  const bool hash = segment.size() == 40 && segment.find_first_not_of("0123456789abcdef") == segment.npos;
  return uuid || hash || (!segment.empty() && segment.find_first_not_of("0123456789") == segment.npos);
}

}  // namespace

response handle_users(company& account, const call& from) {
  if (from.segment(0) == "currencies") {
    json::array rows;
    for (const auto* code : {"EUR", "USD", "GBP", "CHF"}) rows.push_back(json::object{{"id", rows.size() + 1}, {"code", code}, {"name", code}, {"decimal_points", 2}, {"active_flag", true}, {"is_custom_flag", false}});
    return ok(std::move(rows));
  }
  const auto to_json = [&](const user& one) {
    return json::object{{"id", one.id}, {"name", one.name}, {"email", one.email}, {"default_currency", "EUR"}, {"active_flag", one.active}, {"timezone_name", "Europe/Berlin"}};
  };
  if (from.segments.size() == 1) {
    json::array rows;
    for (const auto& one : account.users) rows.push_back(to_json(one));
    return ok(std::move(rows));
  }
  if (from.segment(1) != "me") {
    std::int64_t id = 0;
    std::from_chars(from.segment(1).data(), from.segment(1).data() + from.segment(1).size(), id);
    if (const auto* found = account.find_user(id)) return ok(to_json(*found));
    return {404, R"({"success":false,"error":"User not found or not accessible."})", "application/json; charset=utf-8", {}};
  }
  auto me = to_json(account.users.front());
  me["company_id"] = account.id;
  me["company_name"] = account.name;
  me["company_domain"] = account.domain;
  me["access"] = json::array{json::object{{"app", "sales"}, {"admin", true}}};
  return ok(std::move(me));
}

pipedrive_crm::pipedrive_crm(std::uint64_t seed, std::vector<std::string> api_tokens) : seed_(seed), api_tokens_(std::move(api_tokens)) { reset(); }

void pipedrive_crm::reset() { account_ = std::make_unique<company>(seed_, api_tokens_); }

response pipedrive_crm::handle(const request& call, instant now) {
  auto out = answer(*account_, call, now);
  out.headers.emplace_back("x-correlation-id", account_->uuid());
  return out;
}

response pipedrive_crm::fault_answer(std::string_view kind, const request&, instant) { return fault_body(*account_, kind); }

std::string pipedrive_crm::path_template(const request& call) const {
  std::string out = call.method + " ";
  for (const auto& segment : path_segments(call.path)) out += "/" + (is_id(segment) ? std::string("{id}") : segment);
  return out;
}

response pipedrive_crm::administer(const request& call, const std::vector<std::string>& segments, const json::value& body, instant now) {
  return administer_company(*account_, call, segments, body, now);
}

}  // namespace leadsync::simulator::pipedrive
