#include "store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace leadsync {

result<folder_lock> folder_lock::take(const std::filesystem::path& folder) {
  const auto file = folder / "leadsync.lock";
  folder_lock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (lock.descriptor_ < 0) return make_error(errc::io, file.string() + ": " + std::strerror(errno));
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0)
    return make_error(errc::unavailable, "another leadsyncd uses " + folder.string());
  return lock;
}

folder_lock::~folder_lock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace leadsync
