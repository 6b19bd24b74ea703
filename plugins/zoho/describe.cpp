#include "errors.h"
#include "jobs.h"
#include "objects.h"

#include <algorithm>
#include <set>

namespace leadsync::zoho {
namespace {

using field_names = std::set<std::string, std::less<>>;

std::string_view type_of(std::string_view data_type) {
  if (data_type == "picklist") return "option";
  if (data_type == "multiselectpicklist") return "options";
  if (data_type == "integer" || data_type == "bigint" || data_type == "double" || data_type == "currency" || data_type == "percent") return "decimal";
  if (data_type == "boolean" || data_type == "date" || data_type == "email" || data_type == "phone") return data_type;
  if (data_type == "datetime") return "instant";
  return data_type == "website" ? "url" : "text";
}

/// Of what is mapped, these types have a canonical form; others (lookups, subforms, formulas) are told, and not written.
bool is_written(std::string_view data_type) {
  for (const std::string_view known : {"text", "textarea", "email", "phone", "website", "integer", "bigint", "double", "currency", "percent", "boolean", "date",
                                       "datetime", "picklist", "multiselectpicklist", "ownerlookup"})
    if (data_type == known) return true;
  return false;
}

/// Fields by what the active layouts say. Where none can be read, every field counts as shown.
struct layout_fields {
  field_names shown, required;
  bool known = false;
};

layout_fields read_layouts(const json::object& document) {
  layout_fields out;
  for (const auto& layout : list_of(document, "layouts")) {
    if (text_of(as_object(layout), "status") == "inactive") continue;
    field_names required;
    for (const auto& section : list_of(as_object(layout), "sections"))
      for (const auto& field : list_of(as_object(section), "fields")) {
        out.shown.emplace(text_of(as_object(field), "api_name"));
        if (flag_of(as_object(field), "required")) required.emplace(text_of(as_object(field), "api_name"));
      }
    // Which layout a record gets is the CRM's affair: needed is what all of them need.
    if (out.known) std::erase_if(out.required, [&](const auto& name) { return !required.contains(name); });
    else out.required = std::move(required);
    out.known = true;
  }
  return out;
}

json::array options_of(const json::object& field) {
  json::array options;
  for (const auto& entry : list_of(field, "pick_list_values")) {
    const auto& one = as_object(entry);
    const auto shown = text_of(one, "display_value");
    if (shown != "-None-") options.push_back(json::object{{"value", shown}, {"label", shown}, {"active", text_of(one, "type") != "unused"}});
  }
  return options;
}

json::object field_of(const object_kind& kind, const json::object& from, const layout_fields& layouts) {
  const auto name = text_of(from, "api_name");
  const auto data_type = text_of(from, "data_type");
  const auto type = data_type == "ownerlookup" ? std::string_view("option") : type_of(data_type);
  const auto& operations = object_of(from, "operation_type");
  const bool shown = (!layouts.known || layouts.shown.contains(name)) && text_of(from, "type") != "unused";
  const bool open = is_written(data_type) && shown && !flag_of(from, "read_only") && !flag_of(from, "field_read_only") && name != key_field &&
                    (data_type != "ownerlookup" || name == "Owner");
  const bool unique = !object_of(from, "unique").empty() || name == kind.match_field;
  json::object field{{"name", name}, {"label", text_of(from, "field_label")}, {"type", type},
                     {"creatable", open && (operations.empty() || flag_of(operations, "api_create"))},
                     {"updatable", open && (operations.empty() || flag_of(operations, "api_update"))},
                     {"required", flag_of(from, "system_mandatory") || layouts.required.contains(name)}, {"unique", unique}};
  const auto* length = from.if_contains("length");
  const bool sized = type == "text" || type == "email" || type == "phone" || type == "url";
  if (sized && length && length->is_int64() && length->get_int64() > 0) {
    field["max_length"] = length->get_int64();
    field["length_unit"] = "code_points";
  }
  if (type == "email" || type == "phone" || type == "url") field["semantic"] = type;
  if (name == "Owner") field["semantic"] = "owner";
  if (name == "Country" || name == "Mailing_Country") field["semantic"] = "country";
  if (type != "option" && type != "options") return field;
  field["restricted"] = name != "Owner";  // a user's id, which the fields do not list
  field["options"] = options_of(from);
  return field;
}

json::object describe_object(const object_kind& kind, const json::object& document, const layout_fields& layouts) {
  json::object described{{"name", kind.name}, {"title", kind.title}};
  json::array fields;
  for (const auto& entry : list_of(document, "fields")) {
    const auto& from = as_object(entry);
    if (text_of(from, "api_name").empty()) continue;
    if (text_of(from, "api_name") == key_field && !object_of(from, "unique").empty()) described["key_field"] = key_field;
    fields.push_back(field_of(kind, from, layouts));
  }
  described["fields"] = std::move(fields);
  return described;
}

/// Notes have no custom fields, and `settings/fields` does not serve every edition with theirs: they are the same everywhere.
json::object describe_notes() {
  const auto text = [](std::string_view name, std::string_view label, std::int64_t length) {
    return json::object{{"name", name}, {"label", label}, {"type", "text"}, {"creatable", true}, {"updatable", true}, {"required", false},
                        {"max_length", length}, {"length_unit", "code_points"}};
  };
  return {{"name", notes.name}, {"title", notes.title},
          {"fields", json::array{text("Note_Title", "Note Title", 120), text("Note_Content", "Note Content", 65535)}}};
}

std::vector<object_kind> wanted_kinds(const json::object& job) {
  const auto& wanted = list_of(job, "objects");
  const auto wants = [&](const object_kind& kind) {
    return !job.contains("objects") || std::find(wanted.begin(), wanted.end(), json::value(kind.name)) != wanted.end();
  };
  std::vector<object_kind> kinds;
  if (wants(person_kind(job))) kinds.push_back(person_kind(job));
  if (uses_contacts(job) && wants(accounts)) kinds.push_back(accounts);  // a lead has its company as a text
  return kinds;
}

std::string settings_url(std::string_view what, const object_kind& kind) {
  return "/crm/v8/settings/" + std::string(what) + "?module=" + std::string(kind.module);
}
}  // namespace

sdk::task<std::string> describe(const json::object* job) {
  const auto kinds = wanted_kinds(*job);
  std::vector<sdk::request> requests;
  for (const auto& kind : kinds) {
    requests.push_back(sdk::http.get(settings_url("fields", kind)));
    requests.push_back(sdk::http.get(settings_url("layouts", kind)));
  }
  const auto answers = co_await sdk::http.all(std::move(requests));
  json::array objects;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto document = parsed(answers[2 * i].ok() ? answers[2 * i].body() : std::string());
    const auto& layouts = answers[2 * i + 1];
    const bool hidden = layouts.status() == 204 || layouts.status() == 400 || layouts.status() == 403;  // the profile may not show them
    if (!document.contains("fields")) co_return error_result(answers[2 * i]);
    if (!layouts.ok() && !hidden) co_return error_result(layouts);
    objects.push_back(describe_object(kinds[i], document, read_layouts(layouts.ok() ? parsed(layouts.body()) : json::object())));
  }
  objects.push_back(describe_notes());
  co_return json::serialize(json::object{{"objects", std::move(objects)}});
}

sdk::task<std::string> provision(const json::object* job) {
  json::array created;
  for (const auto& kind : wanted_kinds(*job)) {
    const auto existing = co_await sdk::http.get(settings_url("fields", kind));
    const auto document = parsed(existing.ok() ? existing.body() : std::string());
    if (!document.contains("fields")) co_return error_result(existing);
    const auto& fields = list_of(document, "fields");
    const auto is_key = [](const json::value& field) { return text_of(as_object(field), "api_name") == key_field; };
    if (std::any_of(fields.begin(), fields.end(), is_key)) continue;
    const json::object definition{{"field_label", "leadsync key"}, {"data_type", "text"}, {"length", 100}, {"unique", json::object{{"case_sensitive", false}}}};
    const auto body = json::serialize(json::object{{"fields", json::array{definition}}});
    const auto answer = co_await sdk::http.post(settings_url("fields", kind)).keyed_write().json(body);
    const auto said = parsed(answer.body());
    const auto& rows = list_of(said, "fields");
    const auto row = rows.empty() ? json::object{} : as_object(rows.front());
    if (answer.ok() && text_of(row, "status") != "error") created.push_back(json::value(std::string(kind.name) + "." + std::string(key_field)));
    else if (row.empty() || classify_row(row).category != "DUPLICATE_BLOCKED") co_return error_result(answer);
  }
  co_return json::serialize(json::object{{"created", std::move(created)}});
}
}  // namespace leadsync::zoho
