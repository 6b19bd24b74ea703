#include "jobs.h"

#include "batch.h"
#include "leadsync_manifest.hpp"

#include <algorithm>
#include <charconv>

namespace leadsync::hubspot {
namespace {
/// A yes/no property may also be an enumeration whose two options are "true" and "false".
bool is_yes_or_no(const json::object& property) {
  for (const auto& option : list_of(property, "options"))
    if (const auto value = text_of(as_object(option), "value"); value != "true" && value != "false") return false;
  return text_of(property, "fieldType") == "booleancheckbox";
}

std::string_view type_of(const json::object& property) {
  const auto type = text_of(property, "type");
  if (type == "bool" || (type == "enumeration" && is_yes_or_no(property))) return "boolean";
  if (type == "enumeration") return text_of(property, "fieldType") == "checkbox" ? "options" : "option";
  if (type == "number") return "decimal";
  if (type == "datetime") return "instant";
  if (type == "date") return "date";
  if (type == "phone_number" || text_of(property, "fieldType") == "phonenumber") return "phone";
  return text_of(property, "name") == "email" ? "email" : "text";
}

std::string_view semantic_of(std::string_view name, std::string_view type, const json::object& property) {
  if (type == "email" || type == "phone") return type;
  if (name == "hubspot_owner_id" || text_of(property, "referencedObjectType") == "OWNER") return "owner";
  if (name == "country" || name == "domain") return name;
  return name == "website" ? "url" : "";
}

std::unordered_map<std::string_view, std::int64_t> length_rules(const json::object& rules) {
  std::unordered_map<std::string_view, std::int64_t> longest;
  for (const auto& entry : list_of(rules, "results"))
    for (const auto& rule : list_of(as_object(entry), "propertyValidationRules")) {
      const auto& arguments = list_of(as_object(rule), "ruleArguments");
      if (text_of(as_object(rule), "ruleType") != "MAX_LENGTH" || arguments.empty()) continue;
      const auto text = id_text(&arguments[0]);
      std::int64_t length = 0;
      std::from_chars(text.data(), text.data() + text.size(), length);
      longest[text_of(as_object(entry), "propertyName")] = length > 0 ? length : 65536;
    }
  return longest;
}

json::object field_of(const object_kind& kind, const json::object& property) {
  const auto name = text_of(property, "name");
  const auto type = type_of(property);
  // Rollups and scores say readOnlyValue and not calculated. Our key is nobody's to map.
  const bool writable = !flag_of(property, "calculated") && !flag_of(object_of(property, "modificationMetadata"), "readOnlyValue") &&
                        name != key_property;
  const bool unique = flag_of(property, "hasUniqueValue") || (kind.name == contacts.name && name == "email");
  json::object field{{"name", name}, {"label", text_of(property, "label")}, {"type", type}, {"creatable", writable},
                     {"updatable", writable}, {"required", false}, {"unique", unique}};
  if (const auto semantic = semantic_of(name, type, property); !semantic.empty()) field["semantic"] = semantic;
  if (type != "option" && type != "options") return field;
  // With external options (owners, pipelines) an empty list does not mean that nothing is allowed.
  field["restricted"] = !flag_of(property, "externalOptions");
  json::array options;
  for (const auto& entry : list_of(property, "options")) {
    const auto& one = as_object(entry);  // a hidden one is still taken
    options.push_back(json::object{{"value", text_of(one, "value")}, {"label", text_of(one, "label")}, {"active", !flag_of(one, "archived")}});
  }
  field["options"] = std::move(options);
  return field;
}

/// One object of a describe result. Rules and schema are empty where the account does not let us read them.
json::object describe_object(const object_kind& kind, const json::object& known, const json::object& rules, const json::object& schema) {
  const auto longest = length_rules(rules);
  const auto& required = list_of(schema, "requiredProperties");
  json::object described{{"name", kind.name}, {"title", kind.title}};
  json::array fields;
  for (const auto& entry : list_of(known, "results")) {
    const auto& property = as_object(entry);
    const auto name = text_of(property, "name");
    if (name.empty() || flag_of(property, "archived")) continue;
    if (name == key_property && flag_of(property, "hasUniqueValue")) described["key_field"] = name;
    auto field = field_of(kind, property);
    // A note without a time gets that of the job, so its time need not be mapped.
    field["required"] = name != "hs_timestamp" && std::find(required.begin(), required.end(), json::value(name)) != required.end();
    if (text_of(property, "type") == "string") {
      const auto rule = longest.find(name);
      field["max_length"] = rule == longest.end() ? 65536 : rule->second;
      field["length_unit"] = "code_points";
    }
    fields.push_back(std::move(field));
  }
  described["fields"] = std::move(fields);
  return described;
}

std::string error_result(const sdk::answer& answer) {
  const auto why = classify(answer).front();
  json::object error{{"category", why.category}, {"message", why.message}, {"crm_code", why.crm_code}, {"request", answer.number()}};
  if (why.retry_after_ms > 0) error["retry_after_ms"] = why.retry_after_ms;
  return json::serialize(json::object{{"error", std::move(error)}});
}

std::string properties_url(const object_kind& kind) { return "/crm/v3/properties/" + std::string(kind.path); }

std::vector<object_kind> wanted_objects(const json::object& job) {
  const auto& wanted = list_of(job, "objects");
  std::vector<object_kind> kinds;
  for (const auto& kind : object_kinds)
    if (!job.contains("objects") || std::find(wanted.begin(), wanted.end(), json::value(kind.name)) != wanted.end()) kinds.push_back(kind);
  return kinds;
}

/// The group of a property, empty where there is no such property.
std::string_view group_of(const json::object& definitions, std::string_view property) {
  for (const auto& entry : list_of(definitions, "results"))
    if (text_of(as_object(entry), "name") == property) return text_of(as_object(entry), "groupName");
  return {};
}

std::string key_definition(const object_kind& kind, const json::object& definitions) {
  std::string_view group = kind.name == contacts.name ? "contactinformation" : "companyinformation";
  if (kind.name == notes.name) group = group_of(definitions, "hs_note_body");  // where notes keep theirs is not documented
  return json::serialize(json::object{{"name", key_property}, {"label", "leadsync key"}, {"groupName", group.empty() ? "engagement" : group},
    {"type", "string"}, {"fieldType", "text"}, {"hasUniqueValue", true}, {"formField", false},
    {"description", "Identifies the " + std::string(kind.name) + " to leadsync, so that none is written twice. Do not edit."}});
}
}  // namespace

sdk::task<std::string> check() {
  std::vector<sdk::request> requests;
  requests.push_back(sdk::http.get("/account-info/v3/details"));
  for (const auto& kind : object_kinds) requests.push_back(sdk::http.get(properties_url(kind)));
  const auto answers = co_await sdk::http.all(std::move(requests));
  const auto account = success_of(answers[0]);
  const auto portal = id_of(account, "portalId");
  if (portal.empty()) co_return error_result(answers[0]);
  json::array scopes, problems;
  for (std::size_t i = 1; i < answers.size(); ++i) {
    if (answers[i].ok() && i < 3) scopes.push_back(json::value("crm.schemas." + std::string(object_kinds[i - 1].path) + ".read"));
    if (answers[i].ok()) continue;  // notes ride on the contacts' scopes
    const auto failed = classify(answers[i]).front();
    if (failed.category != "PERMISSION") co_return error_result(answers[i]);
    problems.push_back(json::object{{"category", failed.category}, {"message", failed.message}});
  }
  const std::string domain(text_of(account, "uiDomain").empty() ? "app.hubspot.com" : text_of(account, "uiDomain"));
  json::object described{{"id", portal}, {"name", "HubSpot account " + portal}, {"time_zone", text_of(account, "timeZone")},
                         {"url", "https://" + domain + "/contacts/" + portal}};
  co_return json::serialize(json::object{{"account", std::move(described)}, {"scopes", std::move(scopes)}, {"problems", std::move(problems)}});
}

sdk::task<std::string> authorize() {
  const std::string form = "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}"
                           "&refresh_token={{secret:refresh_token}}";
  const auto answer = co_await sdk::http.post("/oauth/v1/token").keyed_write().form(form);
  const auto granted = success_of(answer);
  if (text_of(granted, "access_token").empty()) co_return error_result(answer);
  json::object result;
  if (const auto* lifetime = granted.if_contains("expires_in"); lifetime && lifetime->is_int64()) result["expires_in"] = *lifetime;
  co_return json::serialize(result);
}

sdk::task<std::string> describe(const json::object* job) {
  const auto kinds = wanted_objects(*job);
  std::vector<sdk::request> requests;
  for (const auto& kind : kinds) {
    requests.push_back(sdk::http.get(properties_url(kind)));
    requests.push_back(sdk::http.get("/crm/v3/property-validations/" + std::string(kind.type_id)));
    requests.push_back(sdk::http.get("/crm-object-schemas/v3/schemas/" + std::string(kind.path)));
  }
  const auto answers = co_await sdk::http.all(std::move(requests));
  json::array objects;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const bool optional = i % 3 != 0 && (answers[i].status() == 403 || answers[i].status() == 404);  // the plan or the scopes may lack it
    const bool unreadable = i % 3 == 0 && !success_of(answers[i]).contains("results");
    if (unreadable || (!answers[i].ok() && !optional)) co_return error_result(answers[i]);
    if (i % 3 == 2)
      objects.push_back(describe_object(kinds[i / 3], success_of(answers[i - 2]), success_of(answers[i - 1]), success_of(answers[i])));
  }
  co_return json::serialize(json::object{{"objects", std::move(objects)}});
}

sdk::task<std::string> provision(const json::object* job) {
  json::array created;
  for (const auto& kind : wanted_objects(*job)) {
    const auto existing = co_await sdk::http.get(properties_url(kind));
    if (!existing.ok()) co_return error_result(existing);
    const auto definitions = success_of(existing);
    if (!group_of(definitions, key_property).empty()) continue;
    const auto definition = key_definition(kind, definitions);
    const auto answer = co_await sdk::http.post(properties_url(kind)).keyed_write().json(definition);
    if (answer.ok()) created.push_back(json::value(std::string(kind.name) + "." + std::string(key_property)));
    else if (classify(answer).front().category != "DUPLICATE_BLOCKED") co_return error_result(answer);
  }
  co_return json::serialize(json::object{{"created", std::move(created)}});
}

sdk::task<std::string> run(sdk::session_context context, std::string job_json) {
  json::monotonic_resource memory;
  boost::system::error_code malformed;
  const auto document = json::parse(job_json, malformed, &memory);
  const auto* job = &as_object(document);
  const auto kind = text_of(*job, "kind");
  if (kind == "sync") co_return co_await synchronize(context, job);
  if (kind == "check") co_return co_await check();
  if (kind == "authorize") co_return co_await authorize();
  if (kind == "describe") co_return co_await describe(job);
  if (kind == "provision") co_return co_await provision(job);
  co_return R"({"error":{"category":"PLUGIN_FAULT","message":"this is no job that the manifest offers"}})";
}
}  // namespace leadsync::hubspot

LEADSYNC_DEFINE_PLUGIN(leadsync_manifest, leadsync::hubspot::run)
