#pragma once

#include "base/error.h"

#include <cerrno>
#include <cstring>
#include <string>

namespace leadsync {

/// Of the system call that has just failed.
inline error system_error(const std::string& doing) {
  return make_error(errno == EACCES || errno == EPERM ? errc::not_permitted : errc::io, doing + ": " + std::strerror(errno));
}

}  // namespace leadsync
