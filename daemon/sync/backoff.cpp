#include "sync/backoff.h"

#include <algorithm>

namespace leadsync {

std::chrono::milliseconds full_jitter(std::int64_t attempt, std::chrono::milliseconds base, std::chrono::milliseconds ceiling,
                                      std::uint64_t random) {
  const auto doublings = std::clamp<std::int64_t>(attempt - 1, 0, 30);
  const auto reach = std::min<std::int64_t>(base.count() << doublings, ceiling.count());
  return std::chrono::milliseconds(std::int64_t(random % std::uint64_t(std::max<std::int64_t>(reach, 0) + 1)));
}

}  // namespace leadsync
