#pragma once

#include "store/delivery_scan.h"

#include <span>

namespace leadsync {

/// What an operation may take: nothing that was tried or accepted after it was asked for.
struct taking {
  std::int64_t operation = 0;
  std::int64_t watermark = 0;  ///< the newest attempt of then
  instant created_at;
  instant at;
};

/// Makes those of `ids` that match eligible, and returns how many. At most a page: intake waits meanwhile.
std::int64_t take_page(database& db, const taking& how, const resolved_filter& filter, std::span<const std::int64_t> ids);

}  // namespace leadsync
