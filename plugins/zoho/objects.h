#pragma once
#include "json.h"

#include <vector>

namespace leadsync::zoho {

/// Our unique field, where `provision` made it. Zoho makes the API name of the label, "leadsync key".
inline constexpr std::string_view key_field = "leadsync_key";

/// An object of the manifest, and the Zoho module that it lives in.
struct object_kind {
  std::string_view name, module, title;
  std::string_view match_field;  ///< the module's own duplicate check field; empty: none
};
inline constexpr object_kind leads{"person", "Leads", "Lead", "Email"}, contacts{"person", "Contacts", "Contact", "Email"},
    accounts{"account", "Accounts", "Account", "Account_Name"}, notes{"note", "Notes", "Note", ""};

/// People are leads, which have the company as a text; or contacts, which belong to an account.
inline bool uses_contacts(const json::object& job) { return text_of(object_of(job, "settings"), "module") == "Contacts"; }
inline const object_kind& person_kind(const json::object& job) { return uses_contacts(job) ? contacts : leads; }

inline std::string module_url(const object_kind& kind, std::string_view rest = {}) { return "/crm/v8/" + std::string(kind.module) + std::string(rest); }
}  // namespace leadsync::zoho
