#include "pipedrive_account.h"

namespace leadsync::simulator {
namespace {

using namespace std::chrono_literals;

constexpr auto ada = R"({"name":"Ada Lovelace","emails":[{"value":"ada@example.test"}]})";
constexpr auto search_ada = "/api/v2/persons/search?term=ADA%40example.test&fields=email&exact_match=true";

TEST(PipedriveAccess, KnowsItsVersionsByTheirPaths) {
  pipedrive_account crm;
  EXPECT_EQ(crm.get("/api/v2/persons").status, 200);
  EXPECT_EQ(crm.get("/v2/persons").status, 404);
  EXPECT_EQ(crm.get("/v1/persons").status, 404);
  EXPECT_EQ(crm.get("/api/v2/leadLabels").status, 404);
  EXPECT_EQ(crm.get("/v1/leadLabels").status, 200);
  EXPECT_EQ(crm.get("/api/v1/leadLabels").status, 200);
}

TEST(PipedriveAccess, TakesAnApiTokenInItsHeaderOrQueryAndNotAsABearer) {
  pipedrive_account crm;
  crm.authorization = {};
  EXPECT_EQ(crm.get("/v1/users/me").text, R"({"success":false,"error":"unauthorized access","errorCode":401,"error_info":"Please check developers.pipedrive.com"})");
  EXPECT_EQ(crm.get("/v1/users/me?api_token=api-token").status, 200);
  crm.authorization = {{"authorization", "Bearer api-token"}};
  EXPECT_EQ(crm.get("/v1/users/me").at("/error"), "Invalid token: access_token is invalid");
  crm.authorization = {{"authorization", "api-token"}};
  EXPECT_EQ(crm.get("/v1/users/me").status, 400);
}

TEST(PipedriveAccess, RefreshesGiveTheSameRefreshTokenAndAnAccessTokenThatExpires) {
  pipedrive_account crm;
  const std::string form = "grant_type=refresh_token&refresh_token=simulator-refresh";
  crm.authorization = {{"authorization", "Basic c2ltdWxhdG9yLWNsaWVudDpzaW11bGF0b3Itc2VjcmV0"}};
  const auto granted = crm.send("POST", "/oauth/token", form, "application/x-www-form-urlencoded");
  EXPECT_EQ(granted.at("/refresh_token"), "simulator-refresh");
  EXPECT_EQ(granted.at("/api_domain"), "https://example-events.pipedrive.com");
  crm.authorization = {{"authorization", "Bearer " + granted.at("/access_token")}};
  EXPECT_EQ(crm.get("/api/v2/persons").status, 200);
  (void)crm.put("/_simulator/scopes", R"({"remove":["contacts:full"]})");
  EXPECT_EQ(crm.get("/api/v2/persons").at("/error"), "Scope and URL mismatch");
  EXPECT_EQ(crm.get("/v1/leads").status, 200);
  crm.now += 3599s;
  EXPECT_EQ(crm.get("/v1/leads").status, 401);
  crm.authorization = {};
  EXPECT_EQ(crm.send("POST", "/oauth/token", form + "&client_id=simulator-client&client_secret=wrong", "application/x-www-form-urlencoded").at("/error"), "Invalid client: client is invalid");
  EXPECT_EQ(crm.send("POST", "/oauth/token", "", "application/x-www-form-urlencoded").at("/error"), "Missing parameter: grant_type");
}

TEST(PipedriveRecords, AreStrictInV2AndTellAllFaultsAtOnce) {
  pipedrive_account crm;
  const auto rating = crm.code("person", "Lead Rating");
  const auto refused = crm.post("/api/v2/persons", R"({"name":"Ada","owner_id":"101","title":"x","custom_fields":{"title":"x","RATING":"Hot"}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.at("/code"), "ERR_SCHEMA_VALIDATION_FAILED");
  EXPECT_EQ(refused.at("/error"), "Validation failed: owner_id: Expected 'number'; title: Parameter 'title' is not allowed for this request; custom_fields: Unknown key 'title'; custom_fields: Unknown key 'RATING'");
  const auto label = crm.post("/api/v2/persons", R"({"name":"Ada","custom_fields":{")" + rating + R"(":"Hot"}})");
  EXPECT_TRUE(label.at("/error").starts_with("Validation failed: custom_fields: Expected 'number' as value for single option custom field"));
  EXPECT_EQ(label.at("/field_code"), rating);
  EXPECT_EQ(crm.get("/api/v2/persons?include_fields=x&page=2").at("/error"), "Validation failed: page: Parameter 'page' is not allowed");
  EXPECT_EQ(crm.get("/api/v2/persons?updated_since=2025-11-25T20:00:00.000Z").status, 400);
  EXPECT_EQ(crm.get("/_simulator/objects/persons?count=1").at("/count"), "0");
}

TEST(PipedriveRecords, WithAnotherContentTypeHaveAnEmptyBody) {
  pipedrive_account crm;
  EXPECT_EQ(crm.send("POST", "/api/v2/persons", ada, "text/plain").at("/error"), "Name must be given.");
}

TEST(PipedriveRecords, OfContactSyncAreForbiddenWhereItIsOff) {
  pipedrive_account crm;
  EXPECT_EQ(crm.post("/api/v2/persons", R"({"name":"Ada","job_title":"Engineer"})").status, 403);
  (void)crm.put("/_simulator/options", R"({"contact_sync":true})");
  EXPECT_EQ(crm.post("/api/v2/persons", R"({"name":"Ada","job_title":"Engineer"})").at("/data/job_title"), "Engineer");
}

TEST(PipedriveRecords, AreChangedByWhatIsSentAndDeletedSoftly) {
  pipedrive_account crm;
  const auto id = crm.create("/api/v2/persons", ada);
  const auto changed = crm.patch("/api/v2/persons/" + id, R"({"name":"Ada King"})");
  EXPECT_EQ(changed.at("/data/last_name"), "King");
  EXPECT_EQ(changed.at("/data/emails/0"), R"({"value":"ada@example.test","label":"work","primary":true})");
  EXPECT_EQ(changed.at("/data/org_id"), "null");
  EXPECT_EQ(crm.send("DELETE", "/api/v2/persons/" + id).at("/data/id"), id);
  EXPECT_EQ(crm.get("/api/v2/persons/" + id).status, 404);
  EXPECT_EQ(crm.get("/_simulator/objects/persons?archived=true").at("/results/0/is_deleted"), "true");
}

TEST(PipedriveRecords, ComeInPagesByCursor) {
  pipedrive_account crm;
  for (int i = 0; i < 5; ++i) (void)crm.create("/api/v2/organizations", R"({"name":"Firm )" + std::to_string(i) + "\"}");
  const auto first = crm.get("/api/v2/organizations?limit=2&sort_by=add_time&sort_direction=desc&updated_since=2025-11-25T20:00:00Z");
  EXPECT_EQ(first.at("/data/0/name"), "Firm 4");
  const auto last = crm.get("/api/v2/organizations?limit=4&cursor=" + crm.get("/api/v2/organizations?limit=4").at("/additional_data/next_cursor"));
  EXPECT_EQ(last.size("/data"), 1u);
  EXPECT_EQ(last.at("/additional_data/next_cursor"), "null");
}

TEST(PipedriveSearch, ShowsAWriteOnlyAfterItsLagAndListsShowItAtOnce) {
  pipedrive_account crm;
  const auto id = crm.create("/api/v2/persons", ada);
  EXPECT_EQ(crm.get(search_ada).size("/data/items"), 0u);
  EXPECT_EQ(crm.get("/api/v2/persons?updated_since=2025-11-25T20:00:00Z").size("/data"), 1u);
  crm.now += 3s;
  EXPECT_EQ(crm.get(search_ada).at("/data/items/0/item/id"), id);
  (void)crm.send("DELETE", "/api/v2/persons/" + id);
  EXPECT_EQ(crm.get(search_ada).size("/data/items"), 1u) << "nor does it forget at once";
  crm.now += 3s;
  EXPECT_EQ(crm.get(search_ada).size("/data/items"), 0u);
}

TEST(PipedriveSearch, HasTextFieldsOnlyAndRulesOfCaseAndLength) {
  pipedrive_account crm;
  const auto booth = crm.code("person", "Booth"), rating = crm.code("person", "Lead Rating");
  (void)crm.create("/api/v2/persons", R"({"name":"Ada","custom_fields":{")" + booth + R"(":"Key-A",")" + rating + "\":" + crm.option("person", "Lead Rating") + "}}");
  crm.now += 3s;
  EXPECT_EQ(crm.get("/api/v2/persons/search?term=key-a&fields=custom_fields&exact_match=true").size("/data/items"), 1u);
  EXPECT_EQ(crm.get("/api/v2/itemSearch/field?entity_type=person&match=exact&term=key-a&field=" + booth).size("/data"), 0u);
  EXPECT_EQ(crm.get("/api/v2/itemSearch/field?entity_type=person&match=exact&term=Key-A&field=" + booth).size("/data"), 1u);
  EXPECT_EQ(crm.get("/api/v2/persons/search?exact_match=true&fields=custom_fields&term=" + crm.option("person", "Lead Rating")).size("/data/items"), 0u);
  EXPECT_EQ(crm.get("/api/v2/persons/search?term=A").status, 400);
}

TEST(PipedriveLeads, WantATitleAndAPersonOrAnOrganization) {
  pipedrive_account crm;
  EXPECT_EQ(crm.post("/v1/leads", R"({"title":"Ada"})").at("/error"), R"(One of the "person_id" or "organization_id" must be set.)");
  EXPECT_EQ(crm.post("/v1/leads", R"({"title":"Ada","person_id":5})").status, 404);
  const auto person = crm.create("/api/v2/persons", ada);
  EXPECT_EQ(crm.post("/v1/leads", R"({"title":")" + std::string(256, 'x') + R"(","person_id":)" + person + "}").at("/error"), R"("title" length must be less than or equal to 255 characters long)");
  EXPECT_EQ(crm.post("/v1/leads", R"({"title":"Ada","value":{"amount":5},"person_id":)" + person + "}").status, 400);
  const auto made = crm.post("/v1/leads", R"({"title":"Ada","origin_id":"k","person_id":")" + person + "\"}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.at("/data/id").size(), 36u);
  EXPECT_EQ(made.at("/data/person_id"), person);
  EXPECT_EQ(made.at("/data/add_time"), "2025-11-25T20:00:00.500Z");
  EXPECT_EQ(made.at("/data/visible_to"), "3");
}

TEST(PipedriveLeads, LoseInSilenceWhatV1DoesNotKnow) {
  pipedrive_account crm;
  const auto person = crm.create("/api/v2/persons", ada);
  const auto timeline = crm.code("deal", "Timeline"), products = crm.code("deal", "Products"), event = crm.code("deal", "Event");
  const auto made = crm.post("/v1/leads", R"({"title":"Ada","person_id":)" + person + R"(,"foo":1,"custom_fields":{")" + event + R"(":"lost"},")" + timeline + R"(":"Next quarter",")" +
                                              products + R"(":"Scanner,)" + crm.option("deal", "Products", 1) + "\"}");
  EXPECT_EQ(made.status, 201);
  for (const auto& lost : {std::string("foo"), std::string("custom_fields"), event, timeline}) EXPECT_EQ(made.at("/data/" + lost), "(none)");
  EXPECT_EQ(made.at("/data/" + products), crm.option("deal", "Products", 1));
}

TEST(PipedriveLeads, ThatAreConvertedOrArchivedLeaveTheList) {
  pipedrive_account crm;
  const auto person = crm.create("/api/v2/persons", ada);
  const auto body = R"({"title":"Ada","person_id":)" + person + "}";
  const auto converted = crm.create("/v1/leads", body), archived = crm.create("/v1/leads", body);
  (void)crm.patch("/v1/leads/" + archived, R"({"is_archived":true})");
  const auto conversion = crm.post("/api/v2/leads/" + converted + "/convert/deal", "").at("/data/conversion_id");
  EXPECT_EQ(crm.get("/api/v2/leads/" + converted + "/convert/status/" + conversion).at("/data/status"), "completed");
  EXPECT_EQ(crm.patch("/v1/leads/" + converted, R"({"title":"x"})").text, R"({"success":false,"error":"requested lead not found","error_info":"Object was not found.","data":null,"additional_data":null})");
  EXPECT_EQ(crm.get("/v1/leads?person_id=" + person).size("/data"), 0u);
  EXPECT_EQ(crm.get("/v1/leads/archived?person_id=" + person).size("/data"), 1u);
}

TEST(PipedriveNotes, HangOnSomethingAndLoseComments) {
  pipedrive_account crm;
  EXPECT_TRUE(crm.post("/v1/notes", R"({"content":"x"})").at("/error").starts_with("Note must be associated with at least one"));
  EXPECT_TRUE(crm.post("/v1/notes", R"({"content":"x","deal_id":9})").at("/error").starts_with("Cannot add/update note because deal does not exist"));
  const auto person = crm.create("/api/v2/persons", ada);
  const auto note = crm.post("/v1/notes", R"({"content":"<p>a</p><!-- key -->","person_id":)" + person + "}");
  EXPECT_EQ(note.status, 200);
  EXPECT_EQ(note.at("/data/content"), "<p>a</p>");
  EXPECT_EQ(crm.get("/v1/notes?person_id=" + person).size("/data"), 1u);
  EXPECT_EQ(crm.get("/v1/notes?person_id=77").size("/data"), 0u);
}

TEST(PipedriveFields, AreMadeAndGone) {
  pipedrive_account crm;
  const auto made = crm.post("/api/v2/personFields", R"({"field_name":"Sync ID","field_type":"varchar"})");
  const auto code = made.at("/data/field_code");
  EXPECT_EQ(code.size(), 40u);
  EXPECT_EQ(made.at("/data/is_custom_field"), "true");
  EXPECT_EQ(crm.post("/api/v2/personFields", R"({"field_name":"Kind","field_type":"enum"})").status, 400);
  EXPECT_EQ(crm.send("DELETE", "/api/v2/personFields/" + code).status, 200);
  const auto gone = crm.get("/api/v2/personFields/" + code);
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.text, R"({"success":false,"error":"The field is not found"})");
}

TEST(PipedriveLimits, CountTokensByCostAndRefuseUntilMidnight) {
  pipedrive_account crm;
  (void)crm.put("/_simulator/limits", R"({"daily":{"amount":30}})");
  EXPECT_EQ(crm.get("/v1/users/me").header("x-daily-ratelimit-token-remaining"), "28");
  EXPECT_EQ(crm.get(search_ada).header("x-daily-ratelimit-token-remaining"), "8");
  const auto refused = crm.get(search_ada);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.text, R"({"success":false,"error":"daily request budget exceeded","errorCode":429})");
  EXPECT_EQ(refused.header("retry-after"), std::to_string(4 * 3600));
  crm.now += 4h;
  EXPECT_EQ(crm.get(search_ada).status, 200);
}

TEST(PipedriveLimits, HaveABurstAndASearchWindowOfTheirOwn) {
  pipedrive_account crm;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":2},"search":{"amount":1}})");
  EXPECT_EQ(crm.get("/v1/users/me").header("x-ratelimit-remaining"), "1");
  EXPECT_EQ(crm.get(search_ada).status, 200);
  EXPECT_EQ(crm.get(search_ada).status, 429);
  EXPECT_EQ(crm.get("/v1/users/me").status, 200);
  const auto refused = crm.get("/v1/users/me");
  EXPECT_EQ(refused.text, R"({"success":false,"error":"Request over limit","errorCode":429})");
  EXPECT_EQ(refused.header("x-ratelimit-remaining") + refused.header("x-ratelimit-reset") + refused.header("retry-after"), "02");
  crm.now += 2s;
  EXPECT_EQ(crm.get("/v1/users/me").status, 200);
}

TEST(PipedriveLimits, ThatAreIgnoredBringTheGatewaysBlock) {
  pipedrive_account crm;
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":1}})");
  (void)crm.put("/_simulator/options", R"({"cloudflare_after":3,"cloudflare_seconds":60})");
  for (int i = 0; i < 5; ++i) (void)crm.get("/v1/users/me");
  const auto blocked = crm.get("/v1/users/me");
  EXPECT_EQ(blocked.status, 403);
  EXPECT_TRUE(blocked.text.starts_with("<!DOCTYPE html>"));
  crm.now += 60s;
  EXPECT_EQ(crm.get("/v1/users/me").status, 200);
}

TEST(PipedriveFaults, HaveItsWords) {
  pipedrive_account crm;
  const auto with = [&](std::string_view kind) {
    (void)crm.post("/_simulator/faults", R"({"kind":")" + std::string(kind) + R"(","path":"/v1/users"})");
    return crm.get("/v1/users/me");
  };
  EXPECT_EQ(with("500").text, R"({"success":false,"error":"Internal Server Error","code":"ERR_UNKNOWN"})");
  EXPECT_EQ(with("403_html").status, 403);
  EXPECT_EQ(with("429_daily").header("retry-after"), "3939");
  EXPECT_EQ(with("cut_after").how, delivery::cut);
  (void)crm.put("/_simulator/options", R"({"success_false_next":1})");
  const auto lie = crm.get("/v1/users/me");
  EXPECT_EQ(std::pair(lie.status, lie.at("/success")), std::pair(200, std::string("false")));
}

TEST(PipedriveAdmin, FindsDuplicates) {
  pipedrive_account crm;
  EXPECT_EQ(crm.get("/_simulator/duplicates").at("/count"), "0");
  (void)crm.create("/api/v2/persons", ada);
  (void)crm.create("/api/v2/persons", ada);
  EXPECT_EQ(crm.get("/_simulator/duplicates").at("/persons/0/ids"), R"(["1","2"])");
}

}  // namespace
}  // namespace leadsync::simulator
