#pragma once

#include "base/error.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace leadsync {

/// Threads for work that computes: plugins' steps, rendering. A thread whose work overruns is given up, not waited for: it is replaced, and
/// ends when (if ever) its work does.
class worker_pool {
 public:
  explicit worker_pool(int threads);
  ~worker_pool();  ///< waits for the threads that are not given up
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  /// Runs `work` on a worker, resumes on the caller's executor. errc::timed_out where it took longer than `limit`, without the time for which it
  /// waited for a worker: another plugin's hang is not its own. `work` then still owns what it was given. `work` must not throw.
  template <class T>
  boost::asio::awaitable<result<T>> call(std::function<T()> work, std::chrono::milliseconds limit) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto waiting = std::make_shared<pending<T>>(executor);
    // A worker that was given up may outlive the executor: it neither posts to it nor owns anything of it.
    auto wanted = std::make_shared<std::atomic<bool>>(true);
    auto submitted = submit([who = std::weak_ptr(waiting), wanted, work = std::move(work), executor]() mutable {
      auto value = std::make_shared<T>(work());
      work = nullptr;
      if (!*wanted) return;
      boost::asio::post(executor, [who, value] {
        const auto waits = who.lock();
        if (!waits) return;
        waits->value = std::move(*value);
        waits->timer.cancel();
      });
    });
    boost::system::error_code ignored;
    for (std::optional<clock::time_point> until = clock::now() + limit; until; until = give_up(submitted, limit)) {
      waiting->timer.expires_at(*until);
      co_await waiting->timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
      if (waiting->value) co_return std::move(*waiting->value);
    }
    *wanted = false;
    co_return make_error(errc::timed_out, "it took longer than " + std::to_string(limit.count()) + " ms");
  }

 private:
  using clock = std::chrono::steady_clock;

  template <class T>
  struct pending {
    explicit pending(const boost::asio::any_io_executor& executor) : timer(executor) {}
    boost::asio::steady_timer timer;
    std::optional<T> value;
  };
  struct task;
  struct shared_state;

  std::shared_ptr<task> submit(std::function<void()> work);
  /// Replaces the worker of a task that has run for longer than `limit`. Otherwise says when to ask again.
  std::optional<clock::time_point> give_up(const std::shared_ptr<task>& overrunning, std::chrono::milliseconds limit);
  void start_thread();

  std::shared_ptr<shared_state> state_;
};

}  // namespace leadsync
