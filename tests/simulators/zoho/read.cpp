#include "zoho/answers.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace leadsync::simulator::zoho {
namespace {

json::value shown_value(const organization& org, const field& of, const json::value& stored) {
  if (of.data_type == "datetime" && stored.is_string())
    if (const auto at = parse_rfc3339(std::string_view(stored.get_string()))) return json::value(org.time_text(*at));
  if (of.data_type == "ownerlookup" && stored.is_object()) return json::object{{"name", "A B"}, {"id", stored.at("id")}, {"email", "a.b@example.com"}};
  return stored;
}

std::size_t number_of(const std::optional<std::string>& text, std::size_t fallback) {
  std::size_t number = fallback;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

response list(organization& org, module& of, const call& from) {
  const auto asked = from.raw.parameter("fields");
  if (!asked || asked->empty()) return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {{"param_name", "fields"}});
  const auto parts = split(*asked, ',');
  const std::vector<std::string> fields(parts.begin(), parts.end());
  if (fields.size() > 50) return refuse(400, "LIMIT_EXCEEDED", "limit exceeded", {{"limit", 50}, {"param_name", "fields"}});
  const auto per_page = std::min<std::size_t>(number_of(from.raw.parameter("per_page"), 200), 200);
  const auto page = std::max<std::size_t>(number_of(from.raw.parameter("page"), 1), 1);
  std::vector<const record*> found;
  if (const auto ids = from.raw.parameter("ids")) {
    for (const auto id : split(*ids, ','))
      if (const auto* one = of.find(trim(id))) found.push_back(one);
  } else {
    for (auto one = of.records.rbegin(); one != of.records.rend(); ++one)
      if (!one->deleted && !one->converted) found.push_back(&*one);
  }
  json::array rows;
  for (std::size_t i = (page - 1) * per_page; i < std::min(found.size(), page * per_page); ++i) rows.push_back(shown(org, of, *found[i], fields));
  if (rows.empty()) return nothing();
  const auto count = rows.size();
  return ok(json::object{{"data", std::move(rows)}, {"info", {{"per_page", per_page}, {"count", count}, {"page", page}, {"sort_by", "id"}, {"sort_order", "desc"},
                         {"more_records", found.size() > page * per_page}, {"next_page_token", nullptr}, {"previous_page_token", nullptr}, {"page_token_expiry", nullptr}}}});
}

}  // namespace

json::object shown(const organization& org, module& of, const record& one, const std::vector<std::string>& fields) {
  json::object out;
  for (const auto& name : fields) {
    if (name == "Created_Time" || name == "Modified_Time") out[name] = org.time_text(name == "Created_Time" ? one.created_at : one.modified_at);
    if (name == "Tag") {
      auto& tags = out["Tag"].emplace_array();
      for (const auto& tag : one.tags) tags.push_back({{"name", tag}, {"id", nullptr}, {"color_code", nullptr}});
    }
    const auto* known = of.find_field(name);
    if (!known) continue;
    const auto* value = one.values.if_contains(name);
    out[name] = value ? shown_value(org, *known, *value) : json::value(nullptr);
  }
  out["id"] = std::to_string(one.id);
  return out;
}

response handle_records(organization& org, module& of, const call& from) {
  if (from.is("DELETE") && from.size() == 2) {
    auto* found = of.find(from.segment(1));
    if (!found) return bad_id();
    found->deleted = true;
    return ok(json::object{{"data", json::array{{{"code", "SUCCESS"}, {"details", {{"id", from.segment(1)}}}, {"message", "record deleted"}, {"status", "success"}}}}});
  }
  if (!from.is("GET")) return handle_write(org, of, from);
  if (from.size() == 1) return list(org, of, from);
  if (from.size() > 2) return unknown_path();
  const auto* one = of.find(from.segment(1));
  if (!one) return nothing();
  std::vector<std::string> all{"Created_Time", "Modified_Time", "Tag"};
  for (const auto& each : of.fields) all.push_back(each.api_name);
  return ok(json::object{{"data", json::array{shown(org, of, *one, all)}}});
}

}  // namespace leadsync::simulator::zoho
