#include "store/completion.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace leadsync {
namespace {

namespace asio = boost::asio;

template <class Handler>
struct suspended {
  explicit suspended(Handler&& waiting)
      : handler(std::move(waiting)), work(asio::make_work_guard(asio::get_associated_executor(handler))) {}

  Handler handler;
  asio::executor_work_guard<asio::associated_executor_t<Handler>> work;
};

/// Named, because a capturing lambda in this place is destroyed twice by g++ 12.
struct begin_initiation {
  template <class Handler>
  void operator()(Handler&& handler, std::function<void(completion)> begin) const {
    auto state = std::make_shared<suspended<std::decay_t<Handler>>>(std::forward<Handler>(handler));
    // The state goes along, so that the frame is never destroyed on the thread that completes it.
    begin([state]() mutable {
      const auto executor = state->work.get_executor();
      asio::post(executor, [state = std::move(state)] {
        auto resume = std::move(state->handler);
        state->work.reset();
        std::move(resume)();
      });
    });
    state.reset();
  }
};

}  // namespace

asio::awaitable<void> await_completion(std::function<void(completion)> begin) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(begin_initiation{}, asio::use_awaitable, std::move(begin));
}

}  // namespace leadsync
