#include "jobs.h"

#include <algorithm>
#include <array>

namespace leadsync::salesforce {
namespace {
constexpr std::array<std::string_view, 7> compound_types = {"id", "address", "location", "base64", "anyType", "complexvalue", "json"};

std::string_view type_of(std::string_view type) {
  if (type == "email" || type == "phone" || type == "url" || type == "boolean" || type == "date" || type == "reference") return type;
  if (type == "picklist") return "option";
  if (type == "multipicklist") return "options";
  if (type == "datetime") return "instant";
  if (type == "int" || type == "long" || type == "double" || type == "currency" || type == "percent") return "decimal";
  return "text";
}

std::string_view semantic_of(const json::object& field) {
  const auto name = text_of(field, "name");
  if (name == "OwnerId") return "owner";
  if (name.ends_with("Country") || name.ends_with("CountryCode")) return "country";
  const auto type = text_of(field, "type");
  return type == "email" || type == "phone" || type == "url" ? type : std::string_view{};
}

json::array options_of(const json::object& field) {
  json::array options;
  for (const auto& entry : list_of(field, "picklistValues")) {
    const auto& one = as_object(entry);
    options.push_back(json::object{{"value", text_of(one, "value")}, {"label", text_of(one, "label")}, {"active", flag_of(one, "active")}});
  }
  return options;
}

/// Of the record type that new records get: as set, else the user's own. Empty where that is the master, which narrows nothing.
std::string record_type_of(const json::object& described, std::string_view set) {
  if (!set.empty()) return std::string(set);
  for (const auto& entry : list_of(described, "recordTypeInfos")) {
    const auto& one = as_object(entry);
    if (flag_of(one, "defaultRecordTypeMapping") && !flag_of(one, "master")) return std::string(text_of(one, "recordTypeId"));
  }
  return {};
}

/// What the record type does not offer is no option, though other record types have it.
void narrow(json::array& fields, const json::object& picklists) {
  for (auto& entry : fields) {
    auto& field = entry.get_object();
    const auto* narrowed = picklists.if_contains(text_of(field, "name"));
    auto* options = field.if_contains("options");
    if (!narrowed || !options) continue;
    const auto& offered = list_of(as_object(narrowed), "values");
    for (auto& option : options->get_array()) {
      const auto is_it = [&](const json::value& one) { return text_of(as_object(one), "value") == text_of(as_object(option), "value"); };
      if (std::none_of(offered.begin(), offered.end(), is_it)) option.get_object()["active"] = false;
    }
  }
}

json::object field_of(const sobject& kind, const json::object& from, bool strict) {
  const auto name = text_of(from, "name");
  const auto type = type_of(text_of(from, "type"));
  const bool ours = name == key_field;  // nobody's to map
  const bool creatable = flag_of(from, "createable") && !ours;
  // An account without a name gets that of its domain.
  const bool filled = kind.name == account_records.name && name == "Name";
  const bool required = creatable && !flag_of(from, "nillable") && !flag_of(from, "defaultedOnCreate") && type != "boolean" && !filled;
  json::object field{{"name", name}, {"label", text_of(from, "label")}, {"type", type}, {"creatable", creatable},
                     {"updatable", flag_of(from, "updateable") && !ours}, {"required", required}, {"unique", flag_of(from, "unique")}};
  if (const auto semantic = semantic_of(from); !semantic.empty()) field["semantic"] = semantic;
  const bool has_length = type == "text" || type == "email" || type == "phone" || type == "url";
  if (has_length && number_of(from, "length") > 0) field["max_length"] = number_of(from, "length"), field["length_unit"] = "code_points";
  if (type != "option" && type != "options") return field;
  field["options"] = options_of(from);
  field["restricted"] = strict || flag_of(from, "restrictedPicklist");
  return field;
}
}  // namespace

std::vector<sobject> wanted_objects(const json::object& job) {
  const auto& wanted = list_of(job, "objects");
  std::vector<sobject> kinds{person_records(job), task_records};
  if (uses_accounts(job)) kinds.push_back(account_records);
  const auto is_unwanted = [&](const sobject& kind) { return std::find(wanted.begin(), wanted.end(), json::value(kind.name)) == wanted.end(); };
  if (job.contains("objects")) std::erase_if(kinds, is_unwanted);
  return kinds;
}

std::string describe_url(const sobject& kind) { return std::string(api) + "/sobjects/" + std::string(kind.type) + "/describe"; }

bool has_key_field(const json::object& described) {
  for (const auto& entry : list_of(described, "fields")) {
    const auto& field = as_object(entry);
    if (text_of(field, "name") == key_field) return flag_of(field, "externalId") && flag_of(field, "unique") && flag_of(field, "createable");
  }
  return false;
}

sdk::task<std::string> describe(const json::object* job) {
  const auto kinds = wanted_objects(*job);
  const auto* lax = object_of(*job, "settings").if_contains("strict_picklists");
  const bool strict = !lax || *lax != json::value(false);
  std::vector<sdk::request> requests;
  for (const auto& kind : kinds) requests.push_back(sdk::http.get(describe_url(kind)));
  const auto answers = co_await sdk::http.all(std::move(requests));
  json::array objects;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto document = parsed_value(answers[i].body());
    const auto& described = as_object(document);
    // Without the right to tasks the notes stay out, and nothing else.
    if (kinds[i].name == task_records.name && (answers[i].status() == 403 || answers[i].status() == 404) && document.is_array()) continue;
    if (!answers[i].ok() || !described.contains("fields")) co_return error_result(classify(answers[i]), answers[i].number());
    json::array fields;
    for (const auto& entry : list_of(described, "fields")) {
      const auto type = text_of(as_object(entry), "type");
      if (std::find(compound_types.begin(), compound_types.end(), type) != compound_types.end()) continue;
      if (!text_of(as_object(entry), "name").empty()) fields.push_back(field_of(kinds[i], as_object(entry), strict));
    }
    const bool is_person = kinds[i].name == lead_records.name;
    if (const auto type = is_person ? record_type_of(described, text_of(object_of(*job, "settings"), "record_type_id")) : ""; !type.empty()) {
      const auto answer = co_await sdk::http.get(std::string(api) + "/ui-api/object-info/" + std::string(kinds[i].type) + "/picklist-values/" + type);
      if (!answer.ok()) co_return error_result(classify(answer), answer.number());
      const auto picklists = parsed_value(answer.body());
      narrow(fields, object_of(as_object(picklists), "picklistFieldValues"));
    }
    json::object object{{"name", kinds[i].name}, {"title", text_of(described, "label")}, {"fields", std::move(fields)}};
    if (has_key_field(described)) object["key_field"] = key_field;
    objects.push_back(std::move(object));
  }
  co_return json::serialize(json::object{{"objects", std::move(objects)}});
}
}  // namespace leadsync::salesforce
