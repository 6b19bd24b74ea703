#include "zoho/answers.h"

#include <algorithm>

namespace leadsync::simulator::zoho {
namespace {

/// A label's letters and digits; everything else becomes one underscore.
std::string api_name_of(std::string_view label) {
  std::string out;
  for (const char c : label) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) out += c;
    else if (!out.empty() && out.back() != '_') out += '_';
  }
  return out;
}

json::object create(organization& org, module& of, std::size_t row, const json::value& entry) {
  const auto* wanted = entry.if_object();
  const auto path = "$.fields[" + std::to_string(row) + "].";
  const auto label = wanted ? text_member(*wanted, "field_label") : "";
  const auto type = wanted ? text_member(*wanted, "data_type") : "";
  if (label.empty() || type.empty()) {
    const auto* name = label.empty() ? "field_label" : "data_type";
    return error_row("MANDATORY_NOT_FOUND", "required field not found", {{"api_name", name}, {"json_path", path + name}});
  }
  const auto same = std::find_if(of.fields.begin(), of.fields.end(), [&](const auto& one) { return one.label == label; });
  if (same != of.fields.end())
    return error_row("DUPLICATE_DATA", "duplicate data", {{"api_name", "field_label"}, {"json_path", path + "field_label"}, {"id", same->id}});
  field made;
  made.api_name = api_name_of(label);
  made.label = label;
  made.data_type = type;
  made.custom = true;
  const auto* length = wanted->if_contains("length");
  made.length = length && length->is_int64() ? static_cast<std::size_t>(length->get_int64()) : 255;
  const auto* unique = wanted->if_contains("unique");
  made.unique = unique && (unique->is_object() || (unique->is_bool() && unique->get_bool()));
  made.id = org.new_id();
  const auto id = made.id;
  of.fields.push_back(std::move(made));
  return {{"code", "SUCCESS"}, {"details", {{"id", id}}}, {"message", "field created"}, {"status", "success"}};
}

response handle_fields(organization& org, const call& from) {
  const auto name = from.raw.parameter("module");
  if (!name) return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {{"param_name", "module"}});
  auto* of = org.find_module(*name);
  if (!of) return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid");
  if (from.is("GET")) {
    json::array fields;
    for (const auto& each : of->fields) fields.push_back(to_json(each));
    return ok(json::object{{"fields", std::move(fields)}});
  }
  if (!from.is("POST")) return wrong_method();
  const auto* body = from.body.if_object();
  const auto* wanted = body ? body->if_contains("fields") : nullptr;
  if (!wanted || !wanted->is_array()) return refuse(400, "INVALID_DATA", "body", {{"expected_data_type", "jsonarray"}, {"api_name", "fields"}});
  json::array rows;
  for (const auto& entry : wanted->get_array()) rows.push_back(create(org, *of, rows.size(), entry));
  const bool bad = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.at("status") == "error"; });
  return ok(json::object{{"fields", std::move(rows)}}, bad ? 400 : 201);
}

/// What each layout shows. Fields on none are in `settings/fields` all the same.
response handle_layouts(organization& org, const call& from) {
  auto* of = org.find_module(from.raw.parameter("module").value_or(""));
  if (!of) return refuse(400, "INVALID_MODULE", "the module name given seems to be invalid");
  json::array fields;
  for (const auto& each : of->fields)
    if (each.on_layout) fields.push_back({{"api_name", each.api_name}, {"required", each.mandatory}, {"id", each.id}});
  json::object section{{"display_label", of->api_name + " Information"}, {"fields", std::move(fields)}};
  return ok(json::object{{"layouts", json::array{{{"id", "111111000000000167"}, {"name", "Standard"}, {"status", "active"}, {"visible", true},
                                                  {"sections", json::array{std::move(section)}}}}}});
}

}  // namespace

response handle_settings(organization& org, const call& from) {
  const auto what = from.segment(1);
  if (what == "fields" && from.size() == 2) return handle_fields(org, from);
  if (!from.is("GET")) return from.size() == 2 ? wrong_method() : unknown_path();
  if (what == "layouts" && from.size() == 2) return handle_layouts(org, from);
  if (what != "modules" || from.size() != 2) return unknown_path();
  json::array modules;
  for (const auto& each : org.modules)
    modules.push_back({{"api_name", each.api_name}, {"module_name", each.api_name}, {"id", each.id}, {"api_supported", true}, {"creatable", true}, {"editable", true}});
  return ok(json::object{{"modules", std::move(modules)}});
}

}  // namespace leadsync::simulator::zoho
