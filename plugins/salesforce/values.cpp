#include "values.h"

#include <algorithm>

namespace leadsync::salesforce {
namespace {
/// "007.50" is a decimal of the daemon's, and no number in JSON.
std::string number_text(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0' && text[1] != '.') text.remove_prefix(1);
  return (negative ? "-" : "") + std::string(text);
}

std::string wire_text(const json::object& value) {
  const auto* inner = value.if_contains("value");
  if (!inner || inner->is_null()) return {};
  if (inner->is_object()) return std::string(text_of(inner->get_object(), "id"));
  if (inner->is_array()) {
    std::string joined;
    for (const auto& option : inner->get_array()) (joined += joined.empty() ? "" : ";") += text_of(&option);
    return joined;
  }
  if (!inner->is_string()) return json::serialize(*inner);  // true, false
  return text_of(value, "type") == "decimal" ? number_text(inner->get_string()) : std::string(inner->get_string());
}

void append_value(std::string& out, const json::object& value) {
  const auto* inner = value.if_contains("value");
  const auto type = text_of(value, "type");
  if (!inner || inner->is_null()) out += type == "boolean" ? "false" : "null";  // a checkbox cannot be null
  else if (inner->is_bool() || type == "decimal") out += wire_text(value);
  else append_quoted(out, wire_text(value));
}
}  // namespace

std::string folded(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  std::string lower(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return lower;
}

void append_quoted(std::string& out, std::string_view text) { out += json::serialize(json::string(text)); }

bool field_values::sends(std::string_view name) const {
  if (std::any_of(added.begin(), added.end(), [&](const auto& pair) { return pair.first == name; })) return true;
  return fields->contains(name) && std::find(dropped.begin(), dropped.end(), name) == dropped.end();
}

std::string field_values::text(std::string_view name) const {
  for (const auto& [field, value] : added)
    if (field == name) return value;
  return sends(name) ? wire_text(object_of(*fields, name)) : std::string{};
}

std::string field_values::cell(std::string_view name) const {
  if (!sends(name)) return {};
  auto sent = text(name);
  if (sent.empty()) sent = text_of(object_of(*fields, name), "type") == "boolean" ? "false" : null_cell;
  return sent;
}

void field_values::append_to(std::string& out) const {
  const auto is_added = [&](std::string_view name) {
    return std::any_of(added.begin(), added.end(), [&](const auto& pair) { return pair.first == name; });
  };
  for (const auto& [name, value] : added) {
    append_quoted(out += ',', name);
    append_quoted(out += ':', value);
  }
  for (const auto& field : *fields) {
    const std::string_view name = field.key();
    if (!sends(name) || is_added(name)) continue;
    append_quoted(out += ',', name);
    append_value(out += ':', as_object(field.value()));
  }
}

std::string_view field_values::field_with(std::string_view value) const {
  for (const auto& field : *fields)
    if (!value.empty() && sends(field.key()) && text(field.key()) == value) return field.key();
  return {};
}

void warn(record& subject, std::string_view code, std::string_view message, std::string_view field) {
  if (!subject.warnings.empty()) subject.warnings += ',';
  subject.warnings += warning_text(code, field, message);
}

std::vector<std::uint32_t> leads_of(const records& inputs) {
  std::vector<std::uint32_t> leads;
  for (const auto* one : inputs) leads.insert(leads.end(), one->leads.begin(), one->leads.end());
  return leads;
}
}  // namespace leadsync::salesforce
