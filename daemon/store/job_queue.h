#pragma once

#include "store/completion.h"
#include "store/job.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

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

/// When a thread that waits for jobs hears of a new one.
enum class waking {
  at_once,
  after_burst,  ///< when all that the executor had to run has run: jobs that come together are taken together
};

/// Hands jobs from coroutines to threads. Any thread.
template <class Context>
class job_queue {
 public:
  explicit job_queue(waking when) : when_(when) {}

  /// `executor` is the caller's.
  void push(queued_job<Context> item, const boost::asio::any_io_executor& executor) {
    bool wake = false;
    {
      const std::lock_guard lock(state_->mutex);
      if (!state_->stopped) {
        state_->waiting.push_back(std::move(item));
        item.done = nullptr;
        wake = when_ == waking::at_once || !state_->wake_posted;
        state_->wake_posted = when_ == waking::after_burst;
      }
    }
    if (item.done) {
      item.work->fail(make_error(errc::cancelled, "the store is closed"));
      item.done();
    } else if (wake && when_ == waking::at_once) {
      state_->ready.notify_one();
    } else if (wake) {
      // The state goes along: the handler may run when the queue is gone.
      boost::asio::post(executor, [state = state_] {
        {
          const std::lock_guard lock(state->mutex);
          state->wake_posted = false;
        }
        state->ready.notify_one();
      });
    }
  }

  /// Up to `limit`; none where nothing came within `wait`, or it is stopped and empty.
  std::vector<queued_job<Context>> take(std::size_t limit, std::chrono::milliseconds wait) {
    std::unique_lock lock(state_->mutex);
    auto& waiting = state_->waiting;
    state_->ready.wait_for(lock, wait, [&] { return state_->stopped || !waiting.empty(); });
    std::vector<queued_job<Context>> taken;
    for (; !waiting.empty() && taken.size() < limit; waiting.pop_front()) taken.push_back(std::move(waiting.front()));
    return taken;
  }

  /// What is queued is still taken.
  void stop() {
    {
      const std::lock_guard lock(state_->mutex);
      state_->stopped = true;
    }
    state_->ready.notify_all();
  }

  [[nodiscard]] bool finished() {
    const std::lock_guard lock(state_->mutex);
    return state_->stopped && state_->waiting.empty();
  }

 private:
  struct shared_state {
    std::mutex mutex;
    std::condition_variable ready;
    std::deque<queued_job<Context>> waiting;
    bool stopped = false;
    bool wake_posted = false;
  };

  waking when_;
  std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
};

/// Runs `work` on a thread of the queue; completes on the caller's executor.
template <class Value, class Context>
boost::asio::awaitable<result<Value>> run_on(job_queue<Context>& queue, std::function<result<Value>(Context&)> work) {
  const auto executor = co_await boost::asio::this_coro::executor;
  auto pending = std::make_shared<typed_job<Context, Value>>(std::move(work));
  std::function<void(completion)> begin = [&queue, pending, executor](completion done) { queue.push({pending, std::move(done)}, executor); };
  co_await await_completion(std::move(begin));
  co_return pending->take();
}

}  // namespace leadsync
