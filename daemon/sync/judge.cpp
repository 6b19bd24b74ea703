#include "sync/judge.h"

#include "sync/backoff.h"

#include <algorithm>

namespace leadsync {

using namespace std::chrono_literals;

namespace {

judgement wait(instant due_at) { return {.next = delivery_state::waiting, .due_at = due_at}; }

}  // namespace

judgement judge(const failure_view& failure, const delivery_view& delivery, instant now, std::uint64_t random) {
  // Spread over a second, so that what was told to wait together does not come back together.
  const auto told = failure.retry_after > 0ms ? failure.retry_after + full_jitter(1, 1s, 1s, random) : 0ms;
  const auto own = full_jitter(delivery.attempt_number, 1s, 5min, random);

  if (waits_without_cap(failure.what)) return wait(now + std::max(told, own));

  const bool at_cap = delivery.counted_attempts + 1 >= delivery.cap;
  if (failure.what == category::connection) {
    auto next = wait(now + std::max(told, own));
    next.counted = delivery.another_succeeded;
    if (next.counted && at_cap) return {.next = delivery_state::failed, .counted = true};
    return next;
  }
  if (failure.what == category::ambiguous_write && failure.write_unanswered) {
    if (at_cap) return {.next = delivery_state::failed, .counted = true, .ambiguous = true};
    auto next = wait(now + delivery.settle + told);
    next.counted = true;
    next.ambiguous = true;
    return next;
  }
  return {.next = delivery_state::failed, .counted = true, .ambiguous = failure.what == category::ambiguous_write};
}

}  // namespace leadsync
