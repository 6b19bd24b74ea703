#include "zoho/answers.h"

#include "base/text.h"

namespace leadsync::simulator::zoho {
namespace {

response refuse_grant(std::string_view error) { return ok(json::object{{"error", error}}); }  // with 200, as the real one

/// Any of these is enough.
std::vector<std::string> scopes_for(const call& from) {
  const auto area = std::string(from.segment(0));
  const bool reads = from.is("GET");
  if (area == "org" || area == "users" || area == "Users") return {"ZohoCRM." + std::string(area == "org" ? "org" : "users") + ".READ"};
  if (area == "coql") return {"ZohoCRM.coql.READ"};
  std::string group = area == "settings" ? "settings." + std::string(from.segment(1)) : "modules." + ascii_lower(area);
  std::vector<std::string> out{"ZohoCRM." + group.substr(0, group.find('.')) + ".ALL", "ZohoCRM." + group + ".ALL"};
  const std::vector<std::string_view> rights = reads ? std::vector<std::string_view>{"READ"} : std::vector<std::string_view>{"CREATE", "UPDATE", "WRITE"};
  for (const auto right : rights) out.push_back("ZohoCRM." + group + "." + std::string(right));
  return out;
}

}  // namespace

response handle_token(organization& org, const request& raw, instant now) {
  if (raw.method != "POST") return wrong_method();
  const auto value = [&](std::string_view name) {
    auto found = form_value(raw.body, name);
    return found ? *found : raw.parameter(name).value_or("");
  };
  auto& tokens = org.tokens;
  if (value("client_id") != tokens.client_id) return refuse_grant("invalid_client");
  if (value("client_secret") != tokens.client_secret) return refuse_grant("invalid_client_secret");
  if (value("grant_type") != "refresh_token") return refuse_grant("invalid_code");
  if (!tokens.may_refresh(now))
    return ok(json::object{{"error_description", "You have made too many requests continuously. Please try again after some time."},
                           {"error", "Access Denied"}, {"status", "failure"}}, 400);
  if (tokens.refresh_token.empty() || value("refresh_token") != tokens.refresh_token) return refuse_grant("invalid_code");
  std::string scopes;
  for (const auto& scope : tokens.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
  const auto domain = org.options.api_domain.empty() ? "http://" + std::string(raw.header("host")) : org.options.api_domain;
  return ok(json::object{{"access_token", tokens.issue(now)}, {"scope", scopes}, {"api_domain", domain}, {"token_type", "Bearer"},
                         {"expires_in", tokens.lifetime.count()}});
}

std::optional<response> refuse_caller(organization& org, const call& from) {
  constexpr std::string_view scheme = "Zoho-oauthtoken ";
  const auto header = from.raw.header("authorization");
  if (header.empty()) return refuse(401, "AUTHENTICATION_FAILURE", "Authentication failed");
  if (!header.starts_with(scheme) || !org.tokens.works(header.substr(scheme.size()), from.now)) return fault_body("401");
  for (const auto& scope : scopes_for(from))
    if (org.tokens.scopes.contains(scope)) return std::nullopt;
  return fault_body("401_scope");
}

}  // namespace leadsync::simulator::zoho
