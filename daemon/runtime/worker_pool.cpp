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
  bool given_up = false;  ///< under the pool's mutex
  bool started = false;
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

void worker_pool::give_up(const std::shared_ptr<task>& overrunning) {
  {
    const std::lock_guard lock(state_->mutex);
    overrunning->given_up = true;
    if (!overrunning->started) return;  // never ran: the worker that would have taken it skips it
    --state_->running;
    state_->changed.notify_all();
  }
  start_thread();
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
      if (next->given_up) continue;
      next->started = true;
      lock.unlock();
      next->work();
      next->work = nullptr;
      lock.lock();
      if (next->given_up) return;  // replaced long ago
    }
    --state->running;
    state->changed.notify_all();
  }).detach();
}

}  // namespace leadsync
