// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/sdk/conversation.hpp"
#include "leadsync/sdk/request.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace leadsync::sdk {

namespace detail {

/// `co_await http.all(requests)`: suspends the coroutine until all answers are there.
class send_all_awaiter {
 public:
  explicit send_all_awaiter(std::vector<request> requests) : requests_(std::move(requests)) {}

  bool await_ready() const {
    for (const auto& one : requests_) one.check();
    return requests_.empty();
  }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) {
    conversation::of(waiter.promise()).send(waiter.promise(), requests_, answers_);
  }
  std::vector<answer> await_resume() { return std::move(answers_); }

 protected:
  std::vector<request> requests_;
  std::vector<answer> answers_;
};

class send_awaiter : public send_all_awaiter {
 public:
  explicit send_awaiter(request one) : send_all_awaiter(list_of(std::move(one))) {}
  answer await_resume() { return std::move(answers_.front()); }

 private:
  static std::vector<request> list_of(request one) {
    std::vector<request> list;
    list.push_back(std::move(one));
    return list;
  }
};

class wait_awaiter {
 public:
  explicit wait_awaiter(std::chrono::milliseconds duration) : duration_(duration) {}
  bool await_ready() const noexcept { return duration_.count() <= 0; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) {
    conversation::of(waiter.promise()).wait(waiter.promise(), duration_);
  }
  void await_resume() const noexcept {}

 private:
  std::chrono::milliseconds duration_;
};

}  // namespace detail

/// `const answer found = co_await http.get("/people/7");`
inline detail::send_awaiter operator co_await(request&& one) { return detail::send_awaiter(std::move(one)); }

/// `co_await wait(2s)`
[[nodiscard]] inline detail::wait_awaiter wait(std::chrono::milliseconds duration) { return detail::wait_awaiter(duration); }

/// Begins requests. A URL is "/path?query" relative to the job's api_base, or absolute on a host of the manifest.
struct http_verbs {
  [[nodiscard]] request get(std::string url) const { return request("GET", std::move(url)); }
  [[nodiscard]] request post(std::string url) const { return request("POST", std::move(url)); }
  [[nodiscard]] request put(std::string url) const { return request("PUT", std::move(url)); }
  [[nodiscard]] request patch(std::string url) const { return request("PATCH", std::move(url)); }
  [[nodiscard]] request del(std::string url) const { return request("DELETE", std::move(url)); }

  /// Sends all at once; the answers come in the order of the requests.
  [[nodiscard]] detail::send_all_awaiter all(std::vector<request> requests) const {
    return detail::send_all_awaiter(std::move(requests));
  }
};

inline constexpr http_verbs http{};

}  // namespace leadsync::sdk
