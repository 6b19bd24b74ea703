#pragma once
#include "errors.h"

#include <leadsync/plugin.hpp>

namespace leadsync::hubspot {

/// Where an object lives in HubSpot.
struct object_kind {
  std::string_view name;     // in the manifest
  std::string_view path;     // in URLs
  std::string_view type_id;  // in record links and validation rules
  std::string_view title;
};
inline constexpr object_kind contacts{"contact", "contacts", "0-1", "Contact"}, companies{"company", "companies", "0-2", "Company"},
    notes{"note", "notes", "0-46", "Note"};
inline constexpr object_kind object_kinds[] = {contacts, companies, notes};

/// Our unique property, where `provision` made it.
inline constexpr std::string_view key_property = "leadsync_key";

inline std::string objects_url(const object_kind& kind, std::string_view call) {
  return "/crm/v3/objects/" + std::string(kind.path) + "/" + std::string(call);
}

inline std::vector<failure> failures_of(const sdk::answer& answer, bool blind_write = false) {
  return classify({.transport = static_cast<std::uint32_t>(answer.transport()), .status = answer.status(), .body = answer.body(),
                   .retry_after = answer.header("retry-after"), .blind_write = blind_write});
}

/// Empty where there is no success, or no JSON object.
inline json::object success_of(const sdk::answer& answer) { return answer.ok() ? parsed(answer.body()) : json::object{}; }

}  // namespace leadsync::hubspot
