#include "transcript.h"

namespace leadsync::salesforce_test {
namespace {

lead_text ada() { return {.person = fields({{"LastName", "Lovelace"}}), .company = "0"}; }
std::string job(const lead_text& lead, const std::string& company, std::string_view keys = all_keys) { return sync_job({lead}, keys, contacts, company); }
testkit::response none() { return reply(200, found({})); }

TEST(Account, IsLookedForByKeySiteAndNameBeforeItIsMade) {
  transcript talk(job(ada(), acme()));
  EXPECT_NE(talk.requests().at(0).url.find("leadsync_key__c%20IN%20%28%27ckey-0%27%29"), std::string::npos);
  talk.answer(none());
  EXPECT_NE(talk.requests().at(0).url.find("Website%20LIKE%20%27%25acme.test%25%27"), std::string::npos) << talk.requests().at(0).url;
  talk.answer(none());
  EXPECT_NE(talk.requests().at(0).url.find("Name%20IN%20%28%27acme%27%29"), std::string::npos);
  talk.answer(none());
  EXPECT_EQ(talk.expect("PATCH", accounts_upsert).effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.at("/records/0/Name"), "Acme");
  EXPECT_EQ(talk.at("/records/0/leadsync_key__c"), "ckey-0");
  talk.answer(reply(200, goods(1, 5, "001")));
  EXPECT_EQ(talk.member(0, "company", "remote_id"), "0015e0000000005AAA");
  talk.expect("PATCH", contacts_upsert);
  EXPECT_EQ(talk.at("/records/0/AccountId"), "0015e0000000005AAA");
  talk.answer(reply(200, goods(1, 6, "003")));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "association"), "ok");
}

TEST(Account, OfTheSameSiteIsUsedAndTheOldestOfSeveral) {
  transcript talk(job(ada(), acme()));
  talk.answer(none());
  talk.answer(reply(200, found({R"({"Id":"0015e0000000008AAA","CreatedDate":"2024-01-01T00:00:00.000+0000","Website":"https://www.Acme.test/en"})",
                                R"({"Id":"0015e0000000009AAA","CreatedDate":"2023-01-01T00:00:00.000+0000","Website":"acme.test"})",
                                R"({"Id":"0015e0000000007AAA","CreatedDate":"2020-01-01T00:00:00.000+0000","Website":"notacme.test"})"})));
  EXPECT_NE(talk.requests().at(0).url.find("SELECT%20Id%2CName%20FROM%20Account%20WHERE%20Id%20IN"), std::string::npos) << talk.requests().at(0).url;
  talk.answer(reply(200, found({R"({"Id":"0015e0000000009AAA","Name":"Acme Inc."})"})));
  EXPECT_EQ(talk.member(0, "company", "remote_id"), "0015e0000000009AAA");
  EXPECT_NE(talk.member(0, "company", "warnings").find("SEVERAL_MATCHES"), std::string::npos);
  talk.expect("PATCH", contacts_upsert);
}

TEST(Account, ThatIsKnownNeedsNoCall) {
  transcript talk(job(ada(), acme("0015e0000000005AAA")));
  talk.expect("PATCH", contacts_upsert);
  EXPECT_EQ(talk.at("/records/0/AccountId"), "0015e0000000005AAA");
}

TEST(Account, WithoutANameGetsThatOfItsDomain) {
  transcript talk(job(ada(), acme("", "{}", "null")));
  talk.answer(none());
  talk.answer(none());
  talk.expect("PATCH", accounts_upsert);
  EXPECT_EQ(talk.at("/records/0/Name"), "acme.test");
}

TEST(Account, ThatFailsDoesNotStopThePerson) {
  transcript talk(job(ada(), acme()));
  for (int i = 0; i < 3; ++i) talk.answer(none());
  talk.answer(reply(200, rows({bad("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no")})));
  talk.expect("PATCH", contacts_upsert);
  EXPECT_EQ(talk.at("/records/0/AccountId"), "(none)");
  talk.answer(reply(200, goods(1, 6, "003")));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "company"), "CRM_RULE");
  EXPECT_EQ(talk.status(0, "person"), "ok");
  EXPECT_EQ(talk.status(0, "association"), "");
}

TEST(Association, OfAContactThatIsThereIsWrittenAlone) {
  auto lead = ada();
  lead.remote_ids = R"({"person":"0035e0000000006AAA"})";
  lead.phases_done = R"(["company","person","campaign","note"])";
  transcript talk(job(lead, acme("0015e0000000005AAA")));
  const auto& request = talk.expect("PATCH", collection);
  EXPECT_EQ(request.phase, "association");
  EXPECT_EQ(talk.at("/records/0/AccountId"), "0015e0000000005AAA");
  talk.answer(reply(200, goods(1, 6, "003")));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "association"), "ok");
}

}  // namespace
}  // namespace leadsync::salesforce_test
