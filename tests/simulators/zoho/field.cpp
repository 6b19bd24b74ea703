#include "zoho/field.h"

#include "base/instant.h"
#include "base/text.h"

#include <algorithm>
#include <cmath>

namespace leadsync::simulator::zoho {
namespace {

std::string_view json_type_of(const field& of) {
  if (of.data_type == "multiselectpicklist") return "jsonarray";
  if (of.data_type == "lookup" || of.data_type == "ownerlookup") return "jsonobject";
  if (of.data_type == "boolean" || of.data_type == "integer") return of.data_type;
  return of.data_type == "double" || of.data_type == "currency" ? "double" : "string";
}

bool all_digits(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789") == text.npos; }

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == text.npos || text.find('@', at + 1) != text.npos || text.find_first_of(" \t,;<>") != text.npos) return false;
  const auto domain = text.substr(at + 1);
  const auto dot = domain.rfind('.');
  return dot != domain.npos && dot > 0 && dot + 1 < domain.size() && domain.find("..") == domain.npos;
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && parse_rfc3339(std::string(text) + "T00:00:00Z").has_value();
}

/// An offset is needed; a fraction of a second, and `Z`, are not taken.
bool is_datetime(std::string_view text) {
  return text.size() == 25 && (text[19] == '+' || text[19] == '-') && parse_rfc3339(text).has_value();
}

const pick_value* find_option(const field& of, std::string_view value) {
  for (const auto& option : of.options)
    if (option.used && (option.display == value || option.actual == value)) return &option;
  return nullptr;
}

complaint check_options(const field& of, const json::value& sent, unknown_option policy, std::optional<json::value>& stored) {
  const bool many = of.data_type == "multiselectpicklist";
  if (many ? !sent.is_array() : !sent.is_string()) return json::object{{"expected_data_type", many ? "jsonarray" : "picklist"}};
  json::array kept;
  const auto one = [&](const json::value& value) {
    if (!value.is_string()) return false;
    const auto* known = find_option(of, value.get_string());
    if (known) kept.push_back(json::value(known->display));
    else if (policy == unknown_option::accept) kept.push_back(value);
    return known || policy != unknown_option::reject;
  };
  const auto* list = sent.if_array();
  bool good = list || one(sent);
  if (list)
    for (const auto& value : *list) good = one(value) && good;
  if (!good) return json::object{{"expected_data_type", of.data_type}};
  if (many) stored = std::move(kept);
  else if (!kept.empty()) stored = kept.front();
  return std::nullopt;
}

bool has_format(const field& of, const json::value& sent) {
  const auto& type = of.data_type;
  if (type == "boolean") return sent.is_bool();
  if (type == "double" || type == "currency") return sent.is_number();
  if (type == "integer") return sent.is_int64() && std::abs(sent.get_int64()) < 1'000'000'000;
  if (type == "bigint") return sent.is_int64() || (sent.is_string() && all_digits(sent.get_string()) && sent.get_string().size() <= 18);
  if (!sent.is_string()) return false;
  const std::string_view text = sent.get_string();
  if (type == "email") return is_email(text);
  if (type == "phone") return text.find_first_not_of("0123456789+-(). ") == text.npos;
  if (type == "website") return text.find_first_of(" \t") == text.npos && text.find('.') != text.npos;
  if (type == "date") return is_date(text);
  return type != "datetime" || is_datetime(text);
}

}  // namespace

json::object to_json(const field& of) {
  json::array options;
  std::int64_t number = 0;
  for (const auto& option : of.options) {
    ++number;
    options.push_back({{"display_value", option.display}, {"sequence_number", number}, {"reference_value", option.actual}, {"colour_code", nullptr},
                       {"actual_value", option.actual}, {"id", of.id + std::to_string(number)}, {"type", option.used ? "used" : "unused"}});
  }
  const bool writable = !of.read_only;
  json::object unique, lookup;
  if (of.unique) unique["case_sensitive"] = false;
  if (!of.lookup.empty()) lookup = {{"module", {{"api_name", of.lookup}}}};
  json::object out{{"api_name", of.api_name}, {"field_label", of.label}, {"display_label", of.label}, {"data_type", of.data_type},
                   {"json_type", json_type_of(of)}, {"length", of.length}, {"system_mandatory", of.mandatory}, {"read_only", of.read_only},
                   {"field_read_only", of.read_only}, {"visible", true}, {"custom_field", of.custom}, {"unique", std::move(unique)}};
  out["operation_type"] = {{"web_update", writable}, {"api_create", writable}, {"web_create", writable}, {"api_update", writable}};
  out["pick_list_values"] = std::move(options);
  out["decimal_place"] = of.data_type == "currency" ? json::value(2) : json::value(nullptr);
  out["lookup"] = std::move(lookup);
  out["multiselectlookup"] = json::object();
  out["currency"] = json::object();
  out["type"] = of.on_layout ? "used" : "unused";
  out["virtual_field"] = false;
  out["id"] = of.id;
  return out;
}

std::string merge(field& into, const json::object& wanted) {
  for (const auto& [key, value] : wanted) {
    const std::string_view name = key;
    const bool text = value.is_string(), flag = value.is_bool();
    if (name == "field_label" && text) into.label = value.get_string();
    else if (name == "data_type" && text) into.data_type = value.get_string();
    else if (name == "length" && value.is_int64() && value.get_int64() >= 0) into.length = static_cast<std::size_t>(value.get_int64());
    else if (name == "system_mandatory" && flag) into.mandatory = value.get_bool();
    else if (name == "read_only" && flag) into.read_only = value.get_bool();
    else if (name == "on_layout" && flag) into.on_layout = value.get_bool();
    else if (name == "unique") into.unique = flag ? value.get_bool() : value.is_object();
    else if (name == "pick_list_values" && value.is_array()) {
      into.options.clear();
      for (const auto& option : value.get_array()) {
        const auto* more = option.if_object();
        const auto* shown = more ? more->if_contains("display_value") : &option;
        if (!shown || !shown->is_string()) return "a pick_list_values entry without display_value";
        const auto* actual = more ? more->if_contains("actual_value") : nullptr;
        const auto* type = more ? more->if_contains("type") : nullptr;
        into.options.push_back({std::string(shown->get_string()), std::string((actual && actual->is_string() ? actual : shown)->get_string()),
                                !type || *type != "unused"});
      }
    } else return "unknown member or wrong type: " + std::string(name);
  }
  return {};
}

complaint check(const field& of, const json::value& sent, unknown_option policy, std::optional<json::value>& stored) {
  if (sent.is_null()) {
    stored = nullptr;
    return std::nullopt;
  }
  if (of.is_picklist()) return check_options(of, sent, policy, stored);
  if (of.data_type == "lookup" || of.data_type == "ownerlookup") {
    const auto* id = sent.is_object() ? sent.get_object().if_contains("id") : nullptr;
    if (!id || !id->is_string()) return json::object{{"expected_data_type", "jsonobject"}};
    stored = json::object{{"id", *id}};
    return std::nullopt;
  }
  if (!has_format(of, sent)) return json::object{{"expected_data_type", of.data_type == "textarea" ? "text" : of.data_type}};
  if (sent.is_string() && of.length > 0 && code_point_count(std::string_view(sent.get_string())) > of.length) return json::object{{"maximum_length", of.length}};
  stored = sent;
  return std::nullopt;
}

}  // namespace leadsync::simulator::zoho
