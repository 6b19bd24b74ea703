#include "transcript.h"

namespace leadsync::zoho_test {
namespace {

constexpr std::string_view recreate = R"({"read_back":false,"on_target_gone":"recreate"})";
constexpr std::string_view link = R"({"read_back":false,"on_duplicate_blocked":"link"})";
const std::string gone = data({bad("INVALID_DATA", R"({"api_name":"id","json_path":"$.data[0].id"})", "the id given seems to be invalid")});
const std::string taken = data({bad("DUPLICATE_DATA", R"({"api_name":"Badge","json_path":"$.data[0].Badge","duplicate_record":{"id":"88"}})")});

lead_text ada(std::string remote_ids = "{}") {
  return {.person = fields({{"Last_Name", "Lovelace"}, {"Email", "ada@example.test"}, {"Badge", "B7"}}), .remote_ids = std::move(remote_ids)};
}

TEST(ZohoGone, IsLookedForAndMadeAgainOnce) {
  transcript talk(sync_job({ada(R"({"person":"77"})")}, all_keys, recreate));
  talk.answer(reply(400, gone));
  talk.expect("POST", leads_upsert);
  EXPECT_FALSE(talk.sent().at("data").at(0).as_object().contains("id"));
  EXPECT_EQ(talk.sent().at("data").at(0).at("leadsync_key").as_string(), "key-0");
  talk.answer(reply(200, data({good("78")})));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "78");
  EXPECT_NE(talk.member(0, "person", "warnings").find("RECREATED"), std::string::npos);
}

TEST(ZohoGone, NoteIsMadeAgainForItsPerson) {
  lead_text lead{.note = "Call me", .remote_ids = R"({"person":"77","note":"900"})", .phases_done = R"(["person"])"};
  transcript talk(sync_job({lead}, all_keys, recreate));
  talk.expect("PUT", "/crm/v8/Notes");
  talk.answer(reply(400, gone));
  talk.expect("POST", "/crm/v8/Notes");
  EXPECT_EQ(talk.sent().at("data").at(0).at("Parent_Id").at("id").as_string(), "77");
}

TEST(ZohoBlocked, FailsUnlessItIsToBeLinked) {
  transcript strict(sync_job({ada()}));
  strict.answer(reply(400, taken));
  strict.expect_done();
  EXPECT_EQ(strict.category(0), "DUPLICATE_BLOCKED");

  transcript lax(sync_job({ada()}, all_keys, link));
  lax.answer(reply(400, taken));
  lax.expect("PUT", leads_url);
  EXPECT_EQ(lax.sent().at("data").at(0).at("id").as_string(), "88");
  lax.answer(reply(200, data({good("88", "update")})));
  lax.expect_done();
  EXPECT_EQ(lax.member(0, "person", "remote_id"), "88");
  EXPECT_NE(lax.member(0, "person", "warnings").find("LINKED"), std::string::npos);
}

constexpr std::string_view campaign = R"({"read_back":false,"campaign_id":"5001","campaign_member_status":"Attended"})";
lead_text member(int ordinal) {
  return {.ordinal = ordinal, .remote_ids = R"({"person":"7)" + std::to_string(ordinal) + "\"}", .phases_done = R"(["person"])"};
}

TEST(ZohoCampaign, IsJoinedByEachPersonSideBySide) {
  transcript talk(sync_job({member(0), member(1), member(2)}, all_keys, campaign));
  ASSERT_EQ(talk.requests().size(), 3u);
  const auto& request = talk.expect(1, "PUT", "/crm/v8/Leads/71/Campaigns");
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(request.leads, std::vector<std::uint32_t>{1});
  EXPECT_EQ(boost::json::parse(request.body), boost::json::parse(R"({"data":[{"id":"5001","Member_Status":"Attended"}]})"));
  talk.answer({reply(200, data({good("5001")})), reply(200, data({bad("DUPLICATE_DATA", "{}")})),
               reply(400, data({bad("INVALID_DATA", R"({"api_name":"id","json_path":"$.data[0].id"})")}))});
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "campaign") + talk.status(1, "campaign"), "okok");
  EXPECT_EQ(talk.category(2, "campaign"), "CAMPAIGN_UNAVAILABLE");
  EXPECT_EQ(talk.member(0, "campaign", "remote_id"), "");
}

TEST(ZohoCampaign, OfAPersonWhoIsGoneSaysThat) {
  transcript talk(sync_job({member(0)}, all_keys, campaign));
  talk.answer(reply(400, bad("INVALID_DATA", R"({"resource_path_index":1})", "the id given seems to be invalid")));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "campaign"), "TARGET_GONE");
}

TEST(ZohoCampaign, IsSkippedWhereNoneIsSet) {
  transcript talk(sync_job({member(0)}));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "campaign"), "skipped");
}

}  // namespace
}  // namespace leadsync::zoho_test
