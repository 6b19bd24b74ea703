#include "calls.h"
#include "jobs.h"
#include "values.h"

#include <algorithm>
#include <array>

namespace leadsync::pipedrive {
namespace {
struct type_row {
  std::string_view remote, canonical;
  int max_length = 0;
  std::string_view shape = {};  // what follows the code in the field's name
};
/// Of custom fields. A type that is not here is shown and not written.
constexpr std::array custom_types{type_row{"varchar", "text", 255}, type_row{"varchar_auto", "text", 255}, type_row{"text", "text", 65535},
                                  type_row{"phone", "phone", 255},  type_row{"double", "decimal"},         type_row{"monetary", "decimal", 0, ":money"},
                                  type_row{"date", "date"},         type_row{"enum", "option"},            type_row{"set", "options"},
                                  type_row{"user", "option"},       type_row{"address", "text", 65535, ":address"}};

struct system_row {
  std::string_view object, code, canonical;
  int max_length = 0;
  std::string_view semantic = {};
};
/// What the API takes of system fields. Those that an account lacks (Contact Sync is off) are not listed by it, and then not by us.
constexpr std::array system_fields{
    system_row{"person", "name", "text", 255},           system_row{"person", "email", "email", 255, "email"},
    system_row{"person", "phone", "phone", 255, "phone"}, system_row{"person", "owner_id", "option", 0, "owner"},
    system_row{"person", "label_ids", "options"},        system_row{"person", "job_title", "text", 255},
    system_row{"person", "postal_address", "text"},      system_row{"person", "birthday", "date"},
    system_row{"organization", "name", "text", 255},     system_row{"organization", "owner_id", "option", 0, "owner"},
    system_row{"organization", "label_ids", "options"},  system_row{"organization", "address", "text"},
    system_row{"organization", "website", "text", 255, "url"}, system_row{"organization", "linkedin", "text", 255, "url"},
    system_row{"organization", "industry", "option"},    system_row{"organization", "annual_revenue", "decimal"},
    system_row{"organization", "employee_count", "decimal"},
    system_row{"lead", "channel", "option"}};

/// Some lists name a field otherwise than the records do.
std::string_view as_written(std::string_view code) {
  if (code == "emails") return "email";
  if (code == "phones") return "phone";
  return code == "label" ? "label_ids" : code;
}

json::object field_of(std::string_view name, std::string_view label, std::string_view type, bool writable, int max_length, std::string_view semantic) {
  json::object field{{"name", name}, {"label", label}, {"type", type}, {"creatable", writable}, {"updatable", writable}, {"required", false}};
  if (max_length > 0) field["max_length"] = max_length, field["length_unit"] = "code_points";
  if (!semantic.empty()) field["semantic"] = semantic;
  return field;
}

void add_options(json::object& field, json::array options) {
  field["restricted"] = true;
  field["options"] = std::move(options);
}

json::array options_of(const json::array& rows, std::string_view label) {
  json::array options;
  for (const auto& entry : rows) {
    const auto& row = as_object(entry);
    options.push_back(json::object{{"value", id_of(row, "id")}, {"label", text_of(row, label)}, {"active", true}});
  }
  return options;
}

/// Users who were deactivated cannot own records.
json::array owners_of(const json::array& users) {
  auto options = options_of(users, "name");
  for (std::size_t i = 0; i < users.size(); ++i) options[i].get_object()["active"] = flag_of(as_object(users[i]), "active_flag");
  return options;
}

json::object custom_field(const json::object& remote, std::string_view currency, const json::array& owners) {
  const auto type = text_of(remote, "field_type");
  const auto row = std::find_if(custom_types.begin(), custom_types.end(), [&](const auto& one) { return one.remote == type; });
  const bool known = row != custom_types.end();
  const bool ours = text_of(remote, "field_name") == key_label;
  const bool writable = known && !ours && (type != "monetary" || !currency.empty());
  auto field = field_of(std::string(text_of(remote, "field_code")) + std::string(known ? row->shape : ""), text_of(remote, "field_name"),
                        known ? row->canonical : "text", writable, known ? row->max_length : 0, type == "user" ? "owner" : "");
  if (type == "user") add_options(field, owners);
  if (type == "enum" || type == "set") add_options(field, options_of(list_of(remote, "options"), "label"));
  return field;
}

json::object describe_object(std::string_view name, std::string_view title, const json::array& remote, std::string_view currency, const json::array& owners) {
  json::array fields;
  json::object described{{"name", name}, {"title", title}};
  for (const auto& entry : remote) {
    const auto& one = as_object(entry);
    const auto code = as_written(text_of(one, "field_code"));
    if (code.empty()) continue;
    if (flag_of(one, "is_custom_field")) {
      if (name != "lead" && text_of(one, "field_name") == key_label && text_of(one, "field_type") == "varchar") described["key_field"] = code;
      fields.push_back(custom_field(one, currency, owners));
      continue;
    }
    const auto row = std::find_if(system_fields.begin(), system_fields.end(), [&](const auto& each) { return each.object == name && each.code == code; });
    const bool known = row != system_fields.end();
    if (name == "lead" && !known) continue;  // of deals
    auto field = field_of(code, text_of(one, "field_name"), known ? row->canonical : "text", known, known ? row->max_length : 0, known ? row->semantic : "");
    if (code == "owner_id") add_options(field, owners);
    else if (known && (row->canonical == "option" || row->canonical == "options")) add_options(field, options_of(list_of(one, "options"), "label"));
    fields.push_back(std::move(field));
  }
  described["fields"] = std::move(fields);
  return described;
}

/// Leads take the custom fields of deals; what is their own is in no list.
void add_lead_fields(json::object& lead, const json::array& labels, std::string_view currency, const json::array& owners) {
  lead["key_field"] = "origin_id";
  auto& fields = lead["fields"].get_array();
  fields.push_back(field_of("title", "Title", "text", true, 255, ""));
  fields.push_back(field_of("value", "Value", "decimal", !currency.empty(), 0, ""));
  fields.push_back(field_of("expected_close_date", "Expected close date", "date", true, 0, ""));
  fields.push_back(field_of("channel_id", "Channel ID", "text", true, 255, ""));
  fields.push_back(field_of("origin_id", "Origin ID", "text", false, 0, ""));
  auto label_field = field_of("label_ids", "Labels", "options", true, 0, "");
  add_options(label_field, options_of(labels, "name"));
  fields.push_back(std::move(label_field));
  auto owner = field_of("owner_id", "Owner", "option", true, 0, "owner");
  add_options(owner, owners);
  fields.push_back(std::move(owner));
}

json::object describe_note() {
  json::array fields;
  fields.push_back(field_of("content", "Note", "text", true, 0, ""));
  fields.push_back(field_of("add_time", "Time", "instant", true, 0, ""));
  return {{"name", "note"}, {"title", "Note"}, {"fields", std::move(fields)}};
}
}  // namespace

sdk::task<std::string> describe(const json::object* job) {
  const calls api(*job);
  const auto currency = text_of(object_of(*job, "settings"), "currency");
  std::vector<sdk::request> requests;
  requests.push_back(api.get("/v1/leadLabels", 10));
  requests.push_back(api.get("/v1/users", 20));
  const auto answers = co_await sdk::http.all(std::move(requests));
  const auto labels = success_of(answers[0]), users = success_of(answers[1]);
  if (!labels.contains("data")) co_return error_result(answers[0]);
  // Without the right to see users an owner cannot be chosen; all else can.
  if (!users.contains("data") && answers[1].status() != 403) co_return error_result(answers[1]);
  const auto owners = owners_of(list_of(users, "data"));

  const auto person_fields = co_await list_fields(job, "/api/v2/personFields");
  const auto organization_fields = co_await list_fields(job, "/api/v2/organizationFields");
  const auto deal_fields = co_await list_fields(job, "/api/v2/dealFields");
  for (const auto* fields : {&person_fields, &organization_fields, &deal_fields})
    if (!fields->complete) co_return error_result(fields->refused);

  json::array objects;
  objects.push_back(describe_object("person", "Person", person_fields.rows, currency, owners));
  objects.push_back(describe_object("organization", "Organization", organization_fields.rows, currency, owners));
  objects.push_back(describe_object("lead", "Lead", deal_fields.rows, currency, owners));
  add_lead_fields(objects.back().get_object(), list_of(labels, "data"), currency, owners);
  objects.push_back(describe_note());
  co_return json::serialize(json::object{{"objects", std::move(objects)}});
}
}  // namespace leadsync::pipedrive
