#pragma once

#include "limits/quota_set.h"
#include "zoho/field.h"
#include "zoho/tokens.h"

#include <deque>
#include <unordered_map>

namespace leadsync::simulator::zoho {

struct record {
  std::uint64_t id = 0;
  instant created_at{}, modified_at{};
  json::object values;
  std::vector<std::string> tags;
  std::vector<json::object> campaigns;  ///< {"id", "Member_Status"} each
  bool deleted = false, locked = false, unapproved = false, converted = false;

  [[nodiscard]] bool is_set(std::string_view name) const;
};

/// Leads, Contacts, Accounts, Notes: fields, and records found by the fields that upsert may match by.
struct module {
  module(std::string name, std::string number, std::string checked, std::vector<field> all)
      : api_name(std::move(name)), id(std::move(number)), system_field(std::move(checked)), fields(std::move(all)) {}

  std::string api_name, id;
  std::string system_field;  ///< the duplicate check's own; empty: none
  std::vector<field> fields;
  std::deque<record> records;  ///< stay where they are

  [[nodiscard]] field* find_field(std::string_view name);
  [[nodiscard]] bool matches_by(const field& of) const { return of.unique || of.api_name == system_field; }
  [[nodiscard]] record* find(std::string_view id);
  /// Live records with this value, whatever its case. Converted ones are not looked at.
  [[nodiscard]] std::vector<record*> holders(std::string_view field, const json::value& value);
  record& add(std::uint64_t id, instant now);
  void index(record& one);
  void index_all();
  void clear();

 private:
  std::unordered_map<std::string, std::vector<record*>> by_value_;
  std::unordered_map<std::uint64_t, record*> by_id_;
};

/// What is unconfirmed about the real API, or differs between organizations.
struct organization_options {
  bool reject_unknown_fields = false;  ///< else they are dropped without a word
  unknown_option unknown_values = unknown_option::reject;
  std::string several_matches = "first";  ///< or newest
  int mixed_status = 207;                 ///< or 200
  std::string api_domain;                 ///< of the token answer; empty: where the request came to
};

/// The whole state of one Zoho CRM organization.
struct organization {
  explicit organization(std::uint64_t seed);

  std::string id = "707134521", name = "Expo Works", zone = "Asia/Kolkata", offset_text = "+05:30";
  std::chrono::minutes offset{330};
  organization_options options;
  std::deque<module> modules;
  token_store tokens;
  quota_set quotas;
  std::uint64_t next_id = 111111000000095001;

  [[nodiscard]] module* find_module(std::string_view api_name);
  /// "2026-11-25T15:00:00+05:30"
  [[nodiscard]] std::string time_text(instant at) const;
  [[nodiscard]] std::string new_id() { return std::to_string(next_id++); }
};

void fill_with_defaults(organization& org);

}  // namespace leadsync::simulator::zoho
