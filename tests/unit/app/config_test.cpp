#include "app/config/config.h"

#include "app/config/yaml_map.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

namespace leadsync {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string problem(std::string_view text) {
  const auto parsed = parse_config(text, "/etc/leadsync/leadsyncd.yaml");
  return parsed ? "none" : parsed.error().context;
}

class ConfigFolder : public testing::Test {
 protected:
  ConfigFolder() {
    std::string pattern = testing::TempDir() + "leadsync-config-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    std::filesystem::create_directory(folder_ / "integrations.d");
    ::setenv("LEADSYNC_TEST_TOKEN", "token-1", 1);
  }
  ~ConfigFolder() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  [[nodiscard]] std::string load_problem() const {
    const auto loaded = load_config(folder_ / "leadsyncd.yaml");
    return loaded ? "none" : loaded.error().context;
  }

  std::filesystem::path folder_;
};

constexpr std::string_view integration = "plugin: acme\ncredential: {access_token: {env: LEADSYNC_TEST_TOKEN}}\n";

TEST(Config, NeedsNoKeyAtAll) {
  ::unsetenv("STATE_DIRECTORY");
  const auto settings = parse_config("", "/etc/leadsync/leadsyncd.yaml").value();
  EXPECT_EQ(settings.socket, "/run/leadsync/api.sock");
  EXPECT_EQ(settings.log_level, "info");
  EXPECT_EQ(settings.integrations_folder, "/etc/leadsync/integrations.d");
  EXPECT_EQ(settings.engine.state_folder, "/var/lib/leadsync");
  EXPECT_EQ(settings.engine.plugin_folders.front(), "/usr/local/lib/leadsync/plugins");
  EXPECT_EQ(settings.engine.schema_refresh, 15min);
}

TEST(Config, TakesTheStateFolderThatTheServiceManagerMade) {
  ::setenv("STATE_DIRECTORY", "/var/lib/private/leadsync", 1);
  EXPECT_EQ(parse_config("", "/x/y.yaml")->engine.state_folder, "/var/lib/private/leadsync");
  EXPECT_EQ(parse_config("state_folder: /srv/leadsync", "/x/y.yaml")->engine.state_folder, "/srv/leadsync");
  ::unsetenv("STATE_DIRECTORY");
}

TEST(Config, ReadsEveryKeyAndResolvesPathsAgainstItsOwnFolder) {
  const auto settings = parse_config(R"(
socket: run/api.sock
state_folder: ./state
integrations_folder: conf
plugin_folders: [plugins, /opt/plugins]
log_level: debug
schema_refresh: 1h
stop_grace: 5s
plugin_threads: 3
retry_cap: 7
body_retention: 10d
attempt_retention: 60d
)", "/srv/l/leadsyncd.yaml").value();
  EXPECT_EQ(settings.socket, "/srv/l/run/api.sock");
  EXPECT_EQ(settings.engine.state_folder, "/srv/l/state");
  EXPECT_EQ(settings.integrations_folder, "/srv/l/conf");
  EXPECT_THAT(settings.engine.plugin_folders, ElementsAre("/srv/l/plugins", "/opt/plugins"));
  EXPECT_EQ(settings.log_level, "debug");
  EXPECT_EQ(settings.engine.schema_refresh, 1h);
  EXPECT_EQ(settings.engine.stop_grace, 5s);
  EXPECT_EQ(settings.engine.plugin_threads, 3);
  EXPECT_EQ(settings.engine.retry_cap, 7);
  EXPECT_EQ(settings.engine.body_retention, std::chrono::days(10));
  EXPECT_EQ(settings.engine.attempt_retention, std::chrono::days(60));
}

TEST(Config, NamesFileLineAndKeyOfWhatIsWrong) {
  EXPECT_EQ(problem("socket: /run/a\nlog_levle: debug\n"),
            "/etc/leadsync/leadsyncd.yaml:2: unknown key `log_levle`; did you mean `log_level`?");
  EXPECT_THAT(problem("\n\nlog_level: loud\n"), HasSubstr(":3: `log_level` must be one of debug, info, warning, error"));
  EXPECT_THAT(problem("stop_grace: 1h\n"), HasSubstr(":1: `stop_grace` must be a length of time from 0s to 10m"));
  EXPECT_THAT(problem("body_retention: 500d\n"), HasSubstr("`attempt_retention` must not be shorter"));
  EXPECT_THAT(problem("socket: [a, b]\n"), HasSubstr(":1: `socket` must be one value"));
  EXPECT_THAT(problem("socket: /" + std::string(120, 'x') + "\n"), HasSubstr("at most 107 bytes"));
  EXPECT_THAT(problem("plugin_folders: {a: b}\n"), HasSubstr("must be a value or a list of values"));
}

TEST(Config, SurvivesNestingThatNobodyWrites) {
  EXPECT_THAT(problem(std::string(100'000, '[')), HasSubstr("not valid YAML"));
}

TEST_F(ConfigFolder, LoadsIntegrationsInTheOrderOfTheirFileNames) {
  write("leadsyncd.yaml", "");
  write("integrations.d/b.yaml", integration);
  write("integrations.d/a.yaml", integration);
  write("integrations.d/c.yaml.sample", "not: read");
  write("integrations.d/.d.yaml", "not: read");
  const auto settings = load_config(folder_ / "leadsyncd.yaml").value();
  ASSERT_EQ(settings.engine.integrations.size(), 2u);
  EXPECT_EQ(settings.engine.integrations[0].name, "a");
  EXPECT_EQ(settings.engine.integrations[1].name, "b");
  EXPECT_EQ(settings.engine.integrations[1].file, folder_ / "integrations.d/b.yaml");
}

TEST_F(ConfigFolder, RefusesTwoIntegrationsOfOneName) {
  write("leadsyncd.yaml", "");
  write("integrations.d/a.yaml", integration);
  write("integrations.d/b.yaml", std::string(integration) + "name: a\n");
  EXPECT_THAT(load_problem(), HasSubstr("b.yaml: integration `a` is already defined by " + (folder_ / "integrations.d/a.yaml").string()));
}

TEST_F(ConfigFolder, TellsTheProblemsOfAllFiles) {
  write("leadsyncd.yaml", "");
  write("integrations.d/a.yaml", "plugin: acme\n");
  write("integrations.d/b.yaml", "credential: {}\n");
  EXPECT_THAT(load_problem(), HasSubstr("a.yaml:1: `credential` is missing"));
  EXPECT_THAT(load_problem(), HasSubstr("b.yaml:1: `plugin` is missing"));
}

TEST_F(ConfigFolder, WorksWithoutAnyIntegration) {
  std::filesystem::remove(folder_ / "integrations.d");
  write("leadsyncd.yaml", "");
  EXPECT_EQ(load_problem(), "none");
}

TEST_F(ConfigFolder, AFolderOfIntegrationsThatWasNamedMustBeThere) {
  write("leadsyncd.yaml", "integrations_folder: integration.d\n");
  EXPECT_EQ(load_problem(), (folder_ / "leadsyncd.yaml").string() + ": `integrations_folder`: there is no folder " +
                                (folder_ / "integration.d").string() + "; make it, or correct the path");
  write("leadsyncd.yaml", "integrations_folder: leadsyncd.yaml\n");
  EXPECT_THAT(load_problem(), HasSubstr("leadsyncd.yaml cannot be listed: Not a directory"));
}

TEST_F(ConfigFolder, SaysThatTheFileIsNotThere) {
  EXPECT_THAT(load_problem(), HasSubstr("leadsyncd.yaml: cannot be read: No such file"));
}

TEST_F(ConfigFolder, ListsTheIntegrationsThatAMissingSecretWillHold) {
  write("leadsyncd.yaml", "");
  write("integrations.d/a.yaml", "plugin: acme\ncredential: {access_token: {file: nothing}}\n");
  const auto settings = load_config(folder_ / "leadsyncd.yaml").value();
  EXPECT_THAT(secret_problems(settings), ElementsAre(HasSubstr("a.yaml: secret `access_token`: " + (folder_ / "integrations.d/nothing").string() + " cannot be read")));
}

TEST_F(ConfigFolder, AcceptsTheFilesThatAreShipped) {
  const std::filesystem::path shipped = "etc";
  ASSERT_TRUE(exists(shipped / "leadsyncd.yaml"));
  EXPECT_EQ(load_config(shipped / "leadsyncd.yaml").has_value(), true);
}

/// Every key of the sample is a comment; with the comments taken off, it must be read as a whole.
TEST_F(ConfigFolder, AcceptsTheSampleWithEveryKeyTurnedOn) {
  for (const auto& [from, to] : {std::pair("etc/leadsyncd.yaml", "leadsyncd.yaml"),
                                 std::pair("etc/integrations.d/example.yaml.sample", "integrations.d/example.yaml")}) {
    std::ifstream in(from);
    ASSERT_TRUE(in) << from;
    std::string text;
    for (std::string line; std::getline(in, line);) text += (line.starts_with("#") && !line.starts_with("# ") ? line.substr(1) : line) + "\n";
    write(to, text);
  }
  write("integrations.d/ca.pem", "");
  const auto loaded = load_config(folder_ / "leadsyncd.yaml");
  ASSERT_TRUE(loaded) << loaded.error().context;
  EXPECT_EQ(loaded->engine.integrations.size(), 1u);
}

TEST(Nearest, SuggestsNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest("crendential", {"credential", "schedule"}), "credential");
  EXPECT_EQ(nearest("banana", {"credential", "schedule"}), "");
  EXPECT_EQ(nearest("xy", {"ab"}), "");
}

}  // namespace
}  // namespace leadsync
