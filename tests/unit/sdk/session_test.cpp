#include "tests/unit/sdk/one_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace leadsync::sdk;
using namespace std::chrono_literals;
using testing::HasSubstr;
namespace testkit = leadsync::testkit;

task<std::string> build(session_context, std::string) {
  const std::vector<std::uint32_t> ordinals{4, 2};
  co_await http.patch("/x?y=" + percent_encode("ä b"))
      .phase("person")
      .leads(ordinals)
      .keyed_write()
      .cost("search", 3)
      .deadline(30s)
      .max_response_bytes(99)
      .header("X-One", "1")
      .json("{}");
  co_return "{}";
}

TEST(Request, SaysToTheDaemonWhatTheSentenceSays) {
  one_session<build> talk;
  const auto& sent = talk.expect("PATCH", "/x?y=%C3%A4%20b");
  EXPECT_EQ(sent.phase, "person");
  EXPECT_EQ(sent.leads, (std::vector<std::uint32_t>{4, 2}));
  EXPECT_EQ(sent.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(sent.costs, (std::vector<std::pair<std::string, std::uint32_t>>{{"search", 3}}));
  EXPECT_EQ(sent.deadline_ms, 30'000u);
  EXPECT_EQ(sent.max_response_bytes, 99u);
  EXPECT_EQ(sent.header("X-One"), "1");
  EXPECT_EQ(sent.header("Content-Type"), "application/json");
  EXPECT_EQ(sent.body, "{}");
}

task<std::string> forgets_the_effect(session_context, std::string) {
  co_await http.post("/people").json("{}");
  co_return "{}";
}

TEST(Request, IsRefusedWhereAWriteDoesNotSayItsEffect) {
  EXPECT_THAT(one_session<forgets_the_effect>().result_json(), HasSubstr("POST /people: say what repeating it would do"));
}

task<std::string> keeps_an_answer(session_context, std::string) {
  const auto first = co_await http.get("/first");
  std::vector<request> two;
  two.push_back(http.get("/second"));
  two.push_back(http.del("/third").blind_write());
  const auto others = co_await http.all(std::move(two));
  co_return std::string(first.header("Retry-After")) + " " + first.body() + " " + std::to_string(others[1].status()) + " " +
      std::to_string(others[1].number()) + (others[0].ok() ? " ok " : " failed ") + others[0].transport_error();
}

TEST(Answer, SurvivesLaterSuspensions) {
  one_session<keeps_an_answer> talk;
  talk.answer(testkit::json(200, "one").with("retry-after", "9"));
  talk.expect(1, "DELETE", "/third");
  talk.answer({testkit::fault(LEADSYNC_NOT_SENT, "DNS"), testkit::json(404, "")});
  EXPECT_EQ(talk.result_json(), "9 one 404 2 failed DNS");
}

task<std::string> tell_transport(session_context, std::string) {
  const auto lost = co_await http.get("/x");
  co_return lost.transport() == transport_result::sent_no_answer ? "unknown" : "known";
}

TEST(Answer, ThatTheDaemonDoesNotGiveMayHaveBeenCarriedOut) {
  static const auto plugin = define_plugin<tell_transport>("{}");
  auto* session = plugin.open(nullptr, {"{}", 2});
  leadsync_step step{};
  step.struct_size = sizeof step;
  plugin.resume(session, nullptr, 0, &step);
  ASSERT_EQ(step.request_count, 1u);
  plugin.resume(session, nullptr, 0, &step);
  EXPECT_EQ(std::string(step.result_json.data, step.result_json.size), "unknown");
  plugin.close(session);
}

task<std::string> report_twice_then_throw(session_context context, std::string job) {
  context.report(R"({"lead":0})");
  context.report(R"( [{"lead":1},{"lead":2}] )");
  context.report(" [ ] ");
  context.checkpoint("page 2");
  co_await http.get("/x");
  context.report(R"({"lead":3})");
  if (job == "number") throw 7;
  throw std::runtime_error("caf\xe9 \"quoted\"");
}

TEST(Session, HandsOverVerdictsAndCheckpointWithTheNextStep) {
  one_session<report_twice_then_throw> talk;
  EXPECT_EQ(talk.verdicts_json(), R"([{"lead":0},{"lead":1},{"lead":2}])");
  EXPECT_EQ(talk.checkpoint(), "page 2");
}

TEST(Session, EndsWithAFaultAndWhatWasReportedBeforeWhereThePluginThrows) {
  one_session<report_twice_then_throw> talk;
  talk.answer(testkit::json(200, ""));
  EXPECT_EQ(talk.result_json(), R"({"error":{"category":"PLUGIN_FAULT","message":"caf? \"quoted\""}})");
  EXPECT_EQ(talk.verdicts_json(), R"([{"lead":0},{"lead":1},{"lead":2},{"lead":3}])");
}

TEST(Session, CatchesWhatIsNotAStandardException) {
  one_session<report_twice_then_throw> talk("number");
  talk.answer(testkit::json(200, ""));
  EXPECT_THAT(talk.result_json(), HasSubstr("not a std::exception"));
}

task<std::string> throws_before_it_is_a_coroutine(session_context, std::string) { throw std::runtime_error("at once"); }

TEST(Session, CatchesWhatOpenThrows) {
  EXPECT_THAT(one_session<throws_before_it_is_a_coroutine>().result_json(), HasSubstr("at once"));
}

task<std::string> checkpoints_too_much(session_context context, std::string) {
  context.checkpoint(std::string(64 * 1024 + 1, 'x'));
  co_return "{}";
}

TEST(Session, RefusesACheckpointBeyond64KiB) {
  EXPECT_THAT(one_session<checkpoints_too_much>().result_json(), HasSubstr("longer than 64 KiB"));
}

struct never_ready {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<>) const {}
  void await_resume() const {}
};

task<std::string> awaits_something_foreign(session_context, std::string) {
  co_await never_ready();
  co_return "{}";
}

TEST(Session, EndsWhereNothingCanEverResumeIt) {
  EXPECT_THAT(one_session<awaits_something_foreign>().result_json(), HasSubstr("neither an answer nor a time"));
}

task<std::string> person(session_context context, std::string name) {
  const auto found = co_await http.get("/search/" + std::string(100, 'x') + name).phase("person");
  std::vector<request> batch;
  for (int i = 0; i < 3; ++i) batch.push_back(http.post("/batch").keyed_write().json(found.body() + std::string(100, 'y')));
  const auto answers = co_await http.all(std::move(batch));
  co_await wait(5ms);
  const auto note = co_await http.post("/note").blind_write().json(answers.front().body());
  context.report("{\"text\":\"" + std::string(100, 'z') + "\"}");
  co_return found.body() + note.body();
}

task<std::string> several_people(session_context context, std::string job) {
  auto first = co_await person(context, job);
  std::vector<task<std::string>> people;
  for (int i = 0; i < 3; ++i) people.push_back(person(context, first + std::to_string(i)));
  const auto texts = co_await all(std::move(people));
  co_return texts.front();
}

/// Steps until the end, or until `stop`.
int step_through(int stop) {
  one_session<several_people> talk;
  int steps = 0;
  for (; !talk.done() && steps < stop; ++steps) {
    if (talk.waits()) {
      talk.pass_time();
    } else {
      talk.answer(std::vector<testkit::response>(talk.requests().size(), testkit::json(200, std::string(50, 'b'))));
    }
  }
  return steps;
}

// Leaks and double frees are found by the sanitizers.
TEST(Session, MayBeClosedAtEverySuspensionPoint) {
  const int all_steps = step_through(1000);
  EXPECT_EQ(all_steps, 8);
  for (int stop = 0; stop < all_steps; ++stop) EXPECT_EQ(step_through(stop), stop);
}

TEST(Testkit, SaysWhatCameInsteadOfWhatWasExpected) {
  one_session<tell_transport> talk;
  try {
    talk.expect("POST", "/y");
    FAIL();
  } catch (const testkit::mismatch& found) {
    EXPECT_STREQ(found.what(), "expected POST /y as request 0, but it sends\n  GET /x");
  }
}

}  // namespace
