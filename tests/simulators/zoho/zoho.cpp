#include "zoho/zoho.h"

#include "zoho/answers.h"

#include <algorithm>

namespace leadsync::simulator::zoho {
namespace {

bool is_id(std::string_view text) { return text.size() >= 15 && text.find_first_not_of("0123456789") == text.npos; }

/// One per ten records of a write, one per fifty of a tag call; everything else one.
std::size_t credits_of(const call& from) {
  const auto* rows = from.rows();
  if (rows && !from.is("GET")) return std::max<std::size_t>(1, (rows->size() + 9) / 10);
  const auto* ids = from.body.is_object() ? from.body.get_object().if_contains("ids") : nullptr;
  return ids && ids->is_array() ? std::max<std::size_t>(1, (ids->get_array().size() + 49) / 50) : 1;
}

response dispatch(organization& org, const call& from) {
  const auto area = from.segment(0);
  if (area == "settings") return handle_settings(org, from);
  if (area == "coql" && from.size() == 1) return handle_coql(org, from);
  if (area == "org" && from.size() == 1)
    return ok(json::object{{"org", json::array{{{"id", "111111000000000225"}, {"zgid", org.id}, {"company_name", org.name}, {"time_zone", org.zone},
                                               {"iso_code", "USD"}, {"domain_name", "org" + org.id}, {"license_details", {{"paid_type", "enterprise"}}}}}}});
  if (area == "users" || area == "Users")
    return ok(json::object{{"users", json::array{{{"id", "111111000000031001"}, {"full_name", "A B"}, {"email", "a.b@example.com"}, {"status", "active"}}}}});
  auto* of = org.find_module(area);
  if (!of) return invalid_module();
  if (area == "Notes" || (from.segment(2) == "Notes" && from.size() == 3)) return handle_notes(org, from);
  if (from.segment(2) == "Campaigns" && from.size() == 3) return handle_campaigns(org, *of, from);
  if (from.segment(1) == "actions" && from.segment(2) == "add_tags" && from.size() == 3) return handle_tags(org, *of, from);
  return handle_records(org, *of, from);
}

}  // namespace

zoho_crm::zoho_crm(std::uint64_t seed, std::vector<std::string> tokens) : seed_(seed), tokens_(std::move(tokens)) { reset(); }

void zoho_crm::reset() {
  org_ = std::make_unique<organization>(seed_);
  for (const auto& token : tokens_) org_->tokens.add_static(token);
}

response zoho_crm::handle(const request& raw, instant now) {
  if (raw.path == "/oauth/v2/token") return handle_token(*org_, raw, now);
  auto segments = path_segments(raw.path);
  if (segments.size() < 3 || segments[0] != "crm" || (segments[1] != "v8" && segments[1] != "v7" && segments[1] != "v6")) return unknown_path();
  segments.erase(segments.begin(), segments.begin() + 2);
  call from{raw, std::move(segments), now, nullptr};
  if (auto refused = refuse_caller(*org_, from)) return std::move(*refused);
  if (!raw.body.empty()) {
    boost::system::error_code malformed;
    from.body = json::parse(raw.body, malformed);
    if (malformed) return refuse(400, "INVALID_DATA", "body", {{"expected_data_type", "jsonobject"}, {"api_name", "body"}});
  }
  auto& credits = org_->quotas.at("credits");
  const auto cost = credits_of(from);
  if (credits.enabled() && credits.remaining(now) < cost) {
    auto refused = fault_body("429_daily");
    refused.headers.emplace_back("X-API-CREDITS-REMAINING", std::to_string(credits.remaining(now)));
    return refused;
  }
  for (std::size_t i = 0; i < cost; ++i) (void)credits.take(now);
  auto out = dispatch(*org_, from);
  if (credits.enabled() && credits.remaining(now) * 2 <= credits.amount())
    out.headers.emplace_back("X-API-CREDITS-REMAINING", std::to_string(credits.remaining(now)));
  return out;
}

response zoho_crm::fault_answer(std::string_view kind, const request&, instant) { return fault_body(kind); }

std::string zoho_crm::path_template(const request& raw) const {
  std::string out = raw.method + " ";
  for (const auto& segment : path_segments(raw.path)) (out += '/') += is_id(segment) ? "{id}" : segment;
  return out;
}

response zoho_crm::administer(const request& raw, const std::vector<std::string>& segments, const json::value& body, instant) {
  return zoho::administer(*org_, raw, segments, body);
}

}  // namespace leadsync::simulator::zoho
