#pragma once

#include "store/delivery_entry.h"
#include "store/records.h"

namespace leadsync {

struct run_view {
  std::int64_t id = 0;
  std::int64_t integration = 0;
  std::int64_t mapping_revision = 0;
};

/// What a delivery becomes by its attempt: the row of the attempt, the state, the counts, and its operation's progress.
/// True where it is queued again because its lead changed meanwhile.
[[nodiscard]] bool apply_outcome(database& db, const run_view& run, const delivery_entry& before, const attempt_outcome& outcome, instant at);

/// Remote ids and phases done, added to what is known.
void save_progress(database& db, const attempt_outcome& outcome);

}  // namespace leadsync
