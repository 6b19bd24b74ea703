#include "plugin/session.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

extern "C" {
extern const std::size_t layout_now[];
extern const std::size_t layout_now_count;
extern const std::size_t layout_v1_0[];
extern const std::size_t layout_v1_0_count;
}

namespace leadsync {
namespace {

TEST(Abi, KeepsEveryReleasedMemberAndNumberInItsPlace) {
  EXPECT_EQ(std::vector<std::size_t>(layout_now, layout_now + layout_now_count),
            std::vector<std::size_t>(layout_v1_0, layout_v1_0 + layout_v1_0_count));
}

TEST(Abi, RunsAPluginThatWasBuiltAgainstVersion1_0) {
  const auto library = plugin_library::load(std::string(std::getenv("LEADSYNC_BUILD")) + "/lib/leadsync/old_plugins/old_plugin.so");
  ASSERT_TRUE(library) << library.error().context;
  auto session = plugin_session::open(*library, "{}", {.run_id = 1, .lead_count = 1});

  auto step = session.resume();
  ASSERT_EQ(step.requests.size(), 1u) << step.result_json;
  EXPECT_EQ(step.requests[0].url, "/search");
  EXPECT_EQ(step.requests[0].costs, (std::vector<plugin_cost>{{"search", 2}}));
  EXPECT_EQ(step.checkpoint, "searched");

  plugin_response response;
  response.status = 200;
  step = session.resume(std::span(&response, 1));
  EXPECT_EQ(step.kind, plugin_step::kind::wait);
  EXPECT_EQ(step.wait, std::chrono::milliseconds(250));

  step = session.resume();
  ASSERT_EQ(step.requests.size(), 1u) << step.result_json;
  EXPECT_EQ(step.requests[0].effect, plugin_effect::blind_write);
  EXPECT_EQ(step.requests[0].body, "new person");
  EXPECT_EQ(step.requests[0].headers, (std::vector<plugin_header>{{"Content-Type", "text/plain"}}));
  EXPECT_EQ(step.requests[0].deadline, std::chrono::milliseconds(1500));
  EXPECT_EQ(step.requests[0].max_response_bytes, 77u);

  response.status = 201;
  response.headers = {{"x-id", "h"}};
  response.body = "b";
  step = session.resume(std::span(&response, 1));
  EXPECT_EQ(step.verdicts_json, R"([{"lead": 0, "phase": "person", "status": "ok", "remote_id": "201-h-b"}])");
  EXPECT_EQ(step.result_json, R"({"old": true})");
}

}  // namespace
}  // namespace leadsync
