#include "app/log.h"

#include "base/text.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <vector>

namespace leadsync {
namespace {

int priority(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::critical: return 2;
    case spdlog::level::err: return 3;
    case spdlog::level::warn: return 4;
    case spdlog::level::info: return 6;
    default: return 7;
  }
}

/// "LEADSYNC_LEAD=771" of each "lead=771".
void add_fields(std::string_view message, std::vector<std::string>& fields) {
  for (const auto word : split(message, ' ')) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals > 32) continue;
    std::string name = "LEADSYNC_";
    for (const char c : word.substr(0, equals)) {
      const bool letter = c >= 'a' && c <= 'z';
      if (!letter && c != '_') return;
      name += letter ? char(c - 'a' + 'A') : c;
    }
    fields.push_back(name + std::string(word.substr(equals)));
  }
}

class journal_sink final : public spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& entry) override {
    const std::string_view message(entry.payload.data(), entry.payload.size());
    std::vector<std::string> fields = {"MESSAGE=" + std::string(message), "PRIORITY=" + std::to_string(priority(entry.level)),
                                       "SYSLOG_IDENTIFIER=leadsyncd"};
    add_fields(message, fields);
    std::vector<iovec> parts;
    for (auto& field : fields) parts.push_back({field.data(), field.size()});
    sd_journal_sendv(parts.data(), int(parts.size()));
  }
  void flush_() override {}
};

/// As the service manager says it: "device:inode" of the stream that it made for us.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (!stream || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) == stream;
}

}  // namespace

void start_log(std::string_view level) {
  spdlog::sink_ptr sink;
  if (stderr_is_journal()) {
    sink = std::make_shared<journal_sink>();
  } else {
    sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
  }
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("leadsyncd", std::move(sink)));
  set_log_level(level);
}

void set_log_level(std::string_view level) { spdlog::set_level(spdlog::level::from_str(std::string(level))); }

}  // namespace leadsync
