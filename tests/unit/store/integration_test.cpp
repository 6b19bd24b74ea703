#include "store_fixture.h"

#include <sys/stat.h>

namespace leadsync {
namespace {

class Integrations : public store_test {};

TEST_F(Integrations, KeepTheirIdAndInstallationOverARestart) {
  const auto installation = db().installation_id();
  EXPECT_EQ(installation.size(), 16u);
  reopen();
  EXPECT_EQ(db().installation_id(), installation);
  EXPECT_EQ(register_one("crm"), crm);
}

TEST_F(Integrations, TakeAModeFromTheConfigurationOnlyWhenItsTextChanges) {
  get(db().set_sync_mode(crm, sync_mode::manual, somebody));
  const std::vector<integration_seed> same{{"crm", "plugin"}};
  EXPECT_EQ(get(db().register_integrations(same)).front().mode, sync_mode::manual);
  const std::vector<integration_seed> other{{"crm", "plugin", {}, sync_mode::disabled}};
  EXPECT_EQ(get(db().register_integrations(other)).front().mode, sync_mode::disabled);
}

TEST_F(Integrations, RememberSinceWhenTheBreakerIsOpen) {
  get(db().set_breaker(crm, breaker_state::reconnect, category::authentication, "invalid_grant"));
  const std::vector<integration_seed> seeds{{"crm", "plugin"}};
  const auto first = get(db().register_integrations(seeds)).front();
  EXPECT_EQ(first.breaker_category, category::authentication);
  get(db().set_breaker(crm, breaker_state::reconnect, category::authentication, "again"));
  EXPECT_EQ(get(db().register_integrations(seeds)).front().breaker_since, first.breaker_since);
  get(db().set_breaker(crm, breaker_state::closed, category::none, ""));
  EXPECT_FALSE(get(db().register_integrations(seeds)).front().breaker_since);
}

TEST_F(Integrations, RefuseAMappingMadeFromAnOldRevision) {
  EXPECT_FALSE(get(db().load_mapping(crm, 0)));
  EXPECT_EQ(get(db().save_mapping(crm, "{\"a\":1}", 0, somebody)), 1);
  EXPECT_EQ(get(db().save_mapping(crm, "{\"a\":2}", 1, somebody)), 2);
  EXPECT_EQ(failure_of(db().save_mapping(crm, "{\"a\":3}", 1, somebody)), errc::conflict);
  EXPECT_EQ(get(db().load_mapping(crm, 0))->json, "{\"a\":2}");
  EXPECT_EQ(get(db().load_mapping(crm, 1))->saved_by.name, "ada");
  EXPECT_EQ(get(db().mapping_revisions(crm)).front().revision, 2);
}

TEST_F(Integrations, KeepSecretsSchemaAndUsage) {
  get(db().save_secrets(crm, {{"access_token", secret("t1"), now()}, {"refresh_token", secret("r1"), {}}}));
  get(db().save_secrets(crm, {{"access_token", secret("t2"), {}}}));
  get(db().save_schema(crm, {"{}", "{\"id\":\"7\"}", "f1", now()}));
  get(db().save_usage("acme", "{\"daily\":3}"));
  reopen();
  const auto secrets = get(db().load_secrets(crm));
  ASSERT_EQ(secrets.size(), 2u);
  EXPECT_EQ(secrets[0].value.reveal(), "t2");
  EXPECT_FALSE(secrets[0].expires_at);
  EXPECT_EQ(get(db().load_schema(crm))->fingerprint, "f1");
  EXPECT_EQ(get(db().load_usage("acme")), "{\"daily\":3}");
  EXPECT_EQ(get(db().load_usage("other")), "");
  get(db().clear_secrets(crm));
  EXPECT_TRUE(get(db().load_secrets(crm)).empty());
}

TEST_F(Integrations, AreForOneDaemonAndItsUserAlone) {
  const auto second = open_sqlite_store({folder()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::unavailable);
  struct stat status {};
  ::stat((folder() / "leadsync.db").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(Integrations, AnswerARepeatedRequestAndRefuseAKeyUsedTwice) {
  EXPECT_FALSE(get(db().find_answer("k1", "h1")));
  get(db().save_answer("k1", "h1", "{\"ok\":true}"));
  EXPECT_EQ(get(db().find_answer("k1", "h1")), "{\"ok\":true}");
  EXPECT_EQ(failure_of(db().find_answer("k1", "h2")), errc::conflict);
}

TEST_F(Integrations, PageTheAudit) {
  for (const auto* action : {"one", "two", "three"}) get(db().add_audit({0, {}, somebody, action, "crm", "{}"}));
  const auto newest = get(db().list_audit(0, 2));
  ASSERT_EQ(newest.size(), 2u);
  EXPECT_EQ(newest[0].action, "three");
  EXPECT_EQ(get(db().list_audit(newest[1].id, 2)).front().action, "one");
}

TEST_F(Integrations, SayThatTheStoreIsClosedAfterwards) {
  db().stop();
  EXPECT_EQ(failure_of(db().list_events()), errc::cancelled);
  EXPECT_EQ(failure_of(db().save_usage("a", "b")), errc::cancelled);
}

}  // namespace
}  // namespace leadsync
