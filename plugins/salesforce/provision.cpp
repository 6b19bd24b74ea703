#include "jobs.h"
#include "query.h"

namespace leadsync::salesforce {
namespace {
sdk::task<sdk::answer> create(std::string path, json::object body) {
  co_return co_await sdk::http.post(std::string(api) + path).keyed_write().json(json::serialize(body));
}

std::string created_id(const sdk::answer& answer) {
  const auto document = parsed_value(answer.body());
  return answer.ok() && flag_of(as_object(document), "success") ? std::string(text_of(as_object(document), "id")) : std::string{};
}

/// What is there already counts as made.
bool is_made(const sdk::answer& answer) { return !created_id(answer).empty() || classify(answer).crm_code.starts_with("DUPLICATE"); }

json::object field_definition(const sobject& kind) {
  // Tasks take their custom fields from Activity.
  const auto owner = kind.type == task_records.type ? std::string("Activity") : std::string(kind.type);
  json::object metadata{{"label", "leadsync key"}, {"type", "Text"}, {"length", 64}, {"externalId", true}, {"unique", true}, {"caseSensitive", false},
                        {"required", false}, {"description", "Identifies the record to leadsync, so that none is written twice. Do not edit."}};
  return {{"FullName", owner + "." + std::string(key_field)}, {"Metadata", std::move(metadata)}};
}

/// The id of a permission set of ours that the integration user has: a new field is visible to nobody. Empty: `error` says why.
sdk::task<std::string> permission_set(std::string* error) {
  const std::vector<std::uint32_t> nobody;
  const auto found = co_await query("SELECT Id FROM PermissionSet WHERE Name = 'leadsync'", "", nobody);
  std::string id = found.rows.empty() ? std::string{} : row_text(found.rows.front(), "Id");
  if (id.empty()) {
    json::object wanted{{"Name", "leadsync"}, {"Label", "leadsync"}};
    const auto made = co_await create("/sobjects/PermissionSet", std::move(wanted));
    id = created_id(made);
    if (id.empty()) *error = error_result(classify(made), made.number());
    if (id.empty()) co_return id;
  }
  const auto who = co_await sdk::http.get("/services/oauth2/userinfo");
  const auto user = parsed_value(who.body());
  json::object assignment{{"AssigneeId", text_of(as_object(user), "user_id")}, {"PermissionSetId", id}};
  const auto assigned = co_await create("/sobjects/PermissionSetAssignment", std::move(assignment));
  if (is_made(assigned)) co_return id;
  *error = error_result(classify(assigned), assigned.number());
  co_return "";
}
}  // namespace

sdk::task<std::string> provision(const json::object* job) {
  json::array made;
  std::string set, error;
  for (const auto& kind : wanted_objects(*job)) {
    // Where an org admits no unique field on activities, notes are looked up by their text.
    const bool optional = kind.type == task_records.type;
    const auto existing = co_await sdk::http.get(describe_url(kind));
    const auto described = parsed_value(existing.body());
    if (!existing.ok() && optional) continue;
    if (!existing.ok()) co_return error_result(classify(existing), existing.number());
    if (has_key_field(as_object(described))) continue;
    auto definition = field_definition(kind);
    const auto field = co_await create("/tooling/sobjects/CustomField", std::move(definition));
    if (!is_made(field) && optional) continue;
    if (!is_made(field)) co_return error_result(classify(field), field.number());
    if (set.empty()) set = co_await permission_set(&error);
    if (set.empty()) co_return error;
    const auto name = std::string(kind.type) + "." + std::string(key_field);
    json::object right{{"ParentId", set}, {"SobjectType", kind.type}, {"Field", name}, {"PermissionsRead", true}, {"PermissionsEdit", true}};
    const auto granted = co_await create("/sobjects/FieldPermissions", std::move(right));
    if (!is_made(granted) && !optional) co_return error_result(classify(granted), granted.number());
    if (is_made(granted)) made.push_back(json::value(std::string(kind.name) + "." + std::string(key_field)));
  }
  co_return json::serialize(json::object{{"created", std::move(made)}});
}
}  // namespace leadsync::salesforce
