#include "plugins/hubspot/errors.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

namespace leadsync::hubspot {
namespace {

constexpr std::string_view html = "<html><head><title>403 Forbidden</title></head><body>...</body></html>";

struct known_failure {
  std::string_view name;
  unsigned status;  // 207: an element of errors[]
  std::string body;
  std::string_view category, crm_code;
  std::string_view property = "", value = "", existing_id = "";
  std::int64_t retry_after_ms = 0;
};

std::string with_properties(std::string_view list) {
  return R"({"status":"error","message":)" + json::serialize(json::value("Property values were not valid: " + std::string(list))) +
         R"(,"correlationId":"c","category":"VALIDATION_ERROR"})";
}

std::string said(std::string_view message, std::string_view more = R"("category":"VALIDATION_ERROR")") {
  return R"({"status":"error","message":)" + json::serialize(json::value(message)) + R"(,"correlationId":"c",)" + std::string(more) + "}";
}

const std::vector<known_failure>& table() {
  static const std::vector<known_failure> all{
      {"bad token", 401, said("Authentication credentials not found.", R"("category":"INVALID_AUTHENTICATION")"), "AUTHENTICATION", "INVALID_AUTHENTICATION"},
      {"expired token", 401, said("The OAuth token used to make this call expired 0 second(s) ago.", R"("category":"EXPIRED_AUTHENTICATION","context":{"expire time":["2023-10-30T15:15:04.007Z"]})"), "AUTHENTICATION", "EXPIRED_AUTHENTICATION"},
      {"bad refresh token", 400, R"({"error":"invalid_grant","error_description":"refresh token is invalid, expired or revoked","status":"BAD_REFRESH_TOKEN","message":"refresh token is invalid, expired or revoked"})", "AUTHENTICATION", "BAD_REFRESH_TOKEN"},
      {"bad hub", 400, R"({"status":"BAD_HUB","message":"missing or unknown hub id","error":"access_denied"})", "AUTHENTICATION", "BAD_HUB"},
      {"bad client", 400, R"({"error":"invalid_client","status":"BAD_CLIENT_SECRET","message":"missing or invalid client secret"})", "AUTHENTICATION", "BAD_CLIENT_SECRET"},
      {"missing scopes", 403, said("This app hasn't been granted all required scopes to make this call.", R"("errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.contacts.write"]}}],"category":"MISSING_SCOPES")"), "PERMISSION", "MISSING_SCOPES"},
      {"missing scopes, old shape", 403, said("One or more of the following scopes are required.", R"("context":{"requiredGranularScopes":["custom-object-read"]},"category":"MISSING_SCOPES")"), "PERMISSION", "MISSING_SCOPES"},
      {"missing permissions", 403, said("unauthorized request", R"("category":"MISSING_PERMISSIONS")"), "PERMISSION", "MISSING_PERMISSIONS"},
      {"user may not associate", 400, said("One or more associations are invalid", R"("context":{"USER_DOES_NOT_HAVE_PERMISSION":["User does not have permissions"]},"category":"VALIDATION_ERROR")"), "PERMISSION", "USER_DOES_NOT_HAVE_PERMISSION"},
      {"banned", 403, said("The client is not allowlisted", R"("category":"BANNED")"), "PERMISSION", "BANNED"},
      {"html 403", 403, std::string(html), "CONNECTION", "403", "", "", "", 10000},
      {"no such property", 400, R"({"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"testproperty\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"testproperty\",\"portalId\":891936587}]","errors":[{"message":"Property \"testproperty\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["testproperty"]}}],"category":"VALIDATION_ERROR"})", "MISSING_REMOTE_FIELD", "PROPERTY_DOESNT_EXIST", "testproperty"},
      {"name in camel case", 400, said("Invalid input JSON on line 1, column 115: Names for properties should be lowercase and have less than 100 characters. Invalid names: [hsTimestamp, hsNoteBody, HubSpotOwnerId]"), "MISSING_REMOTE_FIELD", "VALIDATION_ERROR", "hsTimestamp"},
      {"read only", 400, with_properties(R"([{"isValid":false,"message":"\"hs_additional_emails\" is a calculated property; its value cannot be set.","error":"READ_ONLY_VALUE","name":"hs_additional_emails"}])"), "FIELD_NOT_WRITABLE", "READ_ONLY_VALUE", "hs_additional_emails"},
      {"option", 400, with_properties(R"([{"isValid":false,"message":"NAM Only was not one of the allowed options: [Procurement, Hide, Decision Maker]","error":"INVALID_OPTION","name":"dans_tags"}])"), "DATA_VALUE_VALIDATION", "INVALID_OPTION", "dans_tags", "NAM Only"},
      {"option, old wording", 400, with_properties(R"([{"isValid":false,"message":"x was not one of the allowed options: [label: 'A' value: 'a' , label: 'B' value: 'b']","error":"INVALID_OPTION","name":"tags"}])"), "DATA_VALUE_VALIDATION", "INVALID_OPTION", "tags", "x"},
      {"pipeline stage", 400, with_properties(R"([{"isValid":false,"message":"open is not a valid pipeline stage ID. Valid options are: pipelineId=0 : [1, 2, 3, 4]","error":"INVALID_OPTION","name":"hs_pipeline_stage"}])"), "DATA_VALUE_VALIDATION", "INVALID_OPTION", "hs_pipeline_stage", "open"},
      {"owner", 400, with_properties(R"([{"isValid":false,"message":"910901 was not a valid owner ID","error":"INVALID_OWNER_ID","name":"hubspot_owner_id"}])"), "OWNER_INVALID", "INVALID_OWNER_ID", "hubspot_owner_id", "910901"},
      {"email", 400, with_properties(R"([{"isValid":false,"message":"Email address test222 is invalid","error":"INVALID_EMAIL","name":"email"}])"), "DATA_VALUE_VALIDATION", "INVALID_EMAIL", "email", "test222"},
      {"date", 400, with_properties(R"([{"isValid":false,"message":"1684914035320 is at 7:40:35.320 UTC, not midnight!","error":"INVALID_DATE","name":"user_created_date"}])"), "DATA_FORMAT_VALIDATION", "INVALID_DATE", "user_created_date", "1684914035320"},
      {"long", 400, with_properties(R"([{"isValid":false,"message":"2024-05-30 was not a valid long","error":"INVALID_LONG","name":"when"}])"), "DATA_FORMAT_VALIDATION", "INVALID_LONG", "when", "2024-05-30"},
      {"integer in errors[] only", 400, said("This will be a human readable message with details about the error.", R"("errors":[{"message":"discount was not a valid number","code":"INVALID_INTEGER","context":{"propertyName":["discount"]}}],"category":"VALIDATION_ERROR")"), "DATA_FORMAT_VALIDATION", "INVALID_INTEGER", "discount"},
      {"length rule", 400, with_properties(R"([{"isValid":false,"message":"Enter 50 characters or fewer","error":"MAX_LENGTH","name":"resolved"}])"), "DATA_TOO_LONG", "MAX_LENGTH", "resolved"},
      {"letters only", 400, with_properties(R"([{"isValid":false,"message":"Enter only letters","error":"INVALID_ALPHA","name":"firstname"},{"isValid":false,"message":"Enter only letters","error":"INVALID_ALPHA","name":"lastname"}])"), "DATA_FORMAT_VALIDATION", "INVALID_ALPHA", "firstname"},
      {"domain, old shape", 400, R"({"validationResults":[{"isValid":false,"message":"\" \" is an invalid domain","error":"INVALID_DOMAIN","name":"domain"}],"status":"error","message":"Property values were not valid"})", "DATA_FORMAT_VALIDATION", "INVALID_DOMAIN", "domain", " "},
      {"url in a name", 400, with_properties(R"([{"isValid":false,"message":"\"Beldeur.nl\" contains a URL","error":"CONTAINS_URL","name":"firstname"}])"), "DATA_FORMAT_VALIDATION", "CONTAINS_URL", "firstname", "Beldeur.nl"},
      {"unknown code", 400, with_properties(R"([{"isValid":false,"message":"something new","error":"SOME_NEW_CODE","name":"phone"}])"), "DATA_VALUE_VALIDATION", "SOME_NEW_CODE", "phone"},
      {"note without time", 400, said("Error creating NOTE.  Some required properties were not set.", R"("context":{"properties":["hs_timestamp"]},"category":"VALIDATION_ERROR")"), "REQUIRED_FIELD_MISSING", "VALIDATION_ERROR", "hs_timestamp"},
      {"required member of the JSON", 400, said("Invalid input JSON on line 1, column 2. Some required fields were not set: [name, objectTypeId]"), "PAYLOAD_REJECTED", "VALIDATION_ERROR"},
      {"no properties", 400, said("No properties found to update, please provide at least one."), "NOT_ENOUGH_DATA", "VALIDATION_ERROR"},
      {"contact exists", 409, said("Contact already exists. Existing ID: 20775093475", R"("category":"CONFLICT")"), "DUPLICATE_BLOCKED", "CONFLICT", "", "", "20775093475"},
      {"contact exists, no id", 409, said("Contact already exists", R"("category":"CONFLICT")"), "DUPLICATE_BLOCKED", "CONFLICT"},
      {"contact exists, in a 207", 207, R"({"status":"error","category":"CONFLICT","message":"Contact already exists. Existing ID: 1","context":{"objectWriteTraceId":["0"],"existingId":["171591000198"]}})", "DUPLICATE_BLOCKED", "CONFLICT", "", "", "171591000198"},
      {"contact exists, legacy", 409, said("Contact already exists", R"("errors":[{"message":"A contact with email x@example.com already exists. Existing ID: 29357705","in":"email"}],"category":"OBJECT_ALREADY_EXISTS","error":"CONTACT_EXISTS")"), "DUPLICATE_BLOCKED", "OBJECT_ALREADY_EXISTS", "", "", "29357705"},
      {"unique property", 400, said("Cannot set PropertyValueCoordinates{portalId=144691183, objectTypeId=ObjectTypeId{legacyObjectType=PRODUCT}, propertyName=hs_sku, value=60200668} on 36654815432. 36079598779 already has that value."), "DUPLICATE_BLOCKED", "VALIDATION_ERROR", "hs_sku", "60200668", "36079598779"},
      {"property exists", 409, said("A property named 'age__c' already exists.", R"("subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS","context":{"name":["age__c"]},"category":"OBJECT_ALREADY_EXISTS")"), "DUPLICATE_BLOCKED", "Properties.PROPERTY_WITH_NAME_EXISTS"},
      {"not unique", 400, said("Unable to perform update/upsert by non-unique 0-1 property email in portal ID 39874041"), "UNEXPECTED", "VALIDATION_ERROR"},
      {"duplicate ids", 400, said("Duplicate IDs found in batch input: [123456]. IDs must be unique", R"("context":{"ids":["123456"]},"category":"VALIDATION_ERROR")"), "UNEXPECTED", "VALIDATION_ERROR"},
      {"too many", 400, said("Batch size limit exceeded"), "UNEXPECTED", "VALIDATION_ERROR"},
      {"locked", 423, said("Locked", R"("category":"LOCKED")"), "REMOTE_BUSY", "LOCKED", "", "", "", 2000},
      {"record gone, in a 207", 207, R"({"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some CONTACT objects","context":{"ids":["unknownIdentifier888"]}})", "TARGET_GONE", "OBJECT_NOT_FOUND"},
      {"record gone", 404, said("resource not found", R"("category":"OBJECT_NOT_FOUND")"), "TARGET_GONE", "OBJECT_NOT_FOUND"},
      {"record gone, no category", 404, R"({"status":"error","message":"resource not found"})", "TARGET_GONE", "OBJECT_NOT_FOUND"},
      {"wrong path", 404, std::string(html), "UNEXPECTED", "404"},
      {"object type", 400, R"({"status":"error","message":"Unable to infer object type from: butterflies","correlationId":"c"})", "UNEXPECTED", "400"},
      {"association id", 207, R"({"status":"error","category":"VALIDATION_ERROR","subCategory":"crm.associations.INVALID_IDENTIFIER","message":"unknown_id_1 is not a valid ID","context":{"id":["unknown_id_1"]}})", "UNEXPECTED", "crm.associations.INVALID_IDENTIFIER"},
      {"association with what is gone", 400, said("One or more associations are invalid", R"("context":{"INVALID_OBJECT_IDS":["COMPANY=54401 is not valid"]},"category":"VALIDATION_ERROR")"), "TARGET_GONE", "INVALID_OBJECT_IDS"},
      {"association direction", 400, said("invalid from object type 0-3 for associations to be created. expected: 0-1"), "UNEXPECTED", "VALIDATION_ERROR"},
      {"association limit", 400, said("One or more associations are invalid", R"("context":{"ASSOCIATION_LIMIT_EXCEEDED":["Exceeded association limit of 10000"]},"category":"VALIDATION_ERROR")"), "UNEXPECTED", "ASSOCIATION_LIMIT_EXCEEDED"},
      {"no associations", 207, R"({"status":"error","category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.NO_ASSOCIATIONS_FOUND","message":"No company is associated with contact 103107104018.","context":{"fromObjectId":["103107104018"]}})", "UNEXPECTED", "crm.associations.NO_ASSOCIATIONS_FOUND"},
      {"ten seconds", 429, said("You have reached your ten_secondly_rolling limit.", R"("errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING")"), "THROTTLED", "TEN_SECONDLY_ROLLING", "", "", "", 10000},
      {"daily", 429, said("You have reached your daily limit.", R"("errorType":"RATE_LIMIT","policyName":"DAILY")"), "QUOTA_EXHAUSTED", "DAILY"},
      {"search", 429, said("You have reached your secondly limit.", R"("errorType":"RATE_LIMIT","policyName":"SECONDLY")"), "THROTTLED", "SECONDLY", "", "", "", 1000},
      {"search, other shape", 429, said("You have reached your secondly limit.", R"("category":"RATE_LIMITS")"), "THROTTLED", "RATE_LIMITS", "", "", "", 1000},
      {"429 of nobody", 429, "", "THROTTLED", "429", "", "", "", 10000},
      {"internal", 500, said("There was an error processing the request.", R"("category":"INTERNAL_ERROR")"), "CONNECTION", "INTERNAL_ERROR"},
      {"gateway", 502, "", "CONNECTION", "502"},
      {"gateway timeout", 504, std::string(html), "CONNECTION", "504"},
      {"timeout at the CDN", 524, "", "CONNECTION", "524"},
      {"ssl", 525, "", "CONNECTION", "525"},
      {"unavailable", 503, "", "REMOTE_BUSY", "503"},
      {"migration", 477, "", "REMOTE_BUSY", "477"},
      {"long url", 414, "", "PAYLOAD_REJECTED", "414"},
      {"too large", 413, std::string(html), "PAYLOAD_REJECTED", "413"},
      {"malformed", 400, said("Invalid input JSON on line 1, column 15: Cannot construct instance of `...`"), "PAYLOAD_REJECTED", "VALIDATION_ERROR"},
      {"redirect", 302, "", "UNEXPECTED", "302"},
      {"200 that is no JSON", 200, std::string(html), "CONNECTION", "MALFORMED_ANSWER"},
      {"200 that breaks off", 200, R"({"results":[{"id":"1")", "CONNECTION", "MALFORMED_ANSWER"},
      {"200 without a body", 200, "", "CONNECTION", "MALFORMED_ANSWER"},
      {"200 that is no UTF-8", 200, "{\"results\":[{\"id\":\"\xff\"}]}", "CONNECTION", "MALFORMED_ANSWER"},
      {"200 of another shape", 200, "[]", "UNEXPECTED", "MALFORMED_ANSWER"},
  };
  return all;
}

/// An answer as the daemon gives it.
struct arrived {
  std::uint32_t transport = LEADSYNC_OK;
  unsigned status = 0;
  std::string body = {};
  std::string retry_after = {};
  bool blind_write = false;
};

std::vector<failure> classify(const arrived& from) {
  const leadsync_header header{sizeof header, sdk::detail::to_abi("retry-after"), sdk::detail::to_abi(from.retry_after)};
  const leadsync_header* const headers[] = {&header};
  leadsync_response response{};
  response.struct_size = sizeof response;
  response.transport = from.transport;
  response.status = from.status;
  response.headers = headers;
  response.header_count = from.retry_after.empty() ? 0 : 1;
  response.body = sdk::detail::to_abi(from.body);
  return hubspot::classify(sdk::answer(0, &response), from.blind_write);
}

failure first_of(unsigned status, const std::string& body) {
  return status == 207 ? classify_item(parsed(body)).at(0) : classify({.status = status, .body = body}).at(0);
}

class Catalogue : public testing::TestWithParam<known_failure> {};

TEST_P(Catalogue, IsFiledUnderItsCategory) {
  const auto& expected = GetParam();
  const auto found = first_of(expected.status, expected.body);
  EXPECT_EQ(found.category, expected.category);
  EXPECT_EQ(found.crm_code, expected.crm_code);
  EXPECT_EQ(found.property, expected.property);
  EXPECT_EQ(found.value, expected.value);
  EXPECT_EQ(found.existing_id, expected.existing_id);
  EXPECT_EQ(found.retry_after_ms, expected.retry_after_ms);
  EXPECT_FALSE(found.message.empty());
}

std::string name_of(const testing::TestParamInfo<known_failure>& tested) {
  std::string name;
  bool upper = true;
  for (const char c : tested.param.name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte)) name += upper ? static_cast<char>(std::toupper(byte)) : c;
    upper = !std::isalnum(byte);
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(HubSpot, Catalogue, testing::ValuesIn(table()), name_of);

TEST(Classify, SaysWhatBecameOfTheRequestOnItsWay) {
  const auto of = [](std::uint32_t transport, bool blind) { return classify({.transport = transport, .blind_write = blind}).at(0).category; };
  EXPECT_EQ(of(LEADSYNC_NOT_SENT, true), "CONNECTION");
  EXPECT_EQ(of(LEADSYNC_SENT_NO_ANSWER, false), "CONNECTION");
  EXPECT_EQ(of(LEADSYNC_SENT_NO_ANSWER, true), "AMBIGUOUS_WRITE");
  EXPECT_EQ(of(LEADSYNC_TRUNCATED, false), "CONNECTION");
  EXPECT_EQ(of(LEADSYNC_TRUNCATED, true), "AMBIGUOUS_WRITE");
  EXPECT_EQ(of(LEADSYNC_TOO_LARGE, false), "UNEXPECTED");
  EXPECT_EQ(of(LEADSYNC_TOO_LARGE, true), "AMBIGUOUS_WRITE");
  EXPECT_EQ(of(LEADSYNC_REFUSED_HOST, false), "PLUGIN_FAULT");
}

TEST(Classify, TakesAGatewaysTimeoutOfABlindWriteForUncertain) {
  for (const unsigned status : {500u, 502u, 504u, 524u}) EXPECT_EQ(classify({.status = status, .blind_write = true}).at(0).category, "AMBIGUOUS_WRITE");
  EXPECT_EQ(classify({.status = 503, .blind_write = true}).at(0).category, "REMOTE_BUSY");
  EXPECT_EQ(classify({.status = 201, .body = "<html>", .blind_write = true}).at(0).category, "AMBIGUOUS_WRITE");
}

TEST(Classify, HonoursRetryAfter) {
  EXPECT_EQ(classify({.status = 477, .retry_after = "86400"}).at(0).retry_after_ms, 86'400'000);
  EXPECT_EQ(classify({.status = 429, .body = R"({"policyName":"TEN_SECONDLY_ROLLING"})", .retry_after = "3"}).at(0).retry_after_ms, 3000);
  EXPECT_EQ(classify({.status = 503, .retry_after = "Wed, 21 Oct"}).at(0).retry_after_ms, 0);
  EXPECT_EQ(classify({.status = 503, .retry_after = "99999999999"}).at(0).retry_after_ms, 7ll * 24 * 3600 * 1000);
}

TEST(Classify, NamesTheMissingScopes) {
  const auto found = first_of(403, said("No.", R"("errors":[{"context":{"requiredGranularScopes":["a.read"],"requiredScopes":["b.write"]}}],"category":"MISSING_SCOPES")"));
  EXPECT_EQ(found.message, "No. [a.read] [b.write]");
  EXPECT_TRUE(found.whole_batch);
}

TEST(Classify, FilesUnderTheFirstKindAndKeepsTheRest) {
  const auto found = classify({.status = 400, .body = with_properties(R"([{"message":"Enter 50 characters or fewer","error":"MAX_LENGTH","name":"a"},
    {"message":"x was not one of the allowed options: []","error":"INVALID_OPTION","name":"b"},{"message":"Property \"c\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"c"}])")});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].property, "c");
  EXPECT_EQ(found[1].property, "b");
  EXPECT_EQ(found[2].property, "a");
}

TEST(Classify, UnitesTheListInTheMessageWithErrors) {
  const auto found = classify({.status = 400, .body = R"({"message":"Property values were not valid: [{\"message\":\"m\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"a\"}]",
    "errors":[{"message":"m","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["a"]}},{"message":"n","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["b"]}}]})"});
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].property, "a");
  EXPECT_EQ(found[1].property, "b");
}

TEST(Classify, ReadsWhatFollowsAListOfManyOptions) {
  std::string options;
  for (int i = 0; i < 5000; ++i) options += (i ? ", option " : "option ") + std::to_string(i);
  const auto found = first_of(400, with_properties(R"([{"isValid":false,"message":"gone was not one of the allowed options: [)" + options + R"(]","error":"INVALID_OPTION","name":"tags"}])"));
  EXPECT_EQ(found.property, "tags");
  EXPECT_EQ(found.value, "gone");
}

TEST(Classify, SurvivesAnythingInTheBody) {
  for (const auto* body : {"", "[", "null", "[]", R"({"message":5,"errors":7,"context":"x","category":[]})", R"({"message":"Property values were not valid: [{"})",
                           R"({"message":"Property values were not valid: [1,null,{\"name\":3}]","errors":[null,{"context":{"propertyName":[null,5]}}]})",
                           R"({"message":"} on . already has that value"})", R"({"message":"Names for properties should be lowercase Invalid names: [ , ]"})"})
    for (const unsigned status : {200u, 207u, 400u, 403u, 404u, 409u, 429u}) EXPECT_FALSE(classify({.status = status, .body = body}).empty()) << body;
}

// The reference's catalogue, where it is at hand.

std::string_view category_here(std::string_view id, std::string_view reference) {
  static const std::map<std::string_view, std::string_view> renamed{
      {"prop.read_only", "FIELD_NOT_WRITABLE"}, {"prop.invalid_owner", "OWNER_INVALID"}, {"prop.invalid_email", "DATA_VALUE_VALIDATION"},
      {"nf.batch_record", "TARGET_GONE"}, {"nf.single", "TARGET_GONE"}, {"assoc.invalid_object", "TARGET_GONE"}, {"rate.daily", "QUOTA_EXHAUSTED"},
      {"srv.migration", "REMOTE_BUSY"}, {"srv.uri_too_long", "PAYLOAD_REJECTED"}, {"req.json_member", "PAYLOAD_REJECTED"}, {"json.malformed", "PAYLOAD_REJECTED"}};
  if (const auto at = renamed.find(id); at != renamed.end()) return at->second;
  if (reference == "RATE_LIMITED") return "THROTTLED";
  if (reference == "REMOTE_CONFLICT") return "REMOTE_BUSY";
  return reference == "DUPLICATE" ? "DUPLICATE_BLOCKED" : reference;
}

TEST(Classify, AgreesWithTheReferenceCatalogue) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../../../shared/crm/specs/hubspot/error-catalog.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the reference is not at hand";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  const auto catalogue = parsed(text.str());
  std::size_t count = 0;
  for (const auto& entry : list_of(catalogue, "entries")) {
    const auto& one = as_object(entry);
    const auto id = text_of(one, "id");
    if (id == "local.no_mapping") continue;
    const auto& body = one.at("body");
    const auto found = first_of(one.at("http").to_number<unsigned>(), body.is_string() ? std::string(body.as_string()) : json::serialize(body));
    EXPECT_EQ(found.category, category_here(id, text_of(one, "category"))) << id;
    ++count;
  }
  EXPECT_GE(count, 58u);
}

}  // namespace
}  // namespace leadsync::hubspot
