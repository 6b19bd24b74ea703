#include "plugins/salesforce/errors.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

namespace leadsync::salesforce {
namespace {

struct known_failure {
  std::string_view code;
  unsigned status;
  std::string_view message, category;
  std::string_view field = "";
};

/// The codes that are known, in the words that were seen.
const std::vector<known_failure>& table() {
  static const std::vector<known_failure> all{
      {"INVALID_SESSION_ID", 401, "Session expired or invalid", "AUTHENTICATION", ""},
      {"INVALID_SESSION_ID", 401, "This session is not valid for use with the REST API", "AUTHENTICATION", ""},
      {"INVALID_AUTH_HEADER", 401, "INVALID_HEADER_TYPE", "AUTHENTICATION", ""},
      {"API_DISABLED_FOR_ORG", 403, "The REST API is not enabled for this Organization.", "PERMISSION", ""},
      {"API_CURRENTLY_DISABLED", 403, "API is disabled for this User", "PERMISSION", ""},
      {"INVALID_LOGIN", 400, "Invalid username, password, security token; or user locked out.", "AUTHENTICATION", ""},
      {"URL_NOT_RESET", 301, "Destination URL not reset. The URL returned from login must be set in the SfdcSession", "AUTHENTICATION", ""},
      {"REQUEST_LIMIT_EXCEEDED", 403, "TotalRequests Limit exceeded.", "QUOTA_EXHAUSTED", ""},
      {"REQUEST_LIMIT_EXCEEDED", 403, "ConcurrentPerOrgLongTxn Limit exceeded.", "THROTTLED", ""},
      {"REQUEST_LIMIT_EXCEEDED", 403, "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", "THROTTLED", ""},
      {"LIMIT_EXCEEDED", 400, "...", "THROTTLED", ""},
      {"TOO_MANY_APEX_REQUESTS", 400, "Unable to process request at this time. Please try again later.", "REMOTE_BUSY", ""},
      {"EXCEEDED_MAX_SIZE_REQUEST", 413, "Maximum size of request reached. Maximum size of request is 52428800 bytes", "PAYLOAD_REJECTED", ""},
      {"STORAGE_LIMIT_EXCEEDED", 400, "storage limit exceeded", "UNEXPECTED", ""},
      {"SERVER_UNAVAILABLE", 503, "Server Unavailable", "REMOTE_BUSY", ""},
      {"UNKNOWN_EXCEPTION", 500, "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (123456789)", "CONNECTION", ""},
      {"QUERY_TIMEOUT", 400, "Your query request was running for too long.", "REMOTE_BUSY", ""},
      {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", 400, "...", "CONNECTION", ""},
      {"APEX_ERROR", 500, "System.LimitException: Apex CPU time limit exceeded", "CRM_RULE", ""},
      {"REQUIRED_FIELD_MISSING", 400, "Required fields are missing: [LastName]", "REQUIRED_FIELD_MISSING", "LastName"},
      {"REQUIRED_FIELD_MISSING", 400, "At least 1 record is required", "UNEXPECTED", ""},
      {"MISSING_ARGUMENT", 400, "Id not specified in an update call", "UNEXPECTED", ""},
      {"INVALID_FIELD", 400, "No such column 'foo' on sobject of type Lead", "MISSING_REMOTE_FIELD", "foo"},
      {"INVALID_FIELD", 400, "The Ext__c field should not be specified in the sobject data.", "UNEXPECTED", ""},
      {"INVALID_FIELD_FOR_INSERT_UPDATE", 400, "Unable to create/update fields: MasterRecordId. Please check the security settings of this field and verify that it is read/write for your profile or permission set.", "FIELD_NOT_WRITABLE", "MasterRecordId"},
      {"INVALID_TYPE", 400, "sObject type 'Accout' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.", "PERMISSION", ""},
      {"NOT_FOUND", 404, "The requested resource does not exist", "UNEXPECTED", ""},
      {"NOT_FOUND", 404, "Provided external ID field does not exist or is not accessible: Namez", "REQUIRED_FIELD_MISSING", "Namez"},
      {"STRING_TOO_LONG", 400, "First Name: data value too large: Maximilianus-Alexander-von-Habsburg-Lothringen (max length=40)", "DATA_TOO_LONG", "FirstName"},
      {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", 400, "Status: bad value for restricted picklist field: Unknown", "DATA_VALUE_VALIDATION", "Status"},
      {"FIELD_INTEGRITY_EXCEPTION", 400, "There's a problem with this state, even though it may appear correct. Please select a state from the list of valid states.: State/Province", "DATA_VALUE_VALIDATION", "State"},
      {"FIELD_FILTER_VALIDATION_EXCEPTION", 400, "Value does not exist or does not match filter criteria.", "DATA_VALUE_VALIDATION", "Region__c"},
      {"TOO_MANY_ENUM_VALUE", 400, "...", "DATA_VALUE_VALIDATION", ""},
      {"INVALID_EMAIL_ADDRESS", 400, "Email: invalid email address: not-an-email", "DATA_VALUE_VALIDATION", "Email"},
      {"NUMBER_OUTSIDE_VALID_RANGE", 400, "Employees: value outside of valid range on numeric field: 1431655766", "DATA_VALUE_VALIDATION", "NumberOfEmployees"},
      {"JSON_PARSER_ERROR", 400, "Cannot deserialize instance of date from VALUE_STRING value 2017-05-30T-06:00:00X or request may be missing a required field at [line:11, column:55]", "DATA_FORMAT_VALIDATION", ""},
      {"JSON_PARSER_ERROR", 400, "Cannot deserialize instance of string from START_OBJECT value { or request may be missing a required field at [line:1, column:2]", "PAYLOAD_REJECTED", ""},
      {"JSON_PARSER_ERROR", 400, "The HTTP entity body is required, but this request has no entity body.", "PAYLOAD_REJECTED", ""},
      {"INVALID_TYPE_ON_FIELD_IN_RECORD", 400, "...", "DATA_FORMAT_VALIDATION", ""},
      {"TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET", 400, "...", "DATA_FORMAT_VALIDATION", ""},
      {"MALFORMED_ID", 400, "Region: id value of incorrect type: North", "DATA_FORMAT_VALIDATION", "Region__c"},
      {"INVALID_CROSS_REFERENCE_KEY", 400, "invalid cross reference id", "DATA_VALUE_VALIDATION", ""},
      {"DUPLICATES_DETECTED", 400, "Use one of these records?", "DUPLICATE_BLOCKED", ""},
      {"DUPLICATE_VALUE", 400, "duplicate value found: Sync_Lead_Id__c duplicates value on record with id: 00Q5e00000AbCdE", "DUPLICATE_BLOCKED", "Sync_Lead_Id__c"},
      {"DUPLICATE_VALUE", 400, "Already a campaign member.", "DUPLICATE_BLOCKED", ""},
      {"DUPLICATE_EXTERNAL_ID", 400, "Sync_Lead_Id__c: more than one record found for external id field: [00Q..., 00Q...]", "AMBIGUOUS_MATCH", "Sync_Lead_Id__c"},
      {"FIELD_CUSTOM_VALIDATION_EXCEPTION", 400, "Please enter a phone number or an email address.", "CRM_RULE", ""},
      {"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", 400, "LeadTrigger: execution of BeforeInsert\n\ncaused by: System.NullPointerException: Attempt to de-reference a null object\n\nTrigger.LeadTrigger: line 12, column 1", "CRM_RULE", ""},
      {"CANNOT_EXECUTE_FLOW_TRIGGER", 400, "We can't save this record because the “Lead routing” process failed. Give your Salesforce admin these details.", "CRM_RULE", ""},
      {"CANNOT_UPDATE_CONVERTED_LEAD", 400, "cannot reference converted lead", "TARGET_CONVERTED", ""},
      {"INACTIVE_OWNER_OR_USER", 400, "operation performed with inactive user [0055e000001234A] as owner of lead", "OWNER_INVALID", "OwnerId"},
      {"UNABLE_TO_LOCK_ROW", 400, "unable to obtain exclusive access to this record or 1 records: 0015e00000AbCdE", "REMOTE_BUSY", ""},
      {"ENTITY_IS_DELETED", 404, "entity is deleted", "TARGET_GONE", ""},
      {"ENTITY_IS_LOCKED", 400, "entity is locked for editing", "CRM_RULE", ""},
      {"INSUFFICIENT_ACCESS_OR_READONLY", 400, "insufficient access rights on object id", "PERMISSION", ""},
      {"INSUFFICIENT_ACCESS", 403, "insufficient access rights on object id", "PERMISSION", ""},
      {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", 400, "insufficient access rights on cross-reference id", "PERMISSION", ""},
      {"TXN_SECURITY_NO_ACCESS", 400, "The operation you requested was blocked by a transaction security policy.", "PERMISSION", ""},
      {"METHOD_NOT_ALLOWED", 405, "HTTP Method 'DELETE' not allowed. Allowed are HEAD,GET,PATCH", "UNEXPECTED", ""},
      {"UNSUPPORTED_MEDIA_TYPE", 415, "The request content type is unsupported", "UNEXPECTED", ""},
      {"ALL_OR_NONE_OPERATION_ROLLED_BACK", 200, "Record rolled back because not all records were valid and the request was using AllOrNone header", "UNEXPECTED", ""},
      {"PROCESSING_HALTED", 400, "The transaction was rolled back since another operation in the same transaction failed.", "UNEXPECTED", ""},
  };
  return all;
}

const known_failure* find(std::string_view code, std::string_view message) {
  for (const auto& one : table())
    if (one.code == code && one.message == message) return &one;
  return nullptr;
}

/// What the SDK makes of an answer of the transport.
sdk::answer answer_of(unsigned status, const std::string& body, leadsync_transport transport = LEADSYNC_OK) {
  leadsync_response wire{};
  wire.struct_size = sizeof wire;
  wire.transport = transport;
  wire.status = status;
  wire.body = {body.data(), body.size()};
  return sdk::answer(0, &wire);
}

json::array fields_of(const known_failure& one) {
  json::array fields;
  if (!one.field.empty()) fields.push_back(json::value(one.field));
  return fields;
}

failure single(const known_failure& one) {
  json::object error{{"message", one.message}, {"errorCode", one.code}};
  if (!one.field.empty()) error["fields"] = fields_of(one);
  return classify(answer_of(one.status, json::serialize(json::array{std::move(error)})));
}

failure row(std::string_view code, std::string_view message) {
  return classify_row(json::array{json::object{{"statusCode", code}, {"message", message}, {"fields", json::array{}}}});
}

TEST(Errors, OfSingleAnswersHaveTheirCategory) {
  for (const auto& one : table()) {
    const auto found = single(one);
    EXPECT_EQ(found.category, one.category) << one.code << ": " << one.message;
    EXPECT_EQ(found.crm_code, one.code);
    EXPECT_EQ(found.message, one.message);
  }
}

TEST(Errors, OfRowsHaveTheSameCategoryAndNameTheirField) {
  for (const auto& one : table()) {
    if (one.status >= 401) continue;  // about the call
    const auto found = row(one.code, one.message);
    EXPECT_EQ(found.category, one.category) << one.code << ": " << one.message;
    const bool names_it = one.message.starts_with("No such column") || one.message.starts_with("duplicate value") || one.message.starts_with("Required");
    if (names_it) {
      EXPECT_EQ(found.field, one.field);
    }
  }
}

TEST(Errors, OfTheCatalogueAreAllKnown) {
  const std::filesystem::path file = "/work/shared/crm/specs/salesforce/error-catalog.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "SKIPPED: " << file << " is not on this machine";
  std::ifstream in(file);
  const auto catalogue = json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  std::set<std::string_view> seen;
  for (const auto& entry : catalogue.at("entries").as_array()) {
    const auto& one = entry.as_object();
    if (text_of(one, "scope") == "local") continue;  // never Salesforce's
    const auto* known = find(text_of(one, "code"), text_of(one, "message"));
    ASSERT_TRUE(known) << json::serialize(one);
    known_failure told{text_of(one, "code"), static_cast<unsigned>(one.at("http").as_int64()), text_of(one, "message"), known->category, ""};
    if (!one.at("fields").as_array().empty()) told.field = text_of(&one.at("fields").as_array()[0]);
    EXPECT_EQ(single(told).category, known->category) << told.code;
    seen.insert(told.code);
  }
  EXPECT_GT(seen.size(), 40u);
  for (const auto& entry : catalogue.at("token_errors").as_array()) {
    const auto& one = entry.as_object();
    const auto body = json::serialize(json::object{{"error", one.at("error")}, {"error_description", one.at("error_description")}});
    EXPECT_EQ(classify_grant(answer_of(400, body)).category, text_of(one, "category")) << body;
  }
}

TEST(Errors, OfTheTokenEndpoint) {
  const auto refused = classify_grant(answer_of(400, R"({"error":"invalid_grant","error_description":"expired access/refresh token"})"));
  EXPECT_EQ(refused.category, "AUTHENTICATION");
  EXPECT_EQ(refused.crm_code, "invalid_grant");
  EXPECT_EQ(refused.message, "expired access/refresh token");
  EXPECT_EQ(classify_grant(answer_of(400, R"({"error":"unknown_error","error_description":"retry your request"})")).category, "CONNECTION");
  EXPECT_EQ(classify_grant(answer_of(503, "<html>")).category, "REMOTE_BUSY");
}

TEST(Errors, QuoteTheRefusedValue) {
  EXPECT_EQ(row("STRING_TOO_LONG", "First Name: data value too large: Max (max length=2)").value, "Max");
  EXPECT_EQ(row("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Status: bad value for restricted picklist field: Unknown").value, "Unknown");
  EXPECT_EQ(row("INVALID_EMAIL_ADDRESS", "Email: invalid email address: not-an-email").value, "not-an-email");
  EXPECT_EQ(row("DUPLICATE_VALUE", "duplicate value found: X__c duplicates value on record with id: 00Q5e00000AbCdE").existing_id, "00Q5e00000AbCdE");
}

TEST(Errors, SayHowLongToWait) {
  EXPECT_EQ(single(*find("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")).retry_after_ms, 15 * 60'000);
  EXPECT_EQ(single(*find("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.")).retry_after_ms, 10'000);
  EXPECT_GT(row("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record").retry_after_ms, 0);
}

TEST(Errors, InsideATriggerAreFound) {
  const auto locked = row("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "LeadTrigger: first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access");
  EXPECT_EQ(locked.category, "REMOTE_BUSY");
  const auto missing = row("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "T: first error: REQUIRED_FIELD_MISSING, Required fields are missing: [Company]: [Company]");
  EXPECT_EQ(missing.category, "REQUIRED_FIELD_MISSING");
  EXPECT_EQ(missing.field, "Company");
  EXPECT_TRUE(missing.of_automation);
}

TEST(Errors, OfSeveralTheOneThatAMappingCuresComesFirst) {
  const auto found = classify_row(json::array{json::object{{"statusCode", "STRING_TOO_LONG"}, {"message", "x"}, {"fields", json::array{"A"}}},
                                              json::object{{"statusCode", "INVALID_FIELD"}, {"message", "No such column 'B' on sobject of type Lead"}}});
  EXPECT_EQ(found.category, "MISSING_REMOTE_FIELD");
  EXPECT_EQ(found.field, "B");
}

TEST(Errors, OfTheWayThere) {
  const std::string page = "<html><title>maintenance</title></html>";
  EXPECT_EQ(classify(answer_of(403, page)).category, "CONNECTION");
  EXPECT_EQ(classify(answer_of(403, "Bad_OAuth_Token")).category, "AUTHENTICATION");
  EXPECT_EQ(classify(answer_of(420, page)).category, "CONNECTION");
  EXPECT_EQ(classify(answer_of(429, "")).category, "THROTTLED");
  EXPECT_EQ(classify(answer_of(413, page)).category, "PAYLOAD_REJECTED");
  EXPECT_EQ(classify(answer_of(502, page)).category, "CONNECTION");
  EXPECT_EQ(classify(answer_of(503, page)).category, "REMOTE_BUSY");
  EXPECT_EQ(classify(answer_of(404, page)).category, "UNEXPECTED");
  EXPECT_EQ(classify(answer_of(200, page)).category, "CONNECTION");
  EXPECT_EQ(classify(answer_of(200, R"({"a":1})")).category, "UNEXPECTED");
  EXPECT_EQ(classify(answer_of(300, R"(["/services/data/v23.0/sobjects/Whizbang/foo"])")).category, "AMBIGUOUS_MATCH");
  EXPECT_EQ(classify(answer_of(0, "", LEADSYNC_NOT_SENT)).category, "CONNECTION");
  EXPECT_EQ(classify(answer_of(0, "", LEADSYNC_REFUSED_HOST)).category, "PLUGIN_FAULT");
}

TEST(Errors, OfBlindWritesThatMayHaveHappenedAreInDoubt) {
  EXPECT_EQ(classify(answer_of(502, "<html>"), true).category, "AMBIGUOUS_WRITE");
  EXPECT_EQ(classify(answer_of(0, "", LEADSYNC_SENT_NO_ANSWER), true).category, "AMBIGUOUS_WRITE");
  EXPECT_EQ(classify(answer_of(503, R"([{"message":"Server Unavailable","errorCode":"SERVER_UNAVAILABLE"}])"), true).category, "REMOTE_BUSY");
}

TEST(Errors, OfUnknownCodesAreUnexpected) {
  EXPECT_EQ(row("SOMETHING_NEW", "?").category, "UNEXPECTED");
  EXPECT_EQ(classify_row({}).category, "UNEXPECTED");
}

}  // namespace
}  // namespace leadsync::salesforce
