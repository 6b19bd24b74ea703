#include "sync/zone.h"

#include <stdexcept>

namespace leadsync {

const date::time_zone* find_zone(std::string_view name) try {
  return name.empty() ? nullptr : date::locate_zone(std::string(name));
} catch (const std::runtime_error&) {
  return nullptr;
}

instant first_moment_of(const date::time_zone& zone, date::local_seconds local) {
  const auto info = zone.get_info(local);
  if (info.result == date::local_info::nonexistent) return info.second.begin;
  return date::sys_seconds(local.time_since_epoch()) - info.first.offset;
}

}  // namespace leadsync
