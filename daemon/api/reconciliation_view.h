#pragma once

#include "store/records.h"

#include <boost/json/object.hpp>

#include <string_view>
#include <vector>

namespace leadsync::api {

/// What a reconciliation shows, out of counts alone: nothing here looks at a lead.
struct reconciliation_counts {
  summary_record summary;
  std::vector<locus_count> groups;
  std::vector<day_count> days;
};

struct state_totals {
  std::int64_t held = 0, queued = 0, syncing = 0, failed = 0, cleared = 0, dismissed = 0;
  [[nodiscard]] std::int64_t pre_sync() const { return held + queued + syncing; }
  [[nodiscard]] std::int64_t total() const { return pre_sync() + failed + cleared + dismissed; }
};

[[nodiscard]] state_totals totals_of(const summary_record& summary, std::string_view hold);
[[nodiscard]] boost::json::object to_view(const state_totals& totals);
[[nodiscard]] boost::json::object to_view(const reconciliation_counts& counts, std::string_view hold);

}  // namespace leadsync::api
