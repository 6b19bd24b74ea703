#include "plugin/settings_check.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace leadsync {
namespace {

namespace json = boost::json;

const json::object& object_in(const json::object& from, std::string_view name) {
  static const json::object none;
  const auto* found = from.if_contains(name);
  return found && found->is_object() ? found->get_object() : none;
}

std::string names_of(const json::object& properties) {
  std::string names;
  for (const auto& each : properties) names += (names.empty() ? "" : ", ") + std::string(each.key());
  return names.empty() ? "it has none" : "it has " + names;
}

bool is_of_type(const json::value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  return true;
}

std::string misfit_of(std::string_view name, const json::value& value, const json::object& rule) {
  if (const auto* type = rule.if_contains("type"); type && type->is_string() && !is_of_type(value, type->get_string())) {
    const bool unquoted = type->get_string() == "string" && value.is_primitive();
    return "`settings." + std::string(name) + "` must be of type " + std::string(type->get_string()) + (unquoted ? "; quote it" : "");
  }
  const auto* choices = rule.if_contains("enum");
  if (!choices || !choices->is_array()) return {};
  const auto& list = choices->get_array();
  if (std::find(list.begin(), list.end(), value) != list.end()) return {};
  return "`settings." + std::string(name) + "` must be one of " + json::serialize(list);
}

}  // namespace

std::string settings_misfit(const json::object& schema, std::string_view settings_json) {
  boost::system::error_code failure;
  const auto parsed = json::parse(settings_json, failure);
  if (failure || !parsed.is_object()) return "`settings` must be a map";
  const auto& settings = parsed.get_object();
  const auto& properties = object_in(schema, "properties");
  for (const auto& each : settings) {
    if (!properties.contains(each.key())) return "the plugin has no setting `" + std::string(each.key()) + "`; " + names_of(properties);
    if (auto why = misfit_of(each.key(), each.value(), object_in(properties, each.key())); !why.empty()) return why;
  }
  const auto* required = schema.if_contains("required");
  if (!required || !required->is_array()) return {};
  for (const auto& name : required->get_array())
    if (name.is_string() && !settings.contains(name.get_string())) return "`settings." + std::string(name.get_string()) + "` is missing; the plugin needs it";
  return {};
}

}  // namespace leadsync
