#include "hubspot/endpoints.h"

#include "base/text.h"

namespace leadsync::simulator::hubspot {
namespace {

response refuse_grant(std::string_view error, std::string_view status, std::string_view message, bool with_description = true) {
  json::object body;
  if (!with_description) {
    body = {{"status", status}, {"message", message}, {"error", error}};
  } else {
    body = {{"error", error}, {"error_description", message}, {"status", status}, {"message", message}};
  }
  return ok(body, 400);
}

response grant_token(portal& account, const call& from) {
  auto& tokens = account.tokens;
  const auto value = [&](std::string_view name) { return form_value(from.raw.body, name).value_or(""); };
  if (!from.raw.header("content-type").starts_with("application/x-www-form-urlencoded"))
    return {415, R"({"status":"error","message":"HTTP 415 Unsupported Media Type"})"};
  if (value("grant_type") != "refresh_token") return refuse_grant("unsupported_grant_type", "BAD_GRANT_TYPE", "unsupported grant_type");
  if (value("client_id") != tokens.client_id) return refuse_grant("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id");
  if (value("client_secret") != tokens.client_secret) return refuse_grant("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret");
  if (tokens.hub_gone) return refuse_grant("access_denied", "BAD_HUB", "missing or unknown hub id", false);
  if (!tokens.refresh_token_works(value("refresh_token"), from.now))
    return refuse_grant("invalid_grant", "BAD_REFRESH_TOKEN", "refresh token is invalid, expired or revoked");
  const auto granted = tokens.refresh(value("refresh_token"), from.now);
  json::object body{{"token_type", "bearer"}, {"refresh_token", granted.refresh_token}, {"access_token", granted.access_token}, {"expires_in", tokens.lifetime.count()}};
  if (from.where.version != "v1") {
    json::array scopes;
    for (const auto& scope : tokens.scopes) scopes.emplace_back(scope);
    body["hub_id"] = account.id;
    body["scopes"] = std::move(scopes);
    body["user_id"] = 8813001;
    body["token_use"] = "access_token";
  }
  return ok(body);
}

response introspect(portal& account, const call& from, const std::string& token) {
  const auto* found = account.tokens.find(token);
  const bool active = found && !found->revoked && (!found->oauth || from.now < found->expires_at);
  if (!active) return from.is("POST") ? ok({{"active", false}}) : not_found(account);
  json::array scopes;
  for (const auto& scope : account.tokens.scopes) scopes.emplace_back(scope);
  json::object body{{"token", token}, {"user", "maria.lopez@example.com"}, {"hub_domain", "example.com"}, {"scopes", std::move(scopes)}, {"hub_id", account.id},
                    {"app_id", 1512050}, {"expires_in", std::chrono::duration_cast<std::chrono::seconds>(found->expires_at - from.now).count()}, {"user_id", 8813001},
                    {"token_type", "access"}};
  if (from.is("POST")) body["active"] = true;
  return ok(body);
}

std::string scope_for(const object_type& type, bool writes, const char* prefix) {
  const bool own = type.name() == "contacts" || type.name() == "companies" || (type.name() == "leads" && std::string_view(prefix) == "crm.objects.");
  return prefix + (own ? type.name() : std::string("contacts")) + (writes ? ".write" : ".read");
}

/// The scopes that the call needs. An unknown object type needs none: it is refused by what handles it.
std::vector<std::string> scopes_for(portal& account, const call& from) {
  const auto& area = from.where.area;
  const auto* type = account.find_type(from.segment(0));
  const auto& last = from.size() > 0 ? from.where.segments.back() : from.segment(0);
  const bool reads = from.is("GET") || (from.is("POST") && (last == "read" || last == "search"));
  if (area == "objects" && type) {
    std::vector<std::string> out{scope_for(*type, !reads, "crm.objects.")};
    if (from.segment(2) == "associations")
      if (const auto* to = account.find_type(from.segment(from.segment(3) == "default" ? 4 : 3))) out.push_back(scope_for(*to, !reads, "crm.objects."));
    return out;
  }
  if (area == "associations" && type) {
    std::vector<std::string> out{scope_for(*type, !reads, "crm.objects.")};
    if (const auto* to = account.find_type(from.segment(1))) out.push_back(scope_for(*to, !reads, "crm.objects."));
    return out;
  }
  if ((area == "properties" || area == "property-validations" || area == "schemas") && type) return {scope_for(*type, !reads, "crm.schemas.")};
  if (area == "lists") return {reads ? "crm.lists.read" : "crm.lists.write"};
  if (area == "owners") return {"crm.objects.owners.read"};
  return {};
}

}  // namespace

response handle_oauth(portal& account, const call& from) {
  const auto& what = from.segment(0);
  if (what == "token" && from.is("POST")) {
    if (from.size() == 1) return grant_token(account, from);
    const auto token = form_value(from.raw.body, "token").value_or("");
    if (from.segment(1) == "introspect") return introspect(account, from, token);
    if (from.segment(1) == "revoke") {
      account.tokens.revoke(token);
      return {200, "{}"};
    }
  }
  if (what == "access-tokens" && from.is("GET") && from.size() == 2) return introspect(account, from, from.segment(1));
  if (what == "refresh-tokens" && from.is("DELETE") && from.size() == 2) return account.tokens.revoke(from.segment(1)) ? response{204} : not_found(account);
  return unknown_path();
}

std::optional<response> refuse_caller(portal& account, const call& from) {
  const auto header = from.raw.header("authorization");
  const bool bearer = header.size() > 7 && ascii_lower(header.substr(0, 7)) == "bearer ";
  const auto* token = bearer ? account.tokens.find(trim(header.substr(7))) : nullptr;
  if (!token || token->revoked) return fault_body(account, "401", from.now);
  if (token->oauth && from.now >= token->expires_at) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(from.now - token->expires_at).count();
    return refuse(account, 401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired " + std::to_string(seconds) + " second(s) ago.",
                  {{"expire time", json::array{to_rfc3339(token->expires_at)}}});
  }
  json::array missing;
  for (const auto& scope : scopes_for(account, from))
    if (!account.tokens.scopes.contains(scope)) missing.emplace_back(scope);
  if (missing.empty()) return std::nullopt;
  json::object body{{"status", "error"},
                    {"message", "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes."},
                    {"correlationId", account.correlation_id},
                    {"errors", json::array{{{"message", "One or more of the following scopes are required."}, {"context", {{"requiredGranularScopes", std::move(missing)}}}}}},
                    {"links", {{"scopes", "https://developers.hubspot.com/scopes"}}},
                    {"category", "MISSING_SCOPES"}};
  return ok(body, 403);
}

}  // namespace leadsync::simulator::hubspot
