#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>

namespace leadsync {

/// Resumes a waiting coroutine on its own executor. Called once, from any thread.
using completion = std::function<void()>;

/// Suspends the caller, hands its completion to `begin`, and returns when that was called.
[[nodiscard]] boost::asio::awaitable<void> await_completion(std::function<void(completion)> begin);

}  // namespace leadsync
