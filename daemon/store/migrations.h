#pragma once

#include "base/error.h"
#include "store/sqlite.h"

#include <filesystem>
#include <span>
#include <string_view>

namespace leadsync {

struct migration {
  int number;
  std::string_view name;
  std::string_view sql;
};

/// Of the folder migrations/, in order.
[[nodiscard]] std::span<const migration> embedded_migrations();

/// Brings the file forward, each step in a transaction of its own, after a copy of an existing file was made beside it
/// ("leadsync.db.before-0007"). Refuses a file of a newer version.
[[nodiscard]] result<> migrate(connection& db, const std::filesystem::path& file, std::span<const migration> steps);

}  // namespace leadsync
