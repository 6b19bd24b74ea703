#include "transcript.h"

namespace leadsync::salesforce_test {
namespace {

lead_text ada() { return {.person = fields({{"LastName", "Lovelace"}, {"Company", "Acme"}, {"Email", "Ada@Example.test"}}), .task = {}}; }

TEST(Person, WithNothingMappedIsSkippedAndSoAreItsDependents) {
  transcript talk(sync_job({{.task = fields({{"Description", "Hello"}})}}, all_keys, R"({"campaign_id":"7015e0000000001"})"));
  talk.expect_done();
  for (const auto* phase : {"person", "campaign", "note"}) EXPECT_EQ(talk.status(0, phase), "skipped") << phase;
}

TEST(Person, ThatIsDoneIsLeftAlone) {
  auto lead = ada();
  lead.remote_ids = R"({"person":"00Q5e0000000001AAA"})";
  lead.phases_done = R"(["person","campaign","note"])";
  transcript talk(sync_job({lead}));
  talk.expect_done();
  EXPECT_EQ(talk.verdicts_json(), "[]");
}

TEST(Person, OfTheOtherStrategyIsWrittenAnew) {
  auto lead = ada();
  lead.remote_ids = R"({"person":"00Q5e0000000001AAA"})";
  lead.phases_done = R"(["person","campaign","note"])";
  transcript talk(sync_job({lead}, all_keys, contacts));
  talk.expect("PATCH", contacts_upsert);
}

TEST(Person, IsFoundByEMailAddressWhereThatIsTheSetting) {
  transcript talk(sync_job({ada()}, all_keys, R"({"match":"email"})"));
  EXPECT_EQ(talk.expect("GET", "/services/data/v62.0/query?q=SELECT%20Id%2CEmail%2CCreatedDate%20FROM%20Lead%20WHERE%20Email%20IN%20%28%27Ada%40Example.test%27%29"
                               "%20AND%20IsConverted%20%3D%20false").effect, LEADSYNC_EFFECT_READ);
  talk.answer(reply(200, found({R"({"Id":"00Q5e0000000004AAA","Email":"ada@example.test"})"})));
  talk.expect("PATCH", collection);
  EXPECT_EQ(talk.at("/records/0/id"), "00Q5e0000000004AAA");
}

TEST(Person, IsFoundByEMailAddressWhereNothingIsSet) {
  transcript talk(sync_job({ada()}, all_keys, R"({"match":null})"));
  talk.answer(reply(200, found({})));
  talk.expect("PATCH", std::string(collection) + "/Lead/leadsync_key__c");
}

TEST(Person, OfWhomSeveralRecordsExistIsForAHumanToDecide) {
  transcript talk(sync_job({ada()}, all_keys, R"({"match":"email"})"));
  talk.answer(reply(200, found({R"({"Id":"00Q5e0000000004AAA","Email":"ada@example.test"})", R"({"Id":"00Q5e0000000005AAA","Email":"ada@example.test"})"})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "AMBIGUOUS_MATCH");
}

TEST(Person, InDoubtWithoutOurKeyIsLookedUpFirst) {
  auto lead = ada();
  lead.ambiguous = true;
  transcript talk(sync_job({lead}, "{}"));
  EXPECT_EQ(talk.requests().at(0).effect, LEADSYNC_EFFECT_READ);
  talk.answer(reply(200, found({R"({"Id":"00Q5e0000000004AAA","Email":"ada@example.test"})"})));
  talk.expect("PATCH", collection);
}

TEST(Person, InDoubtWithoutOurKeyAndAddressIsNeverWrittenAgain) {
  transcript talk(sync_job({{.person = fields({{"LastName", "Lovelace"}}), .ambiguous = true}}, "{}"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "AMBIGUOUS_WRITE");
}

TEST(Person, KeepsWhatTheCrmHasWhereAFieldIsOnlyForEmptyOnes) {
  lead_text lead{.person = R"({"LastName":{"type":"text","value":"L","mode":"overwrite"},"Phone":{"type":"phone","value":"1","mode":"if_empty"},
                               "City":{"type":"text","value":"Bonn","mode":"if_empty"}})"};
  transcript talk(sync_job({lead}));
  EXPECT_EQ(talk.requests().at(0).method, "GET");
  talk.answer(reply(200, found({R"({"Id":"00Q5e0000000004AAA","leadsync_key__c":"KEY-0","Phone":"2","City":null})"})));
  talk.expect("PATCH", leads_upsert);
  EXPECT_EQ(talk.at("/records/0/Phone"), "(none)");
  EXPECT_EQ(talk.at("/records/0/City"), "Bonn");
}

TEST(Person, WhoseLookUpFailsIsNotWritten) {
  lead_text lead{.person = fields({{"LastName", "L"}}, "if_empty")};
  transcript talk(sync_job({lead}));
  talk.answer(reply(503, R"([{"message":"Server Unavailable","errorCode":"SERVER_UNAVAILABLE"}])"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "REMOTE_BUSY");
}

TEST(Person, WithoutAValueForAMappedRequiredFieldLacksData) {
  lead_text lead{.person = R"({"LastName":{"type":"text","value":null,"mode":"overwrite"}})"};
  transcript talk(sync_job({lead}));
  talk.answer(reply(200, rows({bad("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", R"("LastName")")})));
  EXPECT_EQ(talk.category(0), "NOT_ENOUGH_DATA");
}

TEST(Campaign, TakesMembersAndCountsThoseThatItHas) {
  auto leads = people(2);
  transcript talk(sync_job(leads, all_keys, R"({"campaign_id":"7015e0000000001","campaign_member_status":"Responded"})"));
  talk.answer(reply(200, goods(2, 1)));
  const auto& request = talk.expect("POST", collection);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("records").at(0), boost::json::parse(R"({"attributes":{"type":"CampaignMember"},"CampaignId":"7015e0000000001",
    "LeadId":"00Q5e0000000001AAA","Status":"Responded"})"));
  talk.answer(reply(200, rows({good(1, "00v"), bad("DUPLICATE_VALUE", "Already a campaign member.")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "campaign"), "ok");
  EXPECT_EQ(talk.status(1, "campaign"), "ok");
}

TEST(Campaign, ThatIsGoneIsUnavailable) {
  transcript talk(sync_job(people(1), all_keys, R"({"campaign_id":"7015e0000000001"})"));
  talk.answer(reply(200, goods(1)));
  talk.answer(reply(200, rows({bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")})));
  EXPECT_EQ(talk.category(0, "campaign"), "CAMPAIGN_UNAVAILABLE");
}

lead_text with_note(bool ambiguous = false) {
  return {.person = fields({{"LastName", "L"}}), .task = fields({{"Description", "Hello"}}), .remote_ids = R"({"person":"00Q5e0000000001AAA"})",
          .phases_done = R"(["person","campaign"])", .ambiguous = ambiguous};
}

TEST(Note, IsATaskOfThePerson) {
  transcript talk(sync_job({with_note()}));
  EXPECT_EQ(talk.expect("PATCH", tasks_upsert).effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("records").at(0), boost::json::parse(R"({"attributes":{"type":"Task"},"leadsync_key__c":"key-0","Subject":"Notes",
    "Status":"Completed","Priority":"Normal","WhoId":"00Q5e0000000001AAA","Description":"Hello"})"));
  talk.answer(reply(200, goods(1, 3, "00T")));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "00T5e0000000003AAA");
}

TEST(Note, WithoutOurKeyIsABlindWrite) {
  transcript talk(sync_job({with_note()}, "{}"));
  EXPECT_EQ(talk.expect("POST", collection).effect, LEADSYNC_EFFECT_BLIND_WRITE);
}

TEST(Note, InDoubtIsLookedUpByItsTextAndNotRepeated) {
  transcript talk(sync_job({with_note(true)}, "{}"));
  EXPECT_EQ(talk.requests().at(0).method, "GET");
  talk.answer(reply(200, found({R"({"Id":"00T5e0000000009AAA","WhoId":"00Q5e0000000001AAA","Description":"Hello"})"})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "00T5e0000000009AAA");
}

TEST(Note, InDoubtThatIsNotThereIsWritten) {
  transcript talk(sync_job({with_note(true)}, "{}"));
  talk.answer(reply(200, found({R"({"Id":"00T5e0000000009AAA","WhoId":"00Q5e0000000001AAA","Description":"Other"})"})));
  talk.expect("POST", collection);
}

TEST(Note, OfAPersonThatFailedWaits) {
  auto lead = with_note();
  lead.phases_done = "[]";
  lead.remote_ids = "{}";
  transcript talk(sync_job({lead}));
  talk.answer(reply(200, rows({bad("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no")})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "CRM_RULE");
  EXPECT_EQ(talk.status(0, "note"), "");
}

}  // namespace
}  // namespace leadsync::salesforce_test
