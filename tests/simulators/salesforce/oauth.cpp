#include "salesforce/answers.h"
#include "salesforce/assertion.h"

namespace leadsync::simulator::salesforce {
namespace {

response refuse_grant(std::string_view error, std::string_view description) {
  return ok({{"error", error}, {"error_description", description}}, 400);
}

/// Where this server was reached: an address for all further calls.
std::string instance_url(const request& raw) {
  const auto host = raw.header("host");
  return host.empty() ? "https://acme.my.salesforce.com" : "http://" + std::string(host);
}

constexpr std::string_view signed_grant = "urn:ietf:params:oauth:grant-type:jwt-bearer";

response grant(org& account, const request& raw, instant now) {
  auto& tokens = account.tokens;
  const auto value = [&](std::string_view name) { return form_value(raw.body, name).value_or(""); };
  const auto type = value("grant_type");
  if (type.empty()) return refuse_grant("invalid_request", "missing required parameter: grant_type");
  const bool is_signed = type == signed_grant;
  if (type != "client_credentials" && type != "refresh_token" && !is_signed) return refuse_grant("unsupported_grant_type", "grant type not supported");
  if (is_signed)
    if (const auto why = assertion_refusal(tokens, value("assertion"), now); !why.empty()) return refuse_grant("invalid_grant", why);
  if (!is_signed && value("client_id") != tokens.client_id) return refuse_grant("invalid_client_id", "client identifier invalid");
  if (!is_signed && value("client_secret") != tokens.client_secret) return refuse_grant("invalid_client", "invalid client credentials");
  if (type == "client_credentials" && !tokens.has_run_as_user) return refuse_grant("invalid_grant", "no client credentials user enabled");
  if (type == "refresh_token" && (tokens.refresh_token.empty() || value("refresh_token") != tokens.refresh_token))
    return refuse_grant("invalid_grant", "expired access/refresh token");
  json::object body{{"access_token", tokens.open(account.id, now)}, {"signature", "0CmxinZir53Yex7nE0TD+zMpvIWYGb/bdJh6XfOH6EQ="}, {"scope", "api refresh_token"},
                    {"instance_url", instance_url(raw)}, {"id", "https://login.salesforce.com/id/" + account.id + "/" + account.user_id},
                    {"token_type", "Bearer"}, {"issued_at", std::to_string(to_millis(now))}};
  if (type == "refresh_token" && tokens.rotate) body["refresh_token"] = tokens.rotate_refresh_token();
  return ok(body);
}

response user_info(const org& account, const request& raw, instant now) {
  const auto header = raw.header("authorization");
  if (!header.starts_with("Bearer ") || !account.tokens.works(header.substr(7), now)) return {403, "Bad_OAuth_Token", "text/plain"};
  const auto base = instance_url(raw);
  return ok({{"sub", "https://login.salesforce.com/id/" + account.id + "/" + account.user_id}, {"user_id", account.user_id}, {"organization_id", account.id},
             {"preferred_username", "integration@acme.example"},
             {"urls", {{"rest", base + "/services/data/v{version}/"}, {"sobjects", base + "/services/data/v{version}/sobjects/"}}}});
}

}  // namespace

response handle_oauth(org& account, const request& raw, std::string_view what, instant now) {
  if (what == "token" && raw.method == "POST") return grant(account, raw, now);
  if (what == "userinfo") return user_info(account, raw, now);
  if (what == "revoke" && raw.method == "POST") {
    account.tokens.revoke(form_value(raw.body, "token").value_or(""));
    return {200, ""};
  }
  return not_found();
}

}  // namespace leadsync::simulator::salesforce
