#include "transcript.h"

namespace leadsync::pipedrive_test {
namespace {

constexpr std::string_view timeline = "9dc80c50d78a15643bfc4ca79d76156a73a1ca0e";

std::string lead_fields() {
  return R"({"title":{"type":"text","value":"Ada","mode":"overwrite"},")" + std::string(timeline) + R"(":{"type":"option","value":"190","mode":"overwrite"}})";
}

/// A lead whose person is there from an earlier attempt; nothing was done of the rest.
lead_text retried() {
  return {.lead = lead_fields(), .note = field("content", "a < b\nc"), .remote_ids = R"({"person":"7"})", .phases_done = R"(["person"])"};
}

TEST(Lead, OfAFirstAttemptIsCreatedWithOurKeyAndFlatCustomFields) {
  transcript talk(sync_job({lead_text{.lead = lead_fields()}}));
  talk.answer(nobody());
  talk.answer(empty_list());
  talk.answer(found(R"({"id":7,"name":"Ada","emails":[]})"));
  const auto& create = talk.expect("POST", "/v1/leads");
  EXPECT_EQ(create.effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"title":"Ada","9dc80c50d78a15643bfc4ca79d76156a73a1ca0e":190,"person_id":7,"origin_id":"key-0"})"));
  talk.answer(testkit::json(201, R"({"success":true,"data":{"id":"adf21080","title":"Ada","9dc80c50d78a15643bfc4ca79d76156a73a1ca0e":190}})"));
  EXPECT_EQ(talk.member(0, "lead", "remote_id"), "adf21080");
  EXPECT_EQ(talk.member(0, "lead", "url"), "https://acme.pipedrive.com/leads/inbox/adf21080");
}

TEST(Lead, WhoseValueWasLostInSilenceIsNotOk) {
  for (const auto& [kept, category] : {std::pair(R"({"id":"u","title":"Ada"})", "MISSING_REMOTE_FIELD"),
                                       {R"({"id":"u","title":"Ada","9dc80c50d78a15643bfc4ca79d76156a73a1ca0e":null})", "DATA_VALUE_VALIDATION"}}) {
    transcript talk(sync_job({lead_text{.lead = lead_fields()}}));
    talk.answer(nobody());
    talk.answer(empty_list());
    talk.answer(found(R"({"id":7,"name":"Ada","emails":[]})"));
    talk.answer(found(kept));
    talk.expect_done();
    EXPECT_EQ(talk.category(0, "lead"), category);
    EXPECT_EQ(talk.status(0, "note"), "");
  }
}

TEST(Lead, OfALaterAttemptIsLookedForByOurKeyAndCompleted) {
  auto lead = retried();
  lead.note.clear();
  transcript talk(sync_job({lead}));
  talk.expect("GET", "/v1/leads?person_id=7&limit=500&start=0");
  talk.answer(found(R"([{"id":"other","origin_id":"key-9"}])", R"({"pagination":{"more_items_in_collection":true,"next_start":500}})"));
  talk.expect("GET", "/v1/leads?person_id=7&limit=500&start=500");
  talk.answer(found(R"([{"id":"u","origin_id":"key-0"}])"));
  talk.expect("GET", "/v1/leads/u");
  talk.answer(found(R"({"id":"u","title":"Ada","organization_id":null})"));
  EXPECT_EQ(talk.expect("PATCH", "/v1/leads/u").effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"9dc80c50d78a15643bfc4ca79d76156a73a1ca0e":190})"));
  talk.answer(found(R"({"id":"u","title":"Ada","9dc80c50d78a15643bfc4ca79d76156a73a1ca0e":"190"})"));
  EXPECT_EQ(talk.status(0, "lead"), "ok");
}

TEST(Lead, ThatIsNowhereIsCreatedOnlyAfterTheArchiveWasSeen) {
  transcript talk(sync_job({retried()}));
  talk.answer(found("[]"));
  talk.expect("GET", "/v1/leads/archived?person_id=7&limit=500&start=0");
  talk.answer(found("[]"));
  talk.expect("POST", "/v1/leads");
}

TEST(Lead, WhoseListCannotBeReadIsNotWritten) {
  transcript talk(sync_job({retried()}));
  talk.answer(refused(503, "maintenance"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "lead"), "REMOTE_BUSY");
}

TEST(Lead, ThatWasConvertedIsGone) {
  auto lead = retried();
  lead.remote_ids = R"({"person":"7","lead":"u"})";
  transcript talk(sync_job({lead}));
  talk.expect("GET", "/v1/leads/u");
  talk.answer(refused(404, "requested lead not found"));
  EXPECT_EQ(talk.category(0, "lead"), "TARGET_GONE");
}

TEST(Lead, WithoutATitleGetsThatOfItsPersonAndCompany) {
  transcript talk(sync_job({lead_text{.lead = field("channel_id", "Fair"), .company = "0"}}, {company_text("\"3\"")}));
  talk.answer(found(R"({"id":3,"name":"Acme"})"));
  talk.answer(nobody());
  talk.answer(empty_list());
  talk.answer(found(R"({"id":7,"name":"Ada Lovelace","emails":[],"org_id":3})"));
  EXPECT_EQ(talk.sent().at("title").as_string(), "Ada Lovelace (Acme)");
  EXPECT_EQ(talk.sent().at("organization_id"), 3);
}

TEST(Note, HangsOnTheLeadAsHtml) {
  auto lead = retried();
  lead.phases_done = R"(["person","lead"])";
  lead.remote_ids = R"({"person":"7","lead":"u"})";
  transcript talk(sync_job({lead}));
  talk.expect("GET", "/v1/notes?lead_id=u&limit=500&start=0");
  talk.answer(found(R"([{"id":1,"content":"something else","active_flag":true}])"));
  EXPECT_EQ(talk.expect("POST", "/v1/notes").effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"content":"a &lt; b<br>c","lead_id":"u"})"));
  talk.answer(found(R"({"id":5})"));
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "5");
}

TEST(Note, ThatAnEarlierAttemptWroteIsKnownByItsWords) {
  auto lead = retried();
  lead.phases_done = R"(["person","lead"])";
  lead.remote_ids = R"({"person":"7","lead":"u"})";
  transcript talk(sync_job({lead}));
  talk.answer(found(R"([{"id":5,"content":"<p>a &lt; b<br />c</p>","active_flag":true}])"));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "5");
}

TEST(Note, WithoutALeadHangsOnThePerson) {
  transcript talk(sync_job({lead_text{.note = field("content", "Hello")}}));
  talk.answer(nobody());
  talk.answer(empty_list());
  talk.answer(found(R"({"id":7,"name":"Ada","emails":[]})"));
  talk.expect("POST", "/v1/notes");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"content":"Hello","person_id":7})"));
  EXPECT_EQ(talk.status(0, "lead"), "skipped");
}

}  // namespace
}  // namespace leadsync::pipedrive_test
