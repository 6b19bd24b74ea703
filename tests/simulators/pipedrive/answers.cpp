#include "pipedrive/answers.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {

std::int64_t call::number(std::string_view name, std::int64_t otherwise) const {
  const auto text = parameter(name);
  std::int64_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

response ok(json::value data, json::value additional, int status) {
  json::object body{{"success", true}, {"data", std::move(data)}, {"additional_data", std::move(additional)}};
  return {status, json::serialize(body), "application/json; charset=utf-8", {}};
}

response invalid(const company& account, const std::vector<std::string>& faults, std::string_view field_code) {
  std::string text = "Validation failed: ";
  for (std::size_t i = 0; i < faults.size(); ++i) text += (i ? "; " : "") + faults[i];
  json::object body{{"success", false}, {"error", text}, {"code", "ERR_SCHEMA_VALIDATION_FAILED"}};
  if (account.options.error_field_code && !field_code.empty()) body["field_code"] = field_code;
  return {400, json::serialize(body), "application/json; charset=utf-8", {}};
}

response refuse(int status, std::string_view error, std::string_view info) {
  json::object body{{"success", false}, {"error", error}, {"error_info", info}, {"data", nullptr}, {"additional_data", nullptr}};
  return {status, json::serialize(body), "application/json; charset=utf-8", {}};
}

response entity_not_found() { return refuse(404, "Entity was not found", "Object was not found."); }
response unknown_path() { return refuse(404, "Entity was not found", "Object was not found."); }

response fault_body(const company& account, std::string_view kind) {
  const auto plain = [](int status, std::string_view text, header_list headers = {}) {
    return response{status, std::string(text), "application/json; charset=utf-8", std::move(headers)};
  };
  const auto page = [](int status, std::string_view title) {
    const std::string text(title);
    return response{status, "<!DOCTYPE html><html><head><title>" + text + "</title></head><body>" + text + "</body></html>", "text/html; charset=UTF-8", {}};
  };
  if (kind == "429_daily") return plain(429, R"({"success":false,"error":"daily request budget exceeded","errorCode":429})", {{"retry-after", "3939"}});
  if (kind.starts_with("429")) {
    header_list headers{{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "2"}};
    if (account.options.burst_retry_after) headers.emplace_back("retry-after", "2");
    return plain(429, R"({"success":false,"error":"Request over limit","errorCode":429})", std::move(headers));
  }
  if (kind.starts_with("401"))
    return plain(401, R"({"success":false,"error":"unauthorized access","errorCode":401,"error_info":"Please check developers.pipedrive.com"})", {{"x-401-by-gw", "true"}});
  if (kind == "403_html") return page(403, "Access denied | Cloudflare");
  if (kind == "500") return plain(500, R"({"success":false,"error":"Internal Server Error","code":"ERR_UNKNOWN"})");
  if (kind == "500_empty") return plain(500, "");
  if (kind == "502_html") return page(502, "502: Bad gateway");
  if (kind == "503") return refuse(503, "Service unavailable");
  if (kind == "504") return page(504, "504: Gateway time-out");
  return {0, {}, {}, {}};
}

std::string v2_time(instant at) { return to_rfc3339(at).substr(0, 19) + "Z"; }

std::string v1_time(instant at) {
  auto text = to_rfc3339(at).substr(0, 19);
  text[10] = ' ';
  return text;
}

response cursor_page(const call& from, json::array rows, std::int64_t most) {
  const auto limit = std::clamp<std::int64_t>(from.number("limit", 100), 1, most);
  const auto begin = std::min<std::size_t>(rows.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, from.number("cursor", 0))));
  const auto end = std::min(rows.size(), begin + static_cast<std::size_t>(limit));
  json::array page(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(end));
  const json::value next = end < rows.size() ? json::value(std::to_string(end)) : json::value(nullptr);
  return ok(std::move(page), json::object{{"next_cursor", next}});
}

response offset_page(const call& from, json::array rows) {
  const auto limit = std::clamp<std::int64_t>(from.number("limit", 100), 1, 500);
  const auto start = std::max<std::int64_t>(0, from.number("start", 0));
  const auto begin = std::min(rows.size(), static_cast<std::size_t>(start));
  const auto end = std::min(rows.size(), begin + static_cast<std::size_t>(limit));
  json::array page(rows.begin() + static_cast<std::ptrdiff_t>(begin), rows.begin() + static_cast<std::ptrdiff_t>(end));
  json::object pagination{{"start", start}, {"limit", limit}, {"more_items_in_collection", end < rows.size()}};
  if (end < rows.size()) pagination["next_start"] = end;
  return ok(std::move(page), json::object{{"pagination", std::move(pagination)}});
}

}  // namespace leadsync::simulator::pipedrive
