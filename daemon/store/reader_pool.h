#pragma once

#include "store/job_queue.h"

#include <thread>

namespace leadsync {

/// Threads with a read-only connection each. A job is one short read transaction: a long one would keep the log from shrinking.
class reader_pool {
 public:
  reader_pool(const std::filesystem::path& file, int threads);
  ~reader_pool() { stop(); }

  [[nodiscard]] job_queue<connection>& queue() { return queue_; }
  void stop();

 private:
  void serve(connection& db);

  job_queue<connection> queue_{waking::at_once};
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<std::thread> threads_;
};

}  // namespace leadsync
