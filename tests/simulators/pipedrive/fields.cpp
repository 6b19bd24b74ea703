#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

json::array options_json(const std::vector<option>& options) {
  json::array out;
  for (const auto& one : options) out.push_back(json::object{{"id", one.id}, {"label", one.label}});
  return out;
}

json::object to_json(const field& of) {
  json::object out{{"field_name", of.name}, {"field_code", of.code}, {"description", ""}, {"field_type", of.type}, {"options", nullptr},
                   {"subfields", nullptr}, {"is_custom_field", of.custom}, {"is_optional_response_field", false}};
  if (!of.options.empty()) out["options"] = options_json(of.options);
  return out;
}

/// The old shape, which leadFields still has.
json::object to_old_json(const field& of, std::int64_t id) {
  json::object out{{"id", id}, {"key", of.code}, {"name", of.name}, {"field_type", of.type}, {"options", nullptr}, {"mandatory_flag", false},
                   {"edit_flag", of.custom}, {"active_flag", true}, {"add_visible_flag", true}, {"bulk_edit_allowed", true}, {"searchable_flag", false}};
  if (!of.options.empty()) out["options"] = options_json(of.options);
  return out;
}

response field_gone() { return {410, R"({"success":false,"error":"The field is not found"})", "application/json; charset=utf-8", {}}; }

std::vector<std::string> labels_of(const json::value& list) {
  std::vector<std::string> out;
  if (list.is_array())
    for (const auto& one : list.get_array())
      if (one.is_object()) out.emplace_back(text_of(one.get_object(), "label"));
  return out;
}

response create(company& account, const call& from, const std::string& entity) {
  constexpr std::string_view types[] = {"varchar", "varchar_auto", "text", "double", "phone", "date", "daterange", "time", "timerange", "set", "enum", "address", "monetary", "org", "people", "user"};
  const auto name = text_of(from.object(), "field_name"), type = text_of(from.object(), "field_type");
  if (name.empty()) return invalid(account, {"field_name: Parameter 'field_name' is required"});
  if (std::find(std::begin(types), std::end(types), type) == std::end(types)) return invalid(account, {"field_type: '" + std::string(type) + "' is not a valid field type"});
  const auto* options = from.object().if_contains("options");
  auto labels = options ? labels_of(*options) : std::vector<std::string>();
  if ((type == "enum" || type == "set") && labels.empty()) return invalid(account, {"options: Parameter 'options' is required"});
  return ok(to_json(account.add_field(entity, std::string(name), std::string(type), std::move(labels))));
}

}  // namespace

response handle_fields(company& account, const call& from, const std::string& entity) {
  auto& list = account.fields[entity];
  if (from.segments.size() == 1) {
    if (from.is("POST") && from.version == 2) return create(account, from, entity);
    json::array rows;
    std::int64_t id = 0;
    for (const auto& one : list) rows.push_back(from.version == 2 ? to_json(one) : to_old_json(one, ++id));
    return from.version == 2 ? cursor_page(from, std::move(rows)) : offset_page(from, std::move(rows));
  }
  auto* found = account.find_field(entity, from.segment(1));
  if (!found) return field_gone();
  if (from.is("DELETE") && from.segments.size() == 2) {
    const json::object gone{{"field_code", found->code}};
    std::erase_if(list, [&](const field& one) { return one.code == from.segment(1); });
    return ok(gone);
  }
  if (from.segment(2) != "options" || !from.is("POST")) return ok(to_json(*found));
  std::int64_t highest = 0;
  for (const auto& [name, fields] : account.fields)
    for (const auto& one : fields)
      for (const auto& each : one.options) highest = std::max(highest, each.id);
  std::vector<option> made;
  for (auto& label : labels_of(from.body)) {
    if (label.empty()) return invalid(account, {"label: Parameter 'label' is required"});
    made.push_back({++highest, std::move(label)});
  }
  found->options.insert(found->options.end(), made.begin(), made.end());
  return ok(options_json(made));
}

}  // namespace leadsync::simulator::pipedrive
