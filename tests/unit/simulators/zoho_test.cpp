#include "zoho_account.h"

namespace leadsync::simulator {
namespace {

using namespace std::chrono_literals;

constexpr auto ada = R"({"Last_Name":"Lovelace","Company":"Acme","Email":"ada@x.example"})";

TEST(ZohoTokens, AreRefusedWith200AndCountedInTenMinutes) {
  zoho_account crm;
  EXPECT_EQ(crm.refresh("of-another-data-centre").text, R"({"error":"invalid_code"})");
  EXPECT_EQ(crm.refresh("of-another-data-centre").status, 200);
  EXPECT_EQ(crm.refresh().at("/api_domain"), "http://127.0.0.1:8090");
  for (int i = 0; i < 9; ++i) EXPECT_NE(crm.refresh().at("/access_token"), "(none)");
  EXPECT_EQ(crm.refresh().status, 400);
  EXPECT_EQ(crm.refresh().at("/error"), "Access Denied");
  crm.now += 10min;
  EXPECT_EQ(crm.refresh().status, 200);
}

TEST(ZohoTokens, LiveAnHourFifteenAtOnceAndAreNoBearers) {
  zoho_account crm;
  (void)crm.put("/_simulator/tokens", R"({"refresh_limit":0})");
  const auto token = crm.refresh().at("/access_token");
  crm.authorization = "Bearer " + token;
  EXPECT_EQ(crm.get("/crm/v8/org").at("/code"), "INVALID_TOKEN");
  crm.authorization = "Zoho-oauthtoken " + token;
  EXPECT_EQ(crm.get("/crm/v8/org").status, 200);
  for (int i = 0; i < 14; ++i) (void)crm.refresh();
  EXPECT_EQ(crm.get("/crm/v8/org").status, 200);
  (void)crm.refresh();
  EXPECT_EQ(crm.get("/crm/v8/org").status, 401) << "the sixteenth kills the first";
  crm.authorization = "Zoho-oauthtoken " + crm.refresh().at("/access_token");
  crm.now += 1h;
  EXPECT_EQ(crm.get("/crm/v8/org").status, 401);
}

TEST(ZohoTokens, NeedTheScopeOfModuleAndOperation) {
  zoho_account crm;
  (void)crm.put("/_simulator/scopes", R"({"scopes":["ZohoCRM.modules.leads.READ"]})");
  EXPECT_EQ(crm.get("/crm/v8/Leads?fields=Email").status, 204);
  EXPECT_EQ(crm.upsert(ada).at("/code"), "OAUTH_SCOPE_MISMATCH");
  EXPECT_EQ(crm.get("/crm/v8/Contacts?fields=Email").status, 401);
}

TEST(ZohoUpsert, MatchesInTheOrderOfTheCheckFields) {
  zoho_account crm;
  (void)crm.put("/_simulator/fields/Leads/Sync_ID", R"({"data_type":"text","length":50,"unique":true})");
  const auto made = crm.upsert(ada);
  EXPECT_EQ(made.status, 200);
  EXPECT_EQ(made.at("/data/0/action") + made.at("/data/0/duplicate_field"), "insertnull");
  EXPECT_EQ(made.at("/data/0/details/id"), "111111000000095002") << "the field took one";
  const auto again = crm.upsert(R"({"Last_Name":"L","Company":"A","Email":"ADA@x.example","Sync_ID":"k1"})", R"(,"duplicate_check_fields":["Sync_ID","Email"])");
  EXPECT_EQ(again.at("/data/0/action") + again.at("/data/0/duplicate_field"), "updateEmail");
  const auto by_key = crm.upsert(R"({"Last_Name":"L","Company":"A","Email":"new@x.example","Sync_ID":"k1"})", R"(,"duplicate_check_fields":["Sync_ID","Email"])");
  EXPECT_EQ(by_key.at("/data/0/duplicate_field"), "Sync_ID");
  EXPECT_EQ(crm.get("/_simulator/objects/Leads?count=1").at("/count"), "1");
  const auto taken = crm.post("/crm/v8/Leads", R"({"data":[{"Last_Name":"M","Company":"A","Sync_ID":"K1"}]})");
  EXPECT_EQ(taken.status, 400);
  EXPECT_EQ(taken.at("/data/0/code"), "DUPLICATE_DATA");
  EXPECT_EQ(taken.at("/data/0/details/duplicate_record/id"), made.at("/data/0/details/id"));
  EXPECT_EQ(crm.upsert(ada, R"(,"duplicate_check_fields":["City"])").at("/details/api_name"), "duplicate_check_fields");
}

TEST(ZohoUpsert, AnswersInTheOrderOfTheRowsWith207WhereSomeFail) {
  zoho_account crm;
  const std::string rows = std::string(ada) + R"(,{"Last_Name":"B","Company":")" + std::string(201, 'x') + R"("})";
  const auto mixed = crm.upsert(rows);
  EXPECT_EQ(mixed.status, 207);
  EXPECT_EQ(mixed.at("/data/0/status") + mixed.at("/data/1/status"), "successerror");
  EXPECT_EQ(mixed.at("/data/1"), R"({"code":"INVALID_DATA","details":{"maximum_length":200,"api_name":"Company","json_path":"$.data[1].Company"},"message":"invalid data","status":"error"})");
  (void)crm.put("/_simulator/options", R"({"mixed_status":200})");
  EXPECT_EQ(crm.upsert(rows).status, 200);
  EXPECT_EQ(crm.upsert(R"({"Company":"A"})").status, 400);
  std::string many = ada;
  for (int i = 0; i < 100; ++i) many += std::string(",") + ada;
  EXPECT_EQ(crm.upsert(many).at("/code"), "LIMIT_EXCEEDED");
  EXPECT_EQ(crm.post("/crm/v8/Leads/upsert", "{}").at("/details/expected_data_type"), "jsonarray");
}

struct refused_value {
  std::string values, code, detail;
};

TEST(ZohoValues, AreCheckedByTheirType) {
  zoho_account crm;
  (void)crm.put("/_simulator/fields/Leads/When", R"({"data_type":"date"})");
  const refused_value table[] = {
      {R"("Email":"ada at x")", "INVALID_DATA", "email"}, {R"("No_of_Employees":"50")", "INVALID_DATA", "integer"},
      {R"("Email_Opt_Out":"true")", "INVALID_DATA", "boolean"}, {R"("When":"25.11.2026")", "INVALID_DATA", "date"},
      {R"("Met_At":"2026-11-25T10:00:00Z")", "INVALID_DATA", "datetime"}, {R"("Lead_Source":"Nowhere")", "INVALID_DATA", "picklist"},
      {R"("Interests":"Pumps")", "INVALID_DATA", "jsonarray"}, {R"("Interests":["Pumps","Nope"])", "INVALID_DATA", "multiselectpicklist"},
      {R"("Owner":"A B")", "INVALID_DATA", "jsonobject"}, {R"("Last_Name":null)", "MANDATORY_NOT_FOUND", "(none)"}};
  for (const auto& [values, code, detail] : table) {
    const auto answer = crm.upsert(R"({"Last_Name":"L","Company":"A",)" + values + "}");
    EXPECT_EQ(answer.at("/data/0/code"), code) << values;
    EXPECT_EQ(answer.at("/data/0/details/expected_data_type"), detail) << values;
  }
  const auto several = crm.upsert(R"({"Company":"A","No_of_Employees":"x"})");
  EXPECT_EQ(several.at("/data/0/code"), "MULTIPLE_OR_MULTI_ERRORS");
  EXPECT_EQ(several.at("/data/0/details/errors/1/code"), "MANDATORY_NOT_FOUND");
  EXPECT_EQ(crm.upsert(R"({"Last_Name":"L","Company":"A","Met_At":"2026-11-25T10:00:00+00:00","Interests":["Pumps"],"Full_Name":"ignored"})").status, 200);
  EXPECT_EQ(crm.get("/crm/v8/Leads?fields=Met_At,Full_Name,Nope").at("/data/0/Met_At"), "2026-11-25T15:30:00+05:30");
  EXPECT_EQ(crm.get("/crm/v8/Leads?fields=Met_At,Nope").at("/data/0/Nope"), "(none)");
}

TEST(ZohoValues, UnknownFieldsAndOptionsFollowTheSwitches) {
  zoho_account crm;
  const auto odd = R"({"Last_Name":"L","Company":"A","Nope":"x"})";
  EXPECT_EQ(crm.upsert(odd).status, 200);
  (void)crm.put("/_simulator/options", R"({"unknown_fields":"reject","unknown_values":"drop"})");
  EXPECT_EQ(crm.upsert(odd).at("/data/0/message"), "the field api name given seems to be invalid");
  const auto dropped = crm.upsert(R"({"Last_Name":"L","Company":"A","Lead_Source":"Nowhere"})");
  const auto id = dropped.at("/data/0/details/id");
  EXPECT_EQ(crm.get("/crm/v8/Leads/" + id).at("/data/0/Lead_Source"), "null");
}

TEST(ZohoRecords, ThatAreLockedOrGoneRefuseToChange) {
  zoho_account crm;
  const auto id = crm.upsert(ada).at("/data/0/details/id");
  (void)crm.put("/_simulator/objects/Leads/" + id, R"({"locked":true})");
  EXPECT_EQ(crm.upsert(ada).at("/data/0/code"), "RECORD_LOCKED");
  (void)crm.put("/_simulator/objects/Leads/" + id, R"({"locked":false,"converted":true})");
  EXPECT_EQ(crm.upsert(ada).at("/data/0/action"), "insert") << "a converted lead is not looked at";
  EXPECT_EQ(crm.send("DELETE", "/crm/v8/Leads/" + id).at("/data/0/message"), "record deleted");
  const auto gone = crm.put("/crm/v8/Leads", R"({"data":[{"id":")" + id + R"(","City":"Ulm"}]})");
  EXPECT_EQ(gone.at("/data/0/message"), "the id given seems to be invalid");
  EXPECT_EQ(crm.get("/crm/v8/Leads/" + id).status, 204);
}

TEST(ZohoNotes, BelongToARecordAndAreNeverMatched) {
  zoho_account crm;
  const auto id = crm.upsert(ada).at("/data/0/details/id");
  const auto note = R"({"data":[{"Note_Content":"Call","Parent_Id":{"module":{"api_name":"Leads"},"id":")" + id + R"("}}]})";
  EXPECT_EQ(crm.post("/crm/v8/Notes", note).status, 201);
  EXPECT_EQ(crm.post("/crm/v8/Notes", note).status, 201);
  EXPECT_EQ(crm.get("/crm/v8/Leads/" + id + "/Notes?fields=Note_Content").at("/info/count"), "2");
  EXPECT_EQ(crm.get("/_simulator/duplicates").at("/count"), "1");
  EXPECT_EQ(crm.post("/crm/v8/Leads/" + id + "/Notes", R"({"data":[{}]})").at("/data/0/message"), "should contain either content or title");
  EXPECT_EQ(crm.post("/crm/v8/Notes", R"({"data":[{"Note_Content":"x","Parent_Id":{"module":{"api_name":"Leads"},"id":"1"}}]})").at("/data/0/details/api_name"), "id");
}

TEST(ZohoCoql, FindsByUniqueFieldsAndRefusesWhatItCannotRead) {
  zoho_account crm;
  (void)crm.upsert(R"({"Last_Name":"O'Neil","Company":"A","Email":"o'neil@x.example"})");
  const auto ask = [&](const std::string& query) { return crm.post("/crm/v8/coql", json::serialize(json::object{{"select_query", query}})); };
  EXPECT_EQ(ask(R"(select Last_Name from Leads where Email in ('a@b','o\'neil@x.example') or Last_Name = 'None' limit 2)").at("/data/0/Last_Name"), "O'Neil");
  EXPECT_EQ(ask("select Last_Name from Leads where Email = 'nobody'").status, 204);
  EXPECT_EQ(ask("select Last_Name from Leads where Email in ('o'neil@x.example')").at("/code"), "SYNTAX_ERROR");
  EXPECT_EQ(ask("select Nope from Leads where Email = 'x'").at("/code"), "INVALID_QUERY");
  EXPECT_EQ(ask("select Email from Nowhere where Email = 'x'").at("/code"), "INVALID_MODULE");
}

TEST(ZohoTags, AreMadeAndAddedOnce) {
  zoho_account crm;
  const auto id = crm.upsert(ada).at("/data/0/details/id");
  const auto tag = [&](const std::string& name) { return crm.post("/crm/v8/Leads/actions/add_tags", R"({"tags":[{"name":")" + name + R"("}],"ids":[")" + id + R"("]})"); };
  EXPECT_EQ(tag("Fair").at("/locked_count"), "0");
  EXPECT_EQ(tag("Fair").status, 200);
  EXPECT_EQ(crm.get("/_simulator/objects/Leads").at("/results/0/tags"), R"(["Fair"])");
  EXPECT_EQ(tag(std::string(26, 'x')).at("/details/maximum_length"), "25");
}

TEST(ZohoCredits, AreOnePerTenRecordsAndShownBelowHalf) {
  zoho_account crm;
  (void)crm.put("/_simulator/limits", R"({"credits":{"amount":10}})");
  std::string rows = R"({"Last_Name":"L","Company":"A"})";
  for (int i = 0; i < 39; ++i) rows += R"(,{"Last_Name":"L","Company":"A"})";
  EXPECT_EQ(crm.upsert(rows).header("X-API-CREDITS-REMAINING"), "");
  EXPECT_EQ(crm.get("/crm/v8/org").header("X-API-CREDITS-REMAINING"), "5");
  EXPECT_EQ(crm.upsert(rows).header("X-API-CREDITS-REMAINING"), "1");
  const auto refused = crm.upsert(rows);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.at("/code"), "TOO_MANY_REQUESTS");
  EXPECT_EQ(crm.get("/crm/v8/org").status, 200);
  crm.now += 24h;
  EXPECT_EQ(crm.upsert(rows).status, 200);
}

TEST(ZohoSettings, DescribeFieldsAndMakeThem) {
  zoho_account crm;
  const auto made = crm.post("/crm/v8/settings/fields?module=Leads", R"({"fields":[{"field_label":"leadsync key","data_type":"text","length":100,"unique":{"case_sensitive":false}}]})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(crm.get("/_simulator/fields/Leads/leadsync_key").at("/unique"), R"({"case_sensitive":false})");
  EXPECT_EQ(crm.post("/crm/v8/settings/fields?module=Leads", R"({"fields":[{"field_label":"leadsync key","data_type":"text"}]})").at("/fields/0/code"), "DUPLICATE_DATA");
  EXPECT_EQ(crm.get("/crm/v8/settings/fields?module=Nowhere").text, R"({"code":"INVALID_MODULE","details":{},"message":"the module name given seems to be invalid","status":"error"})");
  EXPECT_EQ(crm.get("/crm/v8/settings/layouts?module=Leads").at("/layouts/0/sections/0/fields/0/required"), "true");
  EXPECT_EQ(crm.get("/crm/v8/Leads").at("/code"), "REQUIRED_PARAM_MISSING");
  EXPECT_EQ(crm.get("/crm/v8/Nowhere?fields=x").at("/code"), "INVALID_MODULE");
  EXPECT_EQ(crm.get("/nowhere").status, 404);
}

TEST(ZohoFaults, AreInZohosWordsOrTakeARow) {
  zoho_account crm;
  (void)crm.post("/_simulator/faults", R"({"kind":"hidden_row"})");
  const auto short_answer = crm.upsert(std::string(ada) + R"(,{"Last_Name":"B","Company":"B"})");
  EXPECT_EQ(short_answer.body.at("data").as_array().size(), 1u);
  EXPECT_EQ(crm.get("/_simulator/objects/Leads?count=1").at("/count"), "2");
  (void)crm.post("/_simulator/faults", R"({"kind":"429_burst"})");
  EXPECT_EQ(crm.upsert(ada).at("/details/retry_after"), "1");
  EXPECT_EQ(crm.get("/_simulator/requests").at("/requests/0/path"), "/crm/v8/Leads/upsert");
}

}  // namespace
}  // namespace leadsync::simulator
