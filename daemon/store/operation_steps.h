#pragma once

#include "store/operation_store.h"
#include "store/reader_pool.h"
#include "store/store.h"
#include "store/writer.h"

namespace leadsync {

/// Deliveries per transaction of work that may meet all of them.
constexpr int deliveries_per_step = 5'000;

/// What takes several transactions, so that nobody waits long behind it.
[[nodiscard]] store::task<std::int64_t> change_dismissals(writer& to, integration_id integration, delivery_filter filter, dismissal what,
                                                          std::string text, principal by);
[[nodiscard]] store::task<operation_record> cancel_operation(writer& to, reader_pool& from, operation_id operation);
[[nodiscard]] store::task<operation_record> create_operation(writer& to, reader_pool& from, operation_seed seed);

}  // namespace leadsync
