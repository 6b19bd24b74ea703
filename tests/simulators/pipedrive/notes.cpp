#include "pipedrive/endpoints.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {
namespace {

constexpr std::pair<const char*, const char*> subjects[] = {{"lead_id", "leads"}, {"deal_id", "deals"}, {"person_id", "persons"}, {"org_id", "organizations"}};

/// Comments and scripts go.
std::string sanitized(std::string html) {
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"<!--", "-->"}, {"<script", "</script>"}})
    for (auto begin = html.find(open); begin != std::string::npos; begin = html.find(open)) {
      const auto end = html.find(close, begin);
      html.erase(begin, end == std::string::npos ? end : end + close.size() - begin);
    }
  return html;
}

std::optional<response> set_subjects(company& account, const json::object& body, json::object& data) {
  bool any = false;
  for (const auto& [key, plural] : subjects) {
    const auto id = id_of(body, key).empty() ? id_of(data, key) : id_of(body, key);
    if (id.empty()) continue;
    const auto* found = account.find_table(plural)->find(id);
    if (!found) return refuse(400, "Cannot add/update note because " + std::string(plural, std::string_view(plural).size() - 1) + " does not exist or you have no permissions to access this " +
                                   std::string(plural, std::string_view(plural).size() - 1) + ".");
    data[key] = found->data.at("id");
    any = true;
  }
  if (any) return std::nullopt;
  return refuse(400, "Note must be associated with at least one organization, person, deal, lead or project.");
}

}  // namespace

response handle_notes(company& account, const call& from) {
  const std::chrono::milliseconds lag(account.options.search_lag_ms);
  const auto& body = from.object();
  if (from.segments.size() == 1 && from.is("POST")) {
    if (text_of(body, "content").empty()) return refuse(400, "Content must be given.");
    const auto id = account.notes.next_id();
    const auto time = text_of(body, "add_time").empty() ? v1_time(from.now) : std::string(text_of(body, "add_time"));
    json::object data{{"id", id}, {"active_flag", true}, {"add_time", time}, {"content", sanitized(std::string(text_of(body, "content")))}, {"deal", nullptr}, {"lead_id", nullptr},
                      {"deal_id", nullptr}, {"last_update_user_id", nullptr}, {"org_id", nullptr}, {"organization", nullptr}, {"person", nullptr}, {"person_id", nullptr},
                      {"project_id", nullptr}, {"project", nullptr}, {"pinned_to_lead_flag", false}, {"pinned_to_deal_flag", false}, {"pinned_to_organization_flag", false},
                      {"pinned_to_person_flag", false}, {"pinned_to_project_flag", false}, {"update_time", v1_time(from.now)},
                      {"user", {{"email", "maria.lopez@example.com"}, {"icon_url", nullptr}, {"is_you", true}, {"name", "Maria Lopez"}}}, {"user_id", 101}};
    if (auto refused = set_subjects(account, body, data)) return std::move(*refused);
    return ok(account.notes.add(std::to_string(id), std::move(data), from.now, lag).data);
  }
  if (from.segments.size() == 1) {
    json::array rows;
    for (const auto& one : account.notes.all()) {
      bool wanted = !one.deleted;
      for (const auto& [key, plural] : subjects)
        if (const auto value = from.parameter(key); !value.empty() && id_of(one.data, key) != value) wanted = false;
      if (wanted) rows.push_back(one.data);
    }
    return offset_page(from, std::move(rows));
  }
  auto* note = account.notes.find(from.segment(1));
  if (!note) return entity_not_found();
  if (from.is("GET")) return ok(note->data);
  if (from.is("PUT")) {
    auto changed = note->data;
    if (!text_of(body, "content").empty()) changed["content"] = sanitized(std::string(text_of(body, "content")));
    if (auto refused = set_subjects(account, body, changed)) return std::move(*refused);
    changed["update_time"] = v1_time(from.now);
    note->data = std::move(changed);
  } else if (from.is("DELETE")) {
    note->deleted = true;
  }
  account.notes.changed(*note, from.now, lag);
  return note->deleted ? ok(true) : ok(note->data);
}

}  // namespace leadsync::simulator::pipedrive
