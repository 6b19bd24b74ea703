// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace leadsync::sdk {

template <class T = void>
class task;

namespace detail {

class trampoline;

/// Parent of `all(tasks)`: becomes ready when the last child has ended.
struct join;

/// What every coroutine of a session has, whatever it returns.
struct promise_base {
  trampoline* loop = nullptr;            ///< set when the task is first awaited
  std::coroutine_handle<> self;
  promise_base* continuation = nullptr;  ///< awaits this task
  join* group = nullptr;                 ///< or: is one of several
  promise_base* next_ready = nullptr;    ///< link of the trampoline's list, so that becoming ready never allocates
  std::exception_ptr failure;

  struct final_awaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      ended.promise().ended();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  final_awaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { failure = std::current_exception(); }
  inline void ended() noexcept;
};

struct join {
  promise_base* parent = nullptr;
  std::size_t remaining = 0;
};

/// Resumes coroutines one after the other from one place. g++ makes symmetric transfer a call where it does not optimise: a loop over
/// ten thousand leads would overflow the stack.
class trampoline {
 public:
  trampoline() = default;
  trampoline(const trampoline&) = delete;
  trampoline& operator=(const trampoline&) = delete;

  void make_ready(promise_base& promise) noexcept {
    promise.next_ready = nullptr;
    (last_ ? last_->next_ready : first_) = &promise;
    last_ = &promise;
  }

  void run() {
    while (first_) {
      promise_base* promise = std::exchange(first_, first_->next_ready);
      if (!first_) last_ = nullptr;
      promise->self.resume();
    }
  }

 private:
  promise_base* first_ = nullptr;
  promise_base* last_ = nullptr;
};

void promise_base::ended() noexcept {
  if (group && --group->remaining == 0) loop->make_ready(*group->parent);
  if (continuation) loop->make_ready(*continuation);
}

template <class T>
struct promise : promise_base {
  std::optional<T> value;

  task<T> get_return_object();
  template <class From = T>
  void return_value(From&& from) {
    value.emplace(std::forward<From>(from));
  }
  T take() {
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
};

template <>
struct promise<void> : promise_base {
  inline task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const {
    if (failure) std::rethrow_exception(failure);
  }
};

struct access;

}  // namespace detail

/// A coroutine of a plugin: starts when it is awaited, owns its frame, and may be destroyed at any suspension point.
/// Take parameters by value: the frame then owns what it uses.
template <class T>
class [[nodiscard]] task {
 public:
  using promise_type = detail::promise<T>;

  task() = default;
  explicit task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  task(task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  task& operator=(task&& other) noexcept {
    if (this != &other) {
      destroy();
      frame_ = std::exchange(other.frame_, nullptr);
    }
    return *this;
  }
  ~task() { destroy(); }

  class awaiter {
   public:
    explicit awaiter(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
    bool await_ready() const noexcept { return false; }
    template <class Parent>
    void await_suspend(std::coroutine_handle<Parent> parent) const noexcept {
      promise_type& child = frame_.promise();
      child.loop = parent.promise().loop;
      child.continuation = &parent.promise();
      child.loop->make_ready(child);
    }
    T await_resume() const { return frame_.promise().take(); }

   private:
    std::coroutine_handle<promise_type> frame_;  // the task outlives the full expression that awaits it
  };

  awaiter operator co_await() const noexcept { return awaiter(frame_); }

 private:
  friend struct detail::access;
  void destroy() noexcept {
    if (frame_) frame_.destroy();
  }
  std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
task<T> promise<T>::get_return_object() {
  const auto frame = std::coroutine_handle<promise<T>>::from_promise(*this);
  self = frame;
  return task<T>(frame);
}

task<void> promise<void>::get_return_object() {
  const auto frame = std::coroutine_handle<promise<void>>::from_promise(*this);
  self = frame;
  return task<void>(frame);
}

/// What the session and `all` may do with a task.
struct access {
  template <class T>
  static promise<T>& promise_of(const task<T>& work) {
    return work.frame_.promise();
  }
  template <class T>
  static bool done(const task<T>& work) {
    return work.frame_.done();
  }
};

template <class T>
class join_awaiter {
 public:
  explicit join_awaiter(const std::vector<task<T>>& tasks) : tasks_(tasks) {}
  bool await_ready() const noexcept { return tasks_.empty(); }
  template <class Parent>
  void await_suspend(std::coroutine_handle<Parent> parent) noexcept {
    join_.parent = &parent.promise();
    join_.remaining = tasks_.size();
    for (const auto& work : tasks_) {
      auto& child = access::promise_of(work);
      child.loop = join_.parent->loop;
      child.group = &join_;
      child.loop->make_ready(child);
    }
  }
  void await_resume() const noexcept {}

 private:
  const std::vector<task<T>>& tasks_;
  join join_;
};

}  // namespace detail

/// Runs the tasks side by side and returns their values in order. What they send at the same time leaves as one step, so it travels in
/// parallel. If some throw, the first one's exception is rethrown once all have ended.
template <class T>
task<std::vector<T>> all(std::vector<task<T>> tasks) {
  co_await detail::join_awaiter<T>(tasks);
  std::vector<T> values;
  values.reserve(tasks.size());
  for (auto& work : tasks) values.push_back(detail::access::promise_of(work).take());
  co_return values;
}

inline task<void> all(std::vector<task<void>> tasks) {
  co_await detail::join_awaiter<void>(tasks);
  for (auto& work : tasks) detail::access::promise_of(work).take();
}

}  // namespace leadsync::sdk
