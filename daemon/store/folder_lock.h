#pragma once

#include "base/error.h"

#include <filesystem>
#include <utility>

namespace leadsync {

/// Keeps a second daemon from the same database: two connections that commit and checkpoint would corrupt it. Ends with the process.
class folder_lock {
 public:
  [[nodiscard]] static result<folder_lock> take(const std::filesystem::path& folder);
  folder_lock(folder_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  folder_lock& operator=(folder_lock&&) = delete;
  ~folder_lock();

 private:
  explicit folder_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace leadsync
