#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

/// Its envelope is unconfirmed; status and text are documented.
response refuse_grant(std::string_view text) {
  return {400, json::serialize(json::object{{"success", false}, {"error", text}, {"message", text}}), "application/json; charset=utf-8", {}};
}

std::string base64(std::string_view text) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j) out += i + j <= text.size() ? letters[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

/// The scope that a call needs, any of them; none: only a token.
std::vector<std::string_view> scopes_for(const call& from) {
  const auto area = from.segment(0);
  const bool writes = !from.is("GET");
  if (area == "persons" || area == "organizations") return {"contacts:full"};
  if (area == "personFields" || area == "organizationFields") return writes ? std::vector<std::string_view>{"contact-fields:full"} : std::vector<std::string_view>{"contacts:full", "contact-fields:full"};
  if (area == "deals") return {"deals:full"};
  if (area == "dealFields") return writes ? std::vector<std::string_view>{"deal-fields:full"} : std::vector<std::string_view>{"deals:full", "leads:full"};
  if (area == "leads" || area == "leadLabels" || area == "leadFields") return {"leads:full"};
  if (area == "notes") return {"deals:full", "contacts:full", "leads:full"};
  if (area == "itemSearch") return {"search:read"};
  if (area == "users" && from.segment(1) != "me") return {"users:read"};
  return {};
}

bool is_search(const call& from) { return from.segment(0) == "itemSearch" || from.segment(1) == "search"; }

/// Tokens of the daily budget.
std::size_t cost_of(const call& from) {
  const auto area = from.segment(0);
  const std::size_t factor = from.version == 2 ? 1 : 2;
  if (is_search(from)) return 20 * factor;
  if (from.segment(1) == "archived" || from.segment(2) == "merge") return 40;
  if (from.segment(2) == "convert") return from.segment(3) == "status" ? 1 : 40;
  if (from.is("DELETE")) return 3 * factor;
  if (!from.is("GET")) return 5 * factor;
  if (area == "leadLabels") return 10;
  return (from.segments.size() > 1 ? 1 : 10) * factor;
}

bool uses_oauth(const call& from) { return ascii_lower(from.raw.header("authorization").substr(0, 7)) == "bearer "; }

std::string token_of(const call& from) {
  if (uses_oauth(from)) return std::string(trim(from.raw.header("authorization").substr(7)));
  if (const auto header = from.raw.header("x-api-token"); !header.empty()) return std::string(header);
  return from.parameter("api_token");
}

/// Going on after a 429 with an API token: the gateway in front blocks the source.
response count_refusal(company& account, const call& from, response refused) {
  if (!uses_oauth(from) && account.options.cloudflare_after > 0 && ++account.refused_in_a_row > account.options.cloudflare_after)
    account.blocked_until = from.now + std::chrono::seconds(account.options.cloudflare_seconds);
  return refused;
}

}  // namespace

response handle_oauth(company& account, const call& from) {
  auto& tokens = account.tokens;
  if (!from.is("POST") || from.segment(1) != "token") return unknown_path();
  const auto value = [&](std::string_view name) { return form_value(from.raw.body, name).value_or(""); };
  if (!from.raw.header("content-type").starts_with("application/x-www-form-urlencoded")) return refuse_grant("Invalid request: content must be application/x-www-form-urlencoded");
  if (value("grant_type").empty()) return refuse_grant("Missing parameter: grant_type");
  if (value("grant_type") == "authorization_code") return refuse_grant("Invalid grant: authorization_code is invalid");
  if (value("grant_type") != "refresh_token") return refuse_grant("Unsupported grant type: grant_type is invalid");
  const auto basic = from.raw.header("authorization");
  const bool good = basic.empty() ? value("client_id") == tokens.client_id && value("client_secret") == tokens.client_secret
                                  : basic == "Basic " + base64(tokens.client_id + ":" + tokens.client_secret);
  if (basic.empty() && value("client_id").empty()) return refuse_grant("Invalid client: cannot retrieve client credentials");
  if (!good) return refuse_grant("Invalid client: client is invalid");
  if (tokens.refresh_revoked || value("refresh_token") != tokens.refresh_token) return refuse_grant("Invalid grant: refresh_token is invalid");
  std::string scopes;
  for (const auto& one : tokens.scopes) scopes += (scopes.empty() ? "" : " ") + one;
  const auto domain = account.api_domain.empty() ? "https://" + account.domain + ".pipedrive.com" : account.api_domain;
  json::object body{{"access_token", tokens.refresh(from.now)}, {"token_type", "Bearer"}, {"expires_in", tokens.lifetime.count()},
                    {"refresh_token", tokens.refresh_token}, {"scope", scopes}, {"api_domain", domain}};
  return {200, json::serialize(body), "application/json; charset=utf-8", {}};
}

std::optional<response> refuse_caller(company& account, const call& from) {
  if (!uses_oauth(from) && !from.raw.header("authorization").empty()) return refuse(400, "Invalid request: malformed authorization header");
  const auto* token = account.tokens.find(token_of(from));
  const bool bearer = uses_oauth(from);
  // An API token is no bearer token, and the reverse.
  const bool good = token && !token->revoked && token->oauth == bearer && (!bearer || from.now < token->expires_at);
  if (!good && bearer) return response{401, R"({"success":false,"error":"Invalid token: access_token is invalid","errorCode":401,"error_info":"Please check developers.pipedrive.com"})", "application/json; charset=utf-8", {}};
  if (!good) return fault_body(account, "401");
  const auto needed = scopes_for(from);
  const bool allowed = !bearer || needed.empty() || std::any_of(needed.begin(), needed.end(), [&](auto scope) { return account.tokens.scopes.contains(scope); });
  if (allowed) return std::nullopt;
  return response{403, R"({"success":false,"error":"Scope and URL mismatch","errorCode":403,"error_info":"Please check developers.pipedrive.com"})", "application/json; charset=utf-8", {}};
}

std::optional<response> refuse_quota(company& account, const call& from) {
  if (from.now < account.blocked_until) return fault_body(account, "403_html");
  auto& daily = account.quotas.at("daily");
  const auto cost = cost_of(from);
  if (daily.enabled() && daily.remaining(from.now) < cost) {
    while (daily.remaining(from.now) > 0) (void)daily.take(from.now);
    (void)daily.take(from.now);  // counts as rejected
    auto refused = fault_body(account, "429_daily");
    const auto left = std::chrono::ceil<std::chrono::seconds>(daily.resets_at(from.now) - from.now);
    refused.headers = {{"retry-after", std::to_string(std::max<std::int64_t>(1, left.count()))}};
    return count_refusal(account, from, std::move(refused));
  }
  if (!account.quotas.at(is_search(from) ? "search" : "burst").take(from.now)) return count_refusal(account, from, fault_body(account, "429_burst"));
  account.refused_in_a_row = 0;
  if (daily.enabled())
    for (std::size_t i = 0; i < cost; ++i) (void)daily.take(from.now);
  return std::nullopt;
}

void add_quota_headers(company& account, const call& from, header_list& out) {
  auto& burst = account.quotas.at(is_search(from) ? "search" : "burst");
  auto& daily = account.quotas.at("daily");
  const bool told = std::any_of(out.begin(), out.end(), [](const auto& one) { return one.first == "x-ratelimit-remaining"; });
  if (burst.enabled()) {
    out.emplace_back("x-ratelimit-limit", std::to_string(burst.amount()));
    if (!told) out.emplace_back("x-ratelimit-remaining", std::to_string(burst.remaining(from.now)));
    if (!told) out.emplace_back("x-ratelimit-reset", std::to_string(std::max<std::int64_t>(1, burst.window().count() / 1000)));
  }
  if (!daily.enabled()) return;
  out.emplace_back("x-daily-ratelimit-token-limit", std::to_string(daily.amount()));
  out.emplace_back("x-daily-ratelimit-token-remaining", std::to_string(daily.remaining(from.now)));
}

}  // namespace leadsync::simulator::pipedrive
