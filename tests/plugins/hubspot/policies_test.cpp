#include "transcript.h"

namespace leadsync::hubspot_test {
namespace {

constexpr std::string_view recreate = R"({"on_target_gone":"recreate"})";
const std::string gone = results({}, {R"({"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some objects","context":{"ids":["77"]}})"});

lead_text ada(std::string remote_ids = "{}") {
  return {.contact = fields({{"email", "ada@example.test"}, {"badge", "B7"}}), .remote_ids = std::move(remote_ids)};
}

TEST(Gone, IsLookedForByItsAddressAndMadeAgainOnce) {
  transcript talk(sync_job({ada(R"({"contact":"77"})")}, {}, "{}", recreate));
  talk.expect("POST", contacts_update);
  talk.answer(reply(207, gone));
  talk.expect("POST", contacts_upsert);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "ada@example.test");
  talk.answer(reply(200, results({traced(0, "78")})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "78");
  EXPECT_NE(talk.member(0, "person", "warnings").find("RECREATED"), std::string::npos);
}

TEST(Gone, KeepsItsWarningBesideAnother) {
  auto lead = ada(R"({"contact":"77"})");
  lead.contact = fields({{"email", "ada@example.test"}, {"lifecyclestage", "lead"}});
  transcript talk(sync_job({lead}, {}, "{}", recreate));
  talk.answer(reply(207, gone));
  talk.answer(reply(200, results({row("78", R"({"lifecyclestage":"customer"})", R"(,"objectWriteTraceId":"0")")})));
  talk.expect_done();
  const auto warnings = talk.verdict(0, "person").at("warnings").as_array();
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_EQ(warnings[0].at("code").as_string(), "RECREATED");
  EXPECT_EQ(warnings[1].at("code").as_string(), "NOT_APPLIED");
}

TEST(Gone, NoteIsMadeAgainForItsPerson) {
  lead_text lead{.note = fields({{"hs_note_body", "Call me"}}), .remote_ids = R"({"contact":"501","note":"77"})", .phases_done = R"(["person"])"};
  transcript talk(sync_job({lead}, {}, "{}", recreate));
  talk.expect("POST", "/crm/v3/objects/notes/batch/update");
  talk.answer(reply(207, gone));
  talk.expect("POST", "/crm/v3/objects/notes/batch/create");
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("associations").at(0).at("to").at("id").as_string(), "501");
}

TEST(Blocked, FailsUnlessItIsToBeLinked) {
  const std::string taken = R"({"status":"error","category":"VALIDATION_ERROR","message":"Cannot set PropertyValueCoordinates{portalId=1, )"
                            R"(objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=badge, value=B7} on 36654815432. 88 already has that value."})";
  transcript strict(sync_job({ada()}));
  strict.answer(reply(400, taken));
  strict.expect_done();
  EXPECT_EQ(strict.category(0, "person"), "DUPLICATE_BLOCKED");

  transcript lax(sync_job({ada()}, {}, "{}", R"({"on_duplicate_blocked":"link"})"));
  lax.answer(reply(400, taken));
  lax.expect("POST", contacts_update);
  EXPECT_EQ(lax.sent().at("inputs").at(0).at("id").as_string(), "88");
  lax.answer(reply(200, results({traced(0, "88")})));
  lax.expect_done();
  EXPECT_EQ(lax.member(0, "person", "remote_id"), "88");
  EXPECT_NE(lax.member(0, "person", "warnings").find("LINKED"), std::string::npos);
}

}  // namespace
}  // namespace leadsync::hubspot_test
