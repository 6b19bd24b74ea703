#include "transcript.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace leadsync::hubspot_test {
namespace {

std::string job(std::string_view kind, std::string_view more = "") {
  return R"({"kind":")" + std::string(kind) + R"(","protocol":1,"now":"2026-11-25T09:30:00.000Z","seed":"7","settings":{})" + std::string(more) + "}";
}

constexpr std::string_view account = R"({"portalId":12345678,"accountType":"STANDARD","timeZone":"US/Eastern","uiDomain":"app-eu1.hubspot.com","dataHostingLocation":"eu1"})";
constexpr std::string_view no_scope = R"({"status":"error","message":"No.","category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.schemas.companies.read"]}}]})";

std::string property(std::string_view name, std::string_view type, std::string_view field_type, std::string_view more = "") {
  return R"({"name":")" + std::string(name) + R"(","label":"L","type":")" + std::string(type) + R"(","fieldType":")" + std::string(field_type) +
         R"(","groupName":"group","options":[],"calculated":false,"hasUniqueValue":false,"modificationMetadata":{"readOnlyValue":false})" + std::string(more) + "}";
}

/// The fields of the described object by name.
boost::json::object described(const std::vector<std::string>& definitions, response rules = reply(404, "{}"), response schema = reply(403, "{}")) {
  transcript talk(job("describe", R"(,"objects":["contact"])"));
  talk.expect(0, "GET", "/crm/v3/properties/contacts");
  talk.expect(1, "GET", "/crm/v3/property-validations/0-1");
  talk.expect(2, "GET", "/crm-object-schemas/v3/schemas/contacts");
  talk.answer({reply(200, results(definitions)), std::move(rules), std::move(schema)});
  talk.expect_done();
  auto object = talk.result().at("objects").at(0).as_object();
  boost::json::object by_name{{"key_field", object.contains("key_field") ? object["key_field"] : boost::json::value(nullptr)}};
  for (const auto& field : object.at("fields").as_array()) by_name[field.at("name").as_string()] = field;
  return by_name;
}

TEST(Manifest, IsJsonAndNamesWhatTheDaemonNeeds) {
  const auto text = testkit::text_of(leadsync_plugin_entry()->manifest_json);
  const auto manifest = boost::json::parse(text);
  EXPECT_EQ(manifest.at("name").as_string(), "hubspot");
  EXPECT_EQ(manifest.at("batch_size").as_int64(), 100);
  EXPECT_EQ(manifest.at("phases").as_array().size(), 5u);
  EXPECT_EQ(manifest.at("limits").as_array().size(), 3u);
  EXPECT_FALSE(manifest.at("limits").at(2).as_object().contains("default"));  // only a search takes of it
  for (const auto& mapped : manifest.at("default_mapping").as_array()) EXPECT_TRUE(mapped.at("source").is_string());
}

TEST(Check, SaysWhichAccountItIs) {
  transcript talk(job("check"));
  ASSERT_EQ(talk.requests().size(), 4u);
  talk.expect(0, "GET", "/account-info/v3/details");
  talk.answer({reply(200, std::string(account)), reply(200, results({})), reply(200, results({})), reply(200, results({}))});
  EXPECT_EQ(talk.result(), boost::json::parse(R"({"account":{"id":"12345678","name":"HubSpot account 12345678","time_zone":"US/Eastern",
    "url":"https://app-eu1.hubspot.com/contacts/12345678"},"scopes":["crm.schemas.contacts.read","crm.schemas.companies.read"],"problems":[]})"));
}

TEST(Check, NamesMissingScopesAsProblems) {
  transcript talk(job("check"));
  talk.answer({reply(200, std::string(account)), reply(200, results({})), reply(403, std::string(no_scope)), reply(200, results({}))});
  EXPECT_EQ(talk.result().at("problems").at(0).at("category").as_string(), "PERMISSION");
  EXPECT_NE(std::string(talk.result().at("problems").at(0).at("message").as_string()).find("crm.schemas.companies.read"), std::string::npos);
}

TEST(Check, FailsWithABadToken) {
  transcript talk(job("check"));
  const auto refused = reply(401, R"({"message":"Authentication credentials not found.","category":"INVALID_AUTHENTICATION"})");
  talk.answer({refused, refused, refused, refused});
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "AUTHENTICATION");
  EXPECT_EQ(talk.result().at("error").at("request").as_int64(), 0);
}

TEST(Authorize, TradesTheRefreshTokenWithPlaceholdersOnly) {
  transcript talk(job("authorize", R"(,"credential":"oauth","grant":"refresh")"));
  const auto& request = talk.expect("POST", "/oauth/v1/token");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.body, "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}&refresh_token={{secret:refresh_token}}");
  talk.answer(reply(200, R"({"token_type":"bearer","refresh_token":"{{secret:refresh_token}}","access_token":"{{secret:access_token}}","expires_in":1800})"));
  EXPECT_EQ(talk.result_json(), R"({"expires_in":1800})");
}

TEST(Authorize, SaysThatTheAccountMustBeConnectedAgain) {
  transcript talk(job("authorize"));
  talk.answer(reply(400, R"({"error":"invalid_grant","status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked"})"));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "AUTHENTICATION");
  EXPECT_EQ(talk.result().at("error").at("crm_code").as_string(), "BAD_REFRESH_TOKEN");
}

TEST(Authorize, TakesAnOutageOfTheTokenEndpointForAnOutage) {
  transcript talk(job("authorize"));
  talk.answer(reply(502, ""));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "CONNECTION");
}

TEST(Describe, GivesEachTypeItsCanonicalOne) {
  const std::pair<std::string, std::string> cases[] = {
      {property("a", "string", "text"), "text"}, {property("a", "string", "phonenumber"), "phone"}, {property("a", "phone_number", "phonenumber"), "phone"},
      {property("email", "string", "text"), "email"}, {property("a", "number", "number"), "decimal"}, {property("a", "date", "date"), "date"},
      {property("a", "datetime", "date"), "instant"}, {property("a", "bool", "booleancheckbox"), "boolean"},
      {property("a", "enumeration", "select"), "option"}, {property("a", "enumeration", "radio"), "option"}, {property("a", "enumeration", "checkbox"), "options"}};
  for (const auto& [definition, type] : cases) {
    auto fields = described({definition});
    EXPECT_EQ(fields[boost::json::parse(definition).at("name").as_string()].at("type").as_string(), type) << definition;
  }
}

TEST(Describe, TakesAnEnumerationOfTrueAndFalseForABoolean) {
  auto yes_no = property("agreed", "enumeration", "booleancheckbox");
  yes_no.replace(yes_no.find("[]"), 2, R"([{"label":"Yes","value":"true"},{"label":"No","value":"false"}])");
  auto other = property("other", "enumeration", "booleancheckbox");
  other.replace(other.find("[]"), 2, R"([{"label":"Yes","value":"Y"}])");
  const auto fields = described({yes_no, other});
  EXPECT_EQ(fields.at("agreed").at("type").as_string(), "boolean");
  EXPECT_EQ(fields.at("other").at("type").as_string(), "option");
}

TEST(Describe, KnowsWhatCannotBeWritten) {
  auto rollup = property("rollup", "number", "calculation_rollup");
  rollup.replace(rollup.find(R"("readOnlyValue":false)"), 21, R"("readOnlyValue":true)");
  const auto fields = described({rollup, property("free", "string", "text")});
  EXPECT_FALSE(fields.at("rollup").at("creatable").as_bool());
  EXPECT_FALSE(fields.at("rollup").at("updatable").as_bool());
  EXPECT_TRUE(fields.at("free").at("creatable").as_bool());
}

TEST(Describe, ListsOptionsAndRestrictsToThemUnlessTheyAreExternal) {
  auto closed = property("closed", "enumeration", "select");
  closed.replace(closed.find("[]"), 2, R"([{"label":"Art","value":"art","hidden":true}])");
  const auto fields = described({closed, property("hubspot_owner_id", "enumeration", "select", R"(,"externalOptions":true)")});
  EXPECT_EQ(fields.at("closed").at("options"), boost::json::parse(R"([{"value":"art","label":"Art","active":true}])"));
  EXPECT_TRUE(fields.at("closed").at("restricted").as_bool());
  EXPECT_FALSE(fields.at("hubspot_owner_id").at("restricted").as_bool());
  EXPECT_EQ(fields.at("hubspot_owner_id").at("semantic").as_string(), "owner");
}

TEST(Describe, TakesLengthsFromValidationRulesAndRequiredOnesFromTheSchema) {
  const auto rules = reply(200, R"({"results":[{"propertyName":"short","propertyValidationRules":[{"ruleType":"MIN_LENGTH","ruleArguments":["2"]},{"ruleType":"MAX_LENGTH","ruleArguments":["50"]}]}]})");
  const auto fields = described({property("short", "string", "text"), property("long", "string", "text"), property("n", "number", "number")}, rules,
                                reply(200, R"({"requiredProperties":["long"]})"));
  EXPECT_EQ(fields.at("short").at("max_length").as_int64(), 50);
  EXPECT_EQ(fields.at("long").at("max_length").as_int64(), 65536);
  EXPECT_FALSE(fields.at("n").as_object().contains("max_length"));
  EXPECT_FALSE(fields.at("short").at("required").as_bool());
  EXPECT_TRUE(fields.at("long").at("required").as_bool());
}

TEST(Describe, ALengthRuleThatIsNoLengthLimitsNothing) {
  for (const auto* length : {R"("-5")", R"("0")", R"("many")", "null", R"("99999999999999999999")"}) {
    const auto rules = reply(200, R"({"results":[{"propertyName":"a","propertyValidationRules":[{"ruleType":"MAX_LENGTH","ruleArguments":[)" +
                                      std::string(length) + "]}]}]}");
    EXPECT_EQ(described({property("a", "string", "text")}, rules).at("a").at("max_length").as_int64(), 65536) << length;
  }
}

TEST(Describe, TagsWhatTheDaemonNormalises) {
  const auto fields = described({property("email", "string", "text"), property("country", "string", "text"), property("website", "string", "text"),
                                 property("mobilephone", "string", "phonenumber")});
  for (const auto& [name, semantic] : {std::pair{"email", "email"}, {"country", "country"}, {"website", "url"}, {"mobilephone", "phone"}})
    EXPECT_EQ(fields.at(name).at("semantic").as_string(), semantic);
  EXPECT_TRUE(fields.at("email").at("unique").as_bool());
}

TEST(Describe, NamesOurKeyOnlyWhereItIsUnique) {
  auto key = property("leadsync_key", "string", "text");
  EXPECT_TRUE(described({key}).at("key_field").is_null());
  key.replace(key.find(R"("hasUniqueValue":false)"), 22, R"("hasUniqueValue":true)");
  const auto fields = described({key});
  EXPECT_EQ(fields.at("key_field").as_string(), "leadsync_key");
  EXPECT_FALSE(fields.at("leadsync_key").at("updatable").as_bool());
}

TEST(Describe, AsksForEveryObjectAtOnce) {
  transcript talk(job("describe"));
  EXPECT_EQ(talk.requests().size(), 9u);
  talk.expect(6, "GET", "/crm/v3/properties/notes");
  talk.expect(7, "GET", "/crm/v3/property-validations/0-46");
}

TEST(Describe, FailsRatherThanCallEveryFieldMissing) {
  for (const auto& broken : {reply(502, ""), reply(200, "<html>"), reply(200, "{}"), fault(LEADSYNC_TRUNCATED)}) {
    transcript talk(job("describe", R"(,"objects":["company"])"));
    talk.answer({broken, reply(404, "{}"), reply(404, "{}")});
    EXPECT_TRUE(talk.result().as_object().contains("error"));
  }
}

TEST(Describe, ReadsTheRecordedDefinitions) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../../../shared/crm/specs/hubspot/fixtures/amp-labs/metadata-contacts-properties-sampled.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the reference is not at hand";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  transcript talk(job("describe", R"(,"objects":["contact"])"));
  talk.answer({reply(200, text.str()), reply(403, "{}"), reply(404, "{}")});
  const auto result = talk.result();
  const auto& fields = result.at("objects").at(0).at("fields").as_array();
  EXPECT_EQ(fields.size(), boost::json::parse(text.str()).at("results").as_array().size());
  for (const auto& field : fields)
    if (field.at("name").as_string() == "hubspotscore") {
      EXPECT_FALSE(field.at("updatable").as_bool());
    }
}

TEST(Provision, MakesTheKeyWhereItIsMissing) {
  transcript talk(job("provision", R"(,"objects":["contact","note"])"));
  talk.expect("GET", "/crm/v3/properties/contacts");
  talk.answer(reply(200, results({property("leadsync_key", "string", "text")})));
  talk.expect("GET", "/crm/v3/properties/notes");
  talk.answer(reply(200, results({property("hs_note_body", "string", "html")})));
  talk.expect("POST", "/crm/v3/properties/notes");
  EXPECT_EQ(talk.sent().at("name").as_string(), "leadsync_key");
  EXPECT_TRUE(talk.sent().at("hasUniqueValue").as_bool());
  EXPECT_EQ(talk.sent().at("groupName").as_string(), "group");  // that of the note's body
  talk.answer(reply(201, "{}"));
  EXPECT_EQ(talk.result_json(), R"({"created":["note.leadsync_key"]})");
}

TEST(Provision, IsContentWithAKeyThatAppearsMeanwhile) {
  transcript talk(job("provision", R"(,"objects":["company"])"));
  talk.answer(reply(200, results({})));
  EXPECT_EQ(talk.sent().at("groupName").as_string(), "companyinformation");
  talk.answer(reply(409, R"({"message":"A property named 'leadsync_key' already exists.","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS","category":"OBJECT_ALREADY_EXISTS"})"));
  EXPECT_EQ(talk.result_json(), R"({"created":[]})");
}

TEST(Provision, SaysWhenItMayNot) {
  transcript talk(job("provision", R"(,"objects":["company"])"));
  talk.answer(reply(200, results({})));
  talk.answer(reply(403, std::string(no_scope)));
  EXPECT_EQ(talk.result().at("error").at("category").as_string(), "PERMISSION");
}

TEST(Job, OfAnUnknownKindOrMalformedIsAnError) {
  for (const auto& text : {job("dance"), std::string("[1]"), std::string("{")}) {
    transcript talk(text);
    talk.expect_done();
    EXPECT_EQ(talk.result().at("error").at("category").as_string(), "PLUGIN_FAULT");
  }
}

}  // namespace
}  // namespace leadsync::hubspot_test
