#include "transcript.h"

namespace leadsync::hubspot_test {
namespace {

constexpr std::string_view associate = "/crm/v4/associations/contacts/companies/batch/associate/default";
constexpr std::string_view associate_notes = "/crm/v4/associations/notes/contacts/batch/associate/default";
constexpr std::string_view notes_upsert = "/crm/v3/objects/notes/batch/upsert";
constexpr std::string_view notes_create = "/crm/v3/objects/notes/batch/create";
constexpr std::string_view notes_update = "/crm/v3/objects/notes/batch/update";

/// Leads whose contacts (100, 101, …) and company (900) are written already.
std::vector<lead_text> written(int count) {
  std::vector<lead_text> leads;
  for (int i = 0; i < count; ++i)
    leads.push_back({.ordinal = i, .company = "0", .remote_ids = R"({"contact":")" + std::to_string(100 + i) + "\"}", .phases_done = R"(["company","person","note","list"])"});
  return leads;
}

std::vector<lead_text> with_notes(int count, bool ambiguous = false) {
  auto leads = written(count);
  for (auto& lead : leads) {
    lead.company = "null";
    lead.note = fields({{"hs_note_body", "Note " + std::to_string(lead.ordinal)}, {"hs_timestamp", "2026-11-12T15:48:22.000Z"}});
    lead.phases_done = R"(["company","person","association","list"])";
    lead.ambiguous = ambiguous;
  }
  return leads;
}

std::string link(std::string_view from, std::string_view to) { return R"({"from":{"id":")" + std::string(from) + R"("},"to":{"id":")" + std::string(to) + "\"}}"; }

TEST(Association, LinksEachContactToItsCompany) {
  transcript talk(sync_job(written(2), {{.remote_id = "900"}}));
  const auto& request = talk.expect("POST", associate);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(request.phase, "association");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"inputs":[{"from":{"id":"100"},"to":{"id":"900"}},{"from":{"id":"101"},"to":{"id":"900"}}]})"));
  talk.answer(reply(200, results({link("101", "900"), link("900", "101"), link("900", "100"), link("100", "900")})));
  talk.expect_done();
  EXPECT_EQ(talk.verdict(1, "association"), boost::json::parse(R"({"lead":1,"phase":"association","status":"ok","request":0,"request_pointer":"/inputs/1","response_pointer":"/results/0"})"));
  EXPECT_EQ(talk.status(0, "association"), "ok");
}

TEST(Association, ReadsTheOlderShapeOfTheAnswer) {
  transcript talk(sync_job(written(2), {{.remote_id = "900"}}));
  talk.answer(reply(201, results({R"({"fromObjectTypeId":"0-1","fromObjectId":100,"toObjectTypeId":"0-2","toObjectId":900,"labels":[]})",
                                  R"({"fromObjectTypeId":"0-1","fromObjectId":101,"toObjectTypeId":"0-2","toObjectId":900,"labels":[]})"})));
  EXPECT_EQ(talk.status(0, "association"), "ok");
  EXPECT_EQ(talk.status(1, "association"), "ok");
}

TEST(Association, FollowsTheIdsOfThisJob) {
  auto lead = people(1).front();
  lead.company = "0";
  transcript talk(sync_job({lead}, {{.remote_id = "900", .fields = "{}"}}));
  talk.answer(reply(200, results({traced(0, "55")})));
  talk.expect("POST", associate);
  EXPECT_EQ(talk.sent().at("inputs").at(0), boost::json::parse(link("55", "900")));
}

TEST(Association, WithACompanyThatIsGoneIsTargetGone) {
  transcript talk(sync_job(written(2), {{.remote_id = "900"}}));
  talk.answer(reply(400, R"({"message":"One or more associations are invalid","context":{"INVALID_OBJECT_IDS":["CONTACT=101 is not valid"]},"category":"VALIDATION_ERROR"})"));
  talk.expect("POST", associate);
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 1u);
  EXPECT_EQ(talk.category(1, "association"), "TARGET_GONE");
}

TEST(Association, ErrorsOfAMultiStatusAreAttributedById) {
  transcript talk(sync_job(written(2), {{.remote_id = "900"}}));
  talk.answer(reply(207, results({link("100", "900")}, {R"({"category":"VALIDATION_ERROR","subCategory":"crm.associations.INVALID_IDENTIFIER","message":"101 is not a valid ID","context":{"id":["101"]}})"})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "association"), "ok");
  EXPECT_EQ(talk.member(1, "association", "crm_code"), "crm.associations.INVALID_IDENTIFIER");
}

TEST(Association, WithoutTheRightToItIsAPermissionFailure) {
  transcript talk(sync_job(written(1), {{.remote_id = "900"}}));
  talk.answer(reply(400, R"({"message":"One or more associations are invalid","context":{"USER_DOES_NOT_HAVE_PERMISSION":["User does not have permissions to associate"]},"category":"VALIDATION_ERROR"})"));
  EXPECT_EQ(talk.category(0, "association"), "PERMISSION");
}

TEST(Association, OfAContactThatFailedIsLeftOut) {
  auto lead = people(1).front();
  lead.company = "0";
  transcript talk(sync_job({lead}, {{.remote_id = "900", .fields = "{}"}}));
  talk.answer(reply(423, "{}"));
  talk.expect_done();
  EXPECT_TRUE(talk.verdicts_of("association").empty());
}

TEST(Note, IsUpsertedByOurKeyAndThenAssociated) {
  transcript talk(sync_job(with_notes(1), {}, all_keys));
  EXPECT_EQ(talk.expect("POST", notes_upsert).effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("inputs").at(0), boost::json::parse(R"({"id":"key-0","idProperty":"leadsync_key","properties":{"leadsync_key":"key-0",
    "hs_note_body":"Note 0","hs_timestamp":"2026-11-12T15:48:22.000Z"},"objectWriteTraceId":"0"})"));
  talk.answer(reply(200, results({traced(0, "600")})));
  EXPECT_TRUE(talk.verdicts_of("note").empty());  // not before it is associated
  EXPECT_EQ(talk.expect("POST", associate_notes).phase, "note");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"inputs":[)" + link("600", "100") + "]}"));
  talk.answer(reply(200, results({link("600", "100")})));
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "600");
  EXPECT_EQ(talk.member(0, "note", "url"), "https://app.hubspot.com/contacts/4711/record/0-46/600");
}

TEST(Note, WhoseAssociationFailsIsFailed) {
  transcript talk(sync_job(with_notes(1), {}, all_keys));
  talk.answer(reply(200, results({traced(0, "600")})));
  talk.answer(reply(502, ""));
  EXPECT_EQ(talk.category(0, "note"), "CONNECTION");
}

TEST(Note, WithoutKeyIsABlindWriteWithItsAssociation) {
  transcript talk(sync_job(with_notes(1)));
  EXPECT_EQ(talk.expect("POST", notes_create).effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_EQ(talk.sent().at("inputs").at(0), boost::json::parse(R"({"properties":{"hs_note_body":"Note 0","hs_timestamp":"2026-11-12T15:48:22.000Z"},
    "associations":[{"to":{"id":"100"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]}],"objectWriteTraceId":"0"})"));
  talk.answer(reply(201, results({row("600", R"({"hs_note_body":"Note 0","hs_timestamp":"2026-11-12T15:48:22.000Z"})")})));
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "600");
}

TEST(Note, AnOddIdOfItsContactIsQuotedAndCannotChangeTheRequest) {
  auto lead = with_notes(1).front();
  lead.remote_ids = R"({"contact":"1\"}},{\"x"})";
  transcript talk(sync_job({lead}));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("associations").at(0).at("to").at("id").as_string(), "1\"}},{\"x");
}

TEST(Note, OfAnUncertainAttemptIsLookedForAmongTheContactsNotes) {
  transcript talk(sync_job(with_notes(2, true)));
  EXPECT_EQ(talk.expect("POST", "/crm/v4/associations/contacts/notes/batch/read").effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"inputs":[{"id":"100"},{"id":"101"}]})"));
  talk.answer(reply(207, results({R"({"from":{"id":"100"},"to":[{"toObjectId":600},{"toObjectId":601}]})"},
    {R"({"category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","message":"No note","context":{"fromObjectId":["101"]}})"})));
  talk.expect("POST", "/crm/v3/objects/notes/batch/read");
  talk.answer(reply(200, results({row("600", R"({"hs_note_body":"Another"})"), row("601", R"({"hs_note_body":"Note 0"})")})));
  talk.expect("POST", notes_create);
  EXPECT_EQ(talk.requests()[0].leads, std::vector<std::uint32_t>{1});
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "601");
}

TEST(Note, IsNotWrittenAgainWhereTheLookUpFails) {
  transcript talk(sync_job(with_notes(1, true)));
  talk.answer(fault(LEADSYNC_NOT_SENT));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "note"), "CONNECTION");
}

TEST(Note, OfAKnownIdIsUpdated) {
  auto leads = with_notes(1);
  leads[0].remote_ids = R"({"contact":"100","note":"600"})";
  transcript talk(sync_job(leads, {}, all_keys));
  talk.expect("POST", notes_update);
  talk.answer(reply(200, results({row("600")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "note"), "ok");
}

TEST(Note, WithoutATimeGetsThatOfTheJobAndItsTextIsSafeHtml) {
  auto leads = with_notes(1);
  leads[0].note = fields({{"hs_note_body", "a < b & c\nsecond line"}});
  transcript talk(sync_job(leads));
  const auto properties = talk.sent().at("inputs").at(0).at("properties");
  EXPECT_EQ(properties.at("hs_timestamp").as_string(), "2026-11-25T09:30:00.000Z");
  EXPECT_EQ(properties.at("hs_note_body").as_string(), "a &lt; b &amp; c<br>second line");
}

TEST(Note, OfALeadWithoutOneIsSkipped) {
  auto leads = with_notes(1);
  leads[0].note = "";
  transcript talk(sync_job(leads));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "note"), "skipped");
}

std::vector<lead_text> joining(int count) {
  auto leads = written(count);
  for (auto& lead : leads) lead.company = "null", lead.phases_done = R"(["company","person","association","note"])";
  return leads;
}

TEST(List, EachContactJoinsIt) {
  transcript talk(sync_job(joining(3), {}, "{}", R"({"list_id":"42"})"));
  const auto& request = talk.expect("PUT", "/crm/v3/lists/42/memberships/add");
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(request.body, R"(["100","101","102"])");
  talk.answer(reply(200, R"({"recordIdsRemoved":[],"recordsIdsAdded":["100"],"recordIdsMissing":["102"]})"));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "list"), "ok");
  EXPECT_EQ(talk.status(1, "list"), "ok");  // it was a member already
  EXPECT_EQ(talk.category(2, "list"), "TARGET_GONE");
  EXPECT_EQ(talk.member(2, "list", "request_pointer"), "/2");
}

TEST(List, ThatIsMissingIsCampaignUnavailable) {
  transcript talk(sync_job(joining(1), {}, "{}", R"({"list_id":"42"})"));
  talk.answer(reply(404, R"({"status":"error","message":"List does not exist"})"));
  EXPECT_EQ(talk.category(0, "list"), "CAMPAIGN_UNAVAILABLE");
}

TEST(List, ThatCannotBeReachedIsRetried) {
  transcript talk(sync_job(joining(1), {}, "{}", R"({"list_id":"42"})"));
  talk.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  EXPECT_EQ(talk.category(0, "list"), "CONNECTION");
}

TEST(List, ThatIsNotConfiguredIsSkipped) {
  transcript talk(sync_job(joining(1)));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "list"), "skipped");
}

}  // namespace
}  // namespace leadsync::hubspot_test
