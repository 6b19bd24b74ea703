#include "sync/batch.h"

#include <algorithm>

namespace leadsync {

std::size_t batch_size_for(std::size_t ready, std::size_t ordinary, std::size_t backlog) {
  return ready >= 10 * ordinary ? std::max(ordinary, backlog) : ordinary;
}

std::vector<candidate> take_batch(std::deque<candidate>& window, const in_flight& busy, std::size_t size) {
  std::vector<candidate> batch;
  std::unordered_set<std::int64_t> persons;
  std::deque<candidate> left;
  const auto blocked = [&](const candidate& each) {
    if (busy.persons.contains(each.person_key) || persons.contains(each.person_key)) return true;
    return !each.company_key.empty() && !busy.resolved_companies.contains(each.company_key) &&
           busy.companies.contains(each.company_key);
  };

  auto at = window.begin();
  for (; at != window.end() && batch.size() < size; ++at) {
    if (blocked(*at) || (at->alone && !batch.empty())) {
      left.push_back(std::move(*at));
      continue;
    }
    persons.insert(at->person_key);
    batch.push_back(std::move(*at));
    if (batch.back().alone) {
      ++at;
      break;
    }
  }
  window.erase(window.begin(), at);
  window.insert(window.begin(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
  return batch;
}

}  // namespace leadsync
