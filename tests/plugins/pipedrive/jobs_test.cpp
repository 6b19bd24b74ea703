#include "transcript.h"

namespace leadsync::pipedrive_test {
namespace {

std::string job(std::string_view kind, std::string_view more = "", std::string_view base = "https://api.pipedrive.com") {
  return R"({"kind":")" + std::string(kind) + R"(","protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","api_base":")" + std::string(base) + "\"" + std::string(more) + "}";
}

TEST(Check, TellsTheCompanyAndWhatIsMissing) {
  transcript talk(job("check"));
  talk.expect("GET", "/v1/users/me");
  talk.answer(found(R"({"id":1,"name":"Maria","company_id":77,"company_name":"Events","company_domain":"events","timezone_name":"Europe/Berlin"})"));
  talk.answer({refused(403, "Scope and URL mismatch"), found("[]")});
  talk.expect_done();
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"account":{"id":"77","name":"Events","url":"https://events.pipedrive.com"},
    "problems":[{"category":"PERMISSION","message":"Scope and URL mismatch"}]})"));
}

TEST(Check, WithARevokedTokenFails) {
  transcript talk(job("check"));
  talk.answer(refused(401, "unauthorized access"));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "AUTHENTICATION");
}

TEST(Calls, AreAuthorizedAsTheCredentialWants) {
  EXPECT_EQ(transcript(job("check")).requests().at(0).header("x-api-token"), "{{secret:access_token}}");
  for (const auto* more : {R"(,"settings":{"authentication":"oauth"})", R"(,"credential":"oauth","settings":{})"}) {
    const transcript talk(job("check", more));
    EXPECT_EQ(talk.requests().at(0).header("Authorization"), "Bearer {{secret:access_token}}");
    EXPECT_EQ(talk.requests().at(0).header("x-api-token"), "");
  }
}

TEST(Authorize, AsksTheTokenHostAndAdoptsTheCompanysOwnHost) {
  transcript talk(job("authorize", R"(,"credential":"oauth","grant":"refresh")"));
  const auto& request = talk.expect("POST", "https://oauth.pipedrive.com/oauth/token");
  EXPECT_EQ(request.body, "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}&refresh_token={{secret:refresh_token}}");
  talk.answer(testkit::json(200, R"({"access_token":"{{secret:access_token}}","expires_in":3599,"api_domain":"https://events.pipedrive.com"})"));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"expires_in":3599,"api_base":"https://events.pipedrive.com"})"));
}

TEST(Authorize, WithAnOperatorsBaseStaysThere) {
  transcript talk(job("authorize", "", "http://127.0.0.1:8090"));
  talk.expect("POST", "/oauth/token");
  talk.answer(testkit::json(200, R"({"access_token":"{{secret:access_token}}","expires_in":3599,"api_domain":"https://events.pipedrive.com"})"));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"expires_in":3599})"));
}

TEST(Authorize, ThatIsRevokedIsAnAuthenticationFailureAndATroubledServerIsNone) {
  transcript revoked(job("authorize"));
  revoked.answer(refused(400, "Invalid grant: refresh_token is invalid"));
  EXPECT_EQ(revoked.result().at("error").at("category").as_string(), "AUTHENTICATION");
  transcript troubled(job("authorize"));
  troubled.answer(refused(500, "server error"));
  EXPECT_EQ(troubled.result().at("error").at("category").as_string(), "CONNECTION");
}

constexpr std::string_view custom = "946947d1b02fd3ef20798d6112ec5d895a686a21";

std::string custom_field(std::string_view name, std::string_view type, std::string_view options = "null", std::string_view code = custom) {
  return R"({"field_name":")" + std::string(name) + R"(","field_code":")" + std::string(code) + R"(","field_type":")" + std::string(type) + R"(","options":)" + std::string(options) +
         R"(,"is_custom_field":true})";
}

/// The described field of that name, of an object by its place.
boost::json::object described(const transcript& talk, std::size_t object, std::string_view name) {
  const auto result = talk.result();
  for (const auto& one : result.at("objects").at(object).at("fields").as_array())
    if (one.at("name").as_string() == name) return one.as_object();
  return {};
}

void answer_describe(transcript& talk, const std::string& person_fields, const std::string& deal_fields) {
  talk.expect(0, "GET", "/v1/leadLabels");
  talk.answer({found(R"([{"id":"f08b","name":"Hot"}])"), found(R"([{"id":5,"name":"Maria","active_flag":true},{"id":6,"name":"Gone","active_flag":false}])")});
  talk.expect("GET", "/api/v2/personFields?limit=500");
  talk.answer(found("[" + person_fields + "]", R"({"next_cursor":"abc"})"));
  talk.expect("GET", "/api/v2/personFields?limit=500&cursor=abc");
  talk.answer(found("[" + custom_field("leadsync key", "varchar", "null", person_key) + "]", R"({"next_cursor":null})"));
  talk.answer(found("[]"));
  talk.expect("GET", "/api/v2/dealFields?limit=500");
  talk.answer(found("[" + deal_fields + "]"));
  talk.expect_done();
}

TEST(Describe, ShowsFieldsByNameAndOptionsById) {
  transcript talk(job("describe", R"(,"settings":{},"objects":["person","lead"])"));
  answer_describe(talk, R"({"field_name":"Email","field_code":"email","field_type":"varchar","is_custom_field":false},)" + custom_field("Lead Source", "enum", R"([{"id":1,"label":"Inbound"}])"),
                  custom_field("Budget", "monetary"));
  const auto source = described(talk, 0, custom);
  EXPECT_EQ(source.at("label").as_string(), "Lead Source");
  EXPECT_EQ(source.at("type").as_string(), "option");
  EXPECT_EQ(source.at("options"), boost::json::parse(R"([{"value":"1","label":"Inbound","active":true}])"));
  EXPECT_EQ(described(talk, 0, "email").at("semantic").as_string(), "email");
  EXPECT_EQ(talk.result().at("objects").at(0).at("key_field").as_string(), person_key);
  EXPECT_FALSE(described(talk, 0, person_key).at("creatable").as_bool()) << "our key is nobody's to map";
  EXPECT_EQ(talk.result().at("objects").at(2).at("key_field").as_string(), "origin_id");
  EXPECT_EQ(described(talk, 2, "label_ids").at("options").at(0).at("value").as_string(), "f08b");
  EXPECT_FALSE(described(talk, 2, "owner_id").at("options").at(1).at("active").as_bool());
  EXPECT_FALSE(described(talk, 2, std::string(custom) + ":money").at("creatable").as_bool()) << "no currency is set";
}

TEST(Describe, MakesMoneyWritableWithACurrencyAndShowsWhatItCannotWrite) {
  transcript talk(job("describe", R"(,"settings":{"currency":"EUR"},"objects":[])"));
  answer_describe(talk, custom_field("Slot", "timerange"), custom_field("Budget", "monetary"));
  EXPECT_TRUE(described(talk, 2, std::string(custom) + ":money").at("creatable").as_bool());
  EXPECT_FALSE(described(talk, 0, custom).at("creatable").as_bool());
}

TEST(Provision, MakesTheFieldOnlyWhereItIsMissing) {
  transcript talk(job("provision", R"(,"objects":["person","organization","lead","note"])"));
  talk.answer(found("[" + custom_field("leadsync key", "varchar") + "]"));
  talk.expect("GET", "/api/v2/organizationFields?limit=500");
  talk.answer(found("[]"));
  talk.expect("POST", "/api/v2/organizationFields");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"field_name":"leadsync key","field_type":"varchar"})"));
  talk.answer(found(custom_field("leadsync key", "varchar")));
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"created":["organization.leadsync key"]})"));
}

}  // namespace
}  // namespace leadsync::pipedrive_test
