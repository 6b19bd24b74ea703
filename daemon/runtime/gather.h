#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <set>
#include <vector>

namespace leadsync {

inline boost::asio::awaitable<void> sleep_for(std::chrono::milliseconds duration) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, duration);
  boost::system::error_code ignored;
  co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
}

/// Counts coroutines that someone started and must await. Used on one executor.
class gate {
 public:
  explicit gate(const boost::asio::any_io_executor& executor) : changed_(executor) { changed_.expires_at(never()); }

  void spawn(boost::asio::awaitable<void> work) {
    ++count_;
    boost::asio::co_spawn(changed_.get_executor(), std::move(work), [this](std::exception_ptr failure) {
      if (failure) std::terminate();  // coroutines here return errors; an exception is a bug
      if (--count_ == 0) changed_.cancel();
    });
  }

  [[nodiscard]] int count() const { return count_; }

  boost::asio::awaitable<void> wait() {
    while (count_ > 0) {
      boost::system::error_code ignored;
      co_await changed_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
  }

 private:
  static boost::asio::steady_timer::time_point never() { return boost::asio::steady_timer::time_point::max(); }

  int count_ = 0;
  boost::asio::steady_timer changed_;
};

/// Something that coroutines wait for, and others signal. A signal while nobody waits is kept.
class wake_up {
 public:
  explicit wake_up(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  void signal() {
    signalled_ = true;
    timer_.cancel();
  }

  /// Until signalled, or until `at`.
  boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point at) {
    if (!signalled_) {
      timer_.expires_at(at);
      boost::system::error_code ignored;
      co_await timer_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
    signalled_ = false;
  }

 private:
  bool signalled_ = false;
  boost::asio::steady_timer timer_;
};

/// Pauses that all end when someone is not willing to wait any longer. Used on one executor; must outlive them.
class breakable_pauses {
 public:
  explicit breakable_pauses(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// False where it was broken off.
  boost::asio::awaitable<bool> pause(std::chrono::milliseconds duration) {
    if (broken_) co_return false;
    boost::asio::steady_timer timer(executor_, duration);
    running_.insert(&timer);
    boost::system::error_code ignored;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    running_.erase(&timer);
    co_return !broken_;
  }
  void break_off() {
    broken_ = true;
    for (auto* timer : running_) timer->cancel();
  }

 private:
  boost::asio::any_io_executor executor_;
  std::set<boost::asio::steady_timer*> running_;
  bool broken_ = false;
};

}  // namespace leadsync
