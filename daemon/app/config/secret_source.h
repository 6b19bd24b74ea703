#pragma once

#include "base/error.h"
#include "base/secret.h"

#include <filesystem>
#include <string>

namespace leadsync {

/// Where a secret is kept. Never in the configuration itself.
struct secret_source {
  enum class kind { file, environment, credential };
  kind where = kind::file;
  std::string name;  ///< absolute path, variable, or name under $CREDENTIALS_DIRECTORY
};

/// Reads it now, without its trailing newline. Refuses a file that others may read: only its owner (root, or the daemon's own user) may, and
/// the file's group where root owns it. The error says what to do, and never holds any of the text.
[[nodiscard]] result<secret> read_secret(const secret_source& source);

}  // namespace leadsync
