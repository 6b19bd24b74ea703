#pragma once

#include "store/operation_store.h"

namespace leadsync {

[[nodiscard]] std::optional<operation_scope> backfill_scope(connection& db, const operation_seed& seed, bool without_scan);

struct backfill_step {
  std::int64_t added = 0;
  std::int64_t last = 0;  ///< lead looked at last
  bool more = false;
};
/// Owes to the integration what it does not have, of the next `limit` leads up to the watermark.
[[nodiscard]] backfill_step backfill_some(database& db, operation_id operation, const operation_seed& seed, std::int64_t watermark,
                                          std::int64_t after, int limit);
/// A backfilled delivery that was never tried goes as it came.
void take_back(database& db, const delivery_entry& entry);

}  // namespace leadsync
