#include "base/failpoint.h"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

namespace leadsync {
namespace {

struct armed_point {
  std::string name;
  std::atomic<int> passages_left = 1;

  armed_point() {
    const char* text = std::getenv("LEADSYNC_FAILPOINT");
    if (!text) return;
    name = text;
    if (const auto colon = name.find(':'); colon != std::string::npos) {
      passages_left = std::atoi(name.c_str() + colon + 1);
      name.resize(colon);
    }
  }
};

}  // namespace

void failpoint(std::string_view name) {
  static armed_point armed;
  if (armed.name.empty() || armed.name != name) return;
  if (--armed.passages_left == 0) std::raise(SIGKILL);
}

}  // namespace leadsync
