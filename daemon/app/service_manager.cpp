#include "app/service_manager.h"

#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <cstdlib>
#include <ctime>

namespace leadsync::service_manager {
namespace {

std::string one_line(std::string text) {
  for (auto& c : text)
    if (c == '\n') c = ' ';
  return text;
}

void send(const std::string& state) { sd_notify(0, state.c_str()); }

}  // namespace

void notify_starting(const std::string& status) { send("STATUS=" + one_line(status) + "\nEXTEND_TIMEOUT_USEC=600000000"); }

void notify_ready(const std::string& status) { send("READY=1\nSTATUS=" + one_line(status)); }

void notify_status(const std::string& status) { send("STATUS=" + one_line(status)); }

void notify_reloading() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  // In one message: a newer systemd waits for READY only from this moment on.
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(time.tv_sec * 1'000'000LL + time.tv_nsec / 1000));
}

void notify_stopping() { send("STOPPING=1\nSTATUS=stopping"); }

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t micros = 0;
  if (sd_watchdog_enabled(0, &micros) <= 0 || micros == 0) return std::nullopt;
  return std::chrono::microseconds(micros);
}

void ping_watchdog() { send("WATCHDOG=1"); }

result<std::optional<int>> passed_socket() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  std::optional<int> found;
  for (int i = 0; i < count; ++i) {
    if (count == 1 || (names && std::string(names[i]) == "api")) found = SD_LISTEN_FDS_START + i;
  }
  for (int i = 0; names && i < count; ++i) std::free(names[i]);
  std::free(names);
  if (!found && count > 0) return make_error(errc::invalid_input, "several sockets were passed, none named \"api\" (FileDescriptorName=)");
  if (found && sd_is_socket_unix(*found, SOCK_STREAM, 1, nullptr, 0) <= 0)
    return make_error(errc::invalid_input, "the socket passed in is not a listening Unix stream socket");
  return found;
}

}  // namespace leadsync::service_manager
