#pragma once

#include "transport/http_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gtest/gtest.h>

namespace leadsync::test {

/// Runs coroutines of one thread to their end.
struct http_fixture : ::testing::Test {
  boost::asio::io_context io{1};
  std::shared_ptr<http_client> client = std::make_shared<http_client>(io.get_executor());

  ~http_fixture() override {
    client->stop();
    io.restart();
    io.run_for(std::chrono::milliseconds(100));
  }

  template <class T>
  std::vector<T> await_all(std::vector<boost::asio::awaitable<T>> work) {
    std::vector<T> out(work.size());
    std::size_t done = 0;
    for (std::size_t i = 0; i < work.size(); ++i)
      boost::asio::co_spawn(io, std::move(work[i]), [&out, &done, i](std::exception_ptr broken, T value) {
        if (broken) std::rethrow_exception(broken);
        out[i] = std::move(value);
        ++done;
      });
    io.restart();
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (done < work.size() && std::chrono::steady_clock::now() < limit) io.run_one_for(std::chrono::seconds(1));
    EXPECT_EQ(done, work.size()) << "did not end";
    return out;
  }
  template <class T>
  T await(boost::asio::awaitable<T> work) {
    std::vector<boost::asio::awaitable<T>> one;
    one.push_back(std::move(work));
    return std::move(await_all(std::move(one)).front());
  }

  static http_request get(std::string url) {
    http_request out;
    out.method = "GET";
    out.url = std::move(url);
    out.may_repeat = true;
    out.deadline = std::chrono::seconds(5);
    return out;
  }
  static http_request post(std::string url, std::string body) {
    auto out = get(std::move(url));
    out.method = "POST";
    out.may_repeat = false;
    out.body = std::move(body);
    out.headers = {{"Content-Type", "application/json"}};
    return out;
  }
};

}  // namespace leadsync::test
