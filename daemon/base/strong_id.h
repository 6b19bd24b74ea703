#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace leadsync {

/// A database id that cannot be mistaken for another kind of id. 0 means none.
template <class Tag>
struct strong_id {
  std::int64_t value = 0;

  friend auto operator<=>(const strong_id&, const strong_id&) = default;
  explicit operator bool() const { return value != 0; }
};

template <class Tag>
std::string to_string(strong_id<Tag> id) {
  return std::to_string(id.value);
}

}  // namespace leadsync

template <class Tag>
struct std::hash<leadsync::strong_id<Tag>> {
  std::size_t operator()(leadsync::strong_id<Tag> id) const noexcept { return std::hash<std::int64_t>()(id.value); }
};
