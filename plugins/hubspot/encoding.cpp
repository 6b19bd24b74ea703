#include "encoding.h"

#include <algorithm>

namespace leadsync::hubspot {
namespace {
/// A note's body is HTML: without this, "a < b" and line breaks would be lost.
std::string as_html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    const std::string_view safe = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '\n' ? "<br>" : "";
    if (safe.empty() && c != '\r') html += c;
    else html += safe;
  }
  return html;
}
}  // namespace

std::string folded(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  std::string lower(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

void append_quoted(std::string& out, std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    if (byte >= 0x20) (out += '\\') += text[i];
    else ((out += "\\u00") += hex[byte >> 4]) += hex[byte & 15];
  }
  out.append(text, plain) += '"';
}

std::string wire_text(std::string_view property, const json::object& value) {
  const auto* inner = value.if_contains("value");
  if (!inner || inner->is_null()) return {};
  if (inner->is_object()) return id_of(inner->get_object(), "id");
  if (inner->is_array()) {
    std::string joined;
    for (const auto& option : inner->get_array()) (joined += joined.empty() ? "" : ";") += id_text(&option);
    return joined;
  }
  if (!inner->is_string()) return json::serialize(*inner);  // true, false
  if (property == "email") return folded(inner->get_string());
  return property == "hs_note_body" ? as_html(inner->get_string()) : std::string(inner->get_string());
}

bool properties::sends(std::string_view name) const {
  if (std::any_of(added.begin(), added.end(), [&](const auto& pair) { return pair.first == name; })) return true;
  return fields->contains(name) && std::find(dropped.begin(), dropped.end(), name) == dropped.end();
}

std::string properties::text(std::string_view name) const {
  for (const auto& [property, value] : added)
    if (property == name) return value;
  return sends(name) ? wire_text(name, object_of(*fields, name)) : std::string{};
}

void properties::append_to(std::string& out) const {
  char separator = '{';
  const auto append_name = [&](std::string_view name) {
    append_quoted(out += std::exchange(separator, ','), name);
    out += ':';
  };
  for (const auto& [name, value] : added) {
    append_name(name);
    append_quoted(out, value);
  }
  for (const auto& field : *fields) {
    const std::string_view name = field.key();
    if (std::find(dropped.begin(), dropped.end(), name) != dropped.end()) continue;
    if (std::any_of(added.begin(), added.end(), [&](const auto& pair) { return pair.first == name; })) continue;
    append_name(name);
    const auto* text = as_object(field.value()).if_contains("value");
    if (text && text->is_string() && name != "email" && name != "hs_note_body") append_quoted(out, text->get_string());
    else append_quoted(out, wire_text(name, as_object(field.value())));
  }
  if (separator == '{') out += '{';
  out += '}';
}
}  // namespace leadsync::hubspot
