#include "store/sqlite.h"

#include <sqlite3.h>

#include <cassert>
#include <mutex>

namespace leadsync {
namespace {

constexpr auto common_pragmas = R"sql(
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 5000;
  PRAGMA trusted_schema = OFF;
  PRAGMA temp_store = MEMORY)sql";

/// Checkpoints are the writer's decision (wal_autocheckpoint 0), on the connection that commits: SQLite before 3.51.3 corrupts otherwise.
constexpr auto writer_pragmas = R"sql(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 0;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16384)sql";

constexpr auto reader_pragmas = R"sql(
  PRAGMA query_only = ON;
  PRAGMA cache_size = -4096)sql";

void configure_library() {
  static std::once_flag once;
  // Memory statistics take a global lock at every allocation.
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

int note_log_pages(void* state, sqlite3*, const char*, int count) {
  auto& log = *static_cast<connection::log_state*>(state);
  if (count < log.pages) log.moved = 0;  // the log began again from its start
  log.pages = count;
  return SQLITE_OK;
}

error to_error(const sqlite_failure& failure) {
  switch (failure.code() & 0xff) {
    case SQLITE_FULL: return make_error(errc::unavailable, "disk full: " + std::string(failure.what()));
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return make_error(errc::unavailable, "database is locked by another program: " + std::string(failure.what()));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return make_error(errc::corrupted, failure.what());
    default: return make_error(errc::io, "database: " + std::string(failure.what()));
  }
}

bool is_lost_write(const sqlite_failure& failure) {
  return failure.code() == SQLITE_IOERR_FSYNC || failure.code() == SQLITE_IOERR_DIR_FSYNC;
}

statement::statement(statement&& other) noexcept : handle_(other.handle_), in_use_(other.in_use_) {
  other.handle_ = nullptr;
  other.in_use_ = nullptr;
}

statement::~statement() {
  if (!handle_) return;
  if (!in_use_) {
    sqlite3_finalize(handle_);
    return;
  }
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
  *in_use_ = false;
}

void statement::fail(int code) const {
  auto* db = sqlite3_db_handle(handle_);
  throw sqlite_failure(sqlite3_extended_errcode(db) ? sqlite3_extended_errcode(db) : code, sqlite3_errmsg(db));
}

void statement::check(int code) const {
  if (code != SQLITE_OK) fail(code);
}

void statement::bind(int index, std::int64_t value) { check(sqlite3_bind_int64(handle_, index, value)); }

void statement::bind(int index, std::string_view value) {
  // A null pointer would bind NULL.
  check(sqlite3_bind_text64(handle_, index, value.data() ? value.data() : "", value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void statement::bind(int index, blob value) {
  check(sqlite3_bind_blob64(handle_, index, value.bytes.data() ? value.bytes.data() : "", value.bytes.size(), SQLITE_TRANSIENT));
}

void statement::bind(int index, borrowed value) {
  check(sqlite3_bind_text64(handle_, index, value.text.data() ? value.text.data() : "", value.text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind(int index, std::nullptr_t) { check(sqlite3_bind_null(handle_, index)); }

bool statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(code);
  return false;
}

void statement::run() {
  while (step()) {
  }
  sqlite3_reset(handle_);
}

std::int64_t statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string_view statement::view(int column) const {
  // column_text would be wrong for blobs, column_blob for numbers.
  const auto* bytes = sqlite3_column_type(handle_, column) == SQLITE_BLOB
                          ? static_cast<const char*>(sqlite3_column_blob(handle_, column))
                          : reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  if (!bytes) return {};
  return {bytes, std::size_t(sqlite3_column_bytes(handle_, column))};
}

bool statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

std::optional<instant> statement::optional_time(int column) const {
  if (is_null(column)) return std::nullopt;
  return time(column);
}

connection::connection(const std::filesystem::path& file, connection_kind kind) {
  configure_library();
  const int flags = kind == connection_kind::writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  try {
    if (code != SQLITE_OK) throw sqlite_failure(code, file.string() + ": " + (handle_ ? sqlite3_errmsg(handle_) : "out of memory"));
    execute(common_pragmas);
    execute(kind == connection_kind::writer ? writer_pragmas : reader_pragmas);
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
  if (kind == connection_kind::writer) sqlite3_wal_hook(handle_, note_log_pages, &log_);
}

connection::~connection() {
  for (auto& [text, entry] : statements_) sqlite3_finalize(entry.handle);
  sqlite3_close_v2(handle_);
}

statement connection::use(const char* sql) {
  auto& entry = statements_[sql];
  if (entry.in_use) return prepare(sql);
  if (!entry.handle) {
    const int code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &entry.handle, nullptr);
    if (code != SQLITE_OK) throw sqlite_failure(code, sqlite3_errmsg(handle_));
  }
  entry.in_use = true;
  return {entry.handle, &entry.in_use};
}

statement connection::prepare(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v2(handle_, sql.data(), int(sql.size()), &made, nullptr);
  if (code != SQLITE_OK) throw sqlite_failure(code, sqlite3_errmsg(handle_));
  return {made, nullptr};
}

void connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw sqlite_failure(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
}

std::int64_t connection::changes() const { return sqlite3_changes64(handle_); }
std::int64_t connection::total_changes() const { return sqlite3_total_changes64(handle_); }
bool connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

void connection::checkpoint() {
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED) return;
  if (code != SQLITE_OK) throw sqlite_failure(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
  log_ = {in_log, moved};
}

}  // namespace leadsync
