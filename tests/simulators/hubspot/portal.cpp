#include "hubspot/portal.h"

#include <cassert>

namespace leadsync::simulator::hubspot {

using namespace std::chrono_literals;

portal::portal(std::uint64_t seed) : tokens(seed), random(seed) {
  quotas.add(quota("burst", window_kind::sliding, 10s));
  quota daily("daily", window_kind::daily, 24h);
  daily.set_day_offset(utc_offset);
  quotas.add(std::move(daily));
  quotas.add(quota("search", window_kind::sliding, 1s));
  fill_with_defaults(*this);
}

object_type* portal::find_type(std::string_view name) {
  for (auto& one : types)
    if (name == one.name() || name == one.type_id() || name == one.singular()) return &one;
  return nullptr;
}

object_type& portal::type(std::string_view plural) {
  auto* found = find_type(plural);
  assert(found);
  return *found;
}

std::string portal::uuid() {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out = "00000000-0000-4000-8000-000000000000";
  std::uint64_t bits = random();
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i == 18) bits = random();
    if (out[i] != '0') continue;
    out[i] = digits[bits & 15];
    bits >>= 4;
  }
  return out;
}

}  // namespace leadsync::simulator::hubspot
