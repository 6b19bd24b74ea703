#include "admin/admin.h"
#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

response show_objects(company& account, const request& raw, const std::vector<std::string>& segments, instant now) {
  auto* kind = account.find_table(segments[1]);
  if (!kind) return admin_refusal(404, "no such kind: " + segments[1]);
  if (raw.method == "DELETE" && segments.size() == 2) kind->clear();
  if (raw.method == "DELETE" && segments.size() == 3) {
    auto* found = kind->find(segments[2]);
    if (!found) return admin_refusal(404, "no such record");
    found->deleted = true;
    found->data["is_deleted"] = true;
    kind->changed(*found, now, std::chrono::milliseconds(account.options.search_lag_ms));
  }
  const bool deleted_too = raw.parameter("archived") == "true";
  const bool only_count = raw.parameter("count") == "1";
  json::array rows;
  std::size_t count = 0;
  for (const auto& one : kind->all()) {
    if ((one.deleted && !deleted_too) || (segments.size() == 3 && one.id != segments[2])) continue;
    ++count;
    if (!only_count) rows.push_back(one.data);
  }
  if (only_count) return admin_answer({{"count", count}});
  return admin_answer({{"count", count}, {"results", std::move(rows)}});
}

/// Groups of live records that share what tells them apart.
json::array sharing(table& kind, std::string (*identity)(const json::object&)) {
  std::map<std::string, json::array> by_value;
  for (const auto& one : kind.all())
    if (auto text = one.deleted ? std::string() : identity(one.data); !text.empty()) by_value[std::move(text)].emplace_back(one.id);
  json::array out;
  for (auto& [value, ids] : by_value)
    if (ids.size() > 1) out.push_back({{"value", value}, {"ids", std::move(ids)}});
  return out;
}

std::string first_email(const json::object& data) {
  const auto* emails = data.if_contains("emails");
  if (!emails || !emails->is_array() || emails->get_array().empty()) return {};
  return ascii_lower(text_of(emails->get_array().front().as_object(), "value"));
}

response show_duplicates(company& account) {
  json::object out{{"persons", sharing(account.persons, first_email)},
                   {"organizations", sharing(account.organizations, [](const json::object& data) { return fold(text_of(data, "name")); })},
                   {"leads", sharing(account.leads, [](const json::object& data) { return std::string(text_of(data, "origin_id")); })},
                   {"notes", sharing(account.notes, [](const json::object& data) {
                      return id_of(data, "lead_id") + id_of(data, "person_id") + " " + std::string(text_of(data, "content"));
                    })}};
  std::size_t count = 0;
  for (const auto& [kind, groups] : out) count += groups.as_array().size();
  out["count"] = count;
  return admin_answer(out);
}

response change_tokens(company& account, const request& raw, const json::value& body, instant now) {
  auto& tokens = account.tokens;
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      if (name == "expire_all" && value.is_bool()) { if (value.get_bool()) tokens.expire_all(now); }
      else if (name == "lifetime_seconds" && value.is_int64()) tokens.lifetime = std::chrono::seconds(value.get_int64());
      else if (name == "client_secret" && value.is_string()) tokens.client_secret = value.get_string();
      else if (name == "refresh_revoked" && value.is_bool()) tokens.refresh_revoked = value.get_bool();
      else if (name == "api_domain" && value.is_string()) account.api_domain = value.get_string();
      else if (name == "add" && value.is_array()) { for (const auto& one : value.get_array()) if (one.is_string()) tokens.add_api_token(std::string(one.get_string())); }
      else if (name == "revoke" && value == "all") tokens.revoke_all();
      else if (name == "revoke" && value.is_array()) { for (const auto& one : value.get_array()) if (one.is_string()) tokens.revoke(one.get_string()); }
      else return admin_refusal(400, "unknown member or wrong type: " + std::string(name));
    }
  }
  return admin_answer({{"refreshes", tokens.refreshes}, {"lifetime_seconds", tokens.lifetime.count()}, {"refresh_revoked", tokens.refresh_revoked}});
}

response change_scopes(company& account, const request& raw, const json::value& body) {
  auto& scopes = account.tokens.scopes;
  const auto each = [&](const char* name, auto&& action) {
    const auto* found = body.is_object() ? body.get_object().if_contains(name) : nullptr;
    if (found && found->is_array())
      for (const auto& one : found->get_array()) if (one.is_string()) action(std::string(one.get_string()));
  };
  if (raw.method == "PUT") {
    if (body.is_object() && body.get_object().contains("scopes")) scopes.clear();
    for (const auto* name : {"scopes", "add"}) each(name, [&](std::string one) { scopes.insert(std::move(one)); });
    each("remove", [&](const std::string& one) { scopes.erase(one); });
  }
  json::array out;
  for (const auto& one : scopes) out.emplace_back(one);
  return admin_answer({{"scopes", std::move(out)}});
}

response change_options(company& account, const request& raw, const json::value& body) {
  auto& options = account.options;
  const std::map<std::string_view, bool*> flags = {{"contact_sync", &options.contact_sync}, {"unknown_option_refused", &options.unknown_option_refused},
                                                   {"burst_retry_after", &options.burst_retry_after}, {"bad_email_refused", &options.bad_email_refused},
                                                   {"error_field_code", &options.error_field_code}};
  const std::map<std::string_view, std::int64_t*> numbers = {{"search_lag_ms", &options.search_lag_ms}, {"unknown_link_status", &options.unknown_link_status},
                                                             {"cloudflare_after", &options.cloudflare_after}, {"cloudflare_seconds", &options.cloudflare_seconds},
                                                             {"success_false_next", &options.success_false_next}};
  if (raw.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      const auto flag = flags.find(std::string_view(name));
      const auto number = numbers.find(std::string_view(name));
      if (flag != flags.end() && value.is_bool()) *flag->second = value.get_bool();
      else if (number != numbers.end() && value.is_int64() && value.get_int64() >= 0) *number->second = value.get_int64();
      else return admin_refusal(400, "unknown option or wrong type: " + std::string(name));
    }
    // Contact Sync brings fields of its own.
    if (options.contact_sync && !account.find_field("person", "job_title")) account.fields["person"].push_back({"job_title", "Job title", "varchar", {}, false});
  }
  json::object out;
  for (const auto& [name, value] : flags) out[name] = *value;
  for (const auto& [name, value] : numbers) out[name] = *value;
  return admin_answer(out);
}

/// GET fields/{entity}; PUT fields/{entity}/{name} {"field_type", "labels"} makes one; DELETE fields/{entity}/{code}; by name too.
response change_fields(company& account, const request& raw, const std::vector<std::string>& segments, const json::value& body) {
  auto& list = account.fields[segments[1]];
  const auto found = segments.size() < 3 ? list.end() : std::find_if(list.begin(), list.end(), [&](const field& one) { return one.code == segments[2] || one.name == segments[2]; });
  if (raw.method == "DELETE" && found == list.end()) return admin_refusal(404, "no such field");
  if (raw.method == "DELETE") list.erase(found);
  if (raw.method == "PUT" && segments.size() == 3) {
    const auto& wanted = body.is_object() ? body.get_object() : json::object();
    std::vector<std::string> labels;
    if (const auto* given = wanted.if_contains("labels"); given && given->is_array())
      for (const auto& one : given->get_array()) labels.emplace_back(one.as_string());
    if (found == list.end()) {
      account.add_field(segments[1], segments[2], std::string(text_of(wanted, "field_type")), std::move(labels));
    } else {
      for (std::size_t i = 0; i < std::min(labels.size(), found->options.size()); ++i) found->options[i].label = labels[i];
    }
  }
  json::array rows;
  for (const auto& one : list) {
    json::array options;
    for (const auto& each : one.options) options.push_back(json::object{{"id", each.id}, {"label", each.label}});
    rows.push_back({{"field_code", one.code}, {"field_name", one.name}, {"field_type", one.type}, {"is_custom_field", one.custom}, {"options", std::move(options)}});
  }
  return admin_answer({{"results", std::move(rows)}});
}

}  // namespace

response administer_company(company& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now) {
  const auto& area = segments.front();
  if (area == "objects" && (segments.size() == 2 || segments.size() == 3)) return show_objects(account, raw, segments, now);
  if (area == "duplicates") return show_duplicates(account);
  if (area == "tokens") return change_tokens(account, raw, body, now);
  if (area == "scopes") return change_scopes(account, raw, body);
  if (area == "options") return change_options(account, raw, body);
  if (area == "fields" && segments.size() > 1) return change_fields(account, raw, segments, body);
  return {0, {}, {}, {}};
}

}  // namespace leadsync::simulator::pipedrive
