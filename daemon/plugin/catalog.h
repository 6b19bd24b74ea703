#pragma once

#include "base/error.h"
#include "plugin/crash_book.h"
#include "plugin/library.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// A file that was found, usable or not.
struct catalog_entry {
  std::string name;  ///< the manifest's; the file's where there is no manifest
  std::string version;
  std::string title;
  std::filesystem::path path;
  std::string sha256;
  std::string error;                              ///< empty: usable
  std::shared_ptr<const plugin_library> library;  ///< set where usable
};

/// The plugins of the configured directories. A broken one is listed with its error, and the daemon runs on.
class plugin_catalog {
 public:
  plugin_catalog() = default;
  /// Every *.so, in the order of directories and then of names. Of two plugins with one name the first wins. What `crashes` disables
  /// is listed, and no code of it runs.
  [[nodiscard]] static plugin_catalog scan(const std::vector<std::filesystem::path>& directories, const crash_book& crashes = {});

  [[nodiscard]] const std::vector<catalog_entry>& entries() const& { return entries_; }
  void entries() const&& = delete;  // `for (… : scan(…).entries())` would walk a dead vector
  /// The error says which plugins there are, or what is wrong with the one asked for.
  [[nodiscard]] result<std::shared_ptr<const plugin_library>> find(std::string_view name) const;

 private:
  void add(const std::filesystem::path& file, const crash_book& crashes);
  std::vector<catalog_entry> entries_;
};

}  // namespace leadsync
