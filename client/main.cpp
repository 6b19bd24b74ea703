#include "client.h"

#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  std::signal(SIGPIPE, SIG_DFL);  // `leadsync deliveries list | head` ends quietly
  leadsync::client::surroundings around{std::cout, std::cerr};
  around.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  around.err_is_terminal = isatty(STDERR_FILENO) == 1;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const int code = leadsync::client::run(arguments, around);
  std::cout.flush();
  return std::cout.good() ? code : 1;
}
