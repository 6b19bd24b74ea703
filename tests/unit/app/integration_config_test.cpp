#include "app/config/integration_config.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace leadsync {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr std::string_view good = "plugin: acme\ncredential: {kind: token, access_token: {env: LEADSYNC_TEST_TOKEN}}\n";

class IntegrationConfig : public testing::Test {
 protected:
  void SetUp() override { ::setenv("LEADSYNC_TEST_TOKEN", "token-1", 1); }

  static integration_settings settings(std::string_view more) { return parse_integration(std::string(good) + std::string(more), "/etc/x/acme.yaml").value(); }
  /// What is wrong with the good file and these lines, which begin with line 3.
  static std::string problem(std::string_view more) { return problem_of(std::string(good) + std::string(more)); }
  static std::string problem_of(std::string_view text) {
    const auto parsed = parse_integration(text, "/etc/x/acme.yaml");
    return parsed ? "none" : parsed.error().context;
  }
};

TEST_F(IntegrationConfig, NeedsOnlyAPluginAndACredential) {
  const auto parsed = settings("");
  EXPECT_EQ(parsed.name, "acme");
  EXPECT_EQ(parsed.plugin, "acme");
  EXPECT_EQ(parsed.credential_kind, "token");
  EXPECT_EQ(parsed.secrets.at("access_token").reveal(), "token-1");
  EXPECT_EQ(parsed.secrets_problem, "");
  EXPECT_EQ(parsed.mode, sync_mode::automatic);
  EXPECT_EQ(to_text(parsed.when), "continuous");
  EXPECT_FALSE(parsed.provision);
  EXPECT_EQ(parsed.settings_json, "{}");
}

TEST_F(IntegrationConfig, ReadsEveryKey) {
  const auto parsed = settings(R"(
name: acme-expo
events: [Expo, Summit]
sync_mode: manual
schedule: {cron: "0 7 * * 1-5", zone: Europe/Paris}
quiet_hours: {from: "20:00", until: "07:30", zone: America/New_York}
base_url: https://api.acme.test/v2/
proxy: http://proxy.test:3128
limits: {burst: 190, daily: 500000}
settings: {list_id: "0042", retries: 3, deep: {on: true, ratio: 0.5, none: ~, codes: [007, a]}}
provision: true
max_in_flight: 4
)");
  EXPECT_EQ(parsed.name, "acme-expo");
  EXPECT_THAT(parsed.events, ElementsAre("Expo", "Summit"));
  EXPECT_EQ(parsed.mode, sync_mode::manual);
  EXPECT_EQ(to_text(parsed.when), "cron 0 7 * * 1-5 Europe/Paris");
  ASSERT_TRUE(parsed.when.quiet);
  EXPECT_EQ(parsed.when.quiet->from, 20h);
  EXPECT_EQ(parsed.when.quiet->until, 7h + 30min);
  EXPECT_EQ(parsed.when.quiet->zone, "America/New_York");
  EXPECT_EQ(parsed.base_url, "https://api.acme.test/v2");
  EXPECT_EQ(parsed.proxy, "http://proxy.test:3128");
  EXPECT_THAT(parsed.limits, ElementsAre(Pair("burst", 190u), Pair("daily", 500000u)));
  EXPECT_EQ(parsed.settings_json,
            R"({"list_id":"0042","retries":3,"deep":{"on":true,"ratio":5E-1,"none":null,"codes":["007","a"]}})");
  EXPECT_TRUE(parsed.provision);
  EXPECT_EQ(parsed.max_in_flight, 4);
}

TEST_F(IntegrationConfig, SuggestsTheKeyThatWasMeantAndNamesItsLine) {
  EXPECT_EQ(problem("\ncrendential: {}\n"), "/etc/x/acme.yaml:4: unknown key `crendential`; did you mean `credential`?");
  EXPECT_THAT(problem("quiet_hours:\n  form: \"20:00\"\n  until: \"07:00\"\n"), HasSubstr(":4: unknown key `quiet_hours.form`; did you mean `from`?"));
}

TEST_F(IntegrationConfig, ListsTheKeysWhereNoneIsNear) {
  EXPECT_THAT(problem("zzzzzzzz: 1\n"), HasSubstr(":3: unknown key `zzzzzzzz`; it takes base_url, ca_file, credential, events"));
}

TEST_F(IntegrationConfig, RefusesAKeyThatIsGivenTwice) {
  EXPECT_THAT(problem("provision: true\nprovision: false\n"), HasSubstr(":4: `provision` is given twice, first in line 3; remove one"));
}

TEST_F(IntegrationConfig, TellsEveryProblemAtOnce) {
  const auto all = problem("sync_mode: sometimes\nprovision: perhaps\nmax_in_flight: 0\n");
  EXPECT_THAT(all, HasSubstr(":3: `sync_mode` must be automatic, manual or disabled"));
  EXPECT_THAT(all, HasSubstr(":4: `provision` must be true or false, not \"perhaps\""));
  EXPECT_THAT(all, HasSubstr(":5: `max_in_flight` must be a whole number from 1 to 256, not \"0\""));
}

TEST_F(IntegrationConfig, RefusesASecretInTheFileAndDoesNotRepeatIt) {
  const auto told = problem_of("plugin: acme\ncredential:\n  access_token: pat-na1-very-secret\n");
  EXPECT_THAT(told, HasSubstr(":3: `credential.access_token` must not hold the secret itself; say where it is kept: {file: PATH}"));
  EXPECT_THAT(told, Not(HasSubstr("very-secret")));
}

TEST_F(IntegrationConfig, WantsOneSourceForASecret) {
  EXPECT_THAT(problem_of("plugin: acme\ncredential:\n  access_token: {file: a, env: B}\n"), HasSubstr(":3: `credential.access_token` must have one of"));
  EXPECT_THAT(problem_of("plugin: acme\ncredential:\n  access_token: {}\n"), HasSubstr("must have one of"));
  EXPECT_THAT(problem_of("plugin: acme\ncredential:\n  access_token: {credential: ../x}\n"), HasSubstr("must name a credential, not a path"));
}

TEST_F(IntegrationConfig, KeepsAnIntegrationWhoseSecretCannotBeRead) {
  const auto parsed = parse_integration("plugin: acme\ncredential: {access_token: {env: LEADSYNC_TEST_UNSET}}\n", "acme.yaml");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->secrets_problem, "secret `access_token`: environment variable LEADSYNC_TEST_UNSET is not set");
  EXPECT_TRUE(parsed->secrets.empty());
}

TEST_F(IntegrationConfig, SaysWhatIsMissing) {
  EXPECT_THAT(problem_of(""), HasSubstr("`plugin` is missing"));
  EXPECT_THAT(problem_of("plugin: acme\n"), HasSubstr("`credential` is missing; write it as in `credential: {kind: token"));
  EXPECT_THAT(problem("base_url:\n"), HasSubstr(":3: `base_url` has no value; give one, or remove the line"));
}

TEST_F(IntegrationConfig, RefusesANameThatTheApiCouldNotCarry) {
  EXPECT_THAT(problem("name: Acme Expo\n"), HasSubstr(":3: `name` must be of lower-case letters"));
  const auto by_file = parse_integration(good, "/etc/x/Acme Expo.yaml");
  ASSERT_FALSE(by_file);
  EXPECT_THAT(by_file.error().context, HasSubstr("so give the integration a `name`"));
}

TEST_F(IntegrationConfig, RefusesSchedulesThatCannotBe) {
  EXPECT_THAT(problem("schedule: hourly\n"), HasSubstr(":3: `schedule` must be `continuous`, `{every: 15m}`"));
  EXPECT_THAT(problem("schedule: {every: 15m, cron: \"* * * * *\"}\n"), HasSubstr("`schedule` must be"));
  EXPECT_THAT(problem("schedule: [1]\n"), HasSubstr("`schedule` must be"));
  EXPECT_THAT(problem("schedule: {every: 90s}\n"), HasSubstr("`schedule.every` must be whole minutes"));
  EXPECT_THAT(problem("schedule: {every: 0m}\n"), HasSubstr("must be a length of time from 1m to 7d"));
  EXPECT_THAT(problem("schedule: {every: fortnight}\n"), HasSubstr("such as 90s, 15m, 2h or 30d, not \"fortnight\""));
  EXPECT_THAT(problem("schedule: {cron: \"0 25 * * *\"}\n"), HasSubstr("`schedule.cron` is wrong: \"25\" is not a cron hour"));
  EXPECT_THAT(problem("schedule: {cron: \"0 0 31 2 *\"}\n"), HasSubstr("fires on no day"));
  EXPECT_THAT(problem("schedule: {cron: \"0 7 * * *\", zone: Paris}\n"), HasSubstr("`schedule.zone` is wrong: \"Paris\" is not a time zone"));
}

TEST_F(IntegrationConfig, RefusesQuietHoursThatAreNoTimesOfDay) {
  EXPECT_THAT(problem("quiet_hours: {from: \"25:00\", until: \"07:00\"}\n"), HasSubstr("`quiet_hours.from` must be a time of day"));
  EXPECT_THAT(problem("quiet_hours: {from: \"20:00\"}\n"), HasSubstr("`quiet_hours.until` is missing"));
  EXPECT_THAT(problem("quiet_hours: {from: \"00:00\", until: \"24:00\"}\n"), HasSubstr(":3: `quiet_hours` begins and ends at the same time"));
  EXPECT_EQ(settings("quiet_hours: {from: 20:00, until: 24:00}\n").when.quiet->until, 0min);
}

TEST_F(IntegrationConfig, RefusesAnAddressThatWouldLeakCredentials) {
  EXPECT_THAT(problem("base_url: http://api.acme.test\n"), HasSubstr(":3: `base_url` would send credentials unencrypted"));
  EXPECT_THAT(problem("base_url: https://user:word@api.acme.test\n"), HasSubstr("must not hold a user name"));
  EXPECT_THAT(problem("base_url: api.acme.test\n"), HasSubstr("must be an address such as https://"));
  EXPECT_THAT(problem("base_url: https://api.acme.test/?a=b\n"), HasSubstr("must end before any"));
  EXPECT_THAT(problem("proxy: http://user:word@proxy.test\n"), HasSubstr("`proxy` must not hold a user name"));
  EXPECT_THAT(problem("proxy: ftp://proxy.test\n"), HasSubstr("`proxy` must be an address that begins with"));
  EXPECT_EQ(settings("base_url: http://127.0.0.1:8080\n").base_url, "http://127.0.0.1:8080");
}

TEST_F(IntegrationConfig, RefusesACaFileThatIsNotThere) {
  EXPECT_THAT(problem("ca_file: /nowhere/ca.pem\n"), HasSubstr(":3: `ca_file` cannot be read: /nowhere/ca.pem: No such file"));
}

TEST_F(IntegrationConfig, RefusesLimitsThatAreNoNumbers) {
  EXPECT_THAT(problem("limits: {burst: many}\n"), HasSubstr("`limits.burst` must be a whole number"));
  EXPECT_THAT(problem("limits: {burst: -1}\n"), HasSubstr("`limits.burst` must be a whole number from 1"));
  EXPECT_THAT(problem("limits: 190\n"), HasSubstr("`limits` must be a mapping"));
}

TEST_F(IntegrationConfig, RefusesSettingsThatAliasesMakeEndless) {
  EXPECT_THAT(problem("settings: &a {again: *a}\n"), HasSubstr("nested more than 16 levels deep"));
  std::string bomb = "settings:\n  a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const auto before = std::string("*") + char(c - 1);
    bomb += std::string("  ") + c + ": &" + c + " [" + before + "," + before + "," + before + "," + before + "," + before + "]\n";
  }
  EXPECT_THAT(problem(bomb), HasSubstr("more than 10000 values"));
}

TEST_F(IntegrationConfig, NamesTheLineOfWhatIsNoYaml) {
  EXPECT_THAT(problem("events: [a, b\nname: x\n"), HasSubstr("/etc/x/acme.yaml:4: not valid YAML: "));
}

TEST_F(IntegrationConfig, ATabIsCalledATab) {
  EXPECT_THAT(problem("limits:\n\tburst: 5\n"), HasSubstr("; line 4 begins with a tab, which YAML does not take: indent with blanks"));
  EXPECT_THAT(problem("events: [a, b\nname: x\n"), Not(HasSubstr("tab")));
}

TEST_F(IntegrationConfig, AQuoteLeftOpenIsFoundByWhatItSwallows) {
  EXPECT_THAT(problem_of("plugin: 'hubspot\ncredential: {access_token: {env: T}}\n"), HasSubstr(":1: `plugin` is no plugin's name"));
  EXPECT_THAT(problem_of("plugin: Hub Spot\n"), HasSubstr("`plugin` is no plugin's name, as `leadsync plugins` lists them"));
}

TEST_F(IntegrationConfig, RefusesWhatIsNoTextOrNoMapping) {
  EXPECT_THAT(problem_of("\xFF\xFE plugin"), HasSubstr("is not UTF-8 text"));
  EXPECT_THAT(problem_of(std::string("plugin: a\0b\n", 12)), HasSubstr("NUL byte"));
  EXPECT_THAT(problem_of("- plugin\n"), HasSubstr("the file must be a mapping"));
  EXPECT_THAT(problem_of("plugin: a\n---\nplugin: b\n"), HasSubstr("more than one document"));
}

TEST_F(IntegrationConfig, ALoneCommaIsRefusedAndNotReadForEver) { EXPECT_THAT(problem_of(","), HasSubstr("stray `,`")); }

}  // namespace
}  // namespace leadsync
