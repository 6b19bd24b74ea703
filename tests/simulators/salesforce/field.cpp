#include "salesforce/field.h"

#include <algorithm>
#include <array>

namespace leadsync::simulator::salesforce {

bool field::is_text() const {
  static constexpr std::array<std::string_view, 6> texts = {"string", "textarea", "email", "phone", "url", "combobox"};
  return std::find(texts.begin(), texts.end(), type) != texts.end();
}

bool field::has_option(std::string_view value) const {
  return std::any_of(options.begin(), options.end(), [&](const option& one) { return one.active && one.value == value; });
}

json::object describe(const field& what) {
  json::array picklist;
  for (const auto& one : what.options)
    picklist.push_back({{"active", one.active}, {"defaultValue", one.value == what.default_value}, {"label", one.value}, {"validFor", nullptr}, {"value", one.value}});
  json::array references;
  if (!what.reference_to.empty()) references.emplace_back(what.reference_to);
  json::object out{{"name", what.name}, {"label", what.label}, {"type", what.type}, {"length", what.length}, {"byteLength", what.length * 3},
                   {"digits", what.digits}, {"precision", what.precision}, {"scale", what.scale}, {"nillable", what.nillable},
                   {"createable", what.createable}, {"updateable", what.updateable}, {"defaultedOnCreate", what.defaulted},
                   {"restrictedPicklist", what.restricted}, {"dependentPicklist", false}, {"controllerName", nullptr}, {"unique", what.unique},
                   {"externalId", what.external_id}, {"idLookup", what.id_lookup}, {"calculated", false}, {"autoNumber", false},
                   {"custom", what.custom}, {"encrypted", false}, {"permissionable", what.nillable}, {"polymorphicForeignKey", false},
                   {"caseSensitive", false}, {"referenceTo", std::move(references)}, {"relationshipName", nullptr}, {"picklistValues", std::move(picklist)}};
  out["defaultValue"] = what.default_value.empty() ? json::value(nullptr) : json::value(what.default_value);
  return out;
}

std::string change(field& what, const json::object& wanted) {
  struct flag {
    std::string_view name;
    bool field::*member;
  };
  static constexpr std::array<flag, 8> flags = {{{"nillable", &field::nillable}, {"createable", &field::createable}, {"updateable", &field::updateable},
                                                 {"restricted", &field::restricted}, {"unique", &field::unique}, {"externalId", &field::external_id},
                                                 {"hidden", &field::hidden}, {"defaulted", &field::defaulted}}};
  for (const auto& [key, value] : wanted) {
    const std::string_view name(key);
    const auto known = std::find_if(flags.begin(), flags.end(), [&](const flag& one) { return one.name == name; });
    if (known != flags.end() && value.is_bool()) what.*(known->member) = value.get_bool();
    else if (name == "label" && value.is_string()) what.label = value.get_string();
    else if (name == "type" && value.is_string()) what.type = value.get_string();
    else if (name == "length" && value.is_int64()) what.length = static_cast<int>(value.get_int64());
    else if (name == "options" && value.is_array()) {
      what.options.clear();
      for (const auto& one : value.get_array())
        if (one.is_string()) what.options.push_back({std::string(one.get_string())});
    } else return "unknown member or wrong type: " + std::string(name);
  }
  return {};
}

}  // namespace leadsync::simulator::salesforce
