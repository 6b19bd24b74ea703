#pragma once

#include "hubspot/object_type.h"
#include "hubspot/tokens.h"
#include "limits/quota_set.h"

#include <deque>
#include <random>
#include <set>

namespace leadsync::simulator::hubspot {

/// What is unconfirmed about the real API, and what differs between accounts.
struct portal_options {
  std::int64_t search_lag_ms = 3000;
  bool upsert_by_email = true;             ///< false: "Unable to perform update/upsert by non-unique 0-1 property email"
  bool secondary_email_matches = true;     ///< an address in hs_additional_emails finds its owner in an upsert
  bool rules_on_numbered_paths = true;     ///< admin rules hold on /crm/v3 too, and not on 2026-09 alone
  bool update_partial_with_trace = false;  ///< batch/update with trace ids answers a bad property with 207
  bool lifecycle_forward_only = true;      ///< a backward write of lifecyclestage is silently not applied
  bool legacy_validation_results = false;  ///< INVALID_DOMAIN in the older shape
  bool leads_enabled = true;               ///< the Lead object needs Sales Hub
  bool auto_associate_company = false;     ///< contacts join the company of their e-mail's domain
  bool shuffle_results = true;
};

struct owner {
  std::uint64_t id;
  std::uint64_t user_id;
  std::string email, first_name, last_name;
  bool archived = false;
};

struct contact_list {
  std::uint64_t id;
  std::string name, type_id, processing_type;
  std::set<std::uint64_t> members;
  instant created_at{};
};

/// The whole state of one HubSpot account.
struct portal {
  explicit portal(std::uint64_t seed);

  std::uint64_t id = 44237313;
  std::string time_zone = "US/Eastern";
  std::chrono::minutes utc_offset{-300};
  portal_options options;
  std::deque<object_type> types;
  std::vector<owner> owners;
  std::deque<contact_list> lists;
  std::set<std::pair<std::string, std::string>> property_groups;  ///< object type, name
  token_store tokens;
  quota_set quotas;
  std::mt19937_64 random;
  std::string correlation_id;

  /// By name or type id; singular names too. Null where unknown.
  [[nodiscard]] object_type* find_type(std::string_view name);
  [[nodiscard]] object_type& type(std::string_view plural);
  [[nodiscard]] std::string uuid();
};

/// A new account's objects, properties, owners and lists.
void fill_with_defaults(portal& account);

}  // namespace leadsync::simulator::hubspot
