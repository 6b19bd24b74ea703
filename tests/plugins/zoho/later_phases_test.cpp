#include "transcript.h"

namespace leadsync::zoho_test {
namespace {

constexpr std::string_view as_contacts = R"({"module":"Contacts","read_back":false})";

TEST(ZohoNote, IsABlindWriteOnItsPerson) {
  transcript talk(sync_job({{.note = "Call me", .remote_ids = R"({"person":"77"})", .phases_done = R"(["person"])"}}));
  EXPECT_EQ(talk.expect("POST", "/crm/v8/Notes").effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_EQ(talk.sent().at("data"), boost::json::parse(R"([{"Note_Content":"Call me","Parent_Id":{"module":{"api_name":"Leads"},"id":"77"}}])"));
  talk.answer(reply(201, data({good("900")})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "note", "remote_id"), "900");
}

TEST(ZohoNote, InDoubtIsLookedForBeforeItIsWritten) {
  const lead_text lead{.note = "Call me", .remote_ids = R"({"person":"77"})", .phases_done = R"(["person"])", .ambiguous = true};
  transcript there(sync_job({lead}));
  there.expect("GET", "/crm/v8/Leads/77/Notes?fields=Note_Title,Note_Content&per_page=200");
  there.answer(reply(200, R"({"data":[{"id":"1","Note_Content":"Else"},{"id":"2","Note_Content":"Call me\r\n","Note_Title":null}],"info":{"more_records":false}})"));
  there.expect_done();
  EXPECT_EQ(there.member(0, "note", "remote_id"), "2");

  transcript absent(sync_job({lead}));
  absent.answer(reply(204, ""));
  absent.expect("POST", "/crm/v8/Notes");

  transcript undecided(sync_job({lead}));
  undecided.answer(reply(200, R"({"data":[{"id":"1","Note_Content":"Else"}],"info":{"more_records":true}})"));
  undecided.expect_done();
  EXPECT_EQ(undecided.category(0, "note"), "AMBIGUOUS_WRITE");
}

TEST(ZohoNote, OfAPersonThatFailedHasNoVerdict) {
  auto lead = people(1).front();
  lead.note = "Call me";
  transcript talk(sync_job({lead}));
  talk.answer(reply(400, data({bad("MANDATORY_NOT_FOUND", R"({"api_name":"Company","json_path":"$.data[0].Company"})")})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0), "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(talk.status(0, "note"), "");
}

TEST(ZohoContact, IsWrittenWithItsAccount) {
  auto lead = people(1).front();
  lead.company = "0";
  transcript talk(sync_job({lead}, all_keys, as_contacts, company_text("Acme")));
  talk.expect("POST", "/crm/v8/Accounts/upsert");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"data":[{"Account_Name":"Acme","leadsync_key":"ckey-0"}],
    "duplicate_check_fields":["leadsync_key","Account_Name"],"trigger":[]})"));
  talk.answer(reply(200, data({good("500")})));
  talk.expect("POST", "/crm/v8/Contacts/upsert");
  EXPECT_EQ(talk.sent().at("data").at(0).at("Account_Name").at("id").as_string(), "500");
  talk.answer(reply(200, data({good("1")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "company") + talk.status(0) + talk.status(0, "association"), "okokok");
}

TEST(ZohoContact, WrittenBeforeItsAccountGetsItLater) {
  const lead_text lead{.company = "0", .remote_ids = R"({"person":"77"})", .phases_done = R"(["person"])"};
  transcript talk(sync_job({lead}, all_keys, as_contacts, company_text("Acme")));
  talk.answer(reply(200, data({good("500")})));
  talk.expect("PUT", "/crm/v8/Contacts");
  EXPECT_EQ(talk.sent().at("data"), boost::json::parse(R"([{"Account_Name":{"id":"500"},"id":"77"}])"));
  talk.answer(reply(200, data({good("77")})));
  EXPECT_EQ(talk.status(0, "association"), "ok");
}

TEST(ZohoContact, WithoutItsAccountIsWrittenAllTheSame) {
  auto lead = people(1).front();
  lead.company = "0";
  transcript talk(sync_job({lead}, all_keys, as_contacts, company_text("Acme")));
  talk.answer(reply(400, data({bad("RECORD_LOCKED", R"({"api_name":"id","json_path":"$.data[0].id","action":"record_locking"})")})));
  talk.answer(reply(200, data({good("1")})));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "company"), "REMOTE_BUSY");
  EXPECT_EQ(talk.status(0), "ok");
  EXPECT_EQ(talk.status(0, "association"), "");
}

TEST(ZohoTag, IsAddedToAllAtOnceAndAnsweredById) {
  std::vector<lead_text> leads;
  for (int i = 0; i < 3; ++i)
    leads.push_back({.ordinal = i, .remote_ids = R"({"person":")" + std::to_string(70 + i) + "\"}", .phases_done = R"(["person"])"});
  transcript talk(sync_job(leads, all_keys, R"({"tag":"Fair 2026"})"));
  EXPECT_EQ(talk.expect("POST", "/crm/v8/Leads/actions/add_tags").effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"tags":[{"name":"Fair 2026"}],"ids":["70","71","72"],"over_write":false})"));
  talk.answer(reply(207, data({good("72"), good("70")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "tag") + talk.status(2, "tag"), "okok");
  EXPECT_EQ(talk.member(1, "tag", "crm_code"), "ROW_MISSING");
}

}  // namespace
}  // namespace leadsync::zoho_test
