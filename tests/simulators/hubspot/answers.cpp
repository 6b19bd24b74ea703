#include "hubspot/answers.h"

#include <array>

namespace leadsync::simulator::hubspot {

const std::string& call::segment(std::size_t index) const {
  static const std::string none;
  return index < where.segments.size() ? where.segments[index] : none;
}

response ok(const json::value& body, int status) { return {status, json::serialize(body)}; }

response refuse(const portal& account, int status, std::string_view category, std::string_view message, json::object context, json::array errors) {
  json::object body{{"status", "error"}, {"message", message}, {"correlationId", account.correlation_id}};
  if (!context.empty()) body["context"] = std::move(context);
  if (!errors.empty()) body["errors"] = std::move(errors);
  if (!category.empty()) body["category"] = category;
  return ok(body, status);
}

response not_found(const portal& account) { return refuse(account, 404, "OBJECT_NOT_FOUND", "resource not found"); }

response unknown_object_type(const portal& account, std::string_view name) {
  return refuse(account, 400, {}, "Unable to infer object type from: " + std::string(name));
}

response unknown_path() {
  return {404,
          "<html>\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html;charset=utf-8\"/>\n<title>Error 404 Not Found</title>\n"
          "</head>\n<body><h2>HTTP ERROR 404</h2></body></html>",
          "text/html;charset=utf-8"};
}

response method_not_allowed() {
  return {405, "<html>\n<head>\n<title>Error 405 Method Not Allowed</title>\n</head>\n<body><h2>HTTP ERROR 405</h2></body></html>", "text/html;charset=utf-8"};
}

response bad_json(const portal& account, std::string_view what) {
  return invalid(account, "Invalid input JSON on line 1, column 1: " + std::string(what));
}

response missing_member(const portal& account, std::string_view names) {
  return invalid(account, "Invalid input JSON on line 1, column 2. Some required fields were not set: [" + std::string(names) + "]");
}

response fault_body(const portal& account, std::string_view kind, instant now) {
  const auto limited = [&](std::string_view message, std::string_view policy, const char* member, std::string value) {
    json::object body{{"status", "error"}, {"message", message}, {"errorType", "RATE_LIMIT"}, {"correlationId", account.correlation_id}, {"policyName", policy}};
    body[member] = std::move(value);
    return ok(body, 429);
  };
  const auto portal_id = std::to_string(account.id);
  if (kind == "429_burst")
    return limited("You have reached your ten_secondly_rolling limit.", "TEN_SECONDLY_ROLLING", "groupName",
                   "publicapi:private_app-api-calls-ten-secondly:1512050:" + portal_id);
  if (kind == "429_daily") return limited("You have reached your daily limit.", "DAILY", "requestId", account.correlation_id);
  if (kind == "429_search") return limited("You have reached your secondly limit.", "SECONDLY", "groupName", "publicapi:crm:search:oauth:1512050:" + portal_id);
  if (kind == "429_search_alt") return refuse(account, 429, "RATE_LIMITS", "You have reached your secondly limit.");
  if (kind == "401")
    return refuse(account, 401, "INVALID_AUTHENTICATION",
                  "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at "
                  "https://developers.hubspot.com/docs/methods/auth/oauth-overview");
  if (kind == "401_expired")
    return refuse(account, 401, "EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired 0 second(s) ago.",
                  {{"expire time", json::array{to_rfc3339(now)}}});
  if (kind == "403_html") return {403, "<html><head><title>403 Forbidden</title></head><body>...</body></html>", "text/html"};
  if (kind == "423") return refuse(account, 423, "LOCKED", "Locked");
  if (kind == "477") return {477, "", "text/plain"};
  if (kind == "500") return refuse(account, 500, "INTERNAL_ERROR", "There was an error processing the request.");
  if (kind == "500_empty") return {500, "", "text/plain"};
  if (kind == "502_html") return {502, "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>", "text/html"};
  if (kind == "503") return refuse(account, 503, "SERVICE_UNAVAILABLE", "Service unavailable");
  if (kind == "504") return {504, "", "text/html"};
  return {0};
}

std::string_view text_member(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

std::string id_member(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  if (found && found->is_int64()) return std::to_string(found->get_int64());
  return std::string(text_member(from, name));
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i];
    } else if (c == '\n') {
      out += "\\n";
    } else {
      out += "\\u00";
      out += digits[c >> 4];
      out += digits[c & 15];
    }
  }
  out.append(text, plain, text.size() - plain);
  out += '"';
}

std::string begin_batch(instant now, std::size_t expected_size) {
  const auto time = to_rfc3339(now);
  std::string body;
  body.reserve(expected_size + 256);
  return body.append(R"({"completedAt":")").append(time).append(R"(","status":"COMPLETE","startedAt":")").append(time).append(R"(","results":[)");
}

response batch_answer(int status_without_errors, std::string results, const json::array& errors, instant now) {
  return end_batch(status_without_errors, begin_batch(now, results.size()) + results, errors);
}

response end_batch(int status_without_errors, std::string body, const json::array& errors) {
  body += ']';
  if (!errors.empty()) {
    body.append(R"(,"errors":)").append(json::serialize(errors));
    body.append(R"(,"numErrors":)").append(std::to_string(errors.size()));
  }
  body += '}';
  return {errors.empty() ? status_without_errors : 207, std::move(body)};
}

}  // namespace leadsync::simulator::hubspot
