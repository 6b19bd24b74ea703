#include "client.h"

#include "api/http_server.h"
#include "tests/unit/api/api_world.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <sstream>
#include <thread>

namespace leadsync::test {
namespace {

/// The client against the API with its real store, over a real socket.
class client_test : public testing::Test {
 protected:
  struct outcome {
    int code;
    std::string out, err;
  };

  void SetUp() override {
    world.add_history();
    serve();
  }
  void TearDown() override {
    std::promise<void> stopped;
    boost::asio::co_spawn(world.context, server->stop(std::chrono::seconds(2)), [&stopped](std::exception_ptr) { stopped.set_value(); });
    stopped.get_future().wait();
    guard.reset();
    thread.join();
  }
  void serve() {
    server.emplace(world.context.get_executor(), *world.api, api::http_server_options());
    ASSERT_TRUE(server->listen(socket).has_value());
    world.context.restart();
    thread = std::thread([this] { world.context.run(); });
  }
  outcome run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--socket", socket.string()});
    std::ostringstream out, err;
    const int code = client::run(std::move(arguments), {out, err});
    return {code, out.str(), err.str()};
  }
  std::string file(const std::string& name, std::string_view content) {
    const auto path = world.folder.path / name;
    std::ofstream(path) << content;
    return path.string();
  }

  api_world world;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{world.context.get_executor()};
  std::filesystem::path socket = world.folder.path / "api.sock";
  std::optional<api::http_server> server;
  std::thread thread;
};

TEST_F(client_test, ShowsWhatFailedAndWhereWithoutAskingWhichIntegration) {
  const auto status = run({"status"});
  EXPECT_EQ(status.code, 0) << status.err;
  EXPECT_NE(status.out.find("failed 1"), std::string::npos) << status.out;
  EXPECT_NE(status.out.find("Timeline \"Within 6 months\" → contact.timeline"), std::string::npos) << status.out;
  const auto failed = run({"failed", "NO_TAG_MAPPING"});
  EXPECT_TRUE(failed.out.starts_with("leads\twhere\t")) << failed.out;
  EXPECT_EQ(run({"failed", "CRM_RULE"}).code, 5);
  EXPECT_NE(run({"categories"}).out.find("NO_TAG_MAPPING\tValue has no mapping"), std::string::npos);
}

TEST_F(client_test, ShowsTheLogOfALead) {
  const auto list = run({"--json", "deliveries", "list", "--state", "failed"});
  const auto row = boost::json::parse(list.out).at("deliveries").at(0).as_object();
  const auto log = run({"log", std::string(row.at("lead").as_string())});
  EXPECT_EQ(log.code, 0) << log.err;
  EXPECT_NE(log.out.find("attempt 1"), std::string::npos) << log.out;
  EXPECT_NE(log.out.find("POST https://api.acme.test/contacts/batch"), std::string::npos);
  EXPECT_NE(log.out.find("{\"message\":\"no such option\"}"), std::string::npos);
  EXPECT_EQ(run({"log", "999999"}).code, 5);
  EXPECT_TRUE(run({"deliveries", "list", "--export", "csv"}).out.starts_with("lead,email,"));
}

TEST_F(client_test, ImportsAFileAndSaysWhichRowsItCouldNotRead) {
  const auto good = run({"import", file("good.csv", "Email,First Name\nx@example.test,Xan\ny@example.test,Yves\n"), "--event", "Expo"});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_TRUE(good.out.starts_with("2 added, ")) << good.out;
  const auto partial = run({"import", file("mixed.ndjson", "{\"email\": \"z@example.test\"}\nnot json\n"), "--event", "Expo"});
  EXPECT_EQ(partial.code, 7) << partial.out;
  EXPECT_NE(partial.err.find("row 2: "), std::string::npos) << partial.err;
  EXPECT_NE(run({"imports", "list"}).out.find("mixed.ndjson"), std::string::npos);
  EXPECT_EQ(run({"import", file("empty.csv", "")}).code, 1);
  const auto bare = run({"import", file("bare.csv", "Email,First Name\n"), "--event", "Expo"});
  EXPECT_NE(bare.err.find("bare.csv has no rows of leads"), std::string::npos) << bare.err;
  const auto refused = run({"import", file("odd.csv", "a,b\n1,2\n"), "--event", "Expo"});
  EXPECT_TRUE(refused.err.starts_with("leadsync: odd.csv was not imported: ")) << refused.err;
  EXPECT_NE(run({"import", world.folder.path.string()}).err.find("is a folder"), std::string::npos);
  EXPECT_NE(run({"import", "/nowhere/leads.csv"}).err.find("cannot read /nowhere/leads.csv"), std::string::npos);
}

TEST_F(client_test, StreamsAFileThatIsLargerThanABody) {
  std::string csv = "Email,Notes\n";
  for (int i = 0; i < 6000; ++i) csv += "lead" + std::to_string(i) + "@example.test," + std::string(300, 'n') + "\n";
  const auto given = run({"import", file("large.csv", csv), "--event", "Expo"});
  EXPECT_EQ(given.code, 0) << given.err;
  EXPECT_TRUE(given.out.starts_with("6,000 added, ")) << given.out;
}

TEST_F(client_test, MapsAValueAndRetriesWhatFailedForIt) {
  EXPECT_EQ(run({"fields", "set", "contact.timeline", "--from", "qualifier:Timeline"}).code, 0);
  const auto preview = run({"values", "map", "Timeline", "Within 6 months=next_quarter", "--preview"});
  EXPECT_TRUE(preview.out.starts_with("1 would pass")) << preview.out << preview.err;
  const auto mapped = run({"values", "map", "contact.timeline", "Within 6 months=next_quarter"});
  EXPECT_EQ(mapped.out, "Saved as mapping revision 2.\n→ leadsync retry --category NO_TAG_MAPPING\n") << mapped.err;
  EXPECT_NE(run({"values", "show", "Timeline"}).out.find("Within 6 months\tnext_quarter\tNext quarter"), std::string::npos);
  const auto count = run({"retry", "--category", "NO_TAG_MAPPING", "--dry-run"});
  EXPECT_TRUE(count.out.starts_with("1 lead, about 1 call")) << count.out << count.err;
  const auto started = run({"retry", "--all", "--no-wait"});
  EXPECT_EQ(started.code, 0) << started.err;
  EXPECT_NE(started.out.find("1 lead, 0 cleared"), std::string::npos) << started.out;
  EXPECT_EQ(run({"operations", "cancel", "1"}).code, 0);
}

TEST_F(client_test, RefusesToUndoSomebodyElsesMapping) {
  const auto name = file("mapping.json", run({"--json", "mapping", "show"}).out);
  EXPECT_EQ(run({"mapping", "set", name}).code, 0);
  const auto second = run({"mapping", "set", name});
  EXPECT_EQ(second.code, 6);
  EXPECT_NE(second.err.find("Somebody else changed the mapping"), std::string::npos) << second.err;
  EXPECT_NE(run({"mapping", "revisions"}).out.find("1\t"), std::string::npos);
}

TEST_F(client_test, SaysWhereAMappingsFileIsWrong) {
  const auto broken = run({"mapping", "set", file("mapping.json", "{\"fields\": [\n  {\"object\": oops}]}")});
  EXPECT_EQ(broken.code, 1);
  EXPECT_NE(broken.err.find("mapping.json holds no mapping\n  not JSON: syntax error at line 2, column 14\n"), std::string::npos) << broken.err;
}

TEST_F(client_test, ChangesModeAndEditsLeads) {
  EXPECT_EQ(run({"integrations", "mode", "manual"}).code, 0);
  EXPECT_NE(run({"integrations", "list"}).out.find("held: manual"), std::string::npos);
  EXPECT_EQ(run({"integrations", "mode", "nobody", "manual"}).code, 5);
  EXPECT_EQ(run({"integrations", "mode", "sometimes"}).code, 1);
  const auto edited = run({"lead", "edit", "1", "email=new@example.test", "qualifier:Timeline=A; B"});
  EXPECT_NE(edited.out.find("qualifier:Timeline\tA; B"), std::string::npos) << edited.out << edited.err;
  EXPECT_EQ(run({"lead", "show", "999999"}).code, 5);
}

TEST(Client, SaysWhatToDoWithoutADaemon) {
  std::ostringstream out, err;
  EXPECT_EQ(client::run({"--socket", "/nowhere/api.sock", "status"}, {out, err}), 3);
  EXPECT_NE(err.str().find("systemctl status leadsyncd"), std::string::npos) << err.str();
  EXPECT_EQ(client::run({"nonsense"}, {out, err}), 2);
  EXPECT_EQ(client::run({"--help"}, {out, err}), 0);
}

}  // namespace
}  // namespace leadsync::test
