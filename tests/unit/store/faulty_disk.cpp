#include "faulty_disk.h"

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <mutex>

namespace leadsync::faulty_disk {
namespace {

struct fault {
  std::atomic<int> countdown = 0;
  std::atomic<int> times = 0;
  std::atomic<int> code = SQLITE_OK;

  void arm(int nth, int result, int repeat) {
    code = result;
    times = repeat;
    countdown = nth;
  }
  int pass() {
    if (countdown <= 0) return SQLITE_OK;
    if (countdown > 1) {
      --countdown;
      return SQLITE_OK;
    }
    if (--times <= 0) countdown = 0;
    return code;
  }
};

fault write_fault;
fault sync_fault;
sqlite3_vfs shim;
sqlite3_vfs* real = nullptr;
std::mutex tables_mutex;
/// The database and the log have different tables.
struct table {
  const sqlite3_io_methods* real = nullptr;
  sqlite3_io_methods ours{};
};
std::array<table, 4> tables;

const sqlite3_io_methods* real_methods(const sqlite3_file* file) {
  for (const auto& entry : tables)
    if (file->pMethods == &entry.ours) return entry.real;
  return nullptr;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  if (const int code = write_fault.pass(); code != SQLITE_OK) return code;
  return real_methods(file)->xWrite(file, bytes, size, offset);
}

int sync(sqlite3_file* file, int flags) {
  if (const int code = sync_fault.pass(); code != SQLITE_OK) return code;
  return real_methods(file)->xSync(file, flags);
}

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const std::lock_guard lock(tables_mutex);
  const int code = real->xOpen(real, name, file, flags, out_flags);
  if (code != SQLITE_OK || !file->pMethods) return code;
  for (auto& entry : tables) {
    if (!entry.real) {
      entry = {file->pMethods, *file->pMethods};
      entry.ours.xWrite = write;
      entry.ours.xSync = sync;
    }
    if (entry.real != file->pMethods) continue;
    file->pMethods = &entry.ours;
    break;
  }
  return code;
}

}  // namespace

void install() {
  if (real) return;
  real = sqlite3_vfs_find(nullptr);
  shim = *real;
  shim.zName = "faulty";
  shim.pNext = nullptr;
  shim.xOpen = open;
  sqlite3_vfs_register(&shim, 1);
}

void fail_writes(int nth, int code, int times) { write_fault.arm(nth, code, times); }
void fail_syncs(int nth, int code) { sync_fault.arm(nth, code, 1); }
void heal() {
  write_fault.countdown = 0;
  sync_fault.countdown = 0;
}

}  // namespace leadsync::faulty_disk
