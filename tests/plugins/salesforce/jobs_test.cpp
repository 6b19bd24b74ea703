#include "transcript.h"

namespace leadsync::salesforce_test {
namespace {

std::string job(std::string_view kind, std::string_view more = "", std::string_view settings = "{}") {
  return R"({"kind":")" + std::string(kind) + R"(","protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","api_base":"https://login.salesforce.com","settings":)" +
         std::string(settings) + std::string(more) + "}";
}

constexpr auto granted = R"({"access_token":"{{secret:access_token}}","instance_url":"https://acme.my.salesforce.com",
  "id":"https://login.salesforce.com/id/00D5e000000PRODEA4/005x00000012Q9PAAU","token_type":"Bearer","issued_at":"1278448832702"})";

TEST(Authorize, AsksByClientCredentialsAndTellsTheInstance) {
  transcript talk(job("authorize", R"(,"credential":"client_credentials","grant":"refresh")"));
  const auto& request = talk.expect("POST", "/services/oauth2/token");
  EXPECT_EQ(request.body, "grant_type=client_credentials&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
  talk.answer(reply(200, granted));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"api_base":"https://acme.my.salesforce.com"})"));
}

TEST(Authorize, RefreshesWithARefreshToken) {
  transcript talk(job("authorize", R"(,"credential":"oauth","grant":"refresh")"));
  EXPECT_EQ(talk.requests().at(0).body, "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}&refresh_token={{secret:refresh_token}}");
  talk.answer(reply(400, R"({"error":"invalid_grant","error_description":"expired access/refresh token"})"));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "AUTHENTICATION");
}

TEST(Authorize, RefusesATokenOfAnotherOrg) {
  transcript same(job("authorize", R"(,"credential":"oauth","account":{"id":"00D5e000000PROD"})"));
  same.answer(reply(200, granted));
  EXPECT_FALSE(same.result().as_object().contains("error"));
  transcript other(job("authorize", R"(,"credential":"oauth","account":{"id":"00D5e000000OTHEREA4"})"));
  other.answer(reply(200, granted));
  EXPECT_EQ(other.result().at("error").at("crm_code").as_string(), "OTHER_ORG");
}

TEST(Check, TellsTheOrgAndWhatMayNotBeCreated) {
  transcript talk(job("check", "", R"({"campaign_id":"7015e0000000001"})"));
  ASSERT_EQ(talk.requests().size(), 3u);
  talk.answer({reply(200, found({R"({"Id":"00D5e000000PRODEA4","Name":"Acme","TimeZoneSidKey":"Europe/Paris"})"})),
               reply(200, R"({"sobjects":[{"name":"Lead","createable":true},{"name":"Task","createable":true},{"name":"CampaignMember","createable":false}]})"),
               reply(200, R"({"user_id":"005","urls":{"rest":"https://acme.my.salesforce.com/services/data/v{version}/"}})")});
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"account":{"id":"00D5e000000PRODEA4","name":"Acme","time_zone":"Europe/Paris","url":"https://acme.my.salesforce.com"},
    "problems":[{"category":"PERMISSION","message":"the user may not create a CampaignMember"}]})"));
}

constexpr auto lead_describe = R"({"name":"Lead","label":"Lead","fields":[
  {"name":"Id","label":"Lead ID","type":"id","length":18,"nillable":false,"createable":false,"updateable":false,"defaultedOnCreate":true},
  {"name":"LastName","label":"Last Name","type":"string","length":80,"nillable":false,"createable":true,"updateable":true,"defaultedOnCreate":false},
  {"name":"Status","label":"Status","type":"picklist","length":255,"nillable":false,"createable":true,"updateable":true,"defaultedOnCreate":true,"restrictedPicklist":false,
   "picklistValues":[{"active":true,"label":"Offen","value":"Open"},{"active":false,"label":"Alt","value":"Old"}]},
  {"name":"OwnerId","label":"Owner ID","type":"reference","length":18,"nillable":false,"createable":true,"updateable":true,"defaultedOnCreate":true},
  {"name":"NumberOfEmployees","label":"Employees","type":"int","length":0,"nillable":true,"createable":true,"updateable":true},
  {"name":"IsConverted","label":"Converted","type":"boolean","nillable":false,"createable":false,"updateable":false,"defaultedOnCreate":true},
  {"name":"leadsync_key__c","label":"k","type":"string","length":64,"nillable":true,"createable":true,"updateable":true,"externalId":true,"unique":true}]})";

TEST(Describe, GivesFieldsAsTheMapperWantsThem) {
  transcript talk(job("describe", R"(,"objects":["person"])"));
  talk.expect("GET", "/services/data/v62.0/sobjects/Lead/describe");
  talk.answer(reply(200, lead_describe));
  const auto result = talk.result();
  const auto& object = result.at("objects").at(0);
  EXPECT_EQ(object.at("name").as_string(), "person");
  EXPECT_EQ(object.at("key_field").as_string(), "leadsync_key__c");
  const auto& described = object.at("fields").as_array();
  ASSERT_EQ(described.size(), 6u);
  EXPECT_EQ(described[0], boost::json::parse(R"({"name":"LastName","label":"Last Name","type":"text","creatable":true,"updatable":true,"required":true,"unique":false,
    "max_length":80,"length_unit":"code_points"})"));
  EXPECT_EQ(described[1], boost::json::parse(R"({"name":"Status","label":"Status","type":"option","creatable":true,"updatable":true,"required":false,"unique":false,
    "options":[{"value":"Open","label":"Offen","active":true},{"value":"Old","label":"Alt","active":false}],"restricted":true})"));
  EXPECT_EQ(described[2].at("semantic").as_string(), "owner");
  EXPECT_EQ(described[3].at("type").as_string(), "decimal");
  EXPECT_FALSE(described[5].at("creatable").as_bool()) << "our key is nobody's to map";
}

TEST(Describe, LetsUnrestrictedPicklistsBeWhereTold) {
  transcript talk(job("describe", R"(,"objects":["person"])", R"({"strict_picklists":false})"));
  talk.answer(reply(200, lead_describe));
  EXPECT_FALSE(talk.result().at("objects").at(0).at("fields").at(1).at("restricted").as_bool());
}

TEST(Describe, FollowsTheStrategyAndDoesWithoutTasks) {
  transcript talk(job("describe", R"(,"objects":["person","account","task"])", contacts));
  talk.expect(0, "GET", "/services/data/v62.0/sobjects/Contact/describe");
  talk.expect(1, "GET", "/services/data/v62.0/sobjects/Task/describe");
  talk.expect(2, "GET", "/services/data/v62.0/sobjects/Account/describe");
  const std::string account = R"({"label":"Account","fields":[{"name":"Name","label":"N","type":"string","length":255,"nillable":false,"createable":true,"updateable":true}]})";
  talk.answer({reply(200, lead_describe), reply(404, R"([{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}])"), reply(200, account)});
  const auto result = talk.result();
  const auto& objects = result.at("objects").as_array();
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_FALSE(objects[1].at("fields").at(0).at("required").as_bool()) << "it gets the name of the domain";
  EXPECT_FALSE(objects[1].as_object().contains("key_field"));
}

TEST(Provision, MakesTheFieldAndLetsTheUserSeeIt) {
  transcript talk(job("provision", R"(,"objects":["person"])"));
  talk.answer(reply(200, R"({"label":"Lead","fields":[]})"));
  EXPECT_EQ(talk.expect("POST", "/services/data/v62.0/tooling/sobjects/CustomField").effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("FullName").as_string(), "Lead.leadsync_key__c");
  talk.answer(reply(201, R"({"id":"00N1","success":true,"errors":[]})"));
  talk.answer(reply(200, found({})));
  talk.expect("POST", "/services/data/v62.0/sobjects/PermissionSet");
  talk.answer(reply(201, R"({"id":"0PS1","success":true,"errors":[]})"));
  talk.expect("GET", "/services/oauth2/userinfo");
  talk.answer(reply(200, R"({"user_id":"0051"})"));
  talk.expect("POST", "/services/data/v62.0/sobjects/PermissionSetAssignment");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"AssigneeId":"0051","PermissionSetId":"0PS1"})"));
  talk.answer(reply(400, R"([{"message":"duplicate value found: <unknown>","errorCode":"DUPLICATE_VALUE"}])"));
  talk.expect("POST", "/services/data/v62.0/sobjects/FieldPermissions");
  EXPECT_EQ(talk.sent().at("Field").as_string(), "Lead.leadsync_key__c");
  talk.answer(reply(201, R"({"id":"01k1","success":true,"errors":[]})"));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"created":["person.leadsync_key__c"]})"));
}

TEST(Provision, LeavesAFieldThatIsThere) {
  transcript talk(job("provision", R"(,"objects":["person"])"));
  talk.answer(reply(200, lead_describe));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"created":[]})"));
}

TEST(Provision, WithoutTheRightSaysSo) {
  transcript talk(job("provision", R"(,"objects":["person"])"));
  talk.answer(reply(200, R"({"label":"Lead","fields":[]})"));
  talk.answer(reply(403, R"([{"message":"insufficient access rights on object id","errorCode":"INSUFFICIENT_ACCESS"}])"));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "PERMISSION");
}

}  // namespace
}  // namespace leadsync::salesforce_test
