#pragma once

#include "base/error.h"
#include "plugin/crash_note.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// How many fatal signals came inside each plugin. Durable: the process that counts is not the one that ended. A plugin is known by
/// its file's digest, so that another version begins anew.
class crash_book {
 public:
  static constexpr int crashes_that_disable = 3;

  struct entry {
    std::string sha256;
    int crashes = 0;
    std::string plugin;
  };

  /// Knows of no crash.
  crash_book() = default;
  /// An absent file knows of none; a line that makes no sense is left out.
  [[nodiscard]] static result<crash_book> open(std::filesystem::path file);

  /// Durable when it returns. Where it cannot be, it counts for this process.
  [[nodiscard]] result<> add(const crash_note& note);

  /// nullptr: the plugin may run.
  [[nodiscard]] const entry* disabling(std::string_view sha256) const;
  /// What happened and what to do about it.
  [[nodiscard]] std::string explain(const entry& disabled) const;

 private:
  std::filesystem::path file_;
  std::vector<entry> entries_;
};

}  // namespace leadsync
