#include "app/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace leadsync {

result<state_folder> state_folder::open(const std::filesystem::path& folder) {
  const auto fail = [&](errc code, const std::string& what) { return make_error(code, "state folder " + folder.string() + ": " + what); };
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return fail(errc::io, "cannot be made: " + failure.message());
  if (::chmod(folder.c_str(), 0700) != 0) return fail(errc::io, std::string("cannot be closed to others: ") + std::strerror(errno));
  const int lock = ::open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return fail(errc::io, std::string("cannot be written: ") + std::strerror(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fail(errc::conflict, "another leadsyncd is using it; stop that one, or give this one a `state_folder` of its own");
  }
  return state_folder(lock);
}

state_folder::~state_folder() {
  if (lock_ >= 0) ::close(lock_);
}

state_folder::state_folder(state_folder&& other) noexcept : lock_(std::exchange(other.lock_, -1)) {}

}  // namespace leadsync
