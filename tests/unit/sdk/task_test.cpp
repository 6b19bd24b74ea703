#include "tests/unit/sdk/one_session.h"

#include <gtest/gtest.h>

#include <memory>

namespace {

using namespace leadsync::sdk;
using namespace std::chrono_literals;
namespace testkit = leadsync::testkit;

task<int> number(int value) { co_return value; }

task<std::string> add_many(session_context, std::string) {
  int sum = 0;
  for (int i = 0; i < 300'000; ++i) sum += co_await number(1);
  co_return std::to_string(sum);
}

TEST(Task, RunsAnyNumberOfTasksOnAFlatStack) { EXPECT_EQ(one_session<add_many>().result_json(), "300000"); }

task<std::unique_ptr<int>> move_only() { co_return std::make_unique<int>(7); }

task<std::string> take_move_only(session_context, std::string) {
  const auto seven = co_await move_only();
  co_return std::to_string(*seven);
}

TEST(Task, HandsOverValuesThatOnlyMove) { EXPECT_EQ(one_session<take_move_only>().result_json(), "7"); }

task<> fail() {
  co_await http.get("/before");
  throw std::runtime_error("inner");
}

task<std::string> catch_it(session_context, std::string) {
  try {
    co_await fail();
  } catch (const std::runtime_error& failure) {
    co_return std::string("caught ") + failure.what();
  }
  co_return "not thrown";
}

TEST(Task, ThrowsInWhoeverAwaitsIt) {
  one_session<catch_it> talk;
  talk.answer(testkit::json(200, ""));
  EXPECT_EQ(talk.result_json(), "caught inner");
}

task<std::size_t> two_requests(std::string name) {
  co_await http.get("/first/" + name);
  const auto second = co_await http.get("/second/" + name);
  co_return second.number();
}

task<std::string> side_by_side(session_context, std::string) {
  std::vector<task<std::size_t>> tasks;
  for (const auto* name : {"a", "b", "c"}) tasks.push_back(two_requests(name));
  const auto numbers = co_await all(std::move(tasks));
  std::string text;
  for (const auto one : numbers) text += std::to_string(one);
  co_return text;
}

TEST(All, SendsWhatItsTasksWantAsOneStep) {
  one_session<side_by_side> talk;
  ASSERT_EQ(talk.requests().size(), 3u);
  talk.expect(1, "GET", "/first/b");
  talk.answer(std::vector<testkit::response>(3));
  ASSERT_EQ(talk.requests().size(), 3u);
  talk.expect(2, "GET", "/second/c");
  talk.answer(std::vector<testkit::response>(3));
  EXPECT_EQ(talk.result_json(), "345");
}

task<> fails_at_once() {
  throw std::runtime_error("first");
  co_return;
}

task<std::string> one_of_two_fails(session_context context, std::string) {
  std::vector<task<>> tasks;
  tasks.push_back(fails_at_once());
  tasks.push_back(fail());
  try {
    co_await all(std::move(tasks));
  } catch (const std::runtime_error& failure) {
    context.log(severity::warning, failure.what());
  }
  co_return "{}";
}

TEST(All, RethrowsTheFirstExceptionOnceAllHaveEnded) {
  one_session<one_of_two_fails> talk;
  talk.expect("GET", "/before");
  talk.answer(testkit::json(200, ""));
  talk.expect_done();
  EXPECT_EQ(talk.log_lines(), std::vector<std::string>{"first"});
}

task<> log_after(session_context context, std::chrono::milliseconds duration) {
  co_await wait(duration);
  context.log(severity::info, std::to_string(duration.count()));
}

task<std::string> wait_side_by_side(session_context context, std::string) {
  std::vector<task<>> tasks;
  tasks.push_back(log_after(context, 500ms));
  tasks.push_back(log_after(context, 200ms));
  tasks.push_back(log_after(context, 200ms));
  co_await all(std::move(tasks));
  co_return "{}";
}

TEST(All, WaitsForTheNextThatIsDue) {
  one_session<wait_side_by_side> talk;
  EXPECT_EQ(talk.wait_ms(), 200u);
  talk.pass_time();
  EXPECT_EQ(talk.wait_ms(), 300u);
  EXPECT_EQ(talk.log_lines(), (std::vector<std::string>{"200", "200"}));
  talk.pass_time();
  talk.expect_done();
}

}  // namespace
