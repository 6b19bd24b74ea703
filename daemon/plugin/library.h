#pragma once

#include "base/error.h"
#include "plugin/manifest.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

struct leadsync_plugin;

namespace leadsync {

/// One plugin's shared library, checked and loaded. Loaded for the rest of the program: code of a plugin may still be on some stack.
class plugin_library {
 public:
  /// Errors say what is wrong with the file and what to do about it; nothing of a refused file's own code has run if its owner
  /// or mode is wrong.
  [[nodiscard]] static result<std::shared_ptr<const plugin_library>> load(const std::filesystem::path& file);

  /// SHA-256 of a file, in hexadecimal; nothing of it runs.
  [[nodiscard]] static result<std::string> digest_of(const std::filesystem::path& file);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Of the file, when it was loaded.
  [[nodiscard]] const std::string& sha256() const { return sha256_; }
  [[nodiscard]] const plugin_manifest& manifest() const { return manifest_; }
  /// For `plugin_session`.
  [[nodiscard]] const leadsync_plugin& entry() const { return *entry_; }

  /// A call into it did not return in time. None is made any more: what it holds of locks or memory nobody knows. [any-thread]
  void quarantine() const { quarantined_ = true; }
  [[nodiscard]] bool quarantined() const { return quarantined_; }
  /// What happened and what to do about it; empty where nothing did.
  [[nodiscard]] std::string quarantine_reason() const;

 private:
  plugin_library() = default;
  std::filesystem::path path_;
  std::string sha256_;
  plugin_manifest manifest_;
  const leadsync_plugin* entry_ = nullptr;
  mutable std::atomic<bool> quarantined_ = false;
};

}  // namespace leadsync
