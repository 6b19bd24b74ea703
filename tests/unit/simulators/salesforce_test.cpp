#include "salesforce_account.h"

namespace leadsync::simulator {
namespace {

using namespace std::chrono_literals;

constexpr auto doe = R"({"LastName":"Doe","Company":"Acme","Email":"doe@acme.example"})";

std::string lead(const std::string& key, const std::string& more = "") {
  return R"({"attributes":{"type":"Lead"},"Key__c":")" + key + R"(","LastName":"Doe","Company":"Acme")" + more + "}";
}
std::string list(const std::string& records, bool all_or_none = false) {
  return std::string(R"({"allOrNone":)") + (all_or_none ? "true" : "false") + R"(,"records":[)" + records + "]}";
}

TEST(SalesforceSession, IsGrantedAndEnds) {
  salesforce_account org;
  const auto granted = org.token_for("grant_type=client_credentials&client_id=simulator-client&client_secret=simulator-secret");
  EXPECT_EQ(granted.status, 200);
  EXPECT_EQ(granted.at("/instance_url"), "https://acme.my.salesforce.com");
  EXPECT_EQ(granted.at("/refresh_token"), "(none)");
  EXPECT_EQ(granted.at("/expires_in"), "(none)");
  org.token = granted.at("/access_token");
  EXPECT_TRUE(org.token.starts_with("00D5e000000PROD!"));
  EXPECT_EQ(org.get("/sobjects/Lead/describe").status, 200);
  org.now += 2h;
  const auto expired = org.get("/sobjects/Lead/describe");
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.text, R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])");
  EXPECT_EQ(org.send("GET", "/services/oauth2/userinfo").text, "Bad_OAuth_Token");
}

TEST(SalesforceSession, IsRefusedInSalesforcesWords) {
  salesforce_account org;
  const auto refused = [&](const std::string& form) {
    const auto answer = org.token_for(form);
    EXPECT_EQ(answer.status, 400);
    return answer.at("/error") + ": " + answer.at("/error_description");
  };
  const std::string app = "&client_id=simulator-client&client_secret=simulator-secret";
  EXPECT_EQ(refused("x=1"), "invalid_request: missing required parameter: grant_type");
  EXPECT_EQ(refused("grant_type=magic" + app), "unsupported_grant_type: grant type not supported");
  EXPECT_EQ(refused("grant_type=refresh_token&client_id=x"), "invalid_client_id: client identifier invalid");
  EXPECT_EQ(refused("grant_type=refresh_token&client_id=simulator-client&client_secret=x"), "invalid_client: invalid client credentials");
  EXPECT_EQ(refused("grant_type=refresh_token&refresh_token=old" + app), "invalid_grant: expired access/refresh token");
  org.admin("PUT", "tokens", R"({"run_as_user":false})");
  EXPECT_EQ(refused("grant_type=client_credentials" + app), "invalid_grant: no client credentials user enabled");
}

TEST(SalesforceRecords, AreMadeReadChangedAndDeleted) {
  salesforce_account org;
  const auto id = org.create("Lead", doe);
  EXPECT_EQ(id.size(), 18u);
  EXPECT_TRUE(id.starts_with("00Q"));
  EXPECT_EQ(org.patch("/sobjects/Lead/" + id, R"({"Title":"Engineer"})").status, 204);
  EXPECT_EQ(org.get("/sobjects/Lead/" + id.substr(0, 15) + "?fields=Title,Status").at("/Title"), "Engineer");
  EXPECT_EQ(org.get("/sobjects/Lead/" + id).at("/Status"), "Open - Not Contacted");
  EXPECT_EQ(org.send("DELETE", org.api + "/sobjects/Lead/" + id).status, 204);
  const auto gone = org.patch("/sobjects/Lead/" + id, R"({"Title":"x"})");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.text, R"([{"message":"entity is deleted","errorCode":"ENTITY_IS_DELETED"}])");
}

TEST(SalesforceRecords, AreValidatedAsTheRealOnesAre) {
  salesforce_account org;
  const auto refused = [&](const std::string& fields) {
    const auto answer = org.post("/sobjects/Lead", R"({"LastName":"Doe","Company":"Acme",)" + fields + "}");
    EXPECT_EQ(answer.status, 400) << answer.text;
    return answer.at("/0/errorCode") + " " + answer.at("/0/fields") + " " + answer.at("/0/message");
  };
  EXPECT_EQ(org.post("/sobjects/Lead", R"({"Email":"a@b.co"})").text,
            R"([{"message":"Required fields are missing: [LastName, Company]","errorCode":"REQUIRED_FIELD_MISSING","fields":["LastName","Company"]}])");
  EXPECT_EQ(refused(R"("foo":1)"), "INVALID_FIELD (none) No such column 'foo' on sobject of type Lead");
  EXPECT_EQ(refused(R"("FirstName":"Maximilianus-Alexander-von-Habsburg-Lothringen")"),
            R"(STRING_TOO_LONG ["FirstName"] First Name: data value too large: Maximilianus-Alexander-von-Habsburg-Lothringen (max length=40))");
  EXPECT_EQ(refused(R"("Email":"not-an-email")"), R"(INVALID_EMAIL_ADDRESS ["Email"] Email: invalid email address: not-an-email)");
  EXPECT_EQ(refused(R"("NumberOfEmployees":1431655766)"), R"(NUMBER_OUTSIDE_VALID_RANGE ["NumberOfEmployees"] Employees: value outside of valid range on numeric field: 1431655766)");
  EXPECT_EQ(refused(R"("CleanStatus":"Unknown")"), R"(INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST ["CleanStatus"] Clean Status: bad value for restricted picklist field: Unknown)");
  EXPECT_EQ(refused(R"("OwnerId":"North")"), R"(MALFORMED_ID ["OwnerId"] Owner ID: id value of incorrect type: North)");
  EXPECT_EQ(refused(R"("OwnerId":"0055e00000000zzAAA")"), "INVALID_CROSS_REFERENCE_KEY (none) invalid cross reference id");
  EXPECT_TRUE(refused(R"("OwnerId":")" + org.admin("GET", "ids").at("/inactive_user") + "\"").starts_with("INACTIVE_OWNER_OR_USER [\"OwnerId\"] operation performed with inactive user [0055e"));
  EXPECT_TRUE(refused(R"("MasterRecordId":"00Q5e0000000001AAA")").starts_with("INVALID_FIELD_FOR_INSERT_UPDATE [\"MasterRecordId\"] Unable to create/update fields: MasterRecordId."));
  EXPECT_EQ(org.create("Lead", R"({"LastName":"Doe","Company":"Acme","LeadSource":"anything","NumberOfEmployees":"10"})").size(), 18u) << "unrestricted, and a number as text";
}

TEST(SalesforceRecords, AreUpsertedByAnExternalId) {
  salesforce_account org;
  org.add_key();
  EXPECT_EQ(org.patch("/sobjects/Lead/Key__c/a%2F1", doe).status, 201);
  const auto again = org.patch("/sobjects/Lead/Key__c/A%2F1", R"({"Title":"x"})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.at("/created"), "false");
  EXPECT_EQ(org.patch("/sobjects/Lead/Key__c/a", R"({"Key__c":"a"})").text,
            R"([{"message":"The Key__c field should not be specified in the sobject data.","errorCode":"INVALID_FIELD"}])");
  EXPECT_EQ(org.patch("/sobjects/Lead/Namez/a", doe).text,
            R"([{"message":"Provided external ID field does not exist or is not accessible: Namez","errorCode":"NOT_FOUND"}])");
  EXPECT_EQ(org.patch("/sobjects/Lead/Key__c/new?updateOnly=true", doe).status, 404);
  org.admin("PUT", "fields/Lead/Key__c", R"({"unique":false})");
  org.create("Lead", R"({"LastName":"B","Company":"B","Key__c":"a/1"})");
  EXPECT_EQ(org.patch("/sobjects/Lead/Key__c/a%2F1", doe).status, 300);
}

TEST(SalesforceCollections, AnswerInOrderAndKeepWhatPassed) {
  salesforce_account org;
  org.add_key();
  const auto answer = org.patch("/composite/sobjects/Lead/Key__c", list(lead("1") + "," + lead("2", R"(,"Email":"x")") + "," + lead("3") + "," + lead("1")));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.at("/0/created"), "true");
  EXPECT_EQ(answer.at("/1"), R"({"success":false,"errors":[{"statusCode":"INVALID_EMAIL_ADDRESS","message":"Email: invalid email address: x","fields":["Email"]}]})");
  EXPECT_EQ(answer.at("/2/success"), "true");
  EXPECT_EQ(answer.at("/3/errors/0/statusCode"), "DUPLICATE_VALUE");
  EXPECT_EQ(org.patch("/composite/sobjects/Lead/Key__c", list(lead("1"))).at("/0/created"), "false");
  EXPECT_EQ(org.admin("GET", "objects/Lead?count=1").at("/count"), "2");
  EXPECT_TRUE(answer.header("Sforce-Limit-Info").starts_with("api-usage=1/"));
}

TEST(SalesforceCollections, OfAllOrNoneWriteNothingWhereOneFails) {
  salesforce_account org;
  org.add_key();
  const auto answer = org.post("/composite/sobjects", list(lead("1") + "," + lead("2", R"(,"Email":"x")"), true));
  EXPECT_EQ(answer.at("/0/errors/0/statusCode"), "ALL_OR_NONE_OPERATION_ROLLED_BACK");
  EXPECT_EQ(answer.at("/1/errors/0/statusCode"), "INVALID_EMAIL_ADDRESS");
  EXPECT_EQ(org.admin("GET", "objects/Lead?count=1").at("/count"), "0");
}

TEST(SalesforceCollections, FailAsAWholeWhereAValueCannotBeRead) {
  salesforce_account org;
  org.add_key();
  org.admin("PUT", "fields/Lead/When__c", R"({"type":"date"})");
  const auto answer = org.patch("/composite/sobjects/Lead/Key__c", list("\n" + lead("1") + ",\n" + lead("2", R"(,"When__c":"soon")")));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("/0/errorCode"), "JSON_PARSER_ERROR");
  EXPECT_TRUE(answer.at("/0/message").starts_with("Cannot deserialize instance of date from VALUE_STRING value soon or request may be missing a required field at [line:3, column:")) << answer.text;
  EXPECT_EQ(org.admin("GET", "objects/Lead?count=1").at("/count"), "0");
}

TEST(SalesforceCollections, TakeOneToTwoHundred) {
  salesforce_account org;
  EXPECT_EQ(org.post("/composite/sobjects", list("")).text, R"([{"message":"At least 1 record is required","errorCode":"REQUIRED_FIELD_MISSING"}])");
  std::string many;
  for (int i = 0; i < 201; ++i) many += (i ? "," : "") + lead(std::to_string(i));
  EXPECT_EQ(org.post("/composite/sobjects", list(many)).status, 400);
  EXPECT_EQ(org.patch("/composite/sobjects", list(R"({"attributes":{"type":"Lead"},"Title":"x"})")).at("/0/errors/0/statusCode"), "MISSING_ARGUMENT");
}

TEST(SalesforceRules, OfDuplicatesAlertOrBlock) {
  salesforce_account org;
  org.create("Lead", doe);
  org.admin("PUT", "options", R"({"duplicate_rule":"alert"})");
  const auto alert = org.post("/sobjects/Lead", doe);
  EXPECT_EQ(alert.at("/0/errorCode"), "DUPLICATES_DETECTED");
  EXPECT_EQ(alert.at("/0/duplicateResut/allowSave"), "true");
  org.more = {{"sforce-duplicate-rule-header", "allowSave=true; includeRecordDetails=true"}};
  org.create("Lead", doe);
  org.admin("PUT", "options", R"({"duplicate_rule":"block","duplicate_misspelt":false})");
  EXPECT_EQ(org.post("/sobjects/Lead", doe).at("/0/duplicateResult/allowSave"), "false");
}

TEST(SalesforceRules, OfTheOrgAndStatesOfRecordsRefuse) {
  salesforce_account org;
  const auto id = org.create("Lead", doe);
  const auto code = [&] { return org.patch("/sobjects/Lead/" + id, R"({"Title":"x"})").at("/0/errorCode"); };
  org.admin("PUT", "rules", R"([{"object":"Lead","field":"Phone","equals":"","message":"Please enter a phone number."}])");
  EXPECT_EQ(code(), "FIELD_CUSTOM_VALIDATION_EXCEPTION");
  org.admin("PUT", "rules", "[]");
  org.admin("PUT", "options", R"({"lock_rows":1})");
  EXPECT_EQ(code(), "UNABLE_TO_LOCK_ROW");
  org.admin("PUT", "objects/Lead/" + id, R"({"locked":true})");
  EXPECT_EQ(code(), "ENTITY_IS_LOCKED");
  org.admin("PUT", "objects/Lead/" + id, R"({"IsConverted":true})");
  EXPECT_EQ(code(), "CANNOT_UPDATE_CONVERTED_LEAD");
}

TEST(SalesforceRules, TakeACampaignMemberOnce) {
  salesforce_account org;
  const auto member = R"({"CampaignId":")" + org.admin("GET", "ids").at("/campaign") + R"(","LeadId":")" + org.create("Lead", doe) + "\"}";
  org.create("CampaignMember", member);
  EXPECT_EQ(org.post("/sobjects/CampaignMember", member).text, R"([{"message":"Already a campaign member.","errorCode":"DUPLICATE_VALUE"}])");
}

TEST(SalesforceQuery, FiltersPagesAndEscapes) {
  salesforce_account org;
  for (const auto* name : {"O\\u0027Neill", "Doe", "Roe"}) org.create("Lead", R"({"LastName":")" + std::string(name) + R"(","Company":"Acme"})");
  const auto names = [&](std::string_view where) {
    const auto answer = org.get("/query?q=SELECT+LastName+FROM+Lead+WHERE+" + std::string(where) + "+ORDER+BY+LastName");
    EXPECT_EQ(answer.status, 200) << answer.text;
    std::string out;
    for (const auto& row : answer.body.at("records").as_array()) out += row.at("LastName").as_string().c_str() + std::string(" ");
    return out;
  };
  EXPECT_EQ(names("LastName='O%5C'Neill'"), "O'Neill ");
  EXPECT_EQ(names("LastName+IN+('doe','roe')+AND+IsConverted=false"), "Doe Roe ");
  EXPECT_EQ(names("(LastName+LIKE+'%25oe'+OR+Title!=null)+AND+LastName+!=+'Roe'"), "Doe ");
  EXPECT_EQ(org.get("/query?q=SELECT+x+FROM+Lead").at("/0/errorCode"), "INVALID_FIELD");
  EXPECT_EQ(org.get("/query?q=SELECT+Id+FROM+Accout").at("/0/errorCode"), "INVALID_TYPE");
  EXPECT_EQ(org.get("/query?q=SELECT+FROM").at("/0/errorCode"), "MALFORMED_QUERY");
  for (int i = 0; i < 2000; ++i) org.admin("POST", "objects/Lead", R"({"LastName":"x"})");
  const auto first = org.get("/query?q=SELECT+Id+FROM+Lead");
  EXPECT_EQ(first.at("/done"), "false");
  const auto rest = org.send("GET", first.at("/nextRecordsUrl"));
  EXPECT_EQ(rest.at("/done"), "true");
  EXPECT_EQ(rest.body.at("records").as_array().size(), 3u);
}

TEST(SalesforceComposite, RefersToEarlierAnswersAndRollsBack) {
  salesforce_account org;
  const auto body = [&](const std::string& last) {
    return R"({"allOrNone":true,"compositeRequest":[{"method":"POST","url":"/services/data/v62.0/sobjects/Lead","referenceId":"lead","body":)" + std::string(doe) +
           R"(},{"method":"POST","url":"/services/data/v62.0/sobjects/Task","referenceId":"task","body":{"WhoId":"@{lead.id}")" + last + "}}]}";
  };
  EXPECT_EQ(org.post("/composite", body("")).at("/compositeResponse/1/httpStatusCode"), "201");
  const auto failed = org.post("/composite", body(R"(,"foo":1)"));
  EXPECT_EQ(failed.at("/compositeResponse/0/body/0/errorCode"), "PROCESSING_HALTED");
  EXPECT_EQ(failed.at("/compositeResponse/1/body/0/errorCode"), "INVALID_FIELD");
  EXPECT_EQ(org.admin("GET", "objects/Lead?count=1").at("/count"), "1");
}

TEST(SalesforceLimits, AreToldAndRefuseWith403) {
  salesforce_account org;
  org.admin("PUT", "limits", R"({"daily":{"amount":2}})");
  EXPECT_EQ(org.get("/sobjects").header("Sforce-Limit-Info"), "api-usage=1/2");
  EXPECT_EQ(org.get("/sobjects").status, 200);
  const auto refused = org.get("/sobjects");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.text, R"([{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}])");
  org.now += 24h;
  EXPECT_EQ(org.get("/sobjects").status, 200);
}

TEST(SalesforceSetup, MakesAFieldThatNobodySeesUntilAPermissionSetHasIt) {
  salesforce_account org;
  const auto definition = R"({"FullName":"Lead.New__c","Metadata":{"label":"New","type":"Text","length":64,"externalId":true,"unique":true}})";
  EXPECT_EQ(org.post("/tooling/sobjects/CustomField", definition).status, 201);
  EXPECT_EQ(org.post("/tooling/sobjects/CustomField", definition).at("/0/errorCode"), "DUPLICATE_DEVELOPER_NAME");
  EXPECT_EQ(org.get("/sobjects/Lead/describe").text.find("New__c"), std::string::npos);
  const auto set = org.create("PermissionSet", R"({"Name":"leadsync","Label":"leadsync"})");
  org.create("PermissionSetAssignment", R"({"AssigneeId":")" + org.admin("GET", "ids").at("/user") + R"(","PermissionSetId":")" + set + "\"}");
  org.create("FieldPermissions", R"({"ParentId":")" + set + R"(","SobjectType":"Lead","Field":"Lead.New__c","PermissionsRead":true,"PermissionsEdit":true})");
  EXPECT_NE(org.get("/sobjects/Lead/describe").text.find("New__c"), std::string::npos);
}

TEST(SalesforceFaults, SpeakAsSalesforceDoes) {
  salesforce_account org;
  for (const auto& [kind, status] : {std::pair{"429_burst", 403}, {"429_daily", 403}, {"503", 503}, {"500", 500}, {"401", 401}, {"403_html", 403}}) {
    org.admin("POST", "faults", R"({"kind":")" + std::string(kind) + "\"}");
    EXPECT_EQ(org.get("/sobjects").status, status) << kind;
  }
}

TEST(SalesforceIngest, WorksOffAnUploadAndTellsEachRow) {
  salesforce_account org;
  org.add_key();
  EXPECT_EQ(org.post("/jobs/ingest", R"({"object":"Lead","operation":"upsert","externalIdFieldName":"Email"})").status, 400) << "not an external id";
  const auto opened = org.post("/jobs/ingest", R"({"object":"Lead","operation":"upsert","externalIdFieldName":"Key__c","contentType":"CSV","lineEnding":"LF"})");
  EXPECT_EQ(opened.at("/state"), "Open");
  const auto job = "/jobs/ingest/" + opened.at("/id");
  EXPECT_EQ(opened.at("/contentUrl"), "services/data/v62.0" + job + "/batches");
  EXPECT_EQ(org.patch(job, R"({"state":"UploadComplete"})").status, 400) << "nothing was uploaded";
  const std::string rows = "Key__c,LastName,Company,Title,AnnualRevenue\nk1,\"Doe, \"\"J\"\"\",Acme,Boss,\nk2,,Acme,,\nk3,Roe,Acme,,much\n";
  EXPECT_EQ(org.send("PUT", org.api + job + "/batches", rows, "text/csv").status, 201);
  EXPECT_EQ(org.send("PUT", org.api + job + "/batches", rows, "text/csv").status, 400) << "one upload";
  EXPECT_EQ(org.patch(job, R"({"state":"UploadComplete"})").at("/state"), "UploadComplete");
  EXPECT_EQ(org.get(job + "/successfulResults/").status, 400);
  org.now += 700ms;
  EXPECT_EQ(org.get(job).at("/state"), "InProgress");
  org.now += 400ms;
  const auto done = org.get(job);
  EXPECT_EQ(done.at("/state"), "JobComplete");
  EXPECT_EQ(done.at("/numberRecordsFailed"), "2");
  const auto succeeded = org.get(job + "/successfulResults/").text;
  EXPECT_TRUE(succeeded.starts_with("\"sf__Id\",\"sf__Created\",\"Key__c\",\"LastName\"")) << succeeded;
  EXPECT_NE(succeeded.find("\"true\",\"k1\",\"Doe, \"\"J\"\"\""), std::string::npos) << succeeded;
  const auto failed = org.get(job + "/failedResults/").text;
  EXPECT_NE(failed.find("\"\",\"REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --\",\"k2\""), std::string::npos) << failed;
  EXPECT_NE(failed.find("INVALID_FIELD:Failed to deserialize field at col 4. Due to, 'much' is not a valid value for the type xsd:"), std::string::npos) << failed;
  EXPECT_EQ(org.get("/sobjects/Lead/Key__c/k1").at("/Title"), "Boss");
}

TEST(SalesforceIngest, AnEmptyCellIsLeftAloneAndAWrongHeaderFailsTheJob) {
  salesforce_account org;
  org.add_key();
  EXPECT_EQ(org.patch("/sobjects/Lead/Key__c/k1", R"({"LastName":"Doe","Company":"Acme","Title":"Boss","City":"Ulm"})").status, 201);
  const auto run = [&](const std::string& rows) {
    const auto job = "/jobs/ingest/" + org.post("/jobs/ingest", R"({"object":"Lead","operation":"upsert","externalIdFieldName":"Key__c"})").at("/id");
    org.send("PUT", org.api + job + "/batches", rows, "text/csv");
    org.patch(job, R"({"state":"UploadComplete"})");
    org.now += 2s;
    return org.get(job);
  };
  EXPECT_EQ(run("Key__c,LastName,Company,Title,City\nk1,Doe,Acme,,#N/A\n").at("/numberRecordsFailed"), "0");
  EXPECT_EQ(org.get("/sobjects/Lead/Key__c/k1").at("/Title"), "Boss");
  EXPECT_EQ(org.get("/sobjects/Lead/Key__c/k1").at("/City"), "null");
  const auto failed = run("Key__c,LastName,Company,Titel\nk2,Doe,Acme,x\n");
  EXPECT_EQ(failed.at("/state"), "Failed");
  EXPECT_EQ(failed.at("/errorMessage"), "InvalidBatch : Field name not found : Titel");
  EXPECT_EQ(org.get("/jobs/ingest/" + failed.at("/id") + "/unprocessedrecords/").text, "\"Key__c\",\"LastName\",\"Company\",\"Titel\"\n\"k2\",\"Doe\",\"Acme\",\"x\"\n");
}

TEST(SalesforceIngest, WritesNothingOnceItIsAborted) {
  salesforce_account org;
  org.add_key();
  const auto job = "/jobs/ingest/" + org.post("/jobs/ingest", R"({"object":"Lead","operation":"upsert","externalIdFieldName":"Key__c"})").at("/id");
  org.send("PUT", org.api + job + "/batches", "Key__c,LastName,Company\nk1,Doe,Acme\n", "text/csv");
  org.patch(job, R"({"state":"UploadComplete"})");
  EXPECT_EQ(org.patch(job, R"({"state":"Aborted"})").at("/state"), "Aborted");
  org.now += 5s;
  EXPECT_EQ(org.get(job).at("/state"), "Aborted");
  EXPECT_EQ(org.get("/sobjects/Lead/Key__c/k1").status, 404);
  EXPECT_EQ(org.patch(job, R"({"state":"UploadComplete"})").status, 400);
}

TEST(SalesforceIngest, AssignsByTheRuleThatTheJobNames) {
  salesforce_account org;
  org.add_key();
  const auto queue = org.admin("GET", "ids").at("/queue");
  org.admin("PUT", "options", R"({"assignment_owner":")" + queue + "\"}");
  const auto rule = org.get("/query?q=SELECT+Id+FROM+AssignmentRule+WHERE+SobjectType='Lead'+AND+Active=true").at("/records/0/Id");
  const auto owner_of = [&](const std::string& key, const std::string& more) {
    const auto job = "/jobs/ingest/" + org.post("/jobs/ingest", R"({"object":"Lead","operation":"upsert","externalIdFieldName":"Key__c")" + more + "}").at("/id");
    org.send("PUT", org.api + job + "/batches", "Key__c,LastName,Company\n" + key + ",Doe,Acme\n", "text/csv");
    org.patch(job, R"({"state":"UploadComplete"})");
    org.now += 2s;
    org.get(job);
    return org.get("/sobjects/Lead/Key__c/" + key).at("/OwnerId");
  };
  EXPECT_NE(owner_of("k1", ""), queue);
  EXPECT_EQ(owner_of("k2", R"(,"assignmentRuleId":")" + rule + "\""), queue);
  EXPECT_EQ(org.post("/jobs/ingest", R"({"object":"Lead","operation":"insert","assignmentRuleId":"01Q5e0000000009AAA"})").status, 400);
}

TEST(SalesforceRecordType, NarrowsPicklists) {
  salesforce_account org;
  org.admin("PUT", "fields/Lead/LeadSource", R"({"restricted":true,"options":["Web","Other"]})");
  org.admin("PUT", "record_types/Lead", R"([{"developer_name":"Event","default":true,"options":{"LeadSource":["Web"]}},{"developer_name":"Rest"}])");
  const auto described = org.get("/sobjects/Lead/describe");
  EXPECT_EQ(described.at("/recordTypeInfos/0/defaultRecordTypeMapping"), "true");
  const auto event = described.at("/recordTypeInfos/0/recordTypeId"), rest = described.at("/recordTypeInfos/1/recordTypeId");
  EXPECT_EQ(org.get("/ui-api/object-info/Lead/picklist-values/" + event).at("/picklistFieldValues/LeadSource/values"),
            R"([{"attributes":null,"label":"Web","validFor":[],"value":"Web"}])");
  EXPECT_NE(org.get("/ui-api/object-info/Lead/picklist-values/012000000000000AAA").text.find("\"Other\""), std::string::npos);
  const std::string lead = R"({"LastName":"Doe","Company":"Acme","LeadSource":"Other")";
  EXPECT_EQ(org.post("/sobjects/Lead", lead + "}").at("/0/errorCode"), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
  EXPECT_EQ(org.post("/sobjects/Lead", lead + R"(,"RecordTypeId":")" + rest + "\"}").status, 201);
}

}  // namespace
}  // namespace leadsync::simulator
