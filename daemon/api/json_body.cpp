#include "api/json_body.h"

#include "base/text.h"
#include "model/json_text.h"

#include <boost/json/object.hpp>

#include <charconv>

namespace leadsync::api {

result<boost::json::value> parse_body(request_view request) {
  if (trim(request->body).empty()) return boost::json::value(boost::json::object());
  const auto& type = request->content_type;
  if (!type.empty() && type != "application/json" && type != "application/x-www-form-urlencoded" && !type.ends_with("+json"))
    return make_error(errc::invalid_input, "the body must be application/json, not " + type);
  return parse_json(request->body);
}

result<std::optional<std::int64_t>> matched_revision(request_view request) {
  std::string_view text = trim(request->if_match);
  if (text.empty()) return std::optional<std::int64_t>();
  if (text == "*") return std::optional<std::int64_t>(0);
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  std::int64_t revision = -1;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), revision);
  if (failure != std::errc() || end != text.data() + text.size() || revision < 0)
    return make_error(errc::invalid_input, "If-Match must hold one ETag, as a GET of the same path gives it");
  return std::optional<std::int64_t>(revision);
}

std::string etag_of(std::int64_t revision) { return "\"" + std::to_string(revision) + "\""; }

}  // namespace leadsync::api
