#include "runtime/worker_pool.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <future>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

boost::asio::awaitable<void> store_call(worker_pool& pool, std::function<int()> work, std::chrono::milliseconds limit,
                                        std::optional<result<int>>& out) {
  out = co_await pool.call<int>(work, limit);
}

std::optional<result<int>> call(worker_pool& pool, std::function<int()> work, std::chrono::milliseconds limit) {
  boost::asio::io_context context;
  std::optional<result<int>> out;
  boost::asio::co_spawn(context, store_call(pool, std::move(work), limit, out), boost::asio::detached);
  context.run();
  return out;
}

TEST(WorkerPool, GivesBackWhatTheWorkMade) {
  worker_pool pool(2);
  const auto made = call(pool, [] { return 7; }, 10s);
  EXPECT_EQ(**made, 7);
}

TEST(WorkerPool, ReplacesAThreadWhoseWorkHangs) {
  auto release = std::make_shared<std::promise<void>>();
  auto released = release->get_future().share();
  {
    worker_pool pool(1);
    const auto hung = call(pool, [released] { released.wait(); return 1; }, 20ms);
    EXPECT_EQ(hung->error().code, errc::timed_out);
    const auto next = call(pool, [] { return 2; }, 10s);
    EXPECT_EQ(**next, 2);
  }  // does not wait for the thread that was given up
  release->set_value();
}

TEST(WorkerPool, TheTimeInWhichAnotherHangsIsNotCounted) {
  auto release = std::make_shared<std::promise<void>>();
  auto released = release->get_future().share();
  {
    worker_pool pool(1);
    boost::asio::io_context context;
    std::optional<result<int>> hung, behind;
    boost::asio::co_spawn(context, store_call(pool, [released] { released.wait(); return 1; }, 200ms, hung), boost::asio::detached);
    boost::asio::co_spawn(context, store_call(pool, [] { return 2; }, 20ms, behind), boost::asio::detached);
    context.run();
    EXPECT_EQ(hung->error().code, errc::timed_out);
    ASSERT_TRUE(*behind) << behind->error().context;
    EXPECT_EQ(**behind, 2);
  }
  release->set_value();
}

}  // namespace
}  // namespace leadsync
