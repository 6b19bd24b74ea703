#include "base/text.h"
#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

using milliseconds = std::chrono::milliseconds;

json::object new_record(std::string_view entity, std::int64_t id, instant now) {
  const auto time = v2_time(now);
  json::object data{{"id", id}, {"owner_id", 101}, {"add_time", time}, {"update_time", time}, {"is_deleted", false}, {"visible_to", 3},
                    {"label_ids", json::array()}, {"custom_fields", json::object()}};
  const auto absent = [&](std::initializer_list<const char*> names) {
    for (const auto* name : names) data[name] = nullptr;
  };
  if (entity == "person") {
    data["emails"] = data["phones"] = json::array();
    absent({"org_id", "picture_id"});
  } else if (entity == "organization") {
    absent({"address", "website", "linkedin", "industry", "annual_revenue", "employee_count"});
  } else {
    absent({"person_id", "org_id", "value", "currency", "expected_close_date", "origin_id", "source_lead_id"});
    data["status"] = "open";
  }
  return data;
}

/// Of the many custom fields only those asked for, where any are.
json::object shown(const entity& one, const std::vector<std::string_view>& wanted) {
  auto data = one.data;
  if (wanted.empty()) return data;
  auto& custom = data["custom_fields"].as_object();
  for (auto at = custom.begin(); at != custom.end();)
    at = std::find(wanted.begin(), wanted.end(), std::string_view(at->key())) == wanted.end() ? custom.erase(at) : at + 1;
  return data;
}

constexpr std::string_view list_parameters[] = {"ids", "filter_id", "owner_id", "org_id", "deal_id", "person_id", "updated_since", "updated_until", "sort_by",
                                                "sort_direction", "custom_fields", "include_fields", "include_option_labels", "include_labels", "limit", "cursor", "api_token"};

std::vector<std::string> unknown_parameters(const call& from) {
  std::vector<std::string> texts;
  for (const auto part : split(from.raw.query, '&')) {
    const auto name = url_decode(part.substr(0, part.find('=')));
    if (!name.empty() && std::find(std::begin(list_parameters), std::end(list_parameters), name) == std::end(list_parameters))
      texts.push_back(name + ": Parameter '" + name + "' is not allowed");
  }
  return texts;
}

response list(company& account, const call& from, table& kind) {
  auto texts = unknown_parameters(from);
  const auto time = [&](const char* name) -> std::optional<instant> {
    const auto text = from.parameter(name);
    if (text.empty()) return std::nullopt;
    const auto at = parse_rfc3339(text);
    // A fraction of a second is refused, whatever RFC 3339 says.
    if (!at || text.find('.') != std::string::npos) texts.push_back(std::string(name) + ": " + text + " is not a valid datetime");
    return at ? std::optional(*at) : std::nullopt;
  };
  const auto since = time("updated_since"), until = time("updated_until");
  if (!texts.empty()) return invalid(account, texts);
  const auto ids_text = from.parameter("ids"), custom_text = from.parameter("custom_fields");
  const auto ids = ids_text.empty() ? std::vector<std::string_view>() : split(ids_text, ',');
  const auto custom = custom_text.empty() ? std::vector<std::string_view>() : split(custom_text, ',');
  if (custom.size() > 15 || ids.size() > 100) return invalid(account, {custom.size() > 15 ? "custom_fields: maximum 15 keys" : "ids: maximum 100 ids"});
  std::vector<const entity*> rows;
  for (const auto& one : kind.all()) {
    if (one.deleted || (!ids.empty() && std::find(ids.begin(), ids.end(), one.id) == ids.end())) continue;
    const auto updated = std::chrono::floor<std::chrono::seconds>(one.updated_at);
    if ((since && updated < *since) || (until && updated > *until)) continue;
    bool wanted = true;
    for (const auto* name : {"owner_id", "org_id", "person_id"})
      if (const auto value = from.parameter(name); !value.empty() && id_of(one.data, name) != value) wanted = false;
    if (wanted) rows.push_back(&one);
  }
  const auto sort_by = from.parameter("sort_by");
  if (sort_by == "update_time") std::stable_sort(rows.begin(), rows.end(), [](auto* a, auto* b) { return a->updated_at < b->updated_at; });
  if (from.parameter("sort_direction") == "desc") std::reverse(rows.begin(), rows.end());
  json::array page;
  for (const auto* one : rows) page.push_back(shown(*one, custom));
  return cursor_page(from, std::move(page));
}

response answer_faults(const company& account, const faults& found) {
  return found.other.status != 0 && (found.texts.empty() || found.other.status == 403) ? found.other : invalid(account, found.texts, found.field_code);
}

response create(company& account, const call& from, table& kind) {
  const auto found = check_body(account, kind.name(), from.object(), true);
  if (!found.texts.empty() || found.other.status != 0) return answer_faults(account, found);
  const auto id = kind.next_id();
  auto data = new_record(kind.name(), id, from.now);
  apply_body(account, kind.name(), from.object(), data);
  return ok(kind.add(std::to_string(id), std::move(data), from.now, milliseconds(account.options.search_lag_ms)).data);
}

}  // namespace

response handle_records(company& account, const call& from, table& kind) {
  if (from.segments.size() == 1) {
    if (from.is("GET")) return list(account, from, kind);
    return from.is("POST") ? create(account, from, kind) : refuse(405, "Method not allowed");
  }
  auto* one = kind.find(from.segment(1));
  if (!one || from.segments.size() > 2) return entity_not_found();
  if (from.is("GET")) {
    const auto wanted = from.parameter("custom_fields");
    return ok(shown(*one, wanted.empty() ? std::vector<std::string_view>() : split(wanted, ',')));
  }
  const milliseconds lag(account.options.search_lag_ms);
  if (from.is("PATCH")) {
    const auto found = check_body(account, kind.name(), from.object(), false);
    if (!found.texts.empty() || found.other.status != 0) return answer_faults(account, found);
    apply_body(account, kind.name(), from.object(), one->data);
    one->data["update_time"] = v2_time(from.now);
    kind.changed(*one, from.now, lag);
    return ok(one->data);
  }
  if (!from.is("DELETE")) return refuse(405, "Method not allowed");
  one->deleted = true;
  one->data["is_deleted"] = true;
  kind.changed(*one, from.now, lag);
  return ok(json::object{{"id", one->data.at("id")}});
}

/// The record in the path goes; the one in the body stays, and wins where both have a value.
response handle_merge(company& account, const call& from, table& kind) {
  auto* loser = kind.find(from.segment(1));
  auto* winner = kind.find(id_of(from.object(), "merge_with_id"));
  if (!loser || !winner || loser == winner) return entity_not_found();
  for (const auto& [name, value] : loser->data)
    if (winner->data[name].is_null()) winner->data[name] = value;
  loser->deleted = true;
  loser->data["is_deleted"] = true;
  const milliseconds lag(account.options.search_lag_ms);
  kind.changed(*loser, from.now, lag);
  kind.changed(*winner, from.now, lag);
  return ok(winner->data);
}

}  // namespace leadsync::simulator::pipedrive
