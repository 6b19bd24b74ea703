#pragma once

#include "store/delivery_scan.h"

namespace leadsync {

[[nodiscard]] result<summary_record> summary(connection& db, integration_id integration, const delivery_filter& filter);
[[nodiscard]] result<std::vector<locus_count>> groups(connection& db, integration_id integration, const delivery_filter& filter);
[[nodiscard]] result<std::vector<day_count>> failures_by_day(connection& db, integration_id integration);
/// Newest first.
[[nodiscard]] result<delivery_page> deliveries(connection& db, integration_id integration, const delivery_filter& filter,
                                               const std::string& cursor, int limit);
[[nodiscard]] result<delivery_detail> delivery(connection& db, integration_id integration, lead_id lead);
[[nodiscard]] result<std::vector<document_row>> documents(connection& db, integration_id integration, const delivery_filter& filter,
                                                          delivery_id after, int limit);
[[nodiscard]] result<std::int64_t> count(connection& db, integration_id integration, const delivery_filter& filter);

}  // namespace leadsync
