#include "transcript.h"

namespace leadsync::zoho_test {
namespace {

std::string job(std::string_view kind, std::string_view settings = "{}", std::string_view api_base = "https://www.zohoapis.com") {
  return R"({"kind":)" + quote(kind) + R"(,"protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","api_base":)" + quote(api_base) + R"(,"settings":)" +
         std::string(settings) + "}";
}

TEST(ZohoAuthorize, AsksTheAccountsHostOfItsDataCentreAndTakesTheApiDomain) {
  transcript talk(job("authorize", R"({"data_center":"eu"})"));
  const auto& request = talk.expect("POST", "https://accounts.zoho.eu/oauth/v2/token");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body, "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}&refresh_token={{secret:refresh_token}}");
  talk.answer(reply(200, R"({"access_token":"{{secret:access_token}}","api_domain":"https://www.zohoapis.eu","token_type":"Bearer","expires_in":3600})"));
  talk.expect_done();
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"expires_in":3600,"api_base":"https://www.zohoapis.eu"})"));
}

TEST(ZohoAuthorize, FollowsTheOperatorsBaseUrl) {
  transcript canada(job("authorize", "{}", "https://www.zohoapis.ca"));
  canada.expect("POST", "https://accounts.zohocloud.ca/oauth/v2/token");

  transcript local(job("authorize", R"({"data_center":"eu"})", "http://127.0.0.1:8090"));
  local.expect("POST", "http://127.0.0.1:8090/oauth/v2/token");
  local.answer(reply(200, R"({"access_token":"x","api_domain":"https://www.zohoapis.eu","expires_in":3600})"));
  EXPECT_EQ(local.result(), boost::json::parse(R"({"expires_in":3600})"));
}

TEST(ZohoAuthorize, ARefusalMayComeWith200) {
  for (const std::string_view code : {"invalid_code", "invalid_client", "invalid_client_secret"}) {
    transcript talk(job("authorize"));
    talk.answer(reply(200, R"({"error":)" + quote(code) + "}"));
    EXPECT_EQ(talk.result().at("error").at("category").as_string(), "AUTHENTICATION");
    EXPECT_EQ(talk.result().at("error").at("crm_code").as_string(), code);
  }
  for (const unsigned status : {200u, 400u}) {
    transcript talk(job("authorize"));
    talk.answer(reply(status, R"({"error_description":"You have made too many requests continuously. Please try again after some time.","error":"Access Denied","status":"failure"})"));
    EXPECT_EQ(talk.result().at("error").at("category").as_string(), "THROTTLED");
    EXPECT_EQ(talk.result().at("error").at("retry_after_ms").as_int64(), 900'000);
  }
  transcript talk(job("authorize"));
  talk.answer(reply(502, "<html></html>"));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "CONNECTION");
}

TEST(ZohoCheck, NamesTheOrganization) {
  transcript talk(job("check", R"({"data_center":"in"})"));
  talk.expect("GET", "/crm/v8/org");
  talk.answer(reply(200, R"({"org":[{"id":"1","zgid":"707","company_name":"Expo Works","time_zone":"Asia/Kolkata"}]})"));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"account":{"id":"707","name":"Expo Works","time_zone":"Asia/Kolkata","url":"https://crm.zoho.in/crm/org707"}})"));
  transcript refused(job("check"));
  refused.answer(reply(401, bad("OAUTH_SCOPE_MISMATCH", "{}", "invalid oauth scope to access this URL")));
  EXPECT_EQ(refused.result().at("error").at("category").as_string(), "PERMISSION");
}

constexpr std::string_view described_fields = R"({"fields":[
  {"api_name":"Company","field_label":"Company","data_type":"text","length":200,"system_mandatory":false,"operation_type":{"api_create":true,"api_update":true},"type":"used"},
  {"api_name":"Lead_Source","field_label":"Lead Source","data_type":"picklist","length":120,"pick_list_values":[{"display_value":"-None-","actual_value":"-None-"},
    {"display_value":"Trade Show","actual_value":"trade","type":"used"},{"display_value":"Old","actual_value":"old","type":"unused"}]},
  {"api_name":"Full_Name","field_label":"Full Name","data_type":"text","length":120,"read_only":true},
  {"api_name":"Number","field_label":"Number","data_type":"autonumber"},
  {"api_name":"Hidden","field_label":"Hidden","data_type":"text","length":10},
  {"api_name":"Last_Name","field_label":"Last Name","data_type":"text","length":80,"system_mandatory":true},
  {"api_name":"Met_At","field_label":"Met At","data_type":"datetime"},
  {"api_name":"Email","field_label":"Email","data_type":"email","length":100},
  {"api_name":"leadsync_key","field_label":"leadsync key","data_type":"text","length":100,"unique":{"case_sensitive":false}}]})";
constexpr std::string_view described_layout = R"({"layouts":[{"status":"active","sections":[{"fields":[{"api_name":"Company","required":true},{"api_name":"Lead_Source"},
  {"api_name":"Full_Name"},{"api_name":"Number"},{"api_name":"Last_Name","required":true},{"api_name":"Met_At"},{"api_name":"Email"},{"api_name":"leadsync_key"}]}]}]})";

TEST(ZohoDescribe, TellsOfFieldsWhatZohoWillTake) {
  transcript talk(job("describe"));
  talk.expect(0, "GET", "/crm/v8/settings/fields?module=Leads");
  talk.expect(1, "GET", "/crm/v8/settings/layouts?module=Leads");
  talk.answer({reply(200, std::string(described_fields)), reply(200, std::string(described_layout))});
  talk.expect_done();
  const auto result = talk.result();
  const auto& objects = result.at("objects").as_array();
  ASSERT_EQ(objects.size(), 2u);  // a lead's company is a text
  EXPECT_EQ(objects[0].at("key_field").as_string(), "leadsync_key");
  EXPECT_EQ(objects[1].at("name").as_string(), "note");
  const auto field = [&](std::string_view name) {
    for (const auto& one : objects[0].at("fields").as_array())
      if (one.at("name").as_string() == name) return one.as_object();
    return boost::json::object();
  };
  EXPECT_EQ(field("Company"), boost::json::parse(R"({"name":"Company","label":"Company","type":"text","creatable":true,"updatable":true,"required":true,
    "unique":false,"max_length":200,"length_unit":"code_points"})"));
  EXPECT_EQ(field("Lead_Source").at("options"), boost::json::parse(R"([{"value":"Trade Show","label":"Trade Show","active":true},{"value":"Old","label":"Old","active":false}])"));
  EXPECT_EQ(field("Lead_Source").at("restricted"), true);
  for (const auto* closed : {"Full_Name", "Number", "Hidden", "leadsync_key"}) EXPECT_EQ(field(closed).at("creatable"), false) << closed;
  EXPECT_EQ(field("Met_At").at("type").as_string(), "instant");
  EXPECT_EQ(field("Email").at("unique"), true);
  EXPECT_EQ(field("Email").at("semantic").as_string(), "email");
}

TEST(ZohoDescribe, OfContactsTellsOfAccountsToo) {
  transcript talk(job("describe", R"({"module":"Contacts"})"));
  EXPECT_EQ(talk.requests().size(), 4u);
  talk.expect(2, "GET", "/crm/v8/settings/fields?module=Accounts");
}

TEST(ZohoProvision, MakesTheUniqueFieldWhereItIsMissing) {
  transcript talk(job("provision"));
  talk.answer(reply(200, R"({"fields":[{"api_name":"Company"}]})"));
  talk.expect("POST", "/crm/v8/settings/fields?module=Leads");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"fields":[{"field_label":"leadsync key","data_type":"text","length":100,"unique":{"case_sensitive":false}}]})"));
  talk.answer(reply(201, R"({"fields":[{"code":"SUCCESS","details":{"id":"9"},"message":"field created","status":"success"}]})"));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"created":["person.leadsync_key"]})"));

  transcript refused(job("provision"));
  refused.answer(reply(200, R"({"fields":[{"api_name":"Company"}]})"));
  refused.answer(reply(400, R"({"fields":[)" + bad("NO_PERMISSION", "{}", "Permission denied") + "]}"));
  EXPECT_EQ(refused.result().at("error").at("category").as_string(), "PERMISSION");
}

}  // namespace
}  // namespace leadsync::zoho_test
