#include "transcript.h"

namespace leadsync::salesforce_test {
namespace {

TEST(Collection, UpsertsPersonsByOurKeyInOneCall) {
  transcript talk(sync_job(people(2)));
  const auto& request = talk.expect("PATCH", leads_upsert);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(request.phase, "person");
  EXPECT_EQ(request.leads, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(request.header("Sforce-Auto-Assign"), "");
  EXPECT_EQ(request.header("Sforce-Duplicate-Rule-Header"), "");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"allOrNone":false,"records":[
    {"attributes":{"type":"Lead"},"leadsync_key__c":"key-0","LastName":"P0","Email":"person0@example.test"},
    {"attributes":{"type":"Lead"},"leadsync_key__c":"key-1","LastName":"P1","Email":"person1@example.test"}]})"));
  talk.answer(reply(200, goods(2, 7)));
  talk.expect_done();
  EXPECT_EQ(talk.verdict(1, "person"), boost::json::parse(R"({"lead":1,"phase":"person","status":"ok","remote_id":"00Q5e0000000008AAA",
    "url":"https://acme.my.salesforce.com/lightning/r/Lead/00Q5e0000000008AAA/view","request":0,"request_pointer":"/records/1","response_pointer":"/1"})"));
}

TEST(Collection, HoldsTwoHundredRecordsAtMost) {
  transcript talk(sync_job(people(201)));
  EXPECT_EQ(talk.record_count(), 200u);
  talk.answer(reply(200, goods(200)));
  EXPECT_EQ(talk.record_count(), 1u);
  talk.answer(reply(200, goods(1, 200)));
  talk.expect_done();
  EXPECT_EQ(talk.status(200), "ok");
}

TEST(Collection, GivesEachRowItsOwnVerdict) {
  transcript talk(sync_job(people(3)));
  talk.answer(reply(200, rows({good(1), bad("STRING_TOO_LONG", "Last Name: data value too large: P1 (max length=1)", R"("LastName")"), good(3)})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0), "ok");
  EXPECT_EQ(talk.category(1), "DATA_TOO_LONG");
  EXPECT_EQ(talk.member(1, "person", "crm_code"), "STRING_TOO_LONG");
  EXPECT_EQ(talk.member(1, "person", "locus"), R"({"object":"person","remote_field":"LastName","value":"P1"})");
  EXPECT_EQ(talk.status(2), "ok");
}

TEST(Collection, OfWhichEveryRecordFailedMayComeWithStatus400) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(400, rows({bad("FIELD_CUSTOM_VALIDATION_EXCEPTION", "no"), bad("INVALID_EMAIL_ADDRESS", "Email: invalid email address: x", R"("Email")")})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "CRM_RULE");
  EXPECT_EQ(talk.category(1), "DATA_VALUE_VALIDATION");
}

TEST(Collection, ThatLacksARowIsSplitAndAskedAgain) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(200, goods(1)));
  EXPECT_EQ(talk.record_count(), 1u);
  talk.answer(reply(200, goods(1)));
  talk.answer(reply(200, "[]"));
  talk.expect_done();
  EXPECT_EQ(talk.status(0), "ok");
  EXPECT_EQ(talk.status(1), "failed");
  EXPECT_EQ(talk.category(1), "UNEXPECTED");
}

TEST(Collection, OfBlindWritesThatLacksARowIsNotRepeated) {
  transcript talk(sync_job(people(2), "{}"));
  EXPECT_EQ(talk.expect("POST", collection).effect, LEADSYNC_EFFECT_BLIND_WRITE);
  talk.answer(reply(200, goods(1)));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "AMBIGUOUS_WRITE");
  EXPECT_EQ(talk.category(1), "AMBIGUOUS_WRITE");
}

TEST(Collection, WhoseRowHasNoIdIsNoSuccess) {
  transcript talk(sync_job(people(1)));
  talk.answer(reply(200, R"([{"success":true,"errors":[]}])"));
  EXPECT_EQ(talk.category(0), "UNEXPECTED");
}

TEST(Collection, OfUpdatesWithTheIdOfAnotherRecordIsNoSuccess) {
  auto lead = people(1);
  lead[0].remote_ids = R"({"person":"00Q5e0000000001AAA"})";
  transcript talk(sync_job(lead));
  EXPECT_EQ(talk.expect("PATCH", collection).effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.at("/records/0/id"), "00Q5e0000000001AAA");
  talk.answer(reply(200, goods(1, 2)));
  EXPECT_EQ(talk.category(0), "UNEXPECTED");
}

constexpr auto unreadable = R"([{"message":"Cannot deserialize instance of date from VALUE_STRING value soon or request may be missing a required field at [line:3, column:55]","errorCode":"JSON_PARSER_ERROR"}])";

TEST(Collection, ThatCannotBeReadGoesAgainWithoutTheLineThatSalesforceNames) {
  auto leads = people(3);
  leads[1].person = fields({{"LastName", "P1"}, {"Birthdate", "soon"}});
  transcript talk(sync_job(leads));
  talk.answer(reply(400, unreadable));
  EXPECT_EQ(talk.record_count(), 2u);
  EXPECT_EQ(talk.at("/records/1/leadsync_key__c"), "key-2");
  talk.answer(reply(200, goods(2)));
  talk.expect_done();
  EXPECT_EQ(talk.category(1), "DATA_FORMAT_VALIDATION");
  EXPECT_EQ(talk.member(1, "person", "locus"), R"({"object":"person","remote_field":"Birthdate","value":"soon"})");
  EXPECT_EQ(talk.status(0), "ok");
  EXPECT_EQ(talk.status(2), "ok");
}

TEST(Collection, ThatCannotBeReadIsHalvedWhereTheLineHasNoSuchValue) {
  transcript talk(sync_job(people(4)));
  talk.answer(reply(400, unreadable));
  EXPECT_EQ(talk.record_count(), 2u);
  talk.answer(reply(200, goods(2)));
  talk.answer(reply(400, unreadable));
  EXPECT_EQ(talk.record_count(), 1u);
  talk.answer(reply(400, unreadable));
  talk.answer(reply(200, goods(1)));
  talk.expect_done();
  for (const int one : {0, 1, 3}) EXPECT_EQ(talk.status(one), "ok");
  EXPECT_EQ(talk.category(2), "DATA_FORMAT_VALIDATION");
}

TEST(Collection, WithoutAnAnswerIsAConnectionFaultWhereRepeatingIsHarmless) {
  transcript talk(sync_job(people(1)));
  talk.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "CONNECTION");
}

TEST(Collection, OfBlindWritesWithoutAnAnswerIsInDoubt) {
  for (auto answer : {fault(LEADSYNC_SENT_NO_ANSWER), fault(LEADSYNC_TRUNCATED), reply(200, "oops"), reply(502, "<html>"), reply(503, "<html>"),
                      reply(500, R"([{"message":"An unexpected error occurred.","errorCode":"UNKNOWN_EXCEPTION"}])")}) {
    transcript talk(sync_job(people(1), "{}"));
    talk.answer(answer);
    talk.expect_done();
    EXPECT_EQ(talk.category(0), "AMBIGUOUS_WRITE") << answer.status << answer.body;
  }
}

TEST(Collection, OfAnotherWriterOfTheSameKeyBecomesAnUpdate) {
  transcript talk(sync_job(people(1)));
  talk.answer(reply(200, rows({bad("DUPLICATE_VALUE", "duplicate value found: leadsync_key__c duplicates value on record with id: 00Q5e0000000009")})));
  talk.expect("PATCH", collection);
  EXPECT_EQ(talk.at("/records/0/id"), "00Q5e0000000009");
  talk.answer(reply(200, goods(1, 9)));
  talk.expect_done();
  EXPECT_EQ(talk.status(0), "ok");
}

TEST(Collection, SendsOwnersWithoutAssignmentRulesAndPassesAlertsWhereTold) {
  auto lead = people(1);
  lead[0].person = R"({"LastName":{"type":"text","value":"P","mode":"overwrite"},"OwnerId":{"type":"reference","value":{"object":"User","id":"0055e000000AAAA"},"mode":"overwrite"}})";
  transcript talk(sync_job(lead, all_keys, R"({"on_duplicate_blocked":"allow"})"));
  EXPECT_EQ(talk.requests().at(0).header("Sforce-Auto-Assign"), "FALSE");
  EXPECT_EQ(talk.requests().at(0).header("Sforce-Duplicate-Rule-Header"), "allowSave=true; includeRecordDetails=false; runAsCurrentUser=true");
  EXPECT_EQ(talk.at("/records/0/OwnerId"), "0055e000000AAAA");
}

TEST(Collection, EncodesValuesAsSalesforceReadsThem) {
  auto lead = people(1);
  lead[0].person = R"({"A":{"type":"decimal","value":"007.50","mode":"overwrite"},"B":{"type":"boolean","value":true,"mode":"overwrite"},
    "C":{"type":"options","value":["x","y"],"mode":"overwrite"},"D":{"type":"date","value":"2026-11-25","mode":"overwrite"},
    "E":{"type":"text","value":null,"mode":"overwrite"},"F":{"type":"boolean","value":null,"mode":"overwrite"}})";
  transcript talk(sync_job(lead));
  EXPECT_NE(talk.requests().at(0).body.find(R"("A":7.50,"B":true,"C":"x;y","D":"2026-11-25","E":null,"F":false)"), std::string::npos) << talk.requests().at(0).body;
}

}  // namespace
}  // namespace leadsync::salesforce_test
