#pragma once

#include "plugin/library.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

inline std::filesystem::path build_folder() { return std::getenv("LEADSYNC_BUILD"); }

inline std::filesystem::path bad_plugin(const std::string& name) {
  return build_folder() / "lib/leadsync/bad_plugins" / (name + ".so");
}

inline std::filesystem::path toy_plugin() { return build_folder() / "lib/leadsync/plugins/toy.so"; }

/// A folder that goes with the test.
class scratch_folder {
 public:
  scratch_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "leadsync-plugin-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~scratch_folder() { std::filesystem::remove_all(path_); }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};
