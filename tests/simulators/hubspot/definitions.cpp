#include "hubspot/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::hubspot {
namespace {

constexpr std::size_t most_unique = 10;

response unknown_property(const portal& account, std::string_view name) {
  return refuse(account, 404, "OBJECT_NOT_FOUND", "Property " + std::string(name) + " does not exist");
}

/// The refusal as the body of a single answer, or as an element of a batch's errors.
std::optional<response> create_property(portal& account, object_type& type, const json::value& source, instant now, json::object* made) {
  const auto* object = source.if_object();
  if (!object) return bad_json(account, "Cannot construct instance of `PropertyCreate`");
  std::string missing;
  for (const auto* name : {"groupName", "name", "label", "type", "fieldType"})
    if (text_member(*object, name).empty()) missing.append(missing.empty() ? "" : ", ").append(name);
  if (!missing.empty()) return missing_member(account, missing);
  property added;
  added.name = text_member(*object, "name");
  added.created_at = added.updated_at = now;
  if (auto merged = merge_definition(added, *object); !merged) return bad_json(account, merged.error().context);
  const bool bad_name = added.name.size() >= 100 || std::any_of(added.name.begin(), added.name.end(), [](char c) { return !(std::islower(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c)) || c == '_'); });
  if (bad_name) return invalid(account, "Property name \"" + added.name + "\" is invalid: names are lower case letters, digits and underscores, shorter than 100 characters");
  if (type.find_property(added.name)) {
    json::object body{{"status", "error"},
                      {"message", "A property named '" + added.name + "' already exists."},
                      {"correlationId", account.correlation_id},
                      {"subCategory", "Properties.PROPERTY_WITH_NAME_EXISTS"},
                      {"context", {{"name", json::array{json::string(added.name)}}}},
                      {"category", "OBJECT_ALREADY_EXISTS"}};
    return ok(body, 409);
  }
  if (!account.property_groups.contains({type.name(), added.group})) return invalid(account, "Property group " + added.group + " does not exist");
  if (added.unique && type.unique_property_count() >= most_unique) return invalid(account, "The limit of 10 unique properties per object is reached");
  *made = to_json(type.at(type.add_property(std::move(added))));
  return std::nullopt;
}

response create_properties(portal& account, object_type& type, const call& from) {
  const auto* inputs = from.body.is_object() ? from.body.get_object().if_contains("inputs") : nullptr;
  if (!inputs || !inputs->is_array()) return missing_member(account, "inputs");
  std::string rows;
  json::array errors;
  for (const auto& source : inputs->get_array()) {
    json::object made;
    if (const auto refused = create_property(account, type, source, from.now, &made)) {
      auto error = json::parse(refused->body).as_object();
      error.erase("correlationId");
      errors.push_back(std::move(error));
    } else {
      rows.append(rows.empty() ? "" : ",").append(json::serialize(made));
    }
  }
  return batch_answer(201, std::move(rows), errors, from.now);
}

response list_properties(const object_type& type, bool archived) {
  json::array rows;
  for (const auto& one : type.properties())
    if (one.archived == archived && !(one.archived && one.hidden)) rows.push_back(to_json(one));
  return ok({{"results", std::move(rows)}});
}

response handle_groups(portal& account, const object_type& type, const call& from) {
  if (from.is("POST")) {
    const auto name = from.body.is_object() ? text_member(from.body.get_object(), "name") : std::string_view();
    const auto label = from.body.is_object() ? text_member(from.body.get_object(), "label") : std::string_view();
    if (name.empty() || label.empty()) return missing_member(account, "name, label");
    if (!account.property_groups.emplace(type.name(), name).second)
      return refuse(account, 409, "OBJECT_ALREADY_EXISTS", "A property group named '" + std::string(name) + "' already exists.");
    return ok({{"name", name}, {"label", label}, {"displayOrder", 9}, {"archived", false}}, 201);
  }
  json::array rows;
  for (const auto& [owner, name] : account.property_groups) {
    if (owner != type.name() || (from.size() == 3 && name != from.segment(2))) continue;
    rows.push_back({{"name", name}, {"label", name}, {"displayOrder", 0}, {"archived", false}});
  }
  if (from.size() == 3) return rows.empty() ? not_found(account) : ok(rows.front());
  return ok({{"results", std::move(rows)}});
}

}  // namespace

response handle_properties(portal& account, const call& from) {
  if (from.size() == 0) return unknown_path();
  object_type* type = account.find_type(from.segment(0));
  if (!type) return unknown_object_type(account, from.segment(0));
  const auto& name = from.segment(1);
  if (from.size() == 1) {
    if (from.is("GET")) return list_properties(*type, from.raw.parameter("archived") == "true");
    if (!from.is("POST")) return method_not_allowed();
    json::object made;
    auto refused = create_property(account, *type, from.body, from.now, &made);
    return refused ? std::move(*refused) : ok(made, 201);
  }
  if (name == "groups") return handle_groups(account, *type, from);
  if (name == "batch" && from.is("POST") && from.segment(2) == "create") return create_properties(account, *type, from);
  if (from.size() != 2) return unknown_path();
  const auto index = type->find_property(name);
  if (!index) return unknown_property(account, name);
  auto& found = type->at(*index);
  if (from.is("GET")) return ok(to_json(found));
  if (from.is("DELETE")) {
    if (found.built_in) return invalid(account, "Property " + name + " is defined by HubSpot and cannot be archived");
    type->remove_property(*index, true);
    return {204};
  }
  if (!from.is("PATCH")) return method_not_allowed();
  if (!from.body.is_object()) return bad_json(account, "Cannot construct instance of `PropertyUpdate`");
  property changed = found;
  if (auto merged = merge_definition(changed, from.body.get_object()); !merged) return bad_json(account, merged.error().context);
  changed.unique = found.unique;  // at creation only
  changed.updated_at = from.now;
  found = std::move(changed);
  return ok(to_json(found));
}

/// `/property-validations/{objectTypeId}[/{property}]`
response handle_property_validations(portal& account, const call& from) {
  if (from.size() == 0 || !from.is("GET")) return unknown_path();
  const object_type* type = account.find_type(from.segment(0));
  if (!type) return unknown_object_type(account, from.segment(0));
  json::array rows;
  for (const auto& one : type->properties()) {
    if (one.archived || (from.size() > 1 && one.name != from.segment(1)) || one.rules.empty()) continue;
    json::array rules;
    for (const auto& rule : one.rules) rules.push_back({{"ruleType", rule.type}, {"ruleArguments", json::array{json::string(rule.argument)}}, {"shouldApplyNormalization", false}});
    rows.push_back({{"propertyName", one.name}, {"propertyValidationRules", rules}});
  }
  if (from.size() > 1) return ok({{"results", rows.empty() ? json::array() : rows.front().at("propertyValidationRules").as_array()}});
  return ok({{"results", std::move(rows)}});
}

response handle_schemas(portal& account, const call& from) {
  if (from.size() != 1 || !from.is("GET")) return unknown_path();
  const object_type* type = account.find_type(from.segment(0));
  if (!type) return unknown_object_type(account, from.segment(0));
  json::array required;
  json::array properties;
  for (const auto& one : type->properties()) {
    if (one.archived) continue;
    if (one.required) required.emplace_back(one.name);
    properties.push_back(to_json(one));
  }
  return ok({{"labels", {{"singular", type->singular()}, {"plural", type->name()}}},
             {"requiredProperties", std::move(required)},
             {"searchableProperties", json::array()},
             {"metaType", "HUBSPOT"},
             {"id", type->type_id()},
             {"fullyQualifiedName", type->upper()},
             {"objectTypeId", type->type_id()},
             {"properties", std::move(properties)},
             {"associations", json::array()},
             {"archived", false},
             {"name", type->upper()}});
}

}  // namespace leadsync::simulator::hubspot
