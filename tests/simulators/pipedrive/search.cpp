#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

/// Types of custom fields that the index has.
bool is_searchable(std::string_view type) {
  constexpr std::string_view types[] = {"address", "varchar", "text", "varchar_auto", "double", "monetary", "phone"};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

std::string text_of_value(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_object()) return value.get_object().contains("value") ? text_of_value(value.at("value")) : std::string();
  return value.is_null() ? std::string() : json::serialize(value);
}

/// Leads keep their custom values at the root, under the codes of deal fields.
const json::object& custom_values(const json::object& data) {
  const auto* custom = data.if_contains("custom_fields");
  return custom && custom->is_object() ? custom->get_object() : data;
}

std::vector<std::string> values_of(company& account, const table& kind, const json::object& data, std::string_view where) {
  std::vector<std::string> out;
  const auto entries = [&](const char* name) {
    if (const auto* list = data.if_contains(name); list && list->is_array())
      for (const auto& one : list->get_array()) out.push_back(text_of_value(one));
  };
  if (where == "name" || where == "title" || where == "address") out.emplace_back(data.contains(where) ? text_of_value(data.at(where)) : std::string());
  if (where == "email") entries("emails");
  if (where == "phone") entries("phones");
  if (where != "custom_fields") return out;
  for (const auto& [code, value] : custom_values(data)) {
    const auto* of = account.find_field(kind.name() == "lead" ? "deal" : kind.name(), code);
    if (of && of->custom && is_searchable(of->type)) out.push_back(text_of_value(value));
  }
  return out;
}

json::object named(table& kind, std::string_view id) {
  const auto* found = kind.find(id);
  return found ? json::object{{"id", found->data.at("id")}, {"name", found->data.at("name")}, {"address", nullptr}} : json::object{};
}

json::object item_of(company& account, const table& kind, const json::object& data) {
  json::object item{{"id", data.at("id")}, {"type", kind.name()}};
  const auto texts = [&](const char* from) {
    json::array list;
    for (auto& text : values_of(account, kind, data, from)) list.emplace_back(std::move(text));
    return list;
  };
  item[kind.name() == "lead" || kind.name() == "deal" ? "title" : "name"] = data.at(data.contains("title") ? "title" : "name");
  if (kind.name() == "person") {
    item["phones"] = texts("phone");
    item["emails"] = texts("email");
  }
  if (kind.name() == "organization") item["address"] = data.at("address");
  if (kind.name() == "lead") {
    item["is_archived"] = data.at("is_archived");
    item["person"] = named(account.persons, id_of(data, "person_id"));
  }
  const auto organization = named(account.organizations, id_of(data, kind.name() == "lead" ? "organization_id" : "org_id"));
  if (kind.name() != "organization") item["organization"] = organization.empty() ? json::value(nullptr) : json::value(organization);
  item["visible_to"] = data.at("visible_to");
  item["owner"] = json::object{{"id", data.at("owner_id")}};
  item["custom_fields"] = texts("custom_fields");
  item["notes"] = json::array();
  return item;
}

void collect(company& account, const call& from, table& kind, std::string_view fields, json::array& out) {
  const bool exact = from.parameter("exact_match") == "true";
  const auto term = fold(from.parameter("term"));
  const auto organization = from.parameter("organization_id");
  for (auto& one : kind.all()) {
    const auto* data = indexed(one, from.now);
    if (!data || (!organization.empty() && id_of(*data, "org_id") != organization)) continue;
    bool hit = false;
    for (const auto where : split(fields, ','))
      for (const auto& value : values_of(account, kind, *data, where)) hit = hit || (exact ? fold(value) == term : fold(value).find(term) != std::string::npos);
    if (hit) out.push_back(json::object{{"result_score", exact ? 0.5092 : 0.3}, {"item", item_of(account, kind, *data)}});
  }
}

response search_field(company& account, const call& from) {
  auto* kind = account.find_table(from.parameter("entity_type") + "s");
  const auto term = from.parameter("term"), code = from.parameter("field"), match = from.parameter("match");
  if (!kind || code.empty()) return invalid(account, {"entity_type: Parameter 'entity_type' is required"});
  json::array rows;
  for (auto& one : kind->all()) {
    const auto* data = indexed(one, from.now);
    if (!data) continue;
    const auto& custom = custom_values(*data);
    const auto* found = custom.contains(code) ? custom.if_contains(code) : data->if_contains(code);
    const auto value = found ? text_of_value(*found) : std::string();
    const bool hit = match == "exact" || match.empty() ? value == term : match == "beginning" ? value.starts_with(term) : value.find(term) != std::string::npos;
    if (hit && !value.empty()) rows.push_back(json::object{{"id", data->at("id")}, {"name", data->at(data->contains("title") ? "title" : "name")}});
  }
  return cursor_page(from, std::move(rows));
}

}  // namespace

response handle_search(company& account, const call& from) {
  const bool exact = from.parameter("exact_match") == "true" || from.parameter("match") == "exact";
  const auto length = code_point_count(from.parameter("term"));
  if (length < (exact ? 1u : 2u)) return invalid(account, {"term: \"term\" length must be at least " + std::string(exact ? "1" : "2") + " characters long"});
  if (from.segment(0) == "itemSearch" && from.segment(1) == "field") return search_field(account, from);
  json::array items;
  const auto searched = [&](table& kind) {
    const auto given = from.parameter("fields");
    const std::string all = kind.name() == "person" ? "name,email,phone,notes,custom_fields" : kind.name() == "organization" ? "name,address,notes,custom_fields" : "title,notes,custom_fields";
    collect(account, from, kind, given.empty() ? all : given, items);
  };
  if (from.segment(0) == "itemSearch") {
    for (const auto type : split(from.parameter("item_types"), ','))
      if (auto* kind = account.find_table(std::string(type) + "s")) searched(*kind);
  } else {
    searched(*account.find_table(from.segment(0)));
  }
  auto page = cursor_page(from, std::move(items), from.segment(0) == "itemSearch" ? 100 : 500);
  auto document = json::parse(page.body);
  document.as_object()["data"] = json::object{{"items", document.at("data")}};
  page.body = json::serialize(document);
  return page;
}

}  // namespace leadsync::simulator::pipedrive
