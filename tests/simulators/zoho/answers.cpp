#include "zoho/answers.h"

#include <algorithm>

namespace leadsync::simulator::zoho {

const json::array* call::rows() const {
  const auto* object = body.if_object();
  const auto* data = object ? object->if_contains("data") : nullptr;
  return data ? data->if_array() : nullptr;
}

json::object error_row(std::string_view code, std::string_view message, json::object details) {
  return {{"code", code}, {"details", std::move(details)}, {"message", message}, {"status", "error"}};
}

response ok(const json::value& body, int status) { return {status, json::serialize(body)}; }
response refuse(int status, std::string_view code, std::string_view message, json::object details) {
  return ok(error_row(code, message, std::move(details)), status);
}
response nothing() { return {204, ""}; }
response unknown_path() { return refuse(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"); }
response wrong_method() { return refuse(400, "INVALID_REQUEST_METHOD", "The HTTP request method type is not a valid one."); }
response invalid_module() { return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid", {{"resource_path_index", 0}}); }
response bad_id() { return refuse(400, "INVALID_DATA", "the related id given seems to be invalid", {{"resource_path_index", 1}}); }
response bad_data() { return refuse(400, "INVALID_DATA", "body", {{"expected_data_type", "jsonarray"}, {"api_name", "data"}}); }

response batch_answer(const organization& org, json::array rows, int good) {
  const auto failed = static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.at("status") == "error"; }));
  const int status = failed == 0 ? good : failed == rows.size() ? 400 : org.options.mixed_status;
  return ok(json::object{{"data", std::move(rows)}}, status);
}

response fault_body(std::string_view kind) {
  if (kind == "429_burst" || kind == "429_daily")
    return refuse(429, "TOO_MANY_REQUESTS", "Rate limit exceeded. Please retry after the specified time.",
                  kind == "429_burst" ? json::object{{"trace_id", "abc"}, {"retry_after", 1}, {"limit", 100}, {"window", 60}} : json::object());
  if (kind == "401" || kind == "401_expired") return refuse(401, "INVALID_TOKEN", "invalid oauth token");
  if (kind == "401_scope") return refuse(401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL");
  if (kind == "500") return refuse(500, "INTERNAL_ERROR", "Internal Server Error");
  if (kind == "502_html") return {502, "<html><head><title>502 Bad Gateway</title></head><body></body></html>", "text/html"};
  if (kind == "503") return refuse(503, "SERVICE_UNAVAILABLE", "service is unavailable");
  return {0};
}

json::object user() { return {{"name", "A B"}, {"id", "111111000000031001"}}; }

json::object written(const organization& org, const record& one) {
  return {{"Modified_Time", org.time_text(one.modified_at)}, {"Modified_By", user()}, {"Created_Time", org.time_text(one.created_at)},
          {"id", std::to_string(one.id)}, {"Created_By", user()}};
}

std::string_view text_member(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

}  // namespace leadsync::simulator::zoho
