#include "salesforce/answers.h"

#include "base/text.h"

namespace leadsync::simulator::salesforce {

bool call::is(std::string_view method) const {
  if (raw.method == "POST") return method == raw.parameter("_HttpMethod").value_or("POST");
  return raw.method == method;
}

write_terms call::terms() const {
  write_terms out{now};
  out.allow_save = ascii_lower(raw.header("sforce-duplicate-rule-header")).find("allowsave=true") != std::string::npos;
  out.auto_assign = ascii_lower(raw.header("sforce-auto-assign")) != "false";
  return out;
}

response ok(const json::value& body, int status) { return {status, json::serialize(body), "application/json;charset=UTF-8"}; }

response refuse(int status, std::string_view code, std::string_view message) {
  return ok(json::array{{{"message", message}, {"errorCode", code}}}, status);
}

response method_not_allowed(const call& from, std::string_view allowed) {
  return refuse(405, "METHOD_NOT_ALLOWED", "HTTP Method '" + from.raw.method + "' not allowed. Allowed are " + std::string(allowed));
}

response unreadable(const call& from, const row_result& why) {
  // The place of the field's name, and of the value that is quoted, where the text has it.
  const auto value = why.unreadable.substr(why.unreadable.rfind(" value ") + 7);
  const std::string_view text = from.raw.body;
  std::size_t at = 0;
  for (auto name = text.find('"' + why.unreadable_field + '"'); name != text.npos; name = text.find('"' + why.unreadable_field + '"', name + 1)) {
    at = name;
    const auto content = text.substr(name + why.unreadable_field.size() + 2, value.size() + 8);
    if (content.find(value) != content.npos) break;
  }
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < at; ++i) {
    column = text[i] == '\n' ? 1 : column + 1;
    if (text[i] == '\n') ++line;
  }
  return refuse(400, "JSON_PARSER_ERROR", why.unreadable + " or request may be missing a required field at [line:" + std::to_string(line) +
                                              ", column:" + std::to_string(column) + "]");
}

response fault_body(std::string_view kind) {
  constexpr auto page = "<html><head><title>Salesforce - We are down for maintenance</title></head><body></body></html>";
  if (kind == "401" || kind == "401_expired") return refuse(401, "INVALID_SESSION_ID", "Session expired or invalid");
  if (kind == "403_html") return {403, page, "text/html"};
  if (kind == "429_burst") return refuse(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
  if (kind == "429_search") return refuse(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.");
  if (kind == "429_daily") return refuse(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  if (kind == "500") return refuse(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (123456789)");
  if (kind == "500_empty") return {500, "", "text/plain"};
  if (kind == "502_html") return {502, page, "text/html"};
  if (kind == "503") return refuse(503, "SERVER_UNAVAILABLE", "Server Unavailable");
  if (kind == "504") return {504, "", "text/html"};
  return {0};
}

std::string_view text_member(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

}  // namespace leadsync::simulator::salesforce
