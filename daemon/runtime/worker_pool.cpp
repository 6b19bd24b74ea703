#include "runtime/worker_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace leadsync {

struct worker_pool::task {
  std::function<void()> work;
  // Under the pool's mutex:
  std::optional<clock::time_point> started;
  bool finished = false;
  bool given_up = false;
};

struct worker_pool::shared_state {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::shared_ptr<task>> queue;
  int running = 0;  ///< threads that are not given up
  bool stopping = false;
};

worker_pool::worker_pool(int threads) : state_(std::make_shared<shared_state>()) {
  for (int i = 0; i < std::max(threads, 1); ++i) start_thread();
}

worker_pool::~worker_pool() {
  std::unique_lock lock(state_->mutex);
  state_->stopping = true;
  state_->changed.notify_all();
  state_->changed.wait(lock, [&] { return state_->running == 0; });
}

std::shared_ptr<worker_pool::task> worker_pool::submit(std::function<void()> work) {
  auto made = std::make_shared<task>();
  made->work = std::move(work);
  const std::lock_guard lock(state_->mutex);
  state_->queue.push_back(made);
  state_->changed.notify_one();
  return made;
}

std::optional<worker_pool::clock::time_point> worker_pool::give_up(const std::shared_ptr<task>& overrunning, std::chrono::milliseconds limit) {
  {
    const std::lock_guard lock(state_->mutex);
    const auto at = clock::now();
    if (!overrunning->started || overrunning->finished) return at + limit;
    if (const auto end = *overrunning->started + limit; end > at) return end;
    overrunning->given_up = true;
    --state_->running;
    state_->changed.notify_all();
  }
  start_thread();
  return std::nullopt;
}

void worker_pool::start_thread() {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->running;
  }
  std::thread([state = state_] {
    std::unique_lock lock(state->mutex);
    for (;;) {
      state->changed.wait(lock, [&] { return state->stopping || !state->queue.empty(); });
      if (state->queue.empty()) break;
      auto next = std::move(state->queue.front());
      state->queue.pop_front();
      next->started = clock::now();
      lock.unlock();
      next->work();
      next->work = nullptr;
      lock.lock();
      next->finished = true;
      if (next->given_up) return;  // replaced long ago
    }
    --state->running;
    state->changed.notify_all();
  }).detach();
}

}  // namespace leadsync
