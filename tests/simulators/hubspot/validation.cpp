#include "hubspot/validation.h"

#include "hubspot/values.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace leadsync::simulator::hubspot {
namespace {

/// False where JSON cannot be a property's value (objects, arrays).
bool to_property_text(const json::value& value, std::string& out) {
  if (value.is_string()) {
    out = value.get_string();
  } else if (value.is_null()) {
    out.clear();
  } else if (value.is_bool()) {
    out = value.get_bool() ? "true" : "false";
  } else if (value.is_double()) {
    std::array<char, 32> digits;  // 12.5, where the serialiser writes 1.25E1
    out.assign(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value.get_double()).ptr);
  } else if (value.is_number()) {
    out = json::serialize(value);
  } else {
    return false;
  }
  return true;
}

bool good_name(std::string_view name) {
  return name.size() < 100 && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

rules rules_for(const portal& account, const call& from) {
  return account.options.rules_on_numbered_paths || from.where.dated() ? rules::enforced : rules::ignored;
}

prepared prepare(const portal& account, const object_type& type, const json::object& properties, rules admin_rules) {
  prepared out;
  out.fields.reserve(properties.size());
  for (const auto& [key, value] : properties) {
    const std::string_view name(key);
    if (!good_name(name)) {
      out.bad_names.emplace_back(name);
      continue;
    }
    const auto index = type.find_property(name);
    if (!index) {
      out.errors.push_back({"Property \"" + std::string(name) + "\" does not exist", "PROPERTY_DOESNT_EXIST", std::string(name)});
      continue;
    }
    const auto& what = type.at(*index);
    const auto text = '"' + std::string(name) + '"';
    if (what.calculated) {
      out.errors.push_back({text + " is a calculated property; its value cannot be set.", "READ_ONLY_VALUE", std::string(name)});
      continue;
    }
    if (what.read_only || what.source != computed::no) {
      out.errors.push_back({text + " is a read only property; its value cannot be set.", "READ_ONLY_VALUE", std::string(name)});
      continue;
    }
    field made{*index, {}};
    if (!to_property_text(value, made.value)) {
      out.errors.push_back({"Cannot deserialize value of type `java.lang.String`", "INVALID_TYPE", std::string(name)});
      continue;
    }
    auto wrong = normalise(account, type, what, made.value);
    if (!wrong && admin_rules == rules::enforced) wrong = break_rule(what, made.value);
    if (wrong)
      out.errors.push_back({std::move(wrong->message), std::move(wrong->code), std::string(name)});
    else
      out.fields.push_back(std::move(made));
  }
  return out;
}

std::string properties_message(const std::vector<property_error>& errors) {
  std::string out = "Property values were not valid: [";
  for (const auto& one : errors) {
    if (&one != &errors.front()) out += ',';
    out += R"({"isValid":false,"message":)";
    append_json_string(out, one.message);
    out += R"(,"error":)";
    append_json_string(out, one.code);
    out += R"(,"name":)";
    append_json_string(out, one.name);
    out += '}';
  }
  return out + "]";
}

response refuse_properties(const portal& account, const std::vector<property_error>& errors) {
  const bool domains = std::all_of(errors.begin(), errors.end(), [](const property_error& one) { return one.code == "INVALID_DOMAIN"; });
  if (account.options.legacy_validation_results && domains) {
    json::array results;
    for (const auto& one : errors) results.push_back({{"isValid", false}, {"message", one.message}, {"error", one.code}, {"name", one.name}});
    return ok({{"validationResults", results}, {"status", "error"}, {"message", "Property values were not valid"}, {"correlationId", account.correlation_id}}, 400);
  }
  json::array details;
  for (const auto& one : errors)
    details.push_back({{"message", one.message}, {"code", one.code}, {"context", {{"propertyName", json::array{one.name}}}}});
  return refuse(account, 400, "VALIDATION_ERROR", properties_message(errors), {}, std::move(details));
}

response refuse_names(const portal& account, const call& from, const std::vector<std::string>& names) {
  const auto column = from.raw.body.find('"' + names.front() + '"');
  return invalid(account, "Invalid input JSON on line 1, column " + std::to_string(column == std::string::npos ? 1 : column + 1) +
                              ": Names for properties should be lowercase and have less than 100 characters. Invalid names: [" + join(names, ", ") + "]");
}

std::vector<std::string> missing_required(const object_type& type, const field_list& given) {
  const auto has = [&](std::string_view name) {
    const auto index = type.find_property(name);
    const auto* value = index ? value_in(given, *index) : nullptr;
    return value && !value->empty();
  };
  std::vector<std::string> out;
  if (type.name() == "contacts" && !has("email") && !has("firstname") && !has("lastname")) out = {"email", "firstname", "lastname"};
  if (type.name() == "companies" && !has("name") && !has("domain")) out = {"name", "domain"};
  for (const auto& one : type.properties())
    if (one.required && !one.archived && !has(one.name)) out.push_back(one.name);
  return out;
}

std::string required_message(const object_type& type) { return "Error creating " + type.upper() + ".  Some required properties were not set."; }

}  // namespace leadsync::simulator::hubspot
