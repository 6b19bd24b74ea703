#include "transcript.h"

namespace leadsync::salesforce_test {
namespace {

lead_text ada(std::string_view id = "") {
  lead_text made{.person = fields({{"LastName", "Lovelace"}, {"Company", "Acme"}, {"Email", "ada@example.test"}})};
  if (!id.empty()) made.remote_ids = R"({"person":)" + quote(id) + "}";
  return made;
}
std::string query_of(const transcript& talk) { return talk.requests().at(0).url; }
const std::string deleted = bad("ENTITY_IS_DELETED", "entity is deleted");
const std::string converted = bad("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead");

TEST(Gone, FailsWhereNothingIsSet) {
  transcript talk(sync_job({ada(id_of(1))}));
  talk.answer(reply(200, rows({deleted})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "TARGET_GONE");
}

TEST(Gone, IsLookedForAndMadeAgain) {
  transcript talk(sync_job({ada(id_of(1))}, all_keys, R"({"on_target_gone":"recreate","match":"email"})"));
  talk.answer(reply(200, rows({deleted})));
  EXPECT_NE(query_of(talk).find("ada%40example.test"), std::string::npos) << "another record may have the address";
  talk.answer(reply(200, found({})));
  talk.expect("PATCH", leads_upsert);
  talk.answer(reply(200, rows({good(2)})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), id_of(2));
  EXPECT_NE(talk.member(0, "person", "warnings").find("RECREATED"), std::string::npos);
}

TEST(Gone, IsTriedOnce) {
  transcript talk(sync_job({ada(id_of(1))}, all_keys, R"({"on_target_gone":"recreate"})"));
  talk.answer(reply(200, rows({deleted})));
  talk.answer(reply(200, rows({deleted})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "TARGET_GONE");
}

TEST(Gone, TaskIsMadeAgainForItsPerson) {
  auto lead = ada(id_of(1));
  lead.remote_ids = R"({"person":")" + id_of(1) + R"(","task":")" + id_of(9, "00T") + "\"}";
  lead.phases_done = R"(["person"])";
  lead.task = fields({{"Description", "Hello"}});
  transcript talk(sync_job({lead}, all_keys, R"({"on_target_gone":"recreate"})"));
  talk.answer(reply(200, rows({deleted})));
  talk.expect("PATCH", tasks_upsert);
  EXPECT_EQ(talk.at("/records/0/WhoId"), id_of(1));
  talk.answer(reply(200, rows({good(10, "00T")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "note"), "ok");
}

TEST(Converted, FailsWhereNothingIsSet) {
  transcript talk(sync_job({ada(id_of(1))}));
  talk.answer(reply(200, rows({converted})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "TARGET_CONVERTED");
}

TEST(Converted, IsWrittenToTheContactThatItBecame) {
  auto known = ada(id_of(1));
  auto by_key = ada();
  by_key.ordinal = 1;
  transcript talk(sync_job({known, by_key}, all_keys, R"({"on_target_converted":"contact","campaign_id":"7015e0000000001AAA"})"));
  talk.answer(reply(200, rows({converted})));
  talk.answer(reply(200, rows({converted})));
  EXPECT_NE(query_of(talk).find("Id%2CConvertedContactId"), std::string::npos);
  talk.answer(reply(200, found({R"({"Id":")" + id_of(1) + R"(","ConvertedContactId":")" + id_of(7, "003") + "\"}"})));
  talk.answer(reply(200, found({R"({"leadsync_key__c":"KEY-1","ConvertedContactId":")" + id_of(8, "003") + "\"}"})));
  talk.expect("PATCH", collection);
  EXPECT_EQ(talk.sent().at("records").at(0), boost::json::parse(R"({"attributes":{"type":"Contact"},"id":")" + id_of(7, "003") +
                                                                R"(","LastName":"Lovelace","Email":"ada@example.test"})")) << "a contact has no Company";
  talk.answer(reply(200, rows({good(7, "003"), good(8, "003")})));
  talk.expect("POST", collection);
  EXPECT_EQ(talk.at("/records/1/ContactId"), id_of(8, "003"));
  talk.answer(reply(200, rows({good(1, "00v"), good(2, "00v")})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), id_of(7, "003"));
  EXPECT_NE(talk.member(1, "person", "warnings").find("CONVERTED"), std::string::npos);
}

TEST(Converted, BeforeIsWrittenToItsContactAtOnce) {
  transcript talk(sync_job({ada(id_of(7, "003"))}, all_keys, R"({"on_target_converted":"contact"})"));
  talk.expect("PATCH", collection);
  EXPECT_EQ(talk.at("/records/0/id"), id_of(7, "003"));
  EXPECT_EQ(talk.at("/records/0/attributes/type"), "Contact");
}

TEST(Converted, WithoutAContactFails) {
  transcript talk(sync_job({ada(id_of(1))}, all_keys, R"({"on_target_converted":"contact"})"));
  talk.answer(reply(200, rows({converted})));
  talk.answer(reply(200, found({R"({"Id":")" + id_of(1) + R"(","ConvertedContactId":null})"})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "TARGET_CONVERTED");
}

TEST(Ambiguous, MatchTakesTheOldestWhereThatIsSet) {
  transcript talk(sync_job({ada()}, all_keys, R"({"match":"email","on_ambiguous_match":"oldest"})"));
  talk.answer(reply(200, found({R"({"Id":"00Q5e0000000005AAA","Email":"ada@example.test","CreatedDate":"2026-02-01T00:00:00.000+0000"})",
                                R"({"Id":"00Q5e0000000004AAA","Email":"ADA@example.test","CreatedDate":"2026-01-01T00:00:00.000+0000"})"})));
  talk.expect("PATCH", collection);
  EXPECT_EQ(talk.at("/records/0/id"), "00Q5e0000000004AAA");
  talk.answer(reply(200, rows({good(4)})));
  EXPECT_NE(talk.member(0, "person", "warnings").find("SEVERAL_MATCHES"), std::string::npos);
}

const std::string refused_row = bad("DUPLICATES_DETECTED", "Use one of these records?");
std::string refused_call(std::string_view member, const std::vector<std::string>& ids, std::string_view type = "Lead") {
  std::vector<std::string> matches;
  for (const auto& id : ids) matches.push_back(R"({"record":{"attributes":{"type":")" + std::string(type) + R"("},"Id":")" + id + "\"}}");
  return R"([{"errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?",")" + std::string(member) +
         R"(":{"matchResults":[{"matchRecords":)" + rows(matches) + "}]}}]";
}

TEST(Blocked, IsLinkedToTheRecordThatTheRuleNames) {
  for (const auto* member : {"duplicateResut", "duplicateResult"}) {
    transcript talk(sync_job({ada()}, all_keys, R"({"on_duplicate_blocked":"link"})"));
    talk.answer(reply(200, rows({refused_row})));
    const auto& single = talk.expect("PATCH", "/services/data/v62.0/sobjects/Lead/leadsync_key__c/key-0");
    EXPECT_EQ(single.effect, LEADSYNC_EFFECT_KEYED_WRITE);
    EXPECT_EQ(talk.sent(), boost::json::parse(R"({"LastName":"Lovelace","Company":"Acme","Email":"ada@example.test"})"));
    talk.answer(reply(400, refused_call(member, {id_of(5)})));
    talk.expect("PATCH", collection);
    EXPECT_EQ(talk.at("/records/0/id"), id_of(5));
    talk.answer(reply(200, rows({good(5)})));
    talk.expect_done();
    EXPECT_EQ(talk.member(0, "person", "remote_id"), id_of(5));
    EXPECT_NE(talk.member(0, "person", "warnings").find("LINKED"), std::string::npos);
  }
}

TEST(Blocked, BySeveralOrByOtherObjectsIsForAHumanToDecide) {
  transcript several(sync_job({ada()}, all_keys, R"({"on_duplicate_blocked":"link"})"));
  several.answer(reply(200, rows({refused_row})));
  several.answer(reply(400, refused_call("duplicateResut", {id_of(5), id_of(6)})));
  several.expect_done();
  EXPECT_EQ(several.category(0), "AMBIGUOUS_MATCH");

  transcript other(sync_job({ada()}, all_keys, R"({"on_duplicate_blocked":"link"})"));
  other.answer(reply(200, rows({refused_row})));
  other.answer(reply(400, refused_call("duplicateResut", {id_of(5, "003")}, "Contact")));
  other.expect_done();
  EXPECT_EQ(other.category(0), "DUPLICATE_BLOCKED");
}

}  // namespace
}  // namespace leadsync::salesforce_test
