#pragma once

#include "model/ids.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

namespace leadsync {

/// A delivery that could be claimed, as batching needs it.
struct candidate {
  delivery_id delivery;
  std::int64_t person_key = 0;
  std::string company_key;  ///< empty: none
  bool alone = false;
};

/// What is under way. Neither a person nor a company whose remote id is not known yet may be in flight twice: two requests at once
/// would make two records.
struct in_flight {
  std::unordered_set<std::int64_t> persons;
  std::unordered_set<std::string> companies;           ///< unresolved ones only
  std::unordered_set<std::string> resolved_companies;  ///< remote id known
};

/// A CRM's bulk interface pays off for a backlog alone: what waits for ten ordinary batches goes as large ones.
[[nodiscard]] std::size_t batch_size_for(std::size_t ready, std::size_t ordinary, std::size_t backlog);

/// Takes up to `size` candidates out of `window`, in order, leaving those that must wait for others. Within one batch a person occurs once;
/// leads of one company may share it.
[[nodiscard]] std::vector<candidate> take_batch(std::deque<candidate>& window, const in_flight& busy, std::size_t size);

}  // namespace leadsync
