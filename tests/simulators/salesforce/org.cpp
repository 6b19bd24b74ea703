#include "salesforce/org.h"

#include "base/text.h"

#include <cassert>

namespace leadsync::simulator::salesforce {

using namespace std::chrono_literals;

org::org(std::uint64_t seed) : tokens(seed) {
  quotas.add(quota("daily", window_kind::sliding, 24h));
  fill_with_defaults(*this);
}

object_type* org::find_type(std::string_view name) {
  const auto lower = ascii_lower(name);
  for (auto& one : types)
    if (ascii_lower(one.name()) == lower) return &one;
  return nullptr;
}

object_type& org::type(std::string_view name) {
  auto* found = find_type(name);
  assert(found);
  return *found;
}

object_type* org::type_of_id(std::string_view record_id) {
  for (auto& one : types)
    if (!one.prefix().empty() && record_id.starts_with(one.prefix())) return &one;
  return nullptr;
}

}  // namespace leadsync::simulator::salesforce
