#include "plugin/crash_note.h"

#include "plugin/system_error.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <memory>

namespace leadsync {
namespace {

constexpr std::array signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t max_name_bytes = 64;
constexpr std::size_t digest_bytes = 64;
constexpr std::size_t signal_stack_bytes = 64 * 1024;

struct call_state {
  char plugin[max_name_bytes];
  std::size_t plugin_size;
  char sha256[digest_bytes];
  std::size_t sha256_size;
  std::int64_t run_id;
  int depth;
};

// Trivial, so that the handler may read it: no constructor runs on first use.
thread_local call_state current{};

int note_descriptor = -1;
struct sigaction previous[signals.size()];

/// A thread without one of its own (a sanitizer gives it one) gets a stack on which the handler can run after a stack overflow.
class signal_stack {
 public:
  signal_stack() noexcept {
    stack_t present{};
    if (sigaltstack(nullptr, &present) != 0 || !(present.ss_flags & SS_DISABLE)) return;
    memory_.reset(new (std::nothrow) char[signal_stack_bytes]);
    if (!memory_) return;
    stack_t mine{};
    mine.ss_sp = memory_.get();
    mine.ss_size = signal_stack_bytes;
    if (sigaltstack(&mine, nullptr) != 0) memory_.reset();
  }
  ~signal_stack() {
    if (!memory_) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
  }
  signal_stack(const signal_stack&) = delete;
  signal_stack& operator=(const signal_stack&) = delete;

 private:
  std::unique_ptr<char[]> memory_;
};

char* append(char* to, const char* text, std::size_t size) noexcept {
  std::memcpy(to, text, size);
  return to + size;
}

char* append(char* to, std::int64_t number) noexcept { return std::to_chars(to, to + 24, number).ptr; }

/// Only what POSIX allows in a handler, and memcpy and integer to_chars, which touch nothing but their arguments.
void write_note(int signal) noexcept {
  char text[max_name_bytes + digest_bytes + 64];
  char* end = append(text, current.run_id);
  *end++ = ' ';
  end = append(end, signal);
  *end++ = ' ';
  end = append(end, current.sha256, current.sha256_size);
  *end++ = ' ';
  end = append(end, current.plugin, current.plugin_size);
  *end++ = '\n';
  [[maybe_unused]] const auto written = pwrite(note_descriptor, text, static_cast<std::size_t>(end - text), 0);
}

extern "C" void on_fatal_signal(int signal, siginfo_t*, void*) {
  const int saved_errno = errno;
  if (current.depth > 0) write_note(signal);
  for (std::size_t i = 0; i < signals.size(); ++i)
    if (signals[i] == signal) sigaction(signal, &previous[i], nullptr);
  errno = saved_errno;
  raise(signal);  // delivered on return, to whoever was there before us: core dump, or a sanitizer's report
}

}  // namespace

current_plugin_call::current_plugin_call(std::string_view plugin, std::string_view sha256, std::int64_t run_id) noexcept {
  thread_local const signal_stack stack;
  static_cast<void>(stack);
  if (current.depth == 0) {
    current.plugin_size = std::min(plugin.size(), max_name_bytes);
    std::memcpy(current.plugin, plugin.data(), current.plugin_size);
    current.sha256_size = std::min(sha256.size(), digest_bytes);
    std::memcpy(current.sha256, sha256.data(), current.sha256_size);
    current.run_id = run_id;
  }
  ++current.depth;
}

current_plugin_call::~current_plugin_call() { --current.depth; }

std::string_view current_plugin_call::plugin() noexcept {
  return current.depth > 0 ? std::string_view(current.plugin, current.plugin_size) : std::string_view();
}

std::int64_t current_plugin_call::run_id() noexcept { return current.depth > 0 ? current.run_id : 0; }

result<> install_crash_note(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return system_error("opening " + file.string());
  note_descriptor = descriptor;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    struct sigaction action {};
    action.sa_sigaction = &on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    if (sigaction(signals[i], &action, &previous[i]) != 0) return system_error("installing the crash handler");
  }
  return {};
}

result<std::optional<crash_note>> read_and_clear_crash_note(const std::filesystem::path& file) {
  struct stat status {};
  if (lstat(file.c_str(), &status) != 0) {
    if (errno == ENOENT) return std::optional<crash_note>();
    return system_error("reading " + file.string());
  }
  crash_note note;
  std::ifstream in(file);
  const bool whole = in >> note.run_id >> note.signal >> note.sha256 >> std::ws && std::getline(in, note.plugin);
  if (!in.is_open()) return system_error("reading " + file.string());
  if (status.st_size > 0 && truncate(file.c_str(), 0) != 0) return system_error("clearing " + file.string());
  if (!whole) return std::optional<crash_note>();
  return std::optional<crash_note>(std::move(note));
}

}  // namespace leadsync
