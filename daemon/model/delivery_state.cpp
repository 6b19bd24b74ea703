#include "model/delivery_state.h"

#include <array>
#include <cstddef>

namespace leadsync {
namespace {

constexpr std::array<std::string_view, 5> states{"waiting", "released", "failed", "cleared", "dismissed"};
constexpr std::array<std::string_view, 3> modes{"automatic", "manual", "disabled"};
constexpr std::array<std::string_view, 3> breakers{"closed", "reconnect", "unreachable"};

template <class Enum, std::size_t Size>
std::optional<Enum> find(const std::array<std::string_view, Size>& names, std::string_view text) {
  for (std::size_t i = 0; i < Size; ++i)
    if (names[i] == text) return Enum(i);
  return std::nullopt;
}

}  // namespace

std::string_view to_text(delivery_state state) { return states[std::size_t(state)]; }
std::optional<delivery_state> parse_delivery_state(std::string_view text) { return find<delivery_state>(states, text); }
std::string_view to_text(sync_mode mode) { return modes[std::size_t(mode)]; }
std::optional<sync_mode> parse_sync_mode(std::string_view text) { return find<sync_mode>(modes, text); }
std::string_view to_text(breaker_state state) { return breakers[std::size_t(state)]; }
std::optional<breaker_state> parse_breaker_state(std::string_view text) { return find<breaker_state>(breakers, text); }

}  // namespace leadsync
