#include "app/config/secret_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace leadsync {
namespace {

constexpr std::size_t longest = 64 * 1024;

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

error fail(const std::string& path, const std::string& what) { return make_error(errc::not_permitted, path + " " + what); }

result<void> check_permissions(const std::string& path, const struct stat& status) {
  char mode[8];
  std::snprintf(mode, sizeof mode, "%04o", unsigned(status.st_mode & 07777));
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return fail(path, "belongs to user " + std::to_string(status.st_uid) + "; it must be root's or the daemon's own");
  if (status.st_mode & 0022) return fail(path, std::string("can be changed by others (mode ") + mode + "); chmod 0600 it");
  if (status.st_mode & 0007) return fail(path, std::string("can be read by everybody (mode ") + mode + "); chmod 0600 it");
  if ((status.st_mode & 0070) && status.st_uid != 0)
    return fail(path, std::string("can be read by its group (mode ") + mode + "); chmod 0600 it, or make it root's with mode 0640");
  return {};
}

result<secret> finish(std::string text, const std::string& from) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  if (text.empty()) return make_error(errc::invalid_input, from + " is empty");
  if (text.find('\0') != std::string::npos) return make_error(errc::invalid_input, from + " holds a NUL byte; it is not a text");
  return secret(std::move(text));
}

result<secret> read_file(const std::string& path, bool check) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return fail(path, std::string("cannot be read: ") + std::strerror(errno));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(path, std::string("cannot be read: ") + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return fail(path, "is not a file");
  if (check)
    if (auto good = check_permissions(path, status); !good) return good.error();
  std::string text(longest + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto count = ::read(file.get(), text.data() + size, text.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(path, std::string("cannot be read: ") + std::strerror(errno));
    if (count == 0) break;
    size += std::size_t(count);
  }
  if (size > longest) return fail(path, "is longer than 64 KiB; is it the right file?");
  text.resize(size);
  return finish(std::move(text), path);
}

}  // namespace

result<secret> read_secret(const secret_source& source) {
  switch (source.where) {
    case secret_source::kind::file: return read_file(source.name, true);
    case secret_source::kind::environment: {
      const char* text = std::getenv(source.name.c_str());
      if (!text) return make_error(errc::not_found, "environment variable " + source.name + " is not set");
      return finish(text, "environment variable " + source.name);
    }
    case secret_source::kind::credential: {
      const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
      if (!folder)
        return make_error(errc::not_found, "credential " + source.name + " cannot be read: $CREDENTIALS_DIRECTORY is not set; add LoadCredential=" +
                                               source.name + ":PATH to the unit");
      // The service manager made the folder for this process alone.
      return read_file(std::string(folder) + "/" + source.name, false);
    }
  }
  return make_error(errc::invalid_input, "unknown kind of secret");
}

}  // namespace leadsync
