#include "encoding.h"

#include <algorithm>

namespace leadsync::zoho {
namespace {

/// A number as such, where a double holds it; else its digits as text.
json::value number_of(std::string_view digits) {
  const bool fractional = digits.find('.') != digits.npos;
  boost::system::error_code malformed;
  if (digits.size() > (fractional ? 17 : 15)) return json::value(digits);
  auto number = json::parse(digits, malformed);
  return malformed || !number.is_number() ? json::value(digits) : number;
}

/// "2026-11-25T09:30:00.000Z" without the fraction, and with an offset in numbers.
std::string offset_time(std::string_view instant) { return instant.size() < 19 ? std::string(instant) : std::string(instant.substr(0, 19)) + "+00:00"; }
}  // namespace

std::string folded(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  std::string lower(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

json::value wire_value(std::string_view field, const json::object& value) {
  const auto* inner = value.if_contains("value");
  if (!inner || inner->is_null()) return nullptr;
  if (inner->is_object()) return json::object{{"id", id_of(inner->get_object(), "id")}};
  if (!inner->is_string()) return *inner;
  const std::string_view text = inner->get_string();
  const auto type = text_of(value, "type");
  if (type == "decimal") return number_of(text);
  if (type == "instant") return json::value(offset_time(text));
  if (field == "Owner") return json::object{{"id", text}};
  return type == "email" ? json::value(folded(text)) : *inner;
}

bool is_blank(const json::value* value) {
  if (!value || value->is_null()) return true;
  if (value->is_array()) return value->get_array().empty();
  return value->is_string() && (value->get_string().empty() || value->get_string() == "-None-");
}

std::string coql_text(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted += '\'';
}

bool field_values::sends(std::string_view name) const {
  if (std::any_of(added.begin(), added.end(), [&](const auto& pair) { return pair.first == name; })) return true;
  return mapped->contains(name) && std::find(dropped.begin(), dropped.end(), name) == dropped.end();
}

json::value field_values::value(std::string_view name) const {
  for (const auto& [field, own] : added)
    if (field == name) return own;
  return sends(name) ? wire_value(name, object_of(*mapped, name)) : json::value(nullptr);
}

std::string field_values::text(std::string_view name) const {
  const auto found = value(name);
  if (found.is_null()) return {};
  return found.is_string() ? std::string(found.get_string()) : json::serialize(found);
}

json::object field_values::row() const {
  json::object out;
  for (const auto& field : *mapped)
    if (sends(field.key())) out[field.key()] = value(field.key());
  for (const auto& [name, own] : added) out[name] = own;
  return out;
}
}  // namespace leadsync::zoho
