#include "hubspot/route.h"

#include <algorithm>
#include <array>

namespace leadsync::simulator::hubspot {
namespace {

bool is_version(std::string_view text) {
  static constexpr std::array<std::string_view, 5> known = {"v1", "v3", "v4", "2026-03", "2026-09"};
  return std::find(known.begin(), known.end(), text) != known.end();
}

bool is_area(std::string_view text) {
  static constexpr std::array<std::string_view, 7> known = {"objects", "associations", "properties", "lists", "owners", "property-validations", "schemas"};
  return std::find(known.begin(), known.end(), text) != known.end();
}

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// What may follow in a path and is not an id, an address or a property's name.
bool is_fixed(std::string_view text) {
  static constexpr std::array<std::string_view, 58> words = {
      "crm", "objects", "associations", "properties", "lists", "owners", "property-validations", "schemas", "crm-object-schemas",
      "account-info", "oauth", "contacts", "companies", "notes", "tasks", "leads", "deals", "contact", "company", "note", "task", "lead",
      "0-1", "0-2", "0-46", "0-27", "0-136", "batch", "create", "update", "upsert", "read", "archive", "search", "merge", "gdpr-delete",
      "associate", "default", "labels", "memberships", "add", "remove", "add-and-remove", "object-type-id", "name", "groups", "details",
      "api-usage", "daily", "private-apps", "token", "introspect", "revoke", "access-tokens", "refresh-tokens", "records", "tickets", "join-order"};
  return is_version(text) || std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

std::optional<route> parse_route(std::string_view path) {
  auto all = path_segments(path);
  if (all.size() < 2) return std::nullopt;
  route out;
  std::size_t rest = 3;
  if (all[0] == "crm" && all.size() >= 3) {
    const bool numbered_first = is_version(all[1]);
    out.version = all[numbered_first ? 1 : 2];
    out.area = all[numbered_first ? 2 : 1];
    if (!is_area(out.area)) return std::nullopt;
  } else if (all[0] == "crm-object-schemas" && all.size() >= 3 && all[2] == "schemas") {
    out.version = all[1];
    out.area = "schemas";
  } else if (all[0] == "account-info" || all[0] == "oauth") {
    out.version = all[1];
    out.area = all[0];
    rest = 2;
  }
  if (out.area.empty() || !is_version(out.version)) return std::nullopt;
  out.segments.assign(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(rest)), std::make_move_iterator(all.end()));
  return out;
}

std::string template_of(std::string_view path) {
  std::string out;
  for (const auto& segment : path_segments(path)) out += is_fixed(segment) ? "/" + segment : is_number(segment) ? "/{id}" : "/{name}";
  return out;
}

}  // namespace leadsync::simulator::hubspot
