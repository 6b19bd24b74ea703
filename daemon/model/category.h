#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace leadsync {

/// Why a delivery is not in the CRM. `none` is the category of what has not failed.
enum class category {
  none,
  no_tag_mapping,
  data_value_validation,
  missing_remote_field,
  required_field_missing,
  field_not_writable,
  data_format_validation,
  data_too_long,
  not_enough_data,
  ambiguous_match,
  duplicate_blocked,
  target_gone,
  target_converted,
  crm_rule,
  owner_invalid,
  campaign_unavailable,
  authentication,
  permission,
  connection,
  throttled,
  quota_exhausted,
  remote_busy,
  ambiguous_write,
  payload_rejected,
  plugin_fault,
  unexpected,
};

/// What happens next by itself.
enum class disposition { retry, config, data, reconnect, park };

enum class actor { nobody, operator_, crm_admin };

struct category_info {
  category id;
  std::string_view code;      ///< "NO_TAG_MAPPING"
  std::string_view title;     ///< "Value has no mapping"
  std::string_view sentence;  ///< what went wrong, for a person who never saw this product
  disposition what_next;
  actor who;
  std::string_view fixer;   ///< title of the fixer, empty where there is none
  std::string_view action;  ///< what to do, one sentence
};

/// The one table; the API's problem types, the help pages and the client's text come from it.
[[nodiscard]] std::span<const category_info> all_categories();
[[nodiscard]] const category_info& info_of(category id);
[[nodiscard]] std::string_view code_of(category id);
[[nodiscard]] std::optional<category> parse_category(std::string_view code);
/// Never Failed, without a cap: THROTTLED, QUOTA_EXHAUSTED, REMOTE_BUSY.
[[nodiscard]] bool waits_without_cap(category id);

}  // namespace leadsync
