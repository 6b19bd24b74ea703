#include "transcript.h"

namespace leadsync::pipedrive_test {
namespace {

constexpr std::string_view ada = R"({"id":7,"name":"Ada Lovelace","emails":[{"value":"ada@example.test","primary":true,"label":"work"}],"phones":[],"org_id":null,"is_deleted":false,"custom_fields":{}})";

TEST(Person, IsSearchedInTheIndexThenAmongWhatChangedAndOnlyThenCreated) {
  transcript talk(sync_job({lead_text{}}, {}, all_keys));
  const auto& search = talk.expect("GET", by_email);
  EXPECT_EQ(search.effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(search.header("x-api-token"), "{{secret:access_token}}");
  EXPECT_EQ(search.costs, (std::vector<std::pair<std::string, std::uint32_t>>{{"search", 1}, {"daily", 20}}));
  talk.answer(nobody());
  talk.expect("GET", std::string(recent_persons) + "&custom_fields=" + std::string(person_key));
  talk.answer(empty_list());
  const auto& create = talk.expect("POST", "/api/v2/persons");
  EXPECT_EQ(create.effect, LEADSYNC_EFFECT_BLIND_WRITE);
  EXPECT_EQ(create.leads, std::vector<std::uint32_t>{0});
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"name":"Ada Lovelace","emails":[{"value":"Ada@Example.test","primary":true,"label":"work"}],
    "custom_fields":{"1111111111111111111111111111111111111111":"key-0"}})"));
  talk.answer(found(std::string(ada)));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "7");
  EXPECT_EQ(talk.member(0, "person", "url"), "https://acme.pipedrive.com/person/7");
  EXPECT_EQ(talk.status(0, "note"), "skipped");
}

TEST(Person, ThatTheIndexDoesNotShowYetIsFoundInTheListAndNotCreatedAgain) {
  transcript talk(sync_job({lead_text{}}));
  talk.answer(nobody());
  talk.expect("GET", recent_persons);
  talk.answer(found("[" + std::string(ada) + "]"));
  talk.expect("GET", "/api/v2/persons/7");
  talk.answer(found(std::string(ada)));
  talk.expect_done();  // it has all that is mapped
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "7");
}

TEST(Person, WhomTheIndexStillShowsButWhoIsDeletedIsCreated) {
  transcript talk(sync_job({lead_text{}}));
  talk.answer(hits({R"({"id":7,"name":"Ada","emails":["ada@example.test"]})"}));
  talk.expect("GET", "/api/v2/persons/7");
  talk.answer(refused(404, "Entity was not found"));
  talk.expect("POST", "/api/v2/persons");
}

TEST(Person, OfAnUncertainAttemptIsLookedUpByOurKeyFirst) {
  transcript talk(sync_job({lead_text{.ambiguous = true}}, {}, all_keys));
  talk.expect("GET", "/api/v2/persons/search?term=key-0&fields=custom_fields&exact_match=true&limit=100");
  talk.answer(hits({R"({"id":7,"name":"Ada","emails":["other@example.test"]})"}));
  talk.expect("GET", "/api/v2/persons/7");
  talk.answer(found(R"({"id":7,"name":"Ada Lovelace","emails":[{"value":"other@example.test","primary":true,"label":"work"}],"is_deleted":false,"custom_fields":{"1111111111111111111111111111111111111111":"key-0"}})"));
  const auto& update = talk.expect("PATCH", "/api/v2/persons/7");
  EXPECT_EQ(update.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("emails").as_array().size(), 2u) << "what it has is sent along";
}

TEST(Person, WhoCannotBeToldFromOthersIsNeverWrittenAgain) {
  transcript talk(sync_job({lead_text{.person = field("name", "Ada"), .ambiguous = true}}));
  talk.answer(empty_list());
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "AMBIGUOUS_WRITE");
}

TEST(Person, WhoseCreationGotNoAnswerIsUncertain) {
  transcript talk(sync_job({lead_text{}}));
  talk.answer(nobody());
  talk.answer(empty_list());
  talk.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "person"), "AMBIGUOUS_WRITE");
  EXPECT_EQ(talk.status(0, "lead"), "");
}

TEST(Person, WithoutAnIdInA2xxIsNeverOk) {
  for (const auto* body : {R"({"success":true,"data":null})", R"({"success":true})", "<html>", ""}) {
    transcript talk(sync_job({lead_text{}}));
    talk.answer(nobody());
    talk.answer(empty_list());
    talk.answer(testkit::json(200, body));
    EXPECT_EQ(talk.category(0, "person"), "AMBIGUOUS_WRITE") << body;
  }
}

TEST(Person, OfSeveralTheOldestIsTakenWithAWarningOrItIsParked) {
  const auto both = [] { return hits({R"({"id":12,"emails":["ada@example.test"]})", R"({"id":7,"emails":["ada@example.test"]})"}); };
  transcript talk(sync_job({lead_text{}}));
  talk.answer(both());
  talk.expect("GET", "/api/v2/persons/7");
  talk.answer(found(std::string(ada)));
  EXPECT_NE(talk.member(0, "person", "warnings").find("SEVERAL_MATCHES"), std::string::npos);
  transcript parked(sync_job({lead_text{}}, {}, "{}", R"({"on_ambiguous_match":"fail"})"));
  parked.answer(both());
  EXPECT_EQ(parked.category(0, "person"), "AMBIGUOUS_MATCH");
}

TEST(Person, OfAKnownIdWhoIsGoneIsTold) {
  transcript talk(sync_job({lead_text{.remote_ids = R"({"person":"7"})"}}));
  talk.expect("GET", "/api/v2/persons/7");
  talk.answer(found(R"({"id":7,"is_deleted":true,"emails":[]})"));
  EXPECT_EQ(talk.category(0, "person"), "TARGET_GONE");
}

TEST(Person, WhoIsGoneIsLookedForAndMadeAgainWhereThatIsThePolicy) {
  transcript talk(sync_job({lead_text{.remote_ids = R"({"person":"7"})"}}, {}, "{}", R"({"on_target_gone":"recreate"})"));
  talk.answer(found(R"({"id":7,"is_deleted":true,"emails":[]})"));
  talk.answer(nobody());
  talk.answer(empty_list());
  talk.expect("POST", "/api/v2/persons");
  talk.answer(found(R"({"id":8,"emails":[{"value":"ada@example.test"}]})"));
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "8");
  EXPECT_NE(talk.member(0, "person", "warnings").find("RECREATED"), std::string::npos);
}

TEST(Person, KeepsWhatTheCrmHasWhereAFieldIsOnlyForEmptyOnes) {
  transcript talk(sync_job({lead_text{.person = R"({"name":{"type":"text","value":"A. L.","mode":"if_empty"},"phone":{"type":"phone","value":"+4930","mode":"if_empty"}})", .remote_ids = R"({"person":"7"})"}}));
  talk.answer(found(std::string(ada)));
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"phones":[{"value":"+4930","primary":true,"label":"work"}]})"));
}

TEST(Person, WithAnUnknownKeyIsFiledUnderItsField) {
  transcript talk(sync_job({lead_text{.person = R"({"email":{"type":"email","value":"ada@example.test","mode":"overwrite"},"946947d1b02fd3ef20798d6112ec5d895a686a21":{"type":"option","value":"3","mode":"overwrite"}})"}}));
  talk.answer(nobody());
  talk.answer(empty_list());
  EXPECT_EQ(talk.sent().at("custom_fields").at("946947d1b02fd3ef20798d6112ec5d895a686a21"), 3);
  talk.answer(refused(400, "Validation failed: custom_fields: Unknown key '946947d1b02fd3ef20798d6112ec5d895a686a21'", R"(,"code":"ERR_SCHEMA_VALIDATION_FAILED")"));
  EXPECT_EQ(talk.category(0, "person"), "MISSING_REMOTE_FIELD");
  EXPECT_EQ(talk.member(0, "person", "locus"), R"({"object":"person","remote_field":"946947d1b02fd3ef20798d6112ec5d895a686a21","value":"3"})");
}

TEST(Gateway, ThatBlocksThisMachineIsSentNothingMore) {
  transcript talk(sync_job({lead_text{}, lead_text{.ordinal = 1, .person = field("email", "bob@example.test", "email")}}, {company_text()}));
  EXPECT_EQ(talk.requests().size(), 2u) << "both are searched at once, and no lead has the company";
  talk.run([](const testkit::request&) {
    response page = testkit::json(403, "<html>Access denied</html>");
    return page;
  });
  EXPECT_LE(talk.history().size(), 2u);
  for (int lead : {0, 1}) {
    EXPECT_EQ(talk.category(lead, "person"), "THROTTLED");
    EXPECT_EQ(talk.member(lead, "person", "retry_after_ms"), "300000");
  }
}

TEST(Company, IsFoundByItsNameAndLinksThePerson) {
  transcript talk(sync_job({lead_text{.company = "0"}}, {company_text()}));
  talk.expect("GET", "/api/v2/organizations/search?term=acme&fields=name&exact_match=true&limit=100");
  talk.answer(hits({R"({"id":3,"name":"ACME"})"}));
  talk.expect("GET", "/api/v2/organizations/3");
  talk.answer(found(R"({"id":3,"name":"ACME","website":"https://www.acme.test/","is_deleted":false,"custom_fields":{}})"));
  talk.answer(nobody());
  talk.answer(empty_list());
  EXPECT_EQ(talk.sent().at("org_id"), 3);
  talk.answer(found(R"({"id":7,"name":"Ada Lovelace","emails":[],"org_id":3})"));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "company", "remote_id"), "3");
  EXPECT_EQ(talk.status(0, "association"), "ok");
}

TEST(Company, OfTheSameNameWithAnotherWebsiteIsAnother) {
  transcript talk(sync_job({lead_text{.company = "0"}}, {company_text()}));
  talk.answer(hits({R"({"id":3,"name":"Acme"})"}));
  talk.answer(found(R"({"id":3,"name":"Acme","website":"acme.example","custom_fields":{}})"));
  talk.expect("POST", "/api/v2/organizations");
}

TEST(Company, ThatWasDeletedIsLookedForAndMadeAgain) {
  transcript talk(sync_job({lead_text{.company = "0"}}, {company_text("\"3\"")}));
  talk.expect("GET", "/api/v2/organizations/3");
  talk.answer(refused(404, "Entity was not found"));
  talk.answer(nobody());
  talk.answer(empty_list());
  talk.expect("POST", "/api/v2/organizations");
  talk.answer(found(R"({"id":4,"name":"Acme"})"));
  EXPECT_EQ(talk.member(0, "company", "remote_id"), "4");
}

TEST(Company, ThatFailsStopsNeitherThePersonNorItsLead) {
  transcript talk(sync_job({lead_text{.lead = field("title", "Ada"), .company = "0"}}, {company_text()}));
  talk.answer(refused(403, "Scope and URL mismatch"));
  talk.answer(nobody());
  talk.answer(empty_list());
  EXPECT_FALSE(talk.sent().as_object().contains("org_id"));
  talk.answer(found(R"({"id":7,"name":"Ada","emails":[],"org_id":null})"));
  talk.expect("POST", "/v1/leads");
  talk.answer(found(R"({"id":"u-1","title":"Ada"})"));
  EXPECT_EQ(talk.category(0, "company"), "PERMISSION");
  EXPECT_EQ(talk.status(0, "person") + talk.status(0, "association") + talk.status(0, "lead"), "okok");
}

TEST(Association, LinksAPersonWithoutAnOrganizationAndTakesNobodyFromAnother) {
  const auto job = sync_job({lead_text{.company = "0", .remote_ids = R"({"person":"7","lead":"u"})", .phases_done = R"(["person","lead","note"])"}}, {company_text("\"3\"")});
  transcript talk(job);
  talk.answer(found(R"({"id":3,"name":"Acme"})"));
  talk.expect("GET", "/api/v2/persons/7");
  talk.answer(found(std::string(ada)));
  talk.expect("GET", "/v1/leads/u");
  talk.answer(found(R"({"id":"u","organization_id":null})"));
  EXPECT_EQ(talk.expect("PATCH", "/v1/leads/u").effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"organization_id":3})"));
  talk.answer(found(R"({"id":"u","organization_id":3})"));
  talk.expect("PATCH", "/api/v2/persons/7");
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"org_id":3})"));
  talk.answer(found(R"({"id":7,"org_id":3})"));
  EXPECT_EQ(talk.status(0, "association"), "ok");
  transcript other(job);
  other.answer(found(R"({"id":3,"name":"Acme"})"));
  other.answer(found(R"({"id":7,"org_id":9,"emails":[]})"));
  other.answer(refused(404, "requested lead not found"));
  other.expect_done();
  EXPECT_NE(other.member(0, "association", "warnings").find("NOT_APPLIED"), std::string::npos);
}

}  // namespace
}  // namespace leadsync::pipedrive_test
