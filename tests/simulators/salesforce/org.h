#pragma once

#include "limits/quota_set.h"
#include "salesforce/ingest.h"
#include "salesforce/object_type.h"
#include "salesforce/record_types.h"
#include "salesforce/sessions.h"

#include <deque>

namespace leadsync::simulator::salesforce {

/// What is unconfirmed about the real API, what differs between orgs, and faults of records.
struct org_options {
  std::string duplicate_rule = "off";        ///< off, alert, block: a lead or contact with the e-mail address of another
  bool duplicate_misspelt = true;            ///< "duplicateResut"
  bool all_failed_is_400 = false;            ///< a collections call of which every record failed
  std::int64_t lock_rows = 0;                ///< so many more writes find their record locked
  std::int64_t hide_rows = 0;                ///< so many more collections answers lack their last row
  std::int64_t ingest_ms = 1000;             ///< from a complete upload of a bulk job to its results
  std::string assignment_owner = {};         ///< of new leads, by an active assignment rule
};

/// A validation rule, trigger or flow: refuses records of an object whose field has the value (empty: has none).
struct rule {
  std::string object, field, equals;
  std::string code = "FIELD_CUSTOM_VALIDATION_EXCEPTION";
  std::string message;
  std::vector<std::string> fields = {};
};

/// The whole state of one Salesforce org.
struct org {
  explicit org(std::uint64_t seed);

  std::string id = "00D5e000000PRODEA4";
  std::string user_id, inactive_user_id, queue_id, campaign_id;
  org_options options;
  std::vector<rule> rules;
  std::deque<object_type> types;
  sessions tokens;
  quota_set quotas;
  ingest_jobs jobs;
  salesforce::record_types record_types;
  std::size_t calls = 0;  ///< for the header, while no quota is set
  std::map<std::string, json::array, std::less<>> cursors;  ///< what is left of a query, by its locator

  [[nodiscard]] object_type* find_type(std::string_view name);
  [[nodiscard]] object_type& type(std::string_view name);
  /// The object whose ids begin so; null where unknown.
  [[nodiscard]] object_type* type_of_id(std::string_view record_id);
};

/// A new org's objects and fields, its users, a campaign and the organization itself.
void fill_with_defaults(org& account);

}  // namespace leadsync::simulator::salesforce
