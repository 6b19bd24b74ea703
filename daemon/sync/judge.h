#pragma once

#include "base/instant.h"
#include "model/category.h"
#include "model/delivery_state.h"
#include "model/locus.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace leadsync {

/// The failed phase that gives a delivery its category.
struct failure_view {
  category what = category::unexpected;
  std::chrono::milliseconds retry_after{0};
  bool write_unanswered = false;  ///< a blind write left and no answer came
};

/// What is known of the delivery and its integration when an attempt ends.
struct delivery_view {
  std::int64_t attempt_number = 1;
  std::int64_t counted_attempts = 0;  ///< before this one
  bool another_succeeded = false;     ///< another delivery of the integration, since this one began to fail
  int cap = 5;
  std::chrono::milliseconds settle{0};
};

struct judgement {
  delivery_state next = delivery_state::failed;
  std::optional<instant> due_at;
  bool counted = false;
  bool ambiguous = false;
};

/// Retry by itself, or for a person? A throttled or locked CRM is nobody's fault and has no cap; an unreachable one counts only where
/// others got through; a write without an answer is looked up before it is sent again, and parked where that decides nothing.
[[nodiscard]] judgement judge(const failure_view& failure, const delivery_view& delivery, instant now, std::uint64_t random);

}  // namespace leadsync
