#include "transcript.h"

#include <algorithm>

namespace leadsync::hubspot_test {
namespace {

std::string refused_properties(std::string_view list) {
  return R"({"status":"error","message":)" + quote("Property values were not valid: " + std::string(list)) + R"(,"category":"VALIDATION_ERROR"})";
}
std::string refused(std::string_view message) { return R"({"status":"error","message":)" + quote(message) + R"(,"category":"VALIDATION_ERROR"})"; }

lead_text with(int ordinal, std::string property, std::string value) {
  return {.ordinal = ordinal, .contact = fields({{"email", "person" + std::to_string(ordinal) + "@example.test"}, {std::move(property), std::move(value)}})};
}

/// Answers each batch as HubSpot would, but refuses as a whole every one that `is_bad`.
template <class Predicate>
response answer_unless(const testkit::request& request, Predicate is_bad, const std::string& refusal) {
  const auto body = boost::json::parse(request.body);
  std::vector<std::string> rows;
  for (const auto& input : body.at("inputs").as_array()) {
    const auto email = std::string(input.at("id").as_string());
    if (is_bad(email)) return reply(400, refusal);
    rows.push_back(row("9" + email.substr(6, email.find('@') - 6), R"({"email":")" + email + "\"}"));
  }
  std::reverse(rows.begin(), rows.end());
  return reply(200, results(rows));
}

TEST(Batch, OfAHundredIsOneCall) {
  transcript talk(sync_job(people(100)));
  talk.run([](const auto& request) { return answer_unless(request, [](const auto&) { return false; }, ""); });
  EXPECT_EQ(talk.history().size(), 1u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(talk.member(i, "person", "remote_id"), "9" + std::to_string(i));
}

TEST(Batch, OfMoreThanAHundredIsSplit) {
  transcript talk(sync_job(people(101)));
  talk.run([](const auto& request) { return answer_unless(request, [](const auto&) { return false; }, ""); });
  EXPECT_EQ(talk.history().size(), 2u);
  EXPECT_EQ(talk.body(0).at("inputs").as_array().size(), 100u);
}

TEST(Batch, RowsAreMatchedByTraceIdInAnyOrder) {
  transcript talk(sync_job(people(3)));
  talk.answer(reply(200, results({traced(2, "12"), traced(0, "10"), traced(1, "11")})));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(talk.member(i, "person", "remote_id"), "1" + std::to_string(i));
  EXPECT_EQ(talk.member(2, "person", "request_pointer"), "/inputs/2");
  EXPECT_EQ(talk.member(2, "person", "response_pointer"), "/results/0");
}

TEST(Batch, RowsWithoutTraceIdAreMatchedByTheirAddressInAnyCase) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(200, results({row("11", R"({"email":"Person1@Example.TEST"})"), row("10", R"({"email":"person0@example.test"})")})));
  EXPECT_EQ(talk.member(1, "person", "remote_id"), "11");
}

TEST(Batch, RowThatASuccessLacksIsAFailure) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(200, results({traced(1, "11")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(1, "person"), "ok");
  EXPECT_EQ(talk.category(0, "person"), "UNEXPECTED");
  EXPECT_EQ(talk.member(0, "person", "crm_code"), "ROW_MISSING");
}

TEST(Batch, RowThatTheAnswerToABlindWriteLacksIsAmbiguous) {
  transcript talk(sync_job({{.contact = fields({{"lastname", "A"}})}, {.ordinal = 1, .contact = fields({{"lastname", "B"}})}}));
  talk.answer(reply(201, results({row("5", R"({"lastname":"B"})")})));  // told apart by what was sent
  talk.expect_done();
  EXPECT_EQ(talk.member(1, "person", "remote_id"), "5");
  EXPECT_EQ(talk.category(0, "person"), "AMBIGUOUS_WRITE");
  EXPECT_EQ(talk.member(0, "person", "crm_code"), "ROW_MISSING");
}

TEST(Batch, RowWithoutAnIdIsAFailureAndNotARecord) {
  transcript talk(sync_job(people(1)));
  talk.answer(reply(200, results({R"({"properties":{}})"})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "UNEXPECTED");
  EXPECT_EQ(talk.member(0, "person", "crm_code"), "ID_MISSING");
  transcript blind(sync_job({{.contact = fields({{"lastname", "A"}})}}));
  blind.answer(reply(201, results({R"({"properties":{}})"})));
  EXPECT_EQ(blind.category(0, "person"), "AMBIGUOUS_WRITE");
}

TEST(Batch, OneRecordIsNeverSentAgainForAnErrorThatNamesNobody) {
  transcript talk(sync_job(people(1)));
  const auto nobody = row("10", "{}", R"(,"objectWriteTraceId":"18446744073709551615")");
  talk.answer(reply(207, results({nobody, nobody}, {R"({"category":"VALIDATION_ERROR","message":"something odd"})"})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "crm_code"), "ROW_MISSING");
}

TEST(Batch, APageInPlaceOfAnAnswerIsTheConnectionsFaultAndSaysSo) {
  transcript talk(sync_job(people(1)));
  talk.answer(reply(200, "<html>Please sign in to the hotel's network</html>"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "CONNECTION");
  EXPECT_EQ(talk.member(0, "person", "message"),
            "HTTP 200 with a web page: something on the way, such as a proxy or a login page, may have answered in HubSpot's place");
}

TEST(Batch, ErrorsOfAMultiStatusAreAttributedByTraceId) {
  transcript talk(sync_job({with(0, "tags", "A"), with(1, "tags", "NAM Only")}));
  talk.answer(reply(207, results({traced(0, "10")}, {R"({"status":"error","category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"NAM Only was not one of the allowed options: [A, B]\",\"error\":\"INVALID_OPTION\",\"name\":\"tags\"}]","context":{"objectWriteTraceId":["1"]}})"})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "person"), "ok");
  EXPECT_EQ(talk.verdict(1, "person"), boost::json::parse(R"({"lead":1,"phase":"person","status":"failed","category":"DATA_VALUE_VALIDATION","crm_code":"INVALID_OPTION",
    "message":"NAM Only was not one of the allowed options: [A, B]","locus":{"object":"contact","remote_field":"tags","value":"NAM Only"},
    "request":0,"request_pointer":"/inputs/1","response_pointer":"/errors/0"})"));
}

TEST(Batch, RecordIdsAreNotTakenForTraceIds) {
  std::vector<lead_text> leads{{.contact = fields({{"city", "A"}}), .remote_ids = R"({"contact":"1"})"}, {.ordinal = 1, .contact = fields({{"city", "B"}}), .remote_ids = R"({"contact":"0"})"}};
  transcript talk(sync_job(leads));
  talk.answer(reply(207, results({row("0")}, {R"({"category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects","context":{"ids":["1"]}})"})));
  EXPECT_EQ(talk.category(0, "person"), "TARGET_GONE");
  EXPECT_EQ(talk.status(1, "person"), "ok");
}

TEST(Batch, OneErrorWithoutANameBelongsToTheOneRowLeft) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(207, results({traced(0, "10")}, {R"({"category":"VALIDATION_ERROR","message":"something odd"})"})));
  talk.expect_done();
  EXPECT_EQ(talk.category(1, "person"), "UNEXPECTED");
  EXPECT_EQ(talk.member(1, "person", "message"), "something odd");
}

TEST(Batch, ErrorsThatNameNoRowAreSentAgainInHalves) {
  transcript talk(sync_job(people(3)));
  talk.answer(reply(207, results({traced(0, "10")}, {R"({"category":"VALIDATION_ERROR","message":"something odd"})"})));
  talk.expect("POST", contacts_upsert);
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 1u);
  talk.answer(reply(200, results({traced(0, "11")})));
  talk.answer(reply(400, refused("something odd")));
  talk.expect_done();
  EXPECT_EQ(talk.member(1, "person", "remote_id"), "11");
  EXPECT_EQ(talk.category(2, "person"), "UNEXPECTED");
}

// Refused as a whole

TEST(Refusal, OfAPropertyThatIsMissingSettlesThoseWhoSendItAndSendsTheRest) {
  transcript talk(sync_job({with(0, "gone", "x"), with(1, "city", "Bonn"), with(2, "gone", "y")}));
  talk.answer(reply(400, refused_properties(R"([{"message":"Property \"gone\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"gone"}])")));
  talk.expect("POST", contacts_upsert);
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 1u);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "person1@example.test");
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("objectWriteTraceId").as_string(), "0");
  talk.answer(reply(200, results({traced(0, "11")})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "MISSING_REMOTE_FIELD");
  EXPECT_EQ(talk.category(2, "person"), "MISSING_REMOTE_FIELD");
  EXPECT_EQ(talk.member(0, "person", "request"), "0");
  EXPECT_EQ(talk.member(1, "person", "request"), "1");
}

TEST(Refusal, OfAValueSettlesThoseWhoSendThatValue) {
  transcript talk(sync_job({with(0, "tags", "A;NAM Only"), with(1, "tags", "A"), with(2, "tags", "NAM Only")}));
  talk.answer(reply(400, refused_properties(R"([{"message":"NAM Only was not one of the allowed options: [A, B]","error":"INVALID_OPTION","name":"tags"}])")));
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 1u);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "person1@example.test");
  EXPECT_EQ(talk.category(0, "person"), "DATA_VALUE_VALIDATION");
  EXPECT_EQ(talk.category(2, "person"), "DATA_VALUE_VALIDATION");
}

TEST(Refusal, OfAnAddressSettlesItsLead) {
  auto leads = people(3);
  leads[1].contact = fields({{"email", "test222"}});
  transcript talk(sync_job(leads));
  talk.answer(reply(400, refused_properties(R"([{"message":"Email address test222 is invalid","error":"INVALID_EMAIL","name":"email"}])")));
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 2u);
  EXPECT_EQ(talk.category(1, "person"), "DATA_VALUE_VALIDATION");
}

TEST(Refusal, OfSeveralThingsFilesEachLeadUnderItsOwn) {
  transcript talk(sync_job({with(0, "notes", "long"), with(1, "gone", "x"), with(2, "city", "Bonn")}));
  talk.answer(reply(400, refused_properties(R"([{"message":"Enter 3 characters or fewer","error":"MAX_LENGTH","name":"notes"},{"message":"Property \"gone\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"gone"}])")));
  EXPECT_EQ(talk.category(0, "person"), "DATA_TOO_LONG");
  EXPECT_EQ(talk.member(0, "person", "locus"), R"({"object":"contact","remote_field":"notes","value":"long"})");
  EXPECT_EQ(talk.category(1, "person"), "MISSING_REMOTE_FIELD");
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 1u);
}

TEST(Refusal, OfARequiredPropertySettlesThoseWithoutIt) {
  transcript talk(sync_job({with(0, "region", "North"), with(1, "city", "Bonn"), with(2, "region", "")}));
  talk.answer(reply(400, R"({"message":"Error creating CONTACT. Some required properties were not set.","context":{"properties":["region"]},"category":"VALIDATION_ERROR"})"));
  EXPECT_EQ(talk.category(1, "person"), "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(talk.category(2, "person"), "NOT_ENOUGH_DATA");
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "person0@example.test");
}

TEST(Refusal, WithoutAttributionIsHalvedUntilTheOffenderStandsAlone) {
  for (const int bad : {0, 37, 63, 99}) {
    transcript talk(sync_job(people(100)));
    const auto address = "person" + std::to_string(bad) + "@example.test";
    talk.run([&](const auto& request) { return answer_unless(request, [&](const auto& email) { return email == address; }, refused("something odd")); });
    EXPECT_LE(talk.history().size(), 15u);
    EXPECT_EQ(talk.verdicts_of("person").size(), 100u);
    EXPECT_EQ(talk.category(bad, "person"), "UNEXPECTED");
    EXPECT_EQ(talk.status((bad + 1) % 100, "person"), "ok");
  }
}

TEST(Refusal, OfAValueThatIsNotQuotedIsHalved) {
  transcript talk(sync_job({with(0, "short", "too long"), with(1, "short", "ok"), with(2, "short", "ok")}));
  talk.run([](const auto& request) {
    return answer_unless(request, [](const auto& email) { return email == "person0@example.test"; },
                         refused_properties(R"([{"message":"Enter 5 characters or fewer","error":"MAX_LENGTH","name":"short"}])"));
  });
  EXPECT_EQ(talk.category(0, "person"), "DATA_TOO_LONG");
  EXPECT_EQ(talk.status(1, "person"), "ok");
  EXPECT_EQ(talk.status(2, "person"), "ok");
}

TEST(Refusal, IsAttributedTwiceAndThenHalved) {
  std::vector<lead_text> leads;
  for (int i = 0; i < 8; ++i) leads.push_back(with(i, "p" + std::to_string(i), "x"));
  transcript talk(sync_job(leads));
  for (int i = 0; i < 3; ++i)
    talk.answer(reply(400, refused_properties(R"([{"message":"Property \"p)" + std::to_string(i) + R"(\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"p)" + std::to_string(i) + R"("}])")));
  EXPECT_EQ(talk.body(1).at("inputs").as_array().size(), 7u);
  EXPECT_EQ(talk.body(2).at("inputs").as_array().size(), 6u);
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 3u);
}

TEST(Refusal, OfTwinsBlamesNeither) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(400, R"({"message":"Duplicate IDs found in batch input: [person0@example.test]. IDs must be unique","context":{"ids":["person0@example.test"]},"category":"VALIDATION_ERROR"})"));
  talk.answer(reply(200, results({traced(0, "5")})));
  talk.answer(reply(200, results({traced(0, "5")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "person"), "ok");
  EXPECT_EQ(talk.status(1, "person"), "ok");
}

TEST(Batch, SecondLeadOfAnAddressGoesInALaterCall) {
  auto leads = people(2);
  leads[1].contact = fields({{"email", "PERSON0@example.test"}});
  transcript talk(sync_job(leads));
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 1u);
  talk.answer(reply(200, results({traced(0, "5")})));
  talk.expect("POST", contacts_upsert);
  EXPECT_EQ(talk.requests()[0].leads, std::vector<std::uint32_t>{1});
  talk.answer(reply(200, results({traced(0, "5")})));
  EXPECT_EQ(talk.member(1, "person", "remote_id"), "5");
}

// What is about the call

struct call_failure {
  response answer;
  std::string_view category;
};

TEST(Call, ThatFailsFailsAllItsLeadsWithoutSplitting) {
  const call_failure cases[] = {{fault(LEADSYNC_NOT_SENT), "CONNECTION"}, {fault(LEADSYNC_SENT_NO_ANSWER), "CONNECTION"},
    {fault(LEADSYNC_TRUNCATED), "CONNECTION"}, {fault(LEADSYNC_REFUSED_HOST), "PLUGIN_FAULT"},
    {reply(401, R"({"message":"m","category":"INVALID_AUTHENTICATION"})"), "AUTHENTICATION"}, {reply(403, R"({"message":"m","category":"MISSING_SCOPES"})"), "PERMISSION"},
    {reply(403, "<html>"), "CONNECTION"}, {reply(423, "{}"), "REMOTE_BUSY"}, {reply(429, R"({"policyName":"DAILY","message":"You have reached your daily limit."})"), "QUOTA_EXHAUSTED"},
    {reply(477, ""), "REMOTE_BUSY"}, {reply(500, "{}"), "CONNECTION"}, {reply(503, ""), "REMOTE_BUSY"}, {reply(200, "{\"resul"), "CONNECTION"},
    {reply(200, "[]"), "UNEXPECTED"}};
  for (const auto& [answer, category] : cases) {
    transcript talk(sync_job(people(3)));
    talk.answer(answer);
    talk.expect_done();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(talk.category(i, "person"), category) << answer.status;
  }
}

TEST(Call, ThatIsTooLargeIsSplit) {
  for (const auto& answer : {fault(LEADSYNC_TOO_LARGE), reply(413, "<html>")}) {
    transcript talk(sync_job(people(2)));
    talk.answer(answer);
    talk.answer(reply(200, results({traced(0, "5")})));
    talk.answer(answer);
    talk.expect_done();
    EXPECT_EQ(talk.status(0, "person"), "ok");
    EXPECT_EQ(talk.category(1, "person"), answer.status == 413 ? "PAYLOAD_REJECTED" : "UNEXPECTED");
  }
}

TEST(Call, ThatIsThrottledSaysForHowLong) {
  transcript talk(sync_job(people(1)));
  talk.answer(reply(477, "").with("retry-after", "3600"));
  EXPECT_EQ(talk.member(0, "person", "retry_after_ms"), "3600000");
}

TEST(Call, VerdictsLeaveBeforeTheNextBlindWrite) {
  auto leads = people(1);
  leads.push_back({.ordinal = 1, .contact = fields({{"lastname", "B"}})});
  transcript talk(sync_job(leads));
  talk.answer(reply(200, results({traced(0, "5")})));
  EXPECT_EQ(talk.expect("POST", contacts_create).effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_EQ(talk.status(0, "person"), "ok");
}

TEST(Session, MayEndAtAnyStep) {
  auto leads = people(1);
  leads[0].company = "0";
  leads[0].note = fields({{"hs_note_body", "Hello"}});
  for (int steps = 0; steps < 6; ++steps) {
    transcript talk(sync_job(leads, {{}}, all_keys));
    for (int i = 0; i < steps && !talk.done(); ++i) talk.answer(reply(200, results({traced(0, "5")})));
  }
}

}  // namespace
}  // namespace leadsync::hubspot_test
