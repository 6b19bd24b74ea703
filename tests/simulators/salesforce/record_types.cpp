#include "salesforce/record_types.h"

#include "admin/admin.h"
#include "salesforce/answers.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {
namespace {

constexpr std::string_view master_id = "012000000000000AAA";

const std::vector<record_type>& types_of(const org& account, std::string_view object) {
  static const std::vector<record_type> none;
  const auto found = account.record_types.find(object);
  return found == account.record_types.end() ? none : found->second;
}

json::object info_of(std::string_view id, std::string_view name, bool is_default, bool is_master) {
  return {{"available", true}, {"active", true}, {"defaultRecordTypeMapping", is_default}, {"developerName", name}, {"master", is_master},
          {"name", name}, {"recordTypeId", id}};
}

}  // namespace

json::array record_type_infos(const org& account, std::string_view object) {
  json::array out;
  bool any_default = false;
  for (const auto& one : types_of(account, object)) {
    out.push_back(info_of(one.id, one.developer_name, one.is_default, false));
    any_default = any_default || one.is_default;
  }
  out.push_back(info_of(master_id, "Master", !any_default, true));
  return out;
}

bool admits_option(const org& account, std::string_view object, const std::map<std::string, json::value, std::less<>>& values, std::string_view field,
                   std::string_view option) {
  const auto sent = values.find("RecordTypeId");
  const auto wanted = sent != values.end() && sent->second.is_string() ? std::string_view(sent->second.get_string()) : std::string_view();
  for (const auto& one : types_of(account, object)) {
    if (wanted.empty() ? !one.is_default : one.id != wanted) continue;
    const auto narrowed = one.options.find(field);
    return narrowed == one.options.end() || std::find(narrowed->second.begin(), narrowed->second.end(), option) != narrowed->second.end();
  }
  return true;
}

response handle_picklists(org& account, const call& from) {
  auto* type = account.find_type(from.segment(2));
  if (from.segment(1) != "object-info" || !type || from.segment(3) != "picklist-values" || from.path.size() != 5) return not_found();
  const auto& all = types_of(account, type->name());
  const auto chosen = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == from.segment(4); });
  if (chosen == all.end() && from.segment(4) != master_id) return not_found();
  json::object fields;
  for (const auto& each : type->fields()) {
    if (!each.is_picklist() || each.hidden) continue;
    json::array values;
    for (const auto& option : each.options) {
      const auto narrowed = chosen == all.end() ? decltype(chosen->options.end()){} : chosen->options.find(each.name);
      const bool is_narrowed = chosen != all.end() && narrowed != chosen->options.end();
      if (is_narrowed && std::find(narrowed->second.begin(), narrowed->second.end(), option.value) == narrowed->second.end()) continue;
      values.push_back({{"attributes", nullptr}, {"label", option.value}, {"validFor", json::array()}, {"value", option.value}});
    }
    fields[each.name] = {{"controllerValues", json::object()}, {"defaultValue", nullptr}, {"values", std::move(values)}};
  }
  return ok({{"picklistFieldValues", std::move(fields)}});
}

response change_record_types(org& account, const request& raw, std::string_view object, const json::value& body) {
  auto* type = account.find_type(object);
  if (!type) return admin_refusal(404, "no such object: " + std::string(object));
  auto& all = account.record_types[type->name()];
  if (raw.method == "PUT") {
    if (!body.is_array()) return admin_refusal(400, "a list is needed");
    all.clear();
    for (const auto& entry : body.get_array()) {
      if (!entry.is_object()) return admin_refusal(400, "a record type is an object");
      const auto& from = entry.get_object();
      record_type made{.developer_name = std::string(text_member(from, "developer_name"))};
      made.is_default = from.contains("default") && from.at("default") == json::value(true);
      if (const auto* options = from.if_contains("options"); options && options->is_object())
        for (const auto& [field, values] : options->get_object()) made.options[std::string(field)] = json::value_to<std::vector<std::string>>(values);
      const std::map<std::string, json::value, std::less<>> values{{"DeveloperName", json::value(made.developer_name)}, {"SobjectType", json::value(type->name())}};
      made.id = account.type("RecordType").insert(values, instant{}).id;
      all.push_back(std::move(made));
    }
  }
  return admin_answer({{"results", record_type_infos(account, object)}});
}

}  // namespace leadsync::simulator::salesforce
