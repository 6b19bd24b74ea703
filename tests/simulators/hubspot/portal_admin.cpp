#include "hubspot/association_types.h"
#include "hubspot/endpoints.h"
#include "hubspot/record_writer.h"

#include "admin/admin.h"

#include <algorithm>
#include <map>

namespace leadsync::simulator::hubspot {
namespace {

json::object describe(const object_type& type, const record& one) {
  json::object properties;
  for (const auto& value : one.values) properties[type.at(value.property).name] = value.value;
  json::object associations;
  for (const auto& link : one.links) {
    json::array kinds;
    for (const int kind : link.kinds) kinds.push_back(kind);
    auto& list = associations[link.to_type->name()];
    if (!list.is_array()) list = json::array();
    list.as_array().push_back({{"id", std::to_string(link.to_id)}, {"types", std::move(kinds)}});
  }
  json::object out{{"id", std::to_string(one.id)},
                   {"createdAt", to_rfc3339(one.created_at)},
                   {"updatedAt", to_rfc3339(one.updated_at)},
                   {"archived", one.archived},
                   {"properties", std::move(properties)},
                   {"associations", std::move(associations)}};
  if (one.merged_into) out["mergedInto"] = std::to_string(one.merged_into);
  return out;
}

response show_objects(portal& account, const request& raw, const std::vector<std::string>& segments, instant now) {
  object_type* type = account.find_type(segments[1]);
  if (!type) return admin_refusal(404, "no such object type: " + segments[1]);
  if (raw.method == "DELETE") {
    if (segments.size() == 3) {
      record* found = type->find_live(segments[2]);
      if (!found) return admin_refusal(404, "no such record");
      type->archive(*found, now);
    } else {
      type->clear_records();
    }
    return admin_answer(json::object());
  }
  const bool archived_too = raw.parameter("archived") == "true";
  if (raw.parameter("count") == "1") {
    const auto live = std::count_if(type->records().begin(), type->records().end(), [&](const record& one) { return archived_too || !one.archived; });
    return admin_answer({{"count", live}});
  }
  json::array rows;
  for (const auto& one : type->records()) {
    if ((one.archived && !archived_too) || (segments.size() == 3 && std::to_string(one.id) != segments[2])) continue;
    rows.push_back(describe(*type, one));
  }
  return admin_answer({{"count", rows.size()}, {"results", std::move(rows)}});
}

/// Groups of live records that share a value.
json::array sharing(object_type& type, std::string_view property_name) {
  const auto index = type.find_property(property_name);
  std::map<std::string, json::array> by_value;
  if (index)
    for (const auto& one : type.records())
      if (const auto* value = one.archived ? nullptr : value_in(one.values, *index)) by_value[*value].emplace_back(std::to_string(one.id));
  json::array out;
  for (auto& [value, ids] : by_value)
    if (ids.size() > 1) out.push_back({{"property", property_name}, {"value", value}, {"ids", std::move(ids)}});
  return out;
}

/// Notes with the same body on the same contact.
json::array repeated_notes(portal& account) {
  auto& notes = account.type("notes");
  const auto body = notes.find_property("hs_note_body");
  std::map<std::pair<std::uint64_t, std::string>, json::array> seen;
  for (const auto& one : notes.records()) {
    const auto* text = one.archived || !body ? nullptr : value_in(one.values, *body);
    if (!text) continue;
    for (const auto& link : one.links)
      if (link.to_type->name() == "contacts") seen[{link.to_id, *text}].emplace_back(std::to_string(one.id));
  }
  json::array out;
  for (auto& [key, ids] : seen)
    if (ids.size() > 1) out.push_back({{"property", "hs_note_body"}, {"contact", std::to_string(key.first)}, {"value", key.second}, {"ids", std::move(ids)}});
  return out;
}

response show_duplicates(portal& account, const request& raw) {
  const auto key = raw.parameter("key").value_or("");
  json::object out;
  std::size_t count = 0;
  for (auto& type : account.types) {
    json::array groups;
    const auto collect = [&](json::array found) { groups.insert(groups.end(), found.begin(), found.end()); };
    if (type.name() == "contacts") collect(sharing(type, "email"));
    if (type.name() == "companies") collect(sharing(type, "domain"));
    if (type.name() == "notes") collect(repeated_notes(account));
    if (!key.empty()) collect(sharing(type, key));
    for (const auto& one : type.properties())
      if (one.unique && !one.archived && one.name != key) collect(sharing(type, one.name));
    count += groups.size();
    out[type.name()] = std::move(groups);
  }
  out["count"] = count;
  return admin_answer(out);
}

response change_tokens(portal& account, const request& raw, const json::value& body, instant now) {
  auto& tokens = account.tokens;
  if (raw.method == "PUT") {
    const auto* wanted = body.if_object();
    if (!wanted) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : *wanted) {
      if (name == "expire_all" && value.is_bool()) { if (value.get_bool()) tokens.expire_all(now); }
      else if (name == "rotation" && value.is_bool()) tokens.rotate = value.get_bool();
      else if (name == "hub_gone" && value.is_bool()) tokens.hub_gone = value.get_bool();
      else if (name == "grace_seconds" && value.is_int64()) tokens.grace = std::chrono::seconds(value.get_int64());
      else if (name == "lifetime_seconds" && value.is_int64()) tokens.lifetime = std::chrono::seconds(value.get_int64());
      else if (name == "client_secret" && value.is_string()) tokens.client_secret = value.get_string();
      else if (name == "add" && value.is_array()) { for (const auto& one : value.get_array()) if (one.is_string()) tokens.add_private(std::string(one.get_string())); }
      else if (name == "revoke" && value == "all") tokens.revoke_all();
      else if (name == "revoke" && value.is_array()) { for (const auto& one : value.get_array()) if (one.is_string()) tokens.revoke(one.get_string()); }
      else return admin_refusal(400, "unknown member or wrong type: " + std::string(name));
    }
  }
  return admin_answer({{"rotation", tokens.rotate},
                       {"grace_seconds", tokens.grace.count()},
                       {"lifetime_seconds", tokens.lifetime.count()},
                       {"hub_gone", tokens.hub_gone},
                       {"refreshes", tokens.refresh_count()},
                       {"refresh_token", tokens.current_refresh_token()}});
}

response change_scopes(portal& account, const request& raw, const json::value& body) {
  auto& scopes = account.tokens.scopes;
  if (raw.method == "PUT") {
    const auto* list = body.if_array();
    if (!list && body.is_object()) list = body.get_object().contains("scopes") ? body.get_object().at("scopes").if_array() : nullptr;
    const auto each = [&](const char* name, auto&& action) {
      const auto* found = body.is_object() ? body.get_object().if_contains(name) : nullptr;
      if (found && found->is_array())
        for (const auto& one : found->get_array()) action(std::string(one.as_string()));
    };
    if (list) {
      scopes.clear();
      for (const auto& one : *list) scopes.emplace(one.as_string());
    }
    each("add", [&](std::string one) { scopes.insert(std::move(one)); });
    each("remove", [&](const std::string& one) { scopes.erase(one); });
  }
  json::array out;
  for (const auto& one : scopes) out.emplace_back(one);
  return admin_answer({{"scopes", std::move(out)}});
}

/// A whole definition, or changes of one; `rules`, `required`, `readOnly` and `hasUniqueValue` go beyond what the API allows.
response change_property(portal& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now) {
  object_type* type = account.find_type(segments[1]);
  if (!type) return admin_refusal(404, "no such object type: " + segments[1]);
  const auto index = type->find_property(segments[2]);
  if (raw.method == "DELETE") {
    if (!index) return admin_refusal(404, "no such property");
    type->remove_property(*index, false);
    return admin_answer(json::object());
  }
  if (raw.method == "GET") return index ? admin_answer(to_json(type->at(*index))) : admin_refusal(404, "no such property");
  if (raw.method != "PUT" || !body.is_object()) return admin_refusal(400, "PUT an object");
  property made;
  if (index) made = type->at(*index);
  else {
    made.name = segments[2];
    made.label = segments[2];
    made.field_type = "text";
    made.group = "event_information";
    made.created_at = now;
  }
  made.updated_at = now;
  const auto& wanted = body.get_object();
  if (const auto merged = merge_definition(made, wanted); !merged) return admin_refusal(400, merged.error().context);
  const auto flag = [&](const char* name, bool& into) {
    if (const auto* found = wanted.if_contains(name); found && found->is_bool()) into = found->get_bool();
  };
  flag("required", made.required);
  flag("readOnly", made.read_only);
  if (const auto* rules = wanted.if_contains("rules"); rules && rules->is_object()) {
    made.rules.clear();
    for (const auto& [name, argument] : rules->get_object()) made.rules.push_back({std::string(name), argument.is_string() ? std::string(argument.get_string()) : json::serialize(argument)});
  }
  if (index) type->at(*index) = std::move(made);
  else type->add_property(std::move(made));
  return admin_answer(to_json(type->at(*type->find_property(segments[2]))));
}

response change_options(portal& account, const request& raw, const json::value& body) {
  auto& options = account.options;
  const std::map<std::string_view, bool*> flags = {{"upsert_by_email", &options.upsert_by_email},
                                                   {"secondary_email_matches", &options.secondary_email_matches},
                                                   {"rules_on_numbered_paths", &options.rules_on_numbered_paths},
                                                   {"update_partial_with_trace", &options.update_partial_with_trace},
                                                   {"lifecycle_forward_only", &options.lifecycle_forward_only},
                                                   {"legacy_validation_results", &options.legacy_validation_results},
                                                   {"leads_enabled", &options.leads_enabled},
                                                   {"auto_associate_company", &options.auto_associate_company},
                                                   {"shuffle_results", &options.shuffle_results}};
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      const auto found = flags.find(std::string_view(name));
      if (found != flags.end() && value.is_bool()) *found->second = value.get_bool();
      else if (name == "search_lag_ms" && value.is_int64()) options.search_lag_ms = std::max<std::int64_t>(0, value.get_int64());
      else return admin_refusal(400, "unknown option or wrong type: " + std::string(name));
    }
  }
  json::object out{{"search_lag_ms", options.search_lag_ms}};
  for (const auto& [name, value] : flags) out[name] = *value;
  return admin_answer(out);
}

}  // namespace

response administer_portal(portal& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now) {
  const auto& area = segments.front();
  if (area == "objects" && (segments.size() == 2 || segments.size() == 3)) return show_objects(account, raw, segments, now);
  if (area == "duplicates") return show_duplicates(account, raw);
  if (area == "tokens") return change_tokens(account, raw, body, now);
  if (area == "scopes") return change_scopes(account, raw, body);
  if (area == "options") return change_options(account, raw, body);
  if (area == "properties" && segments.size() == 3) return change_property(account, raw, segments, body, now);
  return {0};
}

}  // namespace leadsync::simulator::hubspot
