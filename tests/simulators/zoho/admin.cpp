#include "admin/admin.h"

#include "zoho/answers.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace leadsync::simulator::zoho {
namespace {

response show_objects(organization& org, const request& raw, const std::vector<std::string>& segments, const json::value& body) {
  auto* of = org.find_module(segments[1]);
  if (!of) return admin_refusal(404, "no such module: " + segments[1]);
  auto* chosen = segments.size() == 3 ? of->find(segments[2]) : nullptr;
  if (segments.size() == 3 && !chosen) return admin_refusal(404, "no such record");
  if (raw.method == "DELETE") {
    if (chosen) chosen->deleted = true;
    else of->clear();
    return admin_answer(json::object());
  }
  if (raw.method == "PUT" && chosen && body.is_object()) {
    for (const auto& [name, value] : body.get_object()) {
      auto* flag = name == "locked" ? &chosen->locked : name == "unapproved" ? &chosen->unapproved : name == "converted" ? &chosen->converted : nullptr;
      if (!flag || !value.is_bool()) return admin_refusal(400, "unknown member or wrong type: " + std::string(name));
      *flag = value.get_bool();
    }
  }
  const auto live = std::count_if(of->records.begin(), of->records.end(), [](const auto& one) { return !one.deleted; });
  if (raw.parameter("count") == "1") return admin_answer({{"count", live}});
  json::array rows;
  for (const auto& one : of->records) {
    if (one.deleted || (chosen && &one != chosen)) continue;
    json::array tags, campaigns;
    for (const auto& tag : one.tags) tags.emplace_back(tag);
    for (const auto& link : one.campaigns) campaigns.push_back(link);
    rows.push_back({{"id", std::to_string(one.id)}, {"values", one.values}, {"tags", std::move(tags)}, {"campaigns", std::move(campaigns)}, {"locked", one.locked},
                    {"converted", one.converted}});
  }
  return admin_answer({{"count", rows.size()}, {"results", std::move(rows)}});
}

/// Groups of live records that share a value, without case.
json::array sharing(module& of, const std::vector<std::string>& names) {
  std::map<std::string, json::array> by_value;
  for (const auto& one : of.records) {
    std::string key;
    for (const auto& name : names)
      if (!one.deleted && one.is_set(name)) key += ascii_lower(json::serialize(one.values.at(name))) + " ";
    if (!key.empty()) by_value[key].emplace_back(std::to_string(one.id));
  }
  json::array out;
  for (auto& [value, ids] : by_value)
    if (ids.size() > 1) out.push_back({{"value", value}, {"ids", std::move(ids)}});
  return out;
}

response show_duplicates(organization& org) {
  json::object out;
  std::size_t count = 0;
  for (auto& of : org.modules) {
    json::array groups;
    const auto collect = [&](json::array found) { groups.insert(groups.end(), found.begin(), found.end()); };
    if (of.api_name == "Notes") collect(sharing(of, {"Parent_Id", "Note_Title", "Note_Content"}));
    for (const auto& each : of.fields)
      if (of.matches_by(each)) collect(sharing(of, {each.api_name}));
    count += groups.size();
    out[of.api_name] = std::move(groups);
  }
  out["count"] = count;
  return admin_answer(out);
}

response change_tokens(organization& org, const request& raw, const json::value& body) {
  auto& tokens = org.tokens;
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      if (name == "expire_all" && value.is_bool()) { if (value.get_bool()) tokens.expire_all(); }
      else if (name == "revoke" && value == "all") tokens.revoke_all();
      else if (name == "refresh_token" && value.is_string()) tokens.refresh_token = value.get_string();
      else if (name == "client_secret" && value.is_string()) tokens.client_secret = value.get_string();
      else if (name == "lifetime_seconds" && value.is_int64()) tokens.lifetime = std::chrono::seconds(value.get_int64());
      else if (name == "refresh_limit" && value.is_int64()) tokens.refresh_limit = static_cast<std::size_t>(value.get_int64());
      else return admin_refusal(400, "unknown member or wrong type: " + std::string(name));
    }
  }
  return admin_answer({{"refreshes", tokens.refresh_count()}, {"lifetime_seconds", tokens.lifetime.count()}, {"refresh_limit", tokens.refresh_limit}});
}

response change_scopes(organization& org, const request& raw, const json::value& body) {
  auto& scopes = org.tokens.scopes;
  if (raw.method == "PUT") {
    const auto* wanted = body.is_object() ? body.get_object().if_contains("scopes") : nullptr;
    if (!wanted || !wanted->is_array()) return admin_refusal(400, "{\"scopes\": [...]} is needed");
    scopes.clear();
    for (const auto& one : wanted->get_array())
      if (one.is_string()) scopes.emplace(one.get_string());
  }
  json::array out;
  for (const auto& one : scopes) out.emplace_back(one);
  return admin_answer({{"scopes", std::move(out)}});
}

response change_field(organization& org, const request& raw, const std::vector<std::string>& segments, const json::value& body) {
  auto* of = org.find_module(segments[1]);
  if (!of) return admin_refusal(404, "no such module: " + segments[1]);
  auto* known = of->find_field(segments[2]);
  if (raw.method == "DELETE") {
    if (!known) return admin_refusal(404, "no such field");
    for (auto& one : of->records) one.values.erase(segments[2]);
    std::erase_if(of->fields, [&](const auto& one) { return one.api_name == segments[2]; });
    return admin_answer(json::object());
  }
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "PUT an object");
    field made = known ? *known : field{};
    if (!known) made.api_name = made.label = segments[2], made.data_type = "text", made.length = 255, made.custom = true, made.id = org.new_id();
    if (const auto wrong = merge(made, body.get_object()); !wrong.empty()) return admin_refusal(400, wrong);
    if (known) *known = std::move(made);
    else of->fields.push_back(std::move(made));
    of->index_all();
    known = of->find_field(segments[2]);
  }
  return known ? admin_answer(to_json(*known)) : admin_refusal(404, "no such field");
}

response change_options(organization& org, const request& raw, const json::value& body) {
  auto& options = org.options;
  const auto policy_name = [](unknown_option policy) {
    return policy == unknown_option::reject ? "reject" : policy == unknown_option::drop ? "drop" : "accept";
  };
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      const std::string_view text = value.is_string() ? std::string_view(value.get_string()) : "";
      if (name == "unknown_fields" && (text == "drop" || text == "reject")) options.reject_unknown_fields = text == "reject";
      else if (name == "unknown_values" && (text == "reject" || text == "drop" || text == "accept"))
        options.unknown_values = text == "reject" ? unknown_option::reject : text == "drop" ? unknown_option::drop : unknown_option::accept;
      else if (name == "several_matches" && (text == "first" || text == "newest")) options.several_matches = text;
      else if (name == "mixed_status" && (value == 200 || value == 207)) options.mixed_status = static_cast<int>(value.get_int64());
      else if (name == "api_domain" && value.is_string()) options.api_domain = text;
      else return admin_refusal(400, "unknown option or wrong value: " + std::string(name));
    }
  }
  return admin_answer({{"unknown_fields", options.reject_unknown_fields ? "reject" : "drop"}, {"unknown_values", policy_name(options.unknown_values)},
                       {"several_matches", options.several_matches}, {"mixed_status", options.mixed_status}, {"api_domain", options.api_domain}});
}

}  // namespace

response administer(organization& org, const request& raw, const std::vector<std::string>& segments, const json::value& body) {
  const auto& area = segments.front();
  if (area == "objects" && (segments.size() == 2 || segments.size() == 3)) return show_objects(org, raw, segments, body);
  if (area == "duplicates") return show_duplicates(org);
  if (area == "tokens") return change_tokens(org, raw, body);
  if (area == "scopes") return change_scopes(org, raw, body);
  if (area == "options") return change_options(org, raw, body);
  if (area == "fields" && segments.size() == 3) return change_field(org, raw, segments, body);
  return {0};
}

}  // namespace leadsync::simulator::zoho
