#pragma once

#include "http/message.h"
#include "limits/quota_set.h"
#include "pipedrive/entity.h"
#include "pipedrive/tokens.h"

#include <array>
#include <map>
#include <random>

namespace leadsync::simulator::pipedrive {

/// What is unconfirmed about the real API, or differs between companies.
struct switches {
  std::int64_t search_lag_ms = 3000;
  bool contact_sync = false;           ///< job_title, notes, im, birthday, postal_address
  bool unknown_option_refused = true;  ///< false: dropped
  std::int64_t unknown_link_status = 404;
  bool burst_retry_after = false;  ///< a burst 429 says Retry-After
  bool bad_email_refused = false;
  bool error_field_code = true;  ///< validation errors carry `field_code` at the root
  std::int64_t cloudflare_after = 20;  ///< so many 429 in a row, and the gateway blocks; 0: never
  std::int64_t cloudflare_seconds = 300;
  std::int64_t success_false_next = 0;  ///< so many of the next calls answer 200 with "success": false, and do nothing
};

struct label {
  std::string id, name, color;
};

struct user {
  std::int64_t id = 1;
  std::string name, email;
  bool active = true;
};

/// A company account of Pipedrive: its records, fields, users and tokens.
struct company {
  company(std::uint64_t seed, const std::vector<std::string>& api_tokens);

  std::int64_t id = 7654321;
  std::string name = "Example Events", domain = "example-events", api_domain;
  table persons{"person"}, organizations{"organization"}, deals{"deal"}, leads{"lead"}, notes{"note"};
  std::map<std::string, std::vector<field>, std::less<>> fields;  ///< by entity: person, organization, deal
  std::vector<label> labels;
  std::vector<user> users;
  std::map<std::string, std::string> conversions;  ///< conversion id to deal id
  token_store tokens;
  switches options;
  quota_set quotas;
  instant blocked_until{};
  std::int64_t refused_in_a_row = 0;

  [[nodiscard]] std::string uuid();
  [[nodiscard]] std::string hash();
  /// Null for what is no table.
  [[nodiscard]] table* find_table(std::string_view plural);
  [[nodiscard]] field* find_field(std::string_view entity, std::string_view code);
  [[nodiscard]] const user* find_user(std::int64_t user_id) const;
  field& add_field(std::string_view entity, std::string name, std::string type, std::vector<std::string> option_labels = {});

 private:
  std::mt19937_64 random_;
  std::int64_t next_option_ = 1;
};

}  // namespace leadsync::simulator::pipedrive
