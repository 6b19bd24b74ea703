#include "child.h"

#include "finding.h"

#include <boost/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace leadsync::kit {
namespace {

int to_parent = -1;

void write_all(std::string_view text) {
  while (!text.empty()) {
    const auto written = write(to_parent, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(std::size_t(written));
  }
}

// Three texts with a NUL in between: passed or what is wrong, the rule, the output.
void tell(std::string_view what, std::string_view rule, std::string_view output) {
  std::string told(what);
  (told += '\0') += rule;
  (told += '\0') += output;
  told += '\0';
  write_all(told);
}

[[noreturn]] void run(const std::function<std::string()>& work) {
  try {
    tell("passed", "", work());
  } catch (const finding& found) {
    tell(std::string("found ") + found.what(), found.rule, "");
  } catch (const std::exception& failure) {
    tell(std::string("found ") + failure.what(), "", "");
  }
  _exit(0);
}

/// All that the child says until its end or the limit.
bool read_until(int from, std::chrono::steady_clock::time_point deadline, std::string& out) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd waiting{from, POLLIN, 0};
    const int ready = left > 0 ? poll(&waiting, 1, int(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    char buffer[65536];
    const auto got = read(from, buffer, sizeof buffer);
    if (got <= 0) return true;
    out.append(buffer, std::size_t(got));
  }
}

child_end understood(const std::string& told, int status) {
  const char* const calls = "sdk/plugin.h: a plugin returns from each call, and never ends the process";
  const auto first = told.find('\0');
  const auto second = first == told.npos ? told.npos : told.find('\0', first + 1);
  if (second != told.npos && told.find('\0', second + 1) != told.npos) {
    child_end end{.passed = told.starts_with("passed")};
    end.rule = told.substr(first + 1, second - first - 1);
    end.output = told.substr(second + 1, told.size() - second - 2);
    if (!end.passed) end.what = told.substr(std::strlen("found "), first - std::strlen("found "));
    return end;
  }
  if (WIFSIGNALED(status))
    return {.what = "the process ended by signal " + std::to_string(WTERMSIG(status)) + " (" + strsignal(WTERMSIG(status)) + ") inside the plugin", .rule = calls};
  return {.what = "the plugin ended the process, with exit status " + std::to_string(WEXITSTATUS(status)), .rule = calls};
}

}  // namespace

void end_child(const char* what, const char* rule) noexcept {
  const auto put = [](const char* text) { (void)!write(to_parent, text, std::strlen(text)); };
  put("found ");
  put(what);
  (void)!write(to_parent, "\0", 1);
  put(rule);
  (void)!write(to_parent, "\0\0", 2);
  _exit(0);
}

child_end in_child(const std::function<std::string()>& work, std::chrono::seconds limit) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
  const auto child = fork();
  if (child < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (child == 0) {
    close(ends[0]);
    to_parent = ends[1];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run(work);
  }
  close(ends[1]);
  std::string told;
  const bool ended = read_until(ends[0], std::chrono::steady_clock::now() + limit, told);
  close(ends[0]);
  if (!ended) kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  if (!ended)
    return {.what = "it did not come to an end within " + std::to_string(limit.count()) + " s",
            .rule = "sdk/plugin.h, leadsync_plugin.resume: should take milliseconds; a session that takes 5 s is abandoned"};
  return understood(told, status);
}

}  // namespace leadsync::kit
