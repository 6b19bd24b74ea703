#include "salesforce/answers.h"

#include "base/text.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {
namespace {

json::object shown(const object_type& type, const record& one, const std::vector<std::string_view>& wanted, std::string_view version) {
  json::object out{{"attributes", {{"type", type.name()}, {"url", "/services/data/v" + std::string(version) + "/sobjects/" + type.name() + "/" + one.id}}}};
  for (const auto& what : type.fields()) {
    if (what.hidden || (!wanted.empty() && std::find(wanted.begin(), wanted.end(), what.name) == wanted.end())) continue;
    const auto value = one.values.find(what.name);
    out[what.name] = value == one.values.end() ? json::value(nullptr) : value->second;
  }
  return out;
}

response describe_object(const org& account, const object_type& type) {
  json::array fields;
  for (const auto& one : type.fields())
    if (!one.hidden) fields.push_back(describe(one));
  return ok({{"name", type.name()}, {"label", type.label()}, {"keyPrefix", type.prefix()}, {"createable", true}, {"updateable", true}, {"queryable", true},
             {"fields", std::move(fields)}, {"recordTypeInfos", record_type_infos(account, type.name())}});
}

response list_objects(const org& account) {
  json::array rows;
  for (const auto& one : account.types)
    rows.push_back({{"name", one.name()}, {"label", one.label()}, {"keyPrefix", one.prefix()}, {"createable", one.name() != "Organization"}, {"queryable", true}});
  return ok({{"encoding", "UTF-8"}, {"maxBatchSize", 200}, {"sobjects", std::move(rows)}});
}

int status_of(const row_result& result) {
  const auto& code = result.errors.front().code;
  return code == "ENTITY_IS_DELETED" || code == "NOT_FOUND" ? 404 : 400;
}

response answer_write(const org& account, const call& from, const row_result& result, int success_status) {
  if (!result.unreadable.empty()) return unreadable(from, result);
  if (!result.several.empty()) {
    json::array urls;
    for (const auto& id : result.several) urls.emplace_back("/services/data/v" + from.version + "/sobjects/" + std::string(from.segment(1)) + "/" + id);
    return ok(urls, 300);
  }
  if (!result.success) return ok(to_errors(result.errors, account.options.duplicate_misspelt), status_of(result));
  if (success_status == 204) return {204, ""};
  json::object body{{"id", result.id}, {"success", true}, {"errors", json::array()}};
  if (from.path.size() == 4) body["created"] = result.created;
  return ok(body, success_status == 201 && from.path.size() == 4 && !result.created ? 200 : success_status);
}

response by_external_id(org& account, const call& from, object_type& type) {
  const auto* key = type.find_field(from.segment(2));
  if (!key || (!key->external_id && !key->id_lookup))
    return refuse(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + std::string(from.segment(2)));
  const std::string value(from.segment(3));
  const auto found = type.with_value(key->name, value);
  if (from.is("GET")) {
    if (found.empty()) return not_found();
    return ok(shown(type, *found.front(), {}, from.version));
  }
  if (!from.is("PATCH")) return method_not_allowed(from, "HEAD,GET,PATCH");
  if (!from.body.is_object()) return refuse(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.");
  if (from.body.get_object().contains(key->name))
    return refuse(400, "INVALID_FIELD", "The " + key->name + " field should not be specified in the sobject data.");
  if (found.empty() && from.raw.parameter("updateOnly") == "true") return not_found();
  return answer_write(account, from, upsert_record(account, type, *key, value, from.body.get_object(), from.terms()), 201);
}

response one_record(org& account, const call& from, object_type& type) {
  const auto id = from.segment(2);
  if (from.is("DELETE")) {
    const auto why = delete_record(account, id);
    return why ? refuse(404, why->code, why->message) : response{204, ""};
  }
  auto* found = type.find(id);
  if (!found) return not_found();
  if (from.is("PATCH") && from.body.is_object()) return answer_write(account, from, update_record(account, type, id, from.body.get_object(), from.terms()), 204);
  if (!from.is("GET")) return method_not_allowed(from, "DELETE,GET,HEAD,PATCH");
  if (found->deleted) return refuse(404, "ENTITY_IS_DELETED", "entity is deleted");
  const auto names = from.raw.parameter("fields").value_or("");
  return ok(shown(type, *found, names.empty() ? std::vector<std::string_view>{} : split(names, ','), from.version));
}

}  // namespace

response handle_records(org& account, const call& from) {
  if (from.path.size() == 1) return from.is("GET") ? list_objects(account) : method_not_allowed(from, "GET,HEAD");
  auto* type = account.find_type(from.segment(1));
  if (!type) return not_found();
  if (from.path.size() == 2) {
    if (!from.is("POST")) return method_not_allowed(from, "GET,HEAD,POST");
    if (!from.body.is_object()) return refuse(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.");
    return answer_write(account, from, create_record(account, *type, from.body.get_object(), from.terms()), 201);
  }
  if (from.path.size() == 3 && from.segment(2) == "describe") return describe_object(account, *type);
  if (from.path.size() == 3) return one_record(account, from, *type);
  return from.path.size() == 4 ? by_external_id(account, from, *type) : not_found();
}

}  // namespace leadsync::simulator::salesforce
