#include "store/migrations.h"

#include <cstdio>

namespace leadsync {
namespace {

void apply(connection& db, const migration& step) {
  db.execute("BEGIN IMMEDIATE");
  try {
    db.execute(std::string(step.sql).c_str());
    db.execute(("PRAGMA user_version = " + std::to_string(step.number)).c_str());
    db.execute("COMMIT");
  } catch (...) {
    if (db.in_transaction()) db.execute("ROLLBACK");
    throw;
  }
}

void back_up(connection& db, const std::filesystem::path& file, int version) {
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, ".before-%04d", version);
  auto copy = file;
  copy += suffix;
  std::filesystem::remove(copy);
  auto vacuum = db.prepare("VACUUM INTO ?1");
  vacuum.with(copy.string()).run();
  std::filesystem::permissions(copy, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

result<> migrate(connection& db, const std::filesystem::path& file, std::span<const migration> steps) try {
  auto read_version = db.prepare("PRAGMA user_version");
  if (!read_version.step()) return make_error(errc::corrupted, file.string() + " has no version");
  const auto version = read_version.integer(0);
  read_version.run();
  const auto newest = steps.empty() ? 0 : steps.back().number;
  if (version > newest)
    return make_error(errc::not_permitted, file.string() + " is of version " + std::to_string(version) + ", this program knows " +
                                               std::to_string(newest) + ": install the newer leadsyncd, or restore a copy");
  bool backed_up = version == 0;
  for (const auto& step : steps) {
    if (step.number <= version) continue;
    if (!backed_up) back_up(db, file, step.number);
    backed_up = true;
    try {
      apply(db, step);
    } catch (const sqlite_failure& failure) {
      return with_context(to_error(failure), "migration " + std::to_string(step.number) + " (" + std::string(step.name) + ")");
    }
  }
  return {};
} catch (const sqlite_failure& failure) {
  return with_context(to_error(failure), "migrating " + file.string());
} catch (const std::filesystem::filesystem_error& failure) {
  return make_error(errc::io, failure.what());
}

}  // namespace leadsync
