#include "api/http_request.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace leadsync::api {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view to_text(http_method method) {
  switch (method) {
    case http_method::get: return "GET";
    case http_method::post: return "POST";
    case http_method::put: return "PUT";
    case http_method::patch: return "PATCH";
    case http_method::delete_: return "DELETE";
    case http_method::other: break;
  }
  return "OTHER";
}

std::string request_view::argument(std::string_view name) const {
  for (const auto& [key, value] : request_->arguments)
    if (key == name) return value;
  return {};
}

std::string request_view::query(std::string_view name) const {
  for (const auto& [key, value] : request_->query)
    if (key == name) return value;
  return {};
}

bool request_view::has_query(std::string_view name) const {
  return std::any_of(request_->query.begin(), request_->query.end(), [name](const auto& entry) { return entry.first == name; });
}

bool request_view::accepts(std::string_view media_type) const {
  const auto at = request_->accept.find(media_type);
  const auto json = request_->accept.find("application/json");
  return at != std::string::npos && (json == std::string::npos || at < json);
}

result<std::int64_t> request_view::id_argument(std::string_view name) const {
  const auto text = argument(name);
  if (const auto id = parse_id(text)) return *id;
  return make_error(errc::not_found, "there is no " + std::string(name) + " \"" + text + "\": ids are whole numbers");
}

std::optional<std::int64_t> parse_id(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (failure != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

std::string percent_decoded(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) {
      decoded += char(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

void parse_target(std::string_view target, http_request& request) {
  request.target = target;
  target = target.substr(0, target.find('#'));
  if (target.starts_with("http://")) {  // the absolute form, which a server must accept
    const auto path = target.find('/', 7);
    target = path == target.npos ? std::string_view("/") : target.substr(path);
  }
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  request.query.clear();
  if (mark == target.npos) return;
  for (const auto part : split(target.substr(mark + 1), '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    request.query.emplace_back(percent_decoded(part.substr(0, equals), true),
                               equals == part.npos ? std::string() : percent_decoded(part.substr(equals + 1), true));
  }
}

}  // namespace leadsync::api
