#pragma once

#include "store/delivery_scan.h"

namespace leadsync {

/// Counts the verdict of a delivery in the operation that it belongs to, and takes it out.
void finish_in_operation(database& db, delivery_entry& entry);

/// What an operation covers when it is accepted.
struct operation_scope {
  std::int64_t total = 0;
  std::int64_t watermark = 0;
};
/// On any connection; `exact_only`: nothing where that takes a scan.
[[nodiscard]] std::optional<operation_scope> scope_of(connection& db, const operation_seed& seed, bool without_scan);

[[nodiscard]] result<operation_record> create_operation(database& db, const operation_seed& seed, operation_scope scope);
[[nodiscard]] result<operation_record> advance_operation(database& db, operation_id operation, int limit);
/// Marks it; `finish_cancel` moves its deliveries, a batch at a time.
[[nodiscard]] result<operation_record> begin_cancel(database& db, operation_id operation);
/// True where more is left.
[[nodiscard]] result<bool> finish_cancel(database& db, operation_id operation, int limit);
[[nodiscard]] std::vector<operation_id> half_cancelled(connection& db);

[[nodiscard]] result<std::vector<operation_record>> unfinished_operations(connection& db);
[[nodiscard]] result<operation_record> find_operation(connection& db, operation_id operation);

enum class dismissal { dismiss, undismiss };

struct dismissal_step {
  std::int64_t changed = 0;
  std::int64_t last = 0;  ///< delivery looked at last
  bool more = false;
};
[[nodiscard]] result<dismissal_step> dismiss_some(database& db, integration_id integration, const delivery_filter& filter, dismissal what,
                                                  std::int64_t after, int limit);

}  // namespace leadsync
