#pragma once

#include "store/completion.h"
#include "store/job.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace leadsync {

template <class Context>
struct queued_job {
  std::shared_ptr<job<Context>> work;
  completion done;
};

/// Hands jobs from coroutines to threads. Any thread.
template <class Context>
class job_queue {
 public:
  void push(queued_job<Context> item) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopped_) {
        waiting_.push_back(std::move(item));
        item.done = nullptr;
      }
    }
    if (!item.done) {
      ready_.notify_one();
      return;
    }
    item.work->fail(make_error(errc::cancelled, "the store is closed"));
    item.done();
  }

  /// Up to `limit`; none where nothing came within `wait`, or it is stopped and empty.
  std::vector<queued_job<Context>> take(std::size_t limit, std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, wait, [this] { return stopped_ || !waiting_.empty(); });
    std::vector<queued_job<Context>> taken;
    for (; !waiting_.empty() && taken.size() < limit; waiting_.pop_front()) taken.push_back(std::move(waiting_.front()));
    return taken;
  }

  /// What is queued is still taken.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    ready_.notify_all();
  }

  [[nodiscard]] bool finished() {
    const std::lock_guard lock(mutex_);
    return stopped_ && waiting_.empty();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<queued_job<Context>> waiting_;
  bool stopped_ = false;
};

/// Runs `work` on a thread of the queue; completes on the caller's executor.
template <class Value, class Context>
boost::asio::awaitable<result<Value>> run_on(job_queue<Context>& queue, std::function<result<Value>(Context&)> work) {
  auto pending = std::make_shared<typed_job<Context, Value>>(std::move(work));
  std::function<void(completion)> begin = [&queue, pending](completion done) { queue.push({pending, std::move(done)}); };
  co_await await_completion(std::move(begin));
  co_return pending->take();
}

}  // namespace leadsync
