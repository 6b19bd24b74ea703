#pragma once
#include "json.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace leadsync::salesforce {

/// An object of the manifest and where it lives in Salesforce.
struct sobject {
  std::string_view name;    // in the manifest
  std::string_view type;    // in the API
  std::string_view prefix;  // of its record ids
};
inline constexpr sobject lead_records{"person", "Lead", "00Q"}, contact_records{"person", "Contact", "003"},
    account_records{"account", "Account", "001"}, task_records{"task", "Task", "00T"}, member_records{"campaign", "CampaignMember", "00v"};

/// Whether persons become contacts of accounts, and not leads.
inline bool uses_accounts(const json::object& job) { return text_of(object_of(job, "settings"), "strategy") == "accounts_and_contacts"; }
inline const sobject& person_records(const json::object& job) { return uses_accounts(job) ? contact_records : lead_records; }

inline constexpr std::string_view key_field = "leadsync_key__c";
inline constexpr std::string_view api = "/services/data/v62.0";

/// An id of 15 characters and one of 18 may mean the same record.
inline bool same_id(std::string_view left, std::string_view right) {
  return left.size() >= 15 && right.size() >= 15 && left.substr(0, 15) == right.substr(0, 15);
}

/// Salesforce compares e-mail addresses, names and our key without case.
std::string folded(std::string_view text);

/// In a bulk job: clears the field.
inline constexpr std::string_view null_cell = "#N/A";

void append_quoted(std::string& out, std::string_view text);

/// Only to be written where the CRM has no value yet.
inline bool is_if_empty(const json::value& value) { return text_of(as_object(value), "mode") == "if_empty"; }

/// The values of a record by field. `dropped` are those that stay as the CRM has them; `added` are ours, beside what is mapped.
struct field_values {
  const json::object* fields = &as_object(nullptr);
  std::vector<std::string_view> dropped;
  std::vector<std::pair<std::string_view, std::string>> added;

  [[nodiscard]] bool sends(std::string_view name) const;
  [[nodiscard]] std::string text(std::string_view name) const;  // as sent, without quotes; empty where it is not sent
  /// As a bulk job wants it: an empty cell leaves the field alone, #N/A clears it.
  [[nodiscard]] std::string cell(std::string_view name) const;
  [[nodiscard]] bool empty() const { return added.empty() && fields->size() <= dropped.size(); }
  /// `,"Name":value` for each.
  void append_to(std::string& out) const;
  /// The field whose value Salesforce quotes back; empty where it is none of these.
  [[nodiscard]] std::string_view field_with(std::string_view value) const;
};

/// One record to be written: of a lead, or the account of several leads.
struct record {
  std::uint32_t ordinal = 0;         // of the lead or the company, within the job
  std::vector<std::uint32_t> leads;  // whom its requests concern
  std::string key, id;               // id: Salesforce's, once known
  field_values values;
  std::string warnings;
  bool ambiguous = false;  // an earlier attempt may have written it
  bool aside = false;      // a policy has taken it over from failure, once
  bool moved = false;      // our key turned out to belong to an existing record, whose id it got
  bool settled = false, ok = false;
};
using records = std::vector<record*>;

/// On the verdict, should it be a good one.
void warn(record& subject, std::string_view code, std::string_view message, std::string_view field = {});

std::vector<std::uint32_t> leads_of(const records& inputs);
}  // namespace leadsync::salesforce
