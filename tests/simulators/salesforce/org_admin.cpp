#include "salesforce/answers.h"

#include "admin/admin.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {
namespace {

json::object shown(const record& one) {
  json::object properties;
  for (const auto& [name, value] : one.values)
    if (!value.is_null()) properties[name] = value;
  return {{"id", one.id}, {"archived", one.deleted}, {"locked", one.locked}, {"properties", std::move(properties)}};
}

response show_objects(org& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now) {
  auto* type = account.find_type(segments[1]);
  if (!type) return admin_refusal(404, "no such object: " + segments[1]);
  auto* one = segments.size() == 3 ? type->find(segments[2]) : nullptr;
  if (segments.size() == 3 && !one) return admin_refusal(404, "no such record");
  if (raw.method == "DELETE") {
    for (auto& each : type->records()) each.deleted = each.deleted || !one || one == &each;
    return admin_answer(json::object());
  }
  if (raw.method == "POST" && body.is_object()) {  // as a user in the CRM would
    value_map values;
    for (const auto& [name, value] : body.get_object()) values[std::string(name)] = value;
    return admin_answer(shown(type->insert(std::move(values), now)), 201);
  }
  if (raw.method == "PUT" && one && body.is_object()) {
    value_map values;
    for (const auto& [name, value] : body.get_object())
      if (name == "locked") one->locked = value == json::value(true);
      else values[std::string(name)] = value;
    type->update(*one, values, now);
  }
  const bool deleted_too = raw.parameter("archived") == "true";
  json::array rows;
  std::size_t count = 0;
  for (const auto& each : type->records()) {
    if ((each.deleted && !deleted_too) || (one && one != &each)) continue;
    ++count;
    if (raw.parameter("count") != "1") rows.push_back(shown(each));
  }
  return admin_answer({{"count", count}, {"results", std::move(rows)}});
}

/// Live records that share the values of these fields.
json::array sharing(object_type& type, const std::vector<std::string_view>& names) {
  std::map<std::string, json::array> groups;
  for (const auto& one : type.records()) {
    std::string key;
    for (const auto name : names) key += folded(one.text(name)) + '|';
    if (!one.deleted && !one.text(names.front()).empty()) groups[key].emplace_back(one.id);
  }
  json::array out;
  for (auto& [value, ids] : groups)
    if (ids.size() > 1) out.push_back({{"fields", json::value_from(names)}, {"value", value}, {"ids", std::move(ids)}});
  return out;
}

response show_duplicates(org& account) {
  json::object out;
  std::size_t count = 0;
  const auto collect = [&](const char* name, const std::vector<std::string_view>& fields) {
    auto groups = sharing(account.type(name), fields);
    count += groups.size();
    auto& list = out[name].is_array() ? out[name].as_array() : out[name].emplace_array();
    list.insert(list.end(), groups.begin(), groups.end());
  };
  collect("Lead", {"Email"});
  collect("Contact", {"Email"});
  collect("Account", {"Name"});
  collect("Task", {"Description", "WhoId"});
  for (const auto* name : {"Lead", "Contact", "Account", "Task"}) collect(name, {"leadsync_key__c"});
  out["count"] = count;
  return admin_answer(out);
}

response change_field(org& account, const request& raw, const std::vector<std::string>& segments, const json::value& body) {
  auto* type = account.find_type(segments[1]);
  if (!type) return admin_refusal(404, "no such object: " + segments[1]);
  auto* what = type->any_field(segments[2]);
  if (raw.method == "DELETE") {
    std::erase_if(type->fields(), [&](const field& one) { return one.name == segments[2]; });
    return admin_answer(json::object());
  }
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    if (!what) {
      field made;
      made.name = made.label = segments[2];
      made.length = 255;
      made.custom = made.name.ends_with("__c");
      what = &type->fields().emplace_back(std::move(made));
    }
    if (const auto wrong = change(*what, body.get_object()); !wrong.empty()) return admin_refusal(400, wrong);
  }
  return what ? admin_answer(describe(*what)) : admin_refusal(404, "no such field");
}

response change_tokens(org& account, const request& raw, const json::value& body, instant now) {
  auto& tokens = account.tokens;
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      if (name == "expire_all" && value.is_bool()) tokens.expire_all(now);
      else if (name == "revoke" && value == json::value("all")) tokens.revoke_all();
      else if (name == "rotation" && value.is_bool()) tokens.rotate = value.get_bool();
      else if (name == "run_as_user" && value.is_bool()) tokens.has_run_as_user = value.get_bool();
      else if (name == "lifetime_seconds" && value.is_int64()) tokens.lifetime = std::chrono::seconds(value.get_int64());
      else if (name == "client_secret" && value.is_string()) tokens.client_secret = value.get_string();
      else if (name == "refresh_token" && value.is_string()) tokens.refresh_token = value.get_string();
      else if (name == "public_key" && value.is_string()) tokens.public_key = value.get_string();
      else if (name == "org_id" && value.is_string()) account.id = value.get_string();
      else return admin_refusal(400, "unknown member or wrong type: " + std::string(name));
    }
  }
  return admin_answer({{"refreshes", tokens.grants}, {"rotation", tokens.rotate}, {"run_as_user", tokens.has_run_as_user},
                       {"lifetime_seconds", tokens.lifetime.count()}, {"refresh_token", tokens.refresh_token}, {"org_id", account.id}});
}

response change_options(org& account, const request& raw, const json::value& body) {
  auto& options = account.options;
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      if (name == "duplicate_rule" && value.is_string()) options.duplicate_rule = value.get_string();
      else if (name == "assignment_owner" && value.is_string()) {
        options.assignment_owner = value.get_string();
        auto& rules = account.type("AssignmentRule");
        rules.update(rules.records().front(), {{"Active", !options.assignment_owner.empty()}}, instant{});
      }
      else if (name == "duplicate_misspelt" && value.is_bool()) options.duplicate_misspelt = value.get_bool();
      else if (name == "all_failed_is_400" && value.is_bool()) options.all_failed_is_400 = value.get_bool();
      else if (name == "lock_rows" && value.is_int64()) options.lock_rows = value.get_int64();
      else if (name == "ingest_ms" && value.is_int64()) options.ingest_ms = value.get_int64();
      else if (name == "hide_rows" && value.is_int64()) options.hide_rows = value.get_int64();
      else return admin_refusal(400, "unknown option or wrong type: " + std::string(name));
    }
  }
  return admin_answer({{"duplicate_rule", options.duplicate_rule}, {"duplicate_misspelt", options.duplicate_misspelt}, {"all_failed_is_400", options.all_failed_is_400},
                       {"lock_rows", options.lock_rows}, {"hide_rows", options.hide_rows}, {"ingest_ms", options.ingest_ms}, {"assignment_owner", options.assignment_owner}});
}

/// A list of `{"object", "field", "equals", "code", "message", "fields"}` in place of the former one.
response change_rules(org& account, const request& raw, const json::value& body) {
  if (raw.method == "PUT") {
    if (!body.is_array()) return admin_refusal(400, "a list is needed");
    account.rules.clear();
    for (const auto& entry : body.get_array()) {
      if (!entry.is_object()) return admin_refusal(400, "a rule is an object");
      const auto& from = entry.get_object();
      rule made{std::string(text_member(from, "object")), std::string(text_member(from, "field")), std::string(text_member(from, "equals"))};
      if (const auto code = text_member(from, "code"); !code.empty()) made.code = code;
      made.message = text_member(from, "message");
      if (const auto* fields = from.if_contains("fields"); fields && fields->is_array()) made.fields = json::value_to<std::vector<std::string>>(*fields);
      account.rules.push_back(std::move(made));
    }
  }
  return admin_answer({{"count", account.rules.size()}});
}

}  // namespace

response administer_org(org& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now) {
  const auto& area = segments.front();
  if (area == "objects" && (segments.size() == 2 || segments.size() == 3)) return show_objects(account, raw, segments, body, now);
  if (area == "fields" && segments.size() == 3) return change_field(account, raw, segments, body);
  if (area == "duplicates") return show_duplicates(account);
  if (area == "tokens") return change_tokens(account, raw, body, now);
  if (area == "options") return change_options(account, raw, body);
  if (area == "record_types" && segments.size() == 2) return change_record_types(account, raw, segments[1], body);
  if (area == "rules") return change_rules(account, raw, body);
  if (area == "ids")
    return admin_answer({{"user", account.user_id}, {"inactive_user", account.inactive_user_id}, {"queue", account.queue_id}, {"campaign", account.campaign_id}});
  return {0};
}

}  // namespace leadsync::simulator::salesforce
