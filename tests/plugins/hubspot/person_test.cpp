#include "transcript.h"

namespace leadsync::hubspot_test {
namespace {

lead_text ada() { return {.contact = fields({{"email", " Ada@Example.test"}, {"firstname", "Ada"}})}; }

TEST(Person, WithAnEmailAddressIsUpsertedByIt) {
  transcript talk(sync_job({ada()}));
  const auto& request = talk.expect("POST", contacts_upsert);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(request.phase, "person");
  EXPECT_EQ(request.leads, std::vector<std::uint32_t>{0});
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_TRUE(request.costs.empty());  // the defaults
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"inputs":[{"id":"ada@example.test","idProperty":"email",
    "properties":{"email":"ada@example.test","firstname":"Ada"},"objectWriteTraceId":"0"}]})"));
  talk.answer(reply(200, results({traced(0, "501")})));
  talk.expect_done();
  EXPECT_EQ(talk.verdict(0, "person"), boost::json::parse(R"({"lead":0,"phase":"person","status":"ok","remote_id":"501",
    "url":"https://app.hubspot.com/contacts/4711/record/0-1/501","request":0,"request_pointer":"/inputs/0","response_pointer":"/results/0"})"));
}

TEST(Person, OfAKnownRemoteIdIsUpdated) {
  auto lead = ada();
  lead.remote_ids = R"({"contact":"77"})";
  transcript talk(sync_job({lead}));
  const auto& request = talk.expect("POST", contacts_update);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "77");
  EXPECT_FALSE(talk.sent().at("inputs").at(0).as_object().contains("idProperty"));
  talk.answer(reply(200, results({row("77")})));
  EXPECT_EQ(talk.status(0, "person"), "ok");
}

TEST(Person, WhoseRecordWasDeletedIsTargetGone) {
  auto lead = ada();
  lead.remote_ids = R"({"contact":"77"})";
  transcript talk(sync_job({lead}));
  talk.answer(reply(207, results({}, {R"({"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["77"]}})"})));
  EXPECT_EQ(talk.category(0, "person"), "TARGET_GONE");
  EXPECT_EQ(talk.member(0, "person", "response_pointer"), "/errors/0");
}

TEST(Person, ThatWasMergedKeepsTheIdOfTheAnswer) {
  auto lead = ada();
  lead.remote_ids = R"({"contact":"77"})";
  transcript talk(sync_job({lead}));
  talk.answer(reply(200, results({row("78")})));
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "78");
}

TEST(Person, OfAKnownIdWithNothingToWriteNeedsNoCall) {
  transcript talk(sync_job({{.remote_ids = R"({"contact":"77"})"}}));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "77");
}

TEST(Person, WithoutAnEmailAddressIsUpsertedByOurKey) {
  transcript talk(sync_job({{.ordinal = 3, .contact = fields({{"lastname", "Lovelace"}})}}, {}, all_keys));
  const auto& request = talk.expect("POST", contacts_upsert);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("inputs").at(0), boost::json::parse(R"({"id":"key-3","idProperty":"leadsync_key",
    "properties":{"leadsync_key":"key-3","lastname":"Lovelace"},"objectWriteTraceId":"0"})"));
  talk.answer(reply(200, results({row("9", R"({"leadsync_key":"key-3"})")})));
  EXPECT_EQ(talk.member(3, "person", "remote_id"), "9");
}

TEST(Person, WithoutEmailAddressAndKeyIsABlindWrite) {
  transcript talk(sync_job({{.contact = fields({{"lastname", "Lovelace"}})}}));
  EXPECT_EQ(talk.expect("POST", contacts_create).effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_FALSE(talk.sent().at("inputs").at(0).as_object().contains("id"));
  talk.answer(reply(201, results({traced(0, "9")})));
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "9");
}

TEST(Person, WithoutEmailAddressAndKeyIsNeverWrittenAgainAfterAnUncertainAttempt) {
  transcript talk(sync_job({{.contact = fields({{"lastname", "Lovelace"}}), .ambiguous = true}}));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "AMBIGUOUS_WRITE");
}

TEST(Person, OfAnUncertainAttemptIsLookedUpByOurKeyFirst) {
  auto lead = ada();
  lead.ambiguous = true;
  transcript talk(sync_job({lead}, {}, all_keys));
  EXPECT_EQ(talk.expect("POST", contacts_read).effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(talk.sent().at("idProperty").as_string(), "leadsync_key");
  EXPECT_EQ(talk.sent().at("inputs"), boost::json::parse(R"([{"id":"key-0"}])"));
  talk.answer(reply(200, results({row("9", R"({"leadsync_key":"key-0"})")})));
  talk.expect("POST", contacts_update);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "9");
}

TEST(Person, OfWhomOnlyAPhoneNumberIsKnownIsNotEnough) {
  transcript talk(sync_job({{.contact = fields({{"phone", "+49301"}})}}, {}, all_keys));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "NOT_ENOUGH_DATA");
}

TEST(Person, WithNothingMappedIsSkippedAndSoAreItsDependents) {
  transcript talk(sync_job({{.note = fields({{"hs_note_body", "Hello"}})}}, {}, all_keys, R"({"list_id":"5"})"));
  talk.expect_done();
  for (const auto* phase : {"person", "note", "list"}) EXPECT_EQ(talk.status(0, phase), "skipped") << phase;
}

TEST(Person, ThatIsDoneIsLeftAlone) {
  auto lead = ada();
  lead.remote_ids = R"({"contact":"77"})";
  lead.phases_done = R"(["company","person","note","list"])";
  transcript talk(sync_job({lead}));
  talk.expect_done();
  EXPECT_EQ(talk.verdicts_json(), "[]");
}

TEST(Person, KeepsWhatTheCrmHasWhereAFieldIsOnlyForEmptyOnes) {
  auto lead = ada();
  lead.contact = R"({"email":{"type":"email","value":"ada@example.test","mode":"overwrite"},"phone":{"type":"phone","value":"1","mode":"if_empty"},
                     "city":{"type":"text","value":"Bonn","mode":"if_empty"}})";
  transcript talk(sync_job({lead}));
  EXPECT_EQ(talk.expect("POST", contacts_read).effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"properties":["phone","city","email","hs_additional_emails"],"idProperty":"email","inputs":[{"id":"ada@example.test"}]})"));
  talk.answer(reply(200, results({row("77", R"({"email":"ada@example.test","phone":"999","city":null})")})));
  talk.expect("POST", contacts_upsert);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("properties"), boost::json::parse(R"({"email":"ada@example.test","city":"Bonn"})"));
}

TEST(Person, FoundByASecondAddressKeepsWhatItHas) {
  auto lead = ada();
  lead.contact = R"({"email":{"type":"email","value":"ada@example.test","mode":"overwrite"},"phone":{"type":"phone","value":"1","mode":"if_empty"}})";
  transcript talk(sync_job({lead}));
  talk.answer(reply(200, results({row("77", R"({"email":"countess@example.test","hs_additional_emails":"x@y.test;Ada@example.test","phone":"9"})")})));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("properties"), boost::json::parse(R"({"email":"ada@example.test"})"));
}

TEST(Person, ThatIsNewGetsEveryFieldForEmptyOnes) {
  auto lead = ada();
  lead.contact = R"({"email":{"type":"email","value":"ada@example.test","mode":"overwrite"},"phone":{"type":"phone","value":"1","mode":"if_empty"}})";
  transcript talk(sync_job({lead}));
  talk.answer(reply(207, results({}, {R"({"status":"error","category":"OBJECT_NOT_FOUND","message":"gone","context":{"ids":["ada@example.test"]}})"})));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("properties"), boost::json::parse(R"({"email":"ada@example.test","phone":"1"})"));
}

TEST(Person, IsNotWrittenWhereTheReadBeforeItFails) {
  auto lead = ada();
  lead.contact = R"({"email":{"type":"email","value":"ada@example.test","mode":"overwrite"},"phone":{"type":"phone","value":"1","mode":"if_empty"}})";
  transcript talk(sync_job({lead}));
  talk.answer(reply(502, ""));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "CONNECTION");
}

TEST(Person, KnownWithAllFieldsSetNeedsNoWrite) {
  transcript talk(sync_job({{.contact = fields({{"city", "Bonn"}}, "if_empty"), .remote_ids = R"({"contact":"77"})"}}));
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"properties":["city"],"inputs":[{"id":"77"}]})"));
  talk.answer(reply(200, results({row("77", R"({"city":"Köln"})")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "person"), "ok");
}

TEST(Person, ValuesAreEncodedForTheWire) {
  transcript talk(sync_job({{.contact = R"({"email":{"type":"email","value":"A@B.test","mode":"overwrite"},"n":{"type":"decimal","value":"-1.50","mode":"overwrite"},
    "b":{"type":"boolean","value":true,"mode":"overwrite"},"d":{"type":"date","value":"2026-11-25","mode":"overwrite"},
    "i":{"type":"instant","value":"2026-11-25T09:30:00.000Z","mode":"overwrite"},"o":{"type":"options","value":["A","B"],"mode":"overwrite"},
    "r":{"type":"reference","value":{"object":"owner","id":"42"},"mode":"overwrite"},"x":{"type":"text","value":null,"mode":"overwrite"},
    "q":{"type":"text","value":"say \"hi\"\n\u0001\\","mode":"overwrite"}})"}}));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("properties"), boost::json::parse(R"({"email":"a@b.test","n":"-1.50","b":"true","d":"2026-11-25",
    "i":"2026-11-25T09:30:00.000Z","o":"A;B","r":"42","x":"","q":"say \"hi\"\n\u0001\\"})"));
}

TEST(Person, WhoseLifecycleStageWentNotBackIsClearedWithAWarning) {
  auto lead = ada();
  lead.contact = fields({{"email", "ada@example.test"}, {"lifecyclestage", "lead"}});
  transcript talk(sync_job({lead}));
  talk.answer(reply(200, results({row("7", R"({"email":"ada@example.test","lifecyclestage":"customer"})")})));
  EXPECT_EQ(talk.status(0, "person"), "ok");
  EXPECT_EQ(talk.verdict(0, "person").at("warnings").at(0).at("code").as_string(), "NOT_APPLIED");
}

TEST(Person, OfWhomTheAccountIsUnknownGetsTheLinkOfTheAnswer) {
  auto job = sync_job({ada()});
  job.replace(job.find(R"("account":{"id":"4711"},)"), 24, "");
  transcript talk(job);
  talk.answer(reply(200, results({row("7", R"({"email":"ada@example.test"})", R"(,"url":"https://app-eu1.hubspot.com/x/7")")})));
  EXPECT_EQ(talk.member(0, "person", "url"), "https://app-eu1.hubspot.com/x/7");
}

TEST(Person, IsLinkedOnTheAccountsOwnDomain) {
  auto job = sync_job({ada()});
  job.replace(job.find(R"({"id":"4711"})"), 13, R"({"id":"4711","url":"https://app-eu1.hubspot.com/contacts/4711"})");
  transcript talk(job);
  talk.answer(reply(200, results({traced(0, "7")})));
  EXPECT_EQ(talk.member(0, "person", "url"), "https://app-eu1.hubspot.com/contacts/4711/record/0-1/7");
}

// Conflicts

TEST(Conflict, NamesTheExistingContactWhichIsThenUpdated) {
  transcript talk(sync_job({ada()}));
  talk.answer(reply(207, results({}, {R"({"status":"error","category":"CONFLICT","message":"Contact already exists. Existing ID: 171591000198","context":{"objectWriteTraceId":["0"],"existingId":["171591000198"]}})"})));
  talk.expect("POST", contacts_update);
  EXPECT_EQ(talk.sent().at("inputs").at(0), boost::json::parse(R"({"id":"171591000198","properties":{"firstname":"Ada"},"objectWriteTraceId":"0"})"));
  talk.answer(reply(200, results({row("171591000198")})));
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "171591000198");
}

TEST(Conflict, OfAWholeAnswerIsConvertedTheSameWay) {
  transcript talk(sync_job({ada()}));
  talk.answer(reply(409, R"({"status":"error","message":"Contact already exists. Existing ID: 20775093475","category":"CONFLICT"})"));
  talk.expect("POST", contacts_update);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "20775093475");
}

TEST(Conflict, WithoutAnIdIsLookedUpByEmail) {
  transcript talk(sync_job({ada()}));
  talk.answer(reply(409, R"({"status":"error","message":"Contact already exists","category":"CONFLICT"})"));
  talk.expect("POST", contacts_read);
  talk.answer(reply(200, results({row("31", R"({"email":"ada@example.test"})")})));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "31");
}

TEST(Conflict, WhoseOwnerCannotBeFoundIsDuplicateBlocked) {
  transcript talk(sync_job({ada()}));
  talk.answer(reply(409, R"({"status":"error","message":"Contact already exists","category":"CONFLICT"})"));
  talk.answer(reply(200, results({})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "DUPLICATE_BLOCKED");
}

TEST(Conflict, IsConvertedOnce) {
  transcript talk(sync_job({ada()}));
  const std::string conflict = R"({"status":"error","message":"Contact already exists. Existing ID: 5","category":"CONFLICT"})";
  talk.answer(reply(409, conflict));
  talk.answer(reply(409, conflict));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "DUPLICATE_BLOCKED");
}

TEST(Conflict, NeverMovesALeadFromTheRecordThatItIsLinkedTo) {
  auto lead = ada();
  lead.remote_ids = R"({"contact":"77"})";
  transcript talk(sync_job({lead}));
  talk.answer(reply(409, R"({"status":"error","message":"Contact already exists. Existing ID: 5","category":"CONFLICT"})"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "DUPLICATE_BLOCKED");
}

TEST(Conflict, OfAnotherUniquePropertyIsDuplicateBlocked) {
  auto lead = ada();
  lead.contact = fields({{"email", "ada@example.test"}, {"badge", "60200668"}});
  transcript talk(sync_job({lead}));
  talk.answer(reply(400, R"({"status":"error","message":"Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=badge, value=60200668} on 36654815432. 36079598779 already has that value.","category":"VALIDATION_ERROR"})"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "DUPLICATE_BLOCKED");
  EXPECT_EQ(talk.verdict(0, "person").at("locus"), boost::json::parse(R"({"object":"contact","remote_field":"badge","value":"60200668"})"));
}

TEST(Conflict, AccountsThatDoNotMatchByEmailAreServedByReadingFirst) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(400, R"({"status":"error","message":"Unable to perform update/upsert by non-unique 0-1 property email in portal ID 39874041","category":"VALIDATION_ERROR"})"));
  talk.expect("POST", contacts_read);
  talk.answer(reply(207, results({row("11", R"({"email":"person1@example.test"})")})));
  talk.expect("POST", contacts_update);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "11");
  talk.answer(reply(200, results({row("11")})));
  const auto& create = talk.expect("POST", contacts_create);
  EXPECT_EQ(create.effect, LEADSYNC_EFFECT_KEYED_WRITE);  // a second one is refused as a conflict
  talk.answer(reply(201, results({row("12", R"({"email":"person0@example.test"})")})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "12");
  EXPECT_EQ(talk.member(1, "person", "remote_id"), "11");
}

}  // namespace
}  // namespace leadsync::hubspot_test
