#pragma once

#include <chrono>
#include <cstdint>

namespace leadsync {

/// Full jitter: anywhere between nothing and base * 2^(attempt - 1), at most `ceiling`. `random` is uniform over its whole range.
[[nodiscard]] std::chrono::milliseconds full_jitter(std::int64_t attempt, std::chrono::milliseconds base, std::chrono::milliseconds ceiling,
                                                    std::uint64_t random);

}  // namespace leadsync
