#include "plugin/session.h"

#include "plugin/host.h"
#include "tests/unit/plugin/plugin_files.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace leadsync {
namespace {

using testing::HasSubstr;

std::shared_ptr<const plugin_library> load(const std::filesystem::path& file) { return plugin_library::load(file).value(); }

plugin_session misbehaving(std::string_view job) {
  return plugin_session::open(load(bad_plugin("misbehaving")), job, {.run_id = 5, .lead_count = 2});
}

constexpr auto one_lead = R"({"kind": "sync", "leads": [{"lead": 0, "phases_done": [], "objects": {"person": {"fields": {
  "email": {"type": "email", "value": "ada@example.test", "mode": "overwrite"}}}}}]})";

TEST(PluginSession, CarriesRequestsOutAndAnswersIn) {
  auto session = plugin_session::open(load(toy_plugin()), one_lead, {.run_id = 1, .lead_count = 1});
  const auto step = session.resume();
  ASSERT_EQ(step.kind, plugin_step::kind::send);
  ASSERT_EQ(step.requests.size(), 1u);
  const auto& request = step.requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "/people");
  EXPECT_EQ(request.headers, (std::vector<plugin_header>{{"Content-Type", "application/json"}}));
  EXPECT_EQ(request.body, R"({"email":"ada@example.test"})");
  EXPECT_EQ(request.phase, "person");
  EXPECT_EQ(request.leads, std::vector<std::uint32_t>{0});
  EXPECT_EQ(request.effect, plugin_effect::keyed_write);

  plugin_response response;
  response.status = 201;
  response.body = R"({"id":"7"})";
  const auto end = session.resume(std::span(&response, 1));
  EXPECT_EQ(end.kind, plugin_step::kind::done);
  EXPECT_EQ(end.result_json, "{}");
  EXPECT_EQ(boost::json::parse(end.verdicts_json).at(0).at("remote_id"), "7");
}

TEST(PluginSession, FillsInTheManifestsDefaults) {
  auto session = misbehaving("well");
  const auto step = session.resume();
  ASSERT_EQ(step.requests.size(), 1u);
  EXPECT_EQ(step.requests[0].costs, (std::vector<plugin_cost>{{"burst", 1}}));
  EXPECT_EQ(step.requests[0].deadline, std::chrono::seconds(4));
  EXPECT_EQ(step.requests[0].max_response_bytes, 1000u);
  const plugin_response response;
  EXPECT_EQ(session.resume(std::span(&response, 1)).result_json, "{}");
}

TEST(PluginSession, KeepsItsLibraryAndMayBeDestroyedWhileAnswersAreDue) {
  auto session = plugin_session::open(load(toy_plugin()), one_lead, {.run_id = 1, .lead_count = 1});
  EXPECT_EQ(session.resume().kind, plugin_step::kind::send);
}

struct misdeed {
  const char* job;
  const char* sentence;
};

class Misbehaviour : public testing::TestWithParam<misdeed> {};

TEST_P(Misbehaviour, EndsTheSessionWithASentence) {
  auto session = misbehaving(GetParam().job);
  for (int i = 0; i < 2; ++i) {  // for good
    const auto step = session.resume();
    ASSERT_EQ(step.kind, plugin_step::kind::done);
    const auto error = boost::json::parse(step.result_json).at("error");
    EXPECT_EQ(error.at("category"), "PLUGIN_FAULT");
    EXPECT_THAT(std::string(error.at("message").as_string()), HasSubstr(std::string("plugin misbehaving 0.1: ") + GetParam().sentence));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Each, Misbehaviour,
    testing::Values(misdeed{"open_null", "open gave no session"}, misdeed{"open_throws", "open threw an exception: in open"},
                    misdeed{"throws", "resume threw an exception: in resume"},
                    misdeed{"throws_int", "resume threw an exception: not a std::exception"},
                    misdeed{"kind", "the kind of a step is the unknown number 77"}, misdeed{"no_requests", "a step sends no request"},
                    misdeed{"null_array", "the requests of a step number 1 at no address"},
                    misdeed{"null_element", "request 1 is NULL"}, misdeed{"absurd_count", "the requests of a step number"},
                    misdeed{"small_request", "request 0 says that it has 8 bytes"},
                    misdeed{"null_text", "request 0 of a step: its URL has 5 bytes at no address"},
                    misdeed{"bad_utf8", "request 0 of a step: its URL is not valid UTF-8"},
                    misdeed{"relative_url", "request 0 of a step: its URL \"x\" begins neither"},
                    misdeed{"url_with_line_break", "request 0 of a step: its URL contains a blank or a control character"},
                    misdeed{"method", "request 0 of a step: \"get /\" is no method"},
                    misdeed{"header_with_line_break", "request 0 of a step: the value of header X contains a control character"},
                    misdeed{"unknown_cost", "request 0 of a step: it costs \"moon\""},
                    misdeed{"lead_out_of_range", "request 0 of a step: it names lead 9 of a job with 2"},
                    misdeed{"effect", "request 0 of a step: its effect is the unknown number 3"},
                    misdeed{"big_checkpoint", "the checkpoint has 70000 bytes, more than the allowed 65536"},
                    misdeed{"verdicts_not_json", "verdicts_json is not JSON"},
                    misdeed{"verdicts_no_array", "verdicts_json is not a JSON array"},
                    misdeed{"wait_for_ages", "it wants to wait 18446744073709551615 ms"},
                    misdeed{"result_no_object", "result_json is not a JSON object"}),
    [](const auto& one) { return std::string(one.param.job); });

TEST(PluginHost, PassesLogLinesOnWithPluginAndRun) {
  std::vector<plugin_log_line> lines;
  set_plugin_log([&](plugin_log_line line) { lines.push_back(std::move(line)); });
  static_cast<void>(misbehaving("logs"));
  set_plugin_log({});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].plugin, "misbehaving");
  EXPECT_EQ(lines[0].run_id, 5);
  EXPECT_EQ(lines[0].severity, plugin_severity::error);
  EXPECT_EQ(lines[0].text, "from \xef\xbf\xbd open");
}

}  // namespace
}  // namespace leadsync
