#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

using milliseconds = std::chrono::milliseconds;

response lead_not_found() { return refuse(404, "requested lead not found", "Object was not found."); }

/// v1 takes an id as text as well.
json::value as_id(const json::value& given) {
  if (!given.is_string()) return given;
  std::int64_t id = 0;
  const auto& text = given.get_string();
  const bool whole = std::from_chars(text.data(), text.data() + text.size(), id).ptr == text.data() + text.size();
  return whole ? json::value(id) : given;
}

bool is_absent(const json::object& data, std::string_view name) { return id_of(data, name).empty(); }

/// What v1 refuses of a lead; all else it drops or coerces in silence.
std::optional<response> check(company& account, const json::object& body, const json::object& data) {
  const auto title = text_of(data, "title");
  if (title.empty()) return refuse(400, "\"title\" must be given.");
  if (code_point_count(title) > 255) return refuse(400, "\"title\" length must be less than or equal to 255 characters long");
  if (is_absent(data, "person_id") && is_absent(data, "organization_id")) return refuse(400, "One of the \"person_id\" or \"organization_id\" must be set.");
  const auto* value = body.if_contains("value");
  if (value && !value->is_null() && !(value->is_object() && value->get_object().contains("amount") && value->get_object().contains("currency")))
    return refuse(400, "\"value\" must be an object with amount and currency");
  const auto* labels = data.if_contains("label_ids");
  if (labels && labels->is_array())
    for (const auto& id : labels->get_array())
      if (std::none_of(account.labels.begin(), account.labels.end(), [&](const label& one) { return id.is_string() && id.get_string() == std::string_view(one.id); }))
        return refuse(400, "\"label_ids\" does not contain a known label");
  for (const auto& [key, kind] : {std::pair<const char*, table*>("person_id", &account.persons), {"organization_id", &account.organizations}})
    if (const auto id = id_of(body, key); !id.empty() && !kind->find(id))
      return account.options.unknown_link_status == 404 ? entity_not_found() : refuse(400, "\"" + std::string(key) + "\" is not a valid id");
  return std::nullopt;
}

void apply(company& account, const json::object& body, json::object& data) {
  constexpr std::string_view own[] = {"title", "owner_id", "label_ids", "person_id", "organization_id", "value", "expected_close_date", "visible_to", "was_seen", "channel", "channel_id"};
  for (const auto& [key, value] : body) {
    const std::string_view name = key;
    if (std::find(std::begin(own), std::end(own), name) != std::end(own)) {
      data[name] = name.ends_with("_id") ? as_id(value) : value;
      continue;
    }
    const auto code = name.substr(0, 40);
    const auto* of = account.find_field("deal", code);
    if (!of || !of->custom) continue;
    if (name.size() > 40) {
      if (of->type == "monetary" && name.substr(40) == "_currency") data[name] = value;
      continue;
    }
    auto kept = lax_value(*of, value);
    if (kept.is_null()) data.erase(name);
    else data[name] = std::move(kept);
  }
}

response create(company& account, const call& from) {
  const auto& body = from.object();
  const auto time = to_rfc3339(from.now);
  const auto id = account.uuid();
  json::object data{{"id", id}, {"title", nullptr}, {"owner_id", 101}, {"creator_id", 101}, {"label_ids", json::array()}, {"person_id", nullptr},
                    {"organization_id", nullptr}, {"source_name", "API"}, {"origin", "API"}, {"origin_id", nullptr}, {"channel", nullptr}, {"channel_id", nullptr},
                    {"is_archived", false}, {"was_seen", false}, {"value", nullptr}, {"expected_close_date", nullptr}, {"next_activity_id", nullptr},
                    {"add_time", time}, {"update_time", time}, {"visible_to", "3"}, {"cc_email", account.domain + "+1+lead" + id.substr(0, 8) + "@pipedrivemail.com"}};
  apply(account, body, data);
  if (const auto origin = text_of(body, "origin_id"); !origin.empty()) data["origin_id"] = origin;
  if (auto refused = check(account, body, data)) return std::move(*refused);
  return ok(account.leads.add(id, std::move(data), from.now, milliseconds(account.options.search_lag_ms)).data, nullptr, 201);
}

response list(company& account, const call& from, bool archived) {
  json::array rows;
  for (const auto& one : account.leads.all()) {
    if (one.deleted || (one.data.at("is_archived") == true) != archived) continue;
    bool wanted = true;
    for (const auto* name : {"person_id", "organization_id", "owner_id"})
      if (const auto value = from.parameter(name); !value.empty() && id_of(one.data, name) != value) wanted = false;
    if (wanted) rows.push_back(one.data);
  }
  if (ascii_lower(from.parameter("sort")).find("desc") != std::string::npos) std::reverse(rows.begin(), rows.end());
  return offset_page(from, std::move(rows));
}

}  // namespace

response handle_leads(company& account, const call& from) {
  if (from.segments.size() == 1) {
    if (from.is("GET")) return list(account, from, false);
    return from.is("POST") ? create(account, from) : refuse(405, "Method not allowed");
  }
  if (from.segment(1) == "archived") return list(account, from, true);
  auto* lead = account.leads.find(from.segment(1));
  if (!lead) return lead_not_found();
  if (from.is("GET")) return ok(lead->data);
  const milliseconds lag(account.options.search_lag_ms);
  if (from.is("DELETE")) {
    lead->deleted = true;
    account.leads.changed(*lead, from.now, lag);
    return ok(json::object{{"id", lead->id}});
  }
  if (!from.is("PATCH")) return refuse(405, "Method not allowed");
  auto changed = lead->data;
  apply(account, from.object(), changed);
  if (const auto* archived = from.object().if_contains("is_archived"); archived && archived->is_bool()) changed["is_archived"] = *archived;
  if (auto refused = check(account, from.object(), changed)) return std::move(*refused);
  changed["update_time"] = to_rfc3339(from.now);
  lead->data = std::move(changed);
  account.leads.changed(*lead, from.now, lag);
  return ok(lead->data);
}

response handle_lead_conversion(company& account, const call& from) {
  if (from.segment(3) == "status") {
    const auto found = account.conversions.find(std::string(from.segment(4)));
    if (found == account.conversions.end()) return entity_not_found();
    return ok(json::object{{"lead_id", from.segment(1)}, {"conversion_id", found->first}, {"deal_id", as_id(json::value(found->second))}, {"status", "completed"}});
  }
  auto* lead = account.leads.find(from.segment(1));
  if (!lead || !from.is("POST")) return entity_not_found();
  const auto id = account.deals.next_id();
  json::object deal{{"id", id}, {"title", lead->data.at("title")}, {"owner_id", 101}, {"person_id", lead->data.at("person_id")}, {"org_id", lead->data.at("organization_id")},
                    {"add_time", v2_time(from.now)}, {"update_time", v2_time(from.now)}, {"is_deleted", false}, {"status", "open"}, {"visible_to", 3},
                    {"label_ids", json::array()}, {"custom_fields", json::object()}, {"origin_id", lead->data.at("origin_id")}, {"source_lead_id", lead->id}};
  account.deals.add(std::to_string(id), std::move(deal), from.now, milliseconds(account.options.search_lag_ms));
  lead->deleted = true;
  account.leads.changed(*lead, from.now, milliseconds(account.options.search_lag_ms));
  const auto conversion = account.uuid();
  account.conversions[conversion] = std::to_string(id);
  return ok(json::object{{"conversion_id", conversion}});
}

response handle_lead_labels(company& account, const call& from) {
  const auto to_json = [&](const label& one) {
    const auto time = "2020-02-13T15:31:44.000Z";
    return json::object{{"id", one.id}, {"name", one.name}, {"color", one.color}, {"add_time", time}, {"update_time", time}};
  };
  if (from.is("POST")) {
    if (text_of(from.object(), "name").empty()) return refuse(400, "\"name\" is required");
    return ok(to_json(account.labels.emplace_back(label{account.uuid(), std::string(text_of(from.object(), "name")), std::string(text_of(from.object(), "color"))})));
  }
  json::array rows;
  for (const auto& one : account.labels) rows.push_back(to_json(one));
  return ok(std::move(rows));
}

}  // namespace leadsync::simulator::pipedrive
