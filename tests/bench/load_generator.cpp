#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// Submits leads one by one to POST /v1/leads, each connection waiting for its answer before its next lead: `in flight` is the number of
// connections. The addresses are at a free-mail host, so that no company comes of them. Prints one JSON object: {"leads", "seconds",
// "leads_per_second", "p50_ms", "p99_ms", "max_ms", "refused"}.

namespace {

using steady = std::chrono::steady_clock;

struct options {
  std::string socket;
  int connections = 64;
  long count = 10'000;
  long first = 0;
  std::string event = "Bench";
  int pause_us = 0;
};

struct connection {
  int fd = -1;
  std::string request;
  std::string answer;
  steady::time_point sent_at;
};

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "load_generator: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

int connect_to(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connecting");
  return fd;
}

std::string body_of(long number) {
  const auto n = std::to_string(number);
  return "{\"id\":\"bench-" + n + "\",\"email\":\"lead" + n + "@gmail.com\",\"first_name\":\"Ada\",\"last_name\":\"Number " + n +
         "\",\"job_title\":\"Head of Operations\",\"phone\":\"+4930123456\",\"city\":\"Berlin\",\"country\":\"Germany\"}";
}

void send_next(connection& each, long number, const options& chosen) {
  const auto body = body_of(number);
  each.request = "POST /v1/leads?event=" + chosen.event + " HTTP/1.1\r\nHost: leadsync\r\nContent-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body;
  each.answer.clear();
  each.sent_at = steady::now();
  for (std::string_view rest = each.request; !rest.empty();) {
    const auto written = ::write(each.fd, rest.data(), rest.size());
    if (written <= 0) fail("writing");
    rest.remove_prefix(std::size_t(written));
  }
}

/// True once the answer is whole.
bool read_answer(connection& each) {
  char buffer[4096];
  const auto got = ::read(each.fd, buffer, sizeof buffer);
  if (got <= 0) fail("the daemon closed a connection");
  each.answer.append(buffer, std::size_t(got));
  const auto head = each.answer.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  const auto at = each.answer.find("Content-Length: ");
  if (at == std::string::npos || at > head) return true;
  return each.answer.size() >= head + 4 + std::strtoul(each.answer.c_str() + at + 16, nullptr, 10);
}

options parse(int argc, char** argv) {
  options chosen;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* value = argv[i + 1];
    if (name == "--socket") chosen.socket = value;
    else if (name == "--connections") chosen.connections = std::atoi(value);
    else if (name == "--count") chosen.count = std::atol(value);
    else if (name == "--first") chosen.first = std::atol(value);
    else if (name == "--event") chosen.event = value;
    else if (name == "--pause-us") chosen.pause_us = std::atoi(value);
    else std::fprintf(stderr, "load_generator: unknown option %s\n", argv[i]), std::exit(2);
  }
  return chosen;
}

}  // namespace

int main(int argc, char** argv) {
  const auto chosen = parse(argc, argv);
  const int poll = ::epoll_create1(0);
  std::vector<connection> connections(std::size_t(std::min<long>(chosen.connections, chosen.count)));
  for (std::size_t i = 0; i < connections.size(); ++i) {
    connections[i].fd = connect_to(chosen.socket);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    ::epoll_ctl(poll, EPOLL_CTL_ADD, connections[i].fd, &event);
  }
  std::vector<double> milliseconds;
  milliseconds.reserve(std::size_t(chosen.count));
  long next = chosen.first;
  const long end = chosen.first + chosen.count;
  long refused = 0;
  const auto began = steady::now();
  for (auto& each : connections) send_next(each, next++, chosen);
  std::vector<epoll_event> events(connections.size());
  while (long(milliseconds.size()) < chosen.count) {
    const int ready = ::epoll_wait(poll, events.data(), int(events.size()), 30'000);
    if (ready <= 0) fail("no answer within 30 s");
    for (int i = 0; i < ready; ++i) {
      auto& each = connections[events[std::size_t(i)].data.u64];
      if (!read_answer(each)) continue;
      milliseconds.push_back(std::chrono::duration<double, std::milli>(steady::now() - each.sent_at).count());
      if (each.answer.compare(9, 1, "2") != 0 && refused++ == 0) std::fprintf(stderr, "load_generator: %s\n", each.answer.c_str());
      if (next >= end) continue;
      if (chosen.pause_us > 0) ::usleep(useconds_t(chosen.pause_us));
      send_next(each, next++, chosen);
    }
  }
  const double seconds = std::chrono::duration<double>(steady::now() - began).count();
  std::sort(milliseconds.begin(), milliseconds.end());
  const auto at = [&](double share) { return milliseconds[std::size_t(share * double(milliseconds.size() - 1))]; };
  std::printf("{\"leads\":%ld,\"seconds\":%.4f,\"leads_per_second\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"refused\":%ld}\n",
              chosen.count, seconds, double(chosen.count) / seconds, at(0.5), at(0.99), milliseconds.back(), refused);
  return refused == 0 ? 0 : 1;
}
