#include "app/daemon.h"
#include "app/log.h"

#include <sys/stat.h>

#include <cstdio>
#include <cstring>
#include <string>

namespace {

constexpr int exit_usage = 2;
constexpr int exit_configuration = 78;  // EX_CONFIG: the unit does not restart it

constexpr const char* help = R"(leadsyncd: gets every lead captured at an event into the CRM, and says why when one cannot

  leadsyncd [--config FILE]                 run; FILE is /etc/leadsync/leadsyncd.yaml otherwise
  leadsyncd [--config FILE] --check-config  say what is wrong with the configuration, and end
  leadsyncd --version

Exit status: 0 ended as asked, 1 failed, 2 wrong usage, 78 wrong configuration.
)";

struct options {
  std::string config = "/etc/leadsync/leadsyncd.yaml";
  bool check = false;
};

int check_config(const leadsync::app_settings& settings) {
  const auto problems = leadsync::secret_problems(settings);
  for (const auto& problem : problems) std::fprintf(stderr, "%s\n", problem.c_str());
  if (!problems.empty()) return exit_configuration;
  std::printf("%s is good; integrations: %zu\n", settings.file.c_str(), settings.engine.integrations.size());
  return 0;
}

int run(const options& chosen) {
  auto settings = leadsync::load_config(chosen.config);
  if (!settings) {
    std::fprintf(stderr, "%s\n", settings.error().context.c_str());
    return exit_configuration;
  }
  if (chosen.check) return check_config(*settings);
  leadsync::start_log(settings->log_level);
  leadsync::daemon daemon(std::move(*settings));
  return daemon.run();
}

}  // namespace

int main(int count, char** arguments) {
  ::umask(0077);
  options chosen;
  for (int i = 1; i < count; ++i) {
    const std::string argument = arguments[i];
    if (argument == "--config" && i + 1 < count) {
      chosen.config = arguments[++i];
    } else if (argument.starts_with("--config=")) {
      chosen.config = argument.substr(std::strlen("--config="));
    } else if (argument == "--check-config") {
      chosen.check = true;
    } else if (argument == "--version") {
      std::printf("leadsyncd %s\n", std::string(leadsync::version()).c_str());
      return 0;
    } else if (argument == "--help" || argument == "-h") {
      std::fputs(help, stdout);
      return 0;
    } else {
      std::fprintf(stderr, "leadsyncd: unknown argument %s\n%s", argument.c_str(), help);
      return exit_usage;
    }
  }
  return run(chosen);
}
