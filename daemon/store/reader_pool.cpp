#include "store/reader_pool.h"

namespace leadsync {

reader_pool::reader_pool(const std::filesystem::path& file, int threads) {
  for (int i = 0; i < std::max(1, threads); ++i) connections_.push_back(std::make_unique<connection>(file, connection_kind::reader));
  for (auto& db : connections_) threads_.emplace_back([this, &db = *db] { serve(db); });
}

void reader_pool::stop() {
  queue_.stop();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
  connections_.clear();
}

void reader_pool::serve(connection& db) {
  while (!queue_.finished()) {
    for (auto& item : queue_.take(1, std::chrono::seconds(60))) {
      try {
        db.use("BEGIN").run();
        (void)item.work->run(db);
      } catch (const sqlite_failure& failure) {
        item.work->fail(to_error(failure));
      }
      try {
        if (db.in_transaction()) db.use("COMMIT").run();
      } catch (const sqlite_failure& failure) {
        item.work->fail(to_error(failure));
      }
      item.done();
    }
  }
}

}  // namespace leadsync
