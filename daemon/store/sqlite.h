#pragma once

#include "base/error.h"
#include "base/instant.h"
#include "base/strong_id.h"

#include <concepts>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace leadsync {

/// What SQLite refused. Thrown inside this folder only: a job turns it into an error.
class sqlite_failure : public std::exception {
 public:
  sqlite_failure(int code, std::string message) : code_(code), message_(std::move(message)) {}
  [[nodiscard]] int code() const { return code_; }  ///< extended
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  int code_;
  std::string message_;
};

[[nodiscard]] error to_error(const sqlite_failure& failure);
/// What was written may not be on the disk, and a second try would not tell: the process must end.
[[nodiscard]] bool is_lost_write(const sqlite_failure& failure);

struct blob {
  std::string_view bytes;
};

/// Text that outlives the statement's run, and is not copied.
struct borrowed {
  std::string_view text;
};

/// A prepared statement, reset when it goes. Text is copied at `bind`. Used on its connection's thread.
class statement {
 public:
  statement(sqlite3_stmt* handle, bool* in_use) : handle_(handle), in_use_(in_use) {}
  statement(statement&& other) noexcept;
  statement& operator=(statement&&) = delete;
  ~statement();

  template <class... Values>
  statement& with(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }

  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void bind(int index, blob value);
  void bind(int index, borrowed value);
  void bind(int index, std::nullptr_t);
  template <std::integral Integer>
  void bind(int index, Integer value) {
    bind(index, std::int64_t(value));
  }
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, instant value) { bind(index, to_millis(value)); }
  template <class Tag>
  void bind(int index, strong_id<Tag> value) {
    bind(index, value.value);
  }
  template <class Value>
  void bind(int index, const std::optional<Value>& value) {
    if (value)
      bind(index, *value);
    else
      bind(index, nullptr);
  }

  [[nodiscard]] bool step();  ///< true: a row
  void run();                 ///< to the end, then ready to be bound again

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view view(int column) const;  ///< until the next step
  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] instant time(int column) const { return from_millis(integer(column)); }
  [[nodiscard]] std::optional<instant> optional_time(int column) const;

 private:
  [[noreturn]] void fail(int code) const;
  void check(int code) const;

  sqlite3_stmt* handle_;
  bool* in_use_;  ///< null: ours alone, finalised at the end
};

enum class connection_kind { writer, reader };

/// One connection, used by one thread at a time.
class connection {
 public:
  connection(const std::filesystem::path& file, connection_kind kind);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  /// Kept for the life of the connection, by the address of the text: a constant.
  [[nodiscard]] statement use(const char* sql);
  /// For text made at run time.
  [[nodiscard]] statement prepare(std::string_view sql);
  void execute(const char* sql);
  [[nodiscard]] std::int64_t changes() const;
  [[nodiscard]] std::int64_t total_changes() const;
  [[nodiscard]] bool in_transaction() const;

  /// Written to the log and not yet moved.
  [[nodiscard]] std::int64_t wal_bytes() const { return (log_.pages - log_.moved) * page_size; }
  /// Moves what no reader needs from the log to the file, without waiting.
  void checkpoint();

 private:
  friend int note_log_pages(void*, sqlite3*, const char*, int);
  static constexpr std::int64_t page_size = 4096;
  struct log_state {
    std::int64_t pages = 0;
    std::int64_t moved = 0;
  };
  struct cached {
    sqlite3_stmt* handle = nullptr;
    bool in_use = false;
  };

  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, cached> statements_;
  log_state log_;
};

}  // namespace leadsync
