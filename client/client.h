#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace leadsync::client {

/// Where a run of the client writes.
struct surroundings {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
};

/// The whole client: parses the arguments (without the program's name), does it, and gives the exit code.
[[nodiscard]] int run(std::vector<std::string> arguments, surroundings around);

}  // namespace leadsync::client
