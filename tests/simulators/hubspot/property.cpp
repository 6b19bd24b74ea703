#include "hubspot/property.h"

#include <boost/json.hpp>

#include <array>

namespace leadsync::simulator::hubspot {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 7> type_names = {"string", "number", "date", "datetime", "enumeration", "bool", "phone_number"};

bool take_text(const json::object& from, std::string_view name, std::string& out) {
  const auto* found = from.if_contains(name);
  if (!found) return true;
  if (!found->is_string()) return false;
  out = found->as_string();
  return true;
}

bool take_flag(const json::object& from, std::string_view name, bool& out) {
  const auto* found = from.if_contains(name);
  if (!found) return true;
  if (!found->is_bool()) return false;
  out = found->as_bool();
  return true;
}

}  // namespace

std::string_view to_text(value_type type) { return type_names[static_cast<std::size_t>(type)]; }

json::object to_json(const property& what) {
  json::array options;
  for (const auto& one : what.options)
    options.push_back({{"label", one.label},
                       {"value", one.value},
                       {"description", one.description},
                       {"displayOrder", one.display_order},
                       {"hidden", one.hidden}});
  json::object out;
  out["updatedAt"] = to_rfc3339(what.updated_at);
  out["createdAt"] = to_rfc3339(what.created_at);
  out["name"] = what.name;
  out["label"] = what.label;
  out["type"] = to_text(what.type);
  out["fieldType"] = what.field_type;
  out["description"] = what.description;
  out["groupName"] = what.group;
  out["options"] = std::move(options);
  out["displayOrder"] = -1;
  out["calculated"] = what.calculated;
  out["externalOptions"] = what.external_options;
  out["hasUniqueValue"] = what.unique;
  out["hidden"] = what.hidden;
  if (what.built_in) out["hubspotDefined"] = true;
  if (what.archived) out["archived"] = true;
  out["modificationMetadata"] = {{"archivable", !what.built_in},
                                 {"readOnlyDefinition", what.built_in},
                                 {"readOnlyOptions", what.external_options},
                                 {"readOnlyValue", what.read_only || what.calculated || what.source != computed::no}};
  out["formField"] = what.form_field;
  out["dataSensitivity"] = "non_sensitive";
  return out;
}

result<> merge_definition(property& into, const json::object& from) {
  const auto wrong = [](std::string_view name) {
    return make_error(errc::invalid_input, "Cannot deserialize value of member `" + std::string(name) + "`");
  };
  for (auto [name, place] : {std::pair<std::string_view, std::string*>{"label", &into.label},
                             {"fieldType", &into.field_type},
                             {"groupName", &into.group},
                             {"description", &into.description}})
    if (!take_text(from, name, *place)) return wrong(name);
  for (auto [name, place] : {std::pair<std::string_view, bool*>{"hasUniqueValue", &into.unique},
                             {"externalOptions", &into.external_options},
                             {"calculated", &into.calculated},
                             {"hidden", &into.hidden},
                             {"formField", &into.form_field}})
    if (!take_flag(from, name, *place)) return wrong(name);
  std::string type(to_text(into.type));
  if (!take_text(from, "type", type)) return wrong("type");
  const auto* found = std::find(type_names.begin(), type_names.end(), type);
  if (found == type_names.end())
    return make_error(errc::invalid_input, "Cannot deserialize value of type `PropertyType` from String \"" + type + "\"");
  into.type = static_cast<value_type>(found - type_names.begin());
  const auto* options = from.if_contains("options");
  if (!options) return {};
  if (!options->is_array()) return wrong("options");
  into.options.clear();
  for (const auto& entry : options->as_array()) {
    option made;
    if (!entry.is_object() || !take_text(entry.as_object(), "label", made.label) || !take_text(entry.as_object(), "value", made.value) ||
        !take_text(entry.as_object(), "description", made.description) || !take_flag(entry.as_object(), "hidden", made.hidden))
      return wrong("options");
    if (const auto* order = entry.as_object().if_contains("displayOrder"); order && order->is_int64()) made.display_order = order->as_int64();
    into.options.push_back(std::move(made));
  }
  return {};
}

}  // namespace leadsync::simulator::hubspot
