#include "salesforce/values.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace leadsync::simulator::salesforce {
namespace {

std::string token_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::object: return "START_OBJECT value {";
    case json::kind::array: return "START_ARRAY value [";
    case json::kind::string: return "VALUE_STRING value " + std::string(value.get_string());
    case json::kind::null: return "VALUE_NULL value null";
    case json::kind::bool_: return std::string("VALUE_") + (value.get_bool() ? "TRUE value true" : "FALSE value false");
    case json::kind::double_: return "VALUE_NUMBER_FLOAT value " + json::serialize(value);
    default: return "VALUE_NUMBER_INT value " + json::serialize(value);
  }
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && parse_rfc3339(std::string(text) + "T00:00:00Z").has_value();
}

std::optional<double> number_of(const json::value& value) {
  if (value.is_number()) return value.to_number<double>();
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.get_string();
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == text.npos || text.find('@', at + 1) != text.npos || text.find_first_of(" ,;\t") != text.npos) return false;
  const auto domain = text.substr(at + 1);
  return domain.find('.') != domain.npos && domain.front() != '.' && domain.back() != '.';
}

/// Of the value types, what Java would be told to make of it. Empty where it can be read.
std::string unreadable_as(const field& what, const json::value& value) {
  const auto wrong = [&](std::string_view as) { return "Cannot deserialize instance of " + std::string(as) + " from " + token_of(value); };
  if (value.is_object() || value.is_array()) return wrong(what.is_text() || what.is_picklist() ? "string" : what.type);
  if (what.type == "boolean") return value.is_bool() ? "" : wrong("boolean");
  if (value.is_null() || (value.is_string() && value.get_string().empty())) return {};
  if (what.type == "int") {
    const auto number = number_of(value);
    return number && *number == static_cast<double>(static_cast<std::int64_t>(*number)) ? "" : wrong("int");
  }
  if (what.type == "double" || what.type == "currency" || what.type == "percent") return number_of(value) ? "" : wrong(what.type);
  const auto text = value.is_string() ? std::string(value.get_string()) : std::string();
  if (what.type == "date") return is_date(text.substr(0, 10)) && (text.size() == 10 || parse_rfc3339(text)) ? "" : wrong("date");
  if (what.type == "datetime") return is_date(text) || parse_rfc3339(text) ? "" : wrong("datetime");
  return {};
}

void check_reference(org& account, const object_type& type, const field& what, const std::string& text, std::vector<row_error>& errors) {
  if (!looks_like_id(text) || !account.type_of_id(text))
    return errors.push_back({"MALFORMED_ID", what.label + ": id value of incorrect type: " + text, {what.name}});
  auto* to = account.type_of_id(text);
  const bool person = what.name == "WhoId" && (to->name() == "Lead" || to->name() == "Contact");
  const bool owner = what.name == "OwnerId" && (to->name() == "User" || to->name() == "Group");
  if (!person && !owner && to->name() != what.reference_to)
    return errors.push_back({"MALFORMED_ID", what.label + ": id value of incorrect type: " + text, {what.name}});
  const auto* found = to->find(text);
  if (!found || found->deleted) return errors.push_back({"INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", {}});
  if (owner && found->text("IsActive") == "false")
    errors.push_back({"INACTIVE_OWNER_OR_USER", "operation performed with inactive user [" + text.substr(0, 15) + "] as owner of " + ascii_lower(type.name()), {"OwnerId"}});
}

void check_number(const field& what, const json::value& value, std::vector<row_error>& errors) {
  const auto number = number_of(value).value_or(0);
  const int whole_digits = what.type == "int" ? what.digits : what.precision - what.scale;
  double largest = 1;
  for (int i = 0; i < whole_digits; ++i) largest *= 10;
  if (number >= largest || number <= -largest)
    errors.push_back({"NUMBER_OUTSIDE_VALID_RANGE", what.label + ": value outside of valid range on numeric field: " +
                      (value.is_string() ? std::string(value.get_string()) : json::serialize(value)), {what.name}});
}

void check_picklist(const org& account, const object_type& type, const field& what, std::string_view text, checked_values& out) {
  auto& errors = out.errors;
  const auto items = what.type == "multipicklist" ? split(text, ';') : std::vector<std::string_view>{text};
  if (items.size() > 100) return errors.push_back({"TOO_MANY_ENUM_VALUE", what.label + ": too many values", {what.name}});
  for (const auto item : items)
    if (what.restricted && (!what.has_option(item) || !admits_option(account, type.name(), out.values, what.name, item)))
      return errors.push_back({"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", what.label + ": bad value for restricted picklist field: " + std::string(item), {what.name}});
}

/// One value that can be read: its content.
void check_content(org& account, const object_type& type, const field& what, const json::value& value, checked_values& out) {
  if (what.type == "boolean") return;
  const auto text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  if (what.type == "reference") check_reference(account, type, what, text, out.errors);
  else if (what.is_picklist()) check_picklist(account, type, what, text, out);
  else if (what.type == "email" && !is_email(text)) out.errors.push_back({"INVALID_EMAIL_ADDRESS", what.label + ": invalid email address: " + text, {what.name}});
  else if (what.type == "int" || what.type == "double" || what.type == "currency" || what.type == "percent") check_number(what, value, out.errors);
  if ((what.is_text() || what.is_picklist()) && what.length > 0 && code_point_count(text) > static_cast<std::size_t>(what.length))
    out.errors.push_back({"STRING_TOO_LONG", what.label + ": data value too large: " + text + " (max length=" + std::to_string(what.length) + ")", {what.name}});
}

}  // namespace

checked_values check_values(org& account, const object_type& type, const json::object& given, write kind, std::string_view key) {
  checked_values out;
  std::vector<std::string> locked;
  for (const auto& [name, value] : given) {
    const auto lower = ascii_lower(std::string_view(name));
    if (lower == "attributes" || lower == "id" || lower == ascii_lower(key)) continue;
    const auto* what = type.find_field(name);
    if (!what) {
      out.errors.push_back({"INVALID_FIELD", "No such column '" + std::string(name) + "' on sobject of type " + type.name(), {}});
      continue;
    }
    if (out.unreadable.empty())
      if (out.unreadable = unreadable_as(*what, value); !out.unreadable.empty()) out.unreadable_field = std::string(name);
    if (kind == write::create ? !what->createable : !what->updateable) locked.push_back(what->name);
    const bool blank = value.is_null() || (value.is_string() && trim(std::string_view(value.get_string())).empty());
    out.values[what->name] = blank ? json::value(nullptr) : value;
  }
  if (!out.unreadable.empty() || !out.errors.empty()) return out;
  if (!locked.empty()) {
    out.errors.push_back({"INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: " + join(locked, ", ") +
                          ". Please check the security settings of this field and verify that it is read/write for your profile or permission set.", locked});
    return out;
  }
  std::vector<std::string> missing;
  for (const auto& what : type.fields()) {
    const auto sent = out.values.find(what.name);
    const bool empty = sent == out.values.end() ? kind == write::create : sent->second.is_null();
    if (what.required() && empty && what.name != key) missing.push_back(what.name);
  }
  if (!missing.empty()) out.errors.push_back({"REQUIRED_FIELD_MISSING", "Required fields are missing: [" + join(missing, ", ") + "]", missing});
  for (const auto& [name, value] : out.values)
    if (!value.is_null()) check_content(account, type, *type.find_field(name), value, out);
  return out;
}

}  // namespace leadsync::simulator::salesforce
