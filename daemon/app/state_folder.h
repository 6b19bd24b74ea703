#pragma once

#include "base/error.h"

#include <filesystem>

namespace leadsync {

/// The state folder, made where it is missing, closed to others (0700), and held by this process alone until it ends.
class state_folder {
 public:
  [[nodiscard]] static result<state_folder> open(const std::filesystem::path& folder);
  ~state_folder();
  state_folder(state_folder&& other) noexcept;
  state_folder& operator=(state_folder&&) = delete;

 private:
  explicit state_folder(int lock) : lock_(lock) {}
  int lock_;
};

}  // namespace leadsync
