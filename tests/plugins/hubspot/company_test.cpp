#include "transcript.h"

namespace leadsync::hubspot_test {
namespace {

constexpr std::string_view companies_search = "/crm/v3/objects/companies/search";
constexpr std::string_view companies_read = "/crm/v3/objects/companies/batch/read";
constexpr std::string_view companies_upsert = "/crm/v3/objects/companies/batch/upsert";
constexpr std::string_view companies_create = "/crm/v3/objects/companies/batch/create";
constexpr std::string_view companies_update = "/crm/v3/objects/companies/batch/update";

/// A lead of company 0 whose contact is written already.
lead_text colleague(int ordinal = 0, std::string company = "0") {
  return {.ordinal = ordinal, .company = std::move(company), .remote_ids = R"({"contact":"77"})", .phases_done = R"(["person","association","note","list"])"};
}

std::string hit(std::string_view id, std::string_view domain, std::string_view created) {
  return row(id, R"({"domain":")" + std::string(domain) + R"(","createdate":")" + std::string(created) + "\"}");
}

TEST(Company, WhoseSearchAnswersSomethingElseFailsOnceWhateverPageItPromises) {
  transcript talk(sync_job({colleague()}, {{}}));
  talk.expect("POST", companies_search);
  talk.answer(reply(200, R"({"total":1,"paging":{"next":{"after":"5"}}})"));
  talk.expect_done();
  EXPECT_EQ(talk.verdicts_of("company").size(), 1u);
  EXPECT_EQ(talk.category(0, "company"), "UNEXPECTED");
  EXPECT_EQ(talk.member(0, "company", "crm_code"), "MALFORMED_ANSWER");
}

TEST(Company, IsLookedUpByOurKeyThenByDomainThenUpserted) {
  transcript talk(sync_job({colleague()}, {{}}, all_keys));
  EXPECT_EQ(talk.expect("POST", companies_read).effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"properties":["leadsync_key"],"idProperty":"leadsync_key","inputs":[{"id":"ckey-0"}]})"));
  talk.answer(nothing_found());
  const auto& search = talk.expect("POST", companies_search);
  EXPECT_EQ(search.effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(search.costs, (std::vector<std::pair<std::string, std::uint32_t>>{{"search", 1}, {"burst", 1}, {"daily", 1}}));
  EXPECT_EQ(search.leads, std::vector<std::uint32_t>{0});
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"filterGroups":[{"filters":[{"propertyName":"domain","operator":"IN","values":["acme.test"]}]}],
    "properties":["domain","createdate"],"limit":200})"));
  talk.answer(reply(200, results({})));
  EXPECT_EQ(talk.expect("POST", companies_upsert).effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("inputs").at(0), boost::json::parse(R"({"id":"ckey-0","idProperty":"leadsync_key",
    "properties":{"leadsync_key":"ckey-0","name":"Acme","domain":"acme.test"},"objectWriteTraceId":"0"})"));
  talk.answer(reply(200, results({traced(0, "900")})));
  talk.expect_done();
  EXPECT_EQ(talk.verdict(0, "company"), boost::json::parse(R"({"company":0,"phase":"company","status":"ok","remote_id":"900",
    "url":"https://app.hubspot.com/contacts/4711/record/0-2/900","request":2,"request_pointer":"/inputs/0","response_pointer":"/results/0"})"));
}

TEST(Company, OfOurKeyIsUpdatedWithoutASearch) {
  transcript talk(sync_job({colleague()}, {{}}, all_keys));
  talk.answer(reply(200, results({row("900", R"({"leadsync_key":"ckey-0"})")})));
  talk.expect("POST", companies_update);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "900");
}

TEST(Company, WithoutKeyIsABlindWriteAfterTheSearch) {
  transcript talk(sync_job({colleague()}, {{}}));
  talk.expect("POST", companies_search);
  talk.answer(reply(200, results({})));
  EXPECT_EQ(talk.expect("POST", companies_create).effect, LEADSYNC_EFFECT_BLIND_WRITE);
  talk.answer(reply(201, results({row("5", R"({"name":"Acme","domain":"acme.test"})")})));
  EXPECT_EQ(talk.member(0, "company", "remote_id"), "5");
}

TEST(Company, WhoseBlindWriteGotNoAnswerIsAmbiguous) {
  transcript talk(sync_job({colleague()}, {{}}));
  talk.answer(reply(200, results({})));
  talk.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  EXPECT_EQ(talk.category(0, "company"), "AMBIGUOUS_WRITE");
}

TEST(Company, OfAnUncertainAttemptIsFoundBySearchAndNotWrittenTwice) {
  transcript talk(sync_job({colleague()}, {{.ambiguous = true}}));
  talk.expect("POST", companies_search);
  talk.answer(reply(200, results({hit("5", "acme.test", "2026-01-01T00:00:00Z")})));
  talk.expect("POST", companies_update);
}

TEST(Company, OldestOfSeveralMatchesWinsWithAWarning) {
  transcript talk(sync_job({colleague()}, {{}}));
  talk.answer(reply(200, results({hit("9", "acme.test", "2026-01-02T00:00:00Z"), hit("8", "ACME.test", "2025-01-02T00:00:00Z"), hit("7", "other.test", "2020-01-01T00:00:00Z")})));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "8");
  talk.answer(reply(200, results({row("8")})));
  EXPECT_EQ(talk.verdict(0, "company").at("warnings").at(0).at("code").as_string(), "SEVERAL_MATCHES");
}

TEST(Company, OfSeveralMadeAtOneTimeTheSmallestIdWins) {
  transcript talk(sync_job({colleague()}, {{}}));
  talk.answer(reply(200, results({hit("10", "acme.test", "2026-01-02T00:00:00Z"), hit("9", "acme.test", "2026-01-02T00:00:00Z")})));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "9");
}

TEST(Company, SearchIsOneForAllDomainsAndIsPaged) {
  transcript talk(sync_job({colleague(0, "0"), colleague(1, "1")}, {{}, {.ordinal = 1, .domain = "B.test", .name = "B"}}));
  EXPECT_EQ(talk.sent().at("filterGroups").at(0).at("filters").at(0).at("values"), boost::json::parse(R"(["acme.test","b.test"])"));
  auto page = results({hit("1", "acme.test", "2026-01-02T00:00:00Z")});
  page.insert(page.size() - 1, R"(,"paging":{"next":{"after":"200"}})");
  talk.answer(reply(200, page));
  talk.expect("POST", companies_search);
  EXPECT_EQ(talk.sent().at("after").as_string(), "200");
  talk.answer(reply(200, results({hit("2", "b.test", "2026-01-02T00:00:00Z")})));
  talk.expect("POST", companies_update);
  EXPECT_EQ(talk.sent().at("inputs").as_array().size(), 2u);
}

TEST(Company, WithoutDomainIsSearchedByNameInLowerCase) {
  transcript talk(sync_job({colleague()}, {{.domain = "", .name = "Acme GmbH"}}));
  EXPECT_EQ(talk.sent().at("filterGroups").at(0).at("filters").at(0), boost::json::parse(R"({"propertyName":"name","operator":"IN","values":["acme gmbh"]})"));
  talk.answer(reply(200, results({row("4", R"({"name":"ACME GmbH","createdate":"2026-01-01T00:00:00Z"})")})));
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("id").as_string(), "4");
}

TEST(Company, IsNotWrittenWhereTheSearchFails) {
  transcript talk(sync_job({colleague()}, {{}}, all_keys));
  talk.answer(nothing_found());
  talk.answer(reply(429, R"({"message":"You have reached your secondly limit.","policyName":"SECONDLY"})"));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "company"), "THROTTLED");
  EXPECT_EQ(talk.member(0, "company", "retry_after_ms"), "1000");
}

TEST(Company, IsNotWrittenWhereTheLookUpOfTheKeyFails) {
  transcript talk(sync_job({colleague()}, {{}}, all_keys));
  talk.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "company"), "CONNECTION");
}

TEST(Company, KnownIsUpdatedWithWhatIsToBeOverwritten) {
  transcript talk(sync_job({colleague()}, {{.remote_id = "900"}}, all_keys));
  EXPECT_EQ(talk.expect("POST", companies_update).leads, std::vector<std::uint32_t>{0});
}

TEST(Company, KnownNeedsNoCallForFieldsThatAreOnlyForEmptyOnes) {
  transcript talk(sync_job({colleague()}, {{.remote_id = "900", .fields = fields({{"name", "Acme"}}, "if_empty")}}, all_keys));
  talk.expect_done();
  EXPECT_EQ(talk.member(0, "company", "remote_id"), "900");
}

TEST(Company, FoundKeepsWhatItHas) {
  transcript talk(sync_job({colleague()}, {{.fields = fields({{"name", "Acme"}, {"city", "Bonn"}}, "if_empty")}}));
  talk.answer(reply(200, results({hit("5", "acme.test", "2026-01-01T00:00:00Z")})));
  talk.expect("POST", companies_read);
  talk.answer(reply(200, results({row("5", R"({"name":"ACME Inc.","city":""})")})));
  talk.expect("POST", companies_update);
  EXPECT_EQ(talk.sent().at("inputs").at(0).at("properties"), boost::json::parse(R"({"city":"Bonn"})"));
}

TEST(Company, KnownThatWasDeletedIsTargetGone) {
  transcript talk(sync_job({colleague()}, {{.remote_id = "900"}}));
  talk.answer(reply(207, results({}, {R"({"category":"OBJECT_NOT_FOUND","message":"Could not get some COMPANY objects","context":{"ids":["900"]}})"})));
  EXPECT_EQ(talk.category(0, "company"), "TARGET_GONE");
}

TEST(Company, ThatTheSearchStillListsThoughDeletedIsTriedAgain) {
  transcript talk(sync_job({colleague()}, {{}}));
  talk.answer(reply(200, results({hit("5", "acme.test", "2026-01-01T00:00:00Z")})));
  talk.answer(reply(207, results({}, {R"({"category":"OBJECT_NOT_FOUND","message":"Could not get some COMPANY objects","context":{"ids":["5"]}})"})));
  EXPECT_EQ(talk.category(0, "company"), "REMOTE_BUSY");
}

TEST(Company, WithNeitherNameNorDomainIsNotEnough) {
  transcript talk(sync_job({colleague()}, {{.domain = "", .name = "", .fields = "{}"}}, all_keys));
  talk.answer(nothing_found());
  talk.expect_done();
  EXPECT_EQ(talk.category(0, "company"), "NOT_ENOUGH_DATA");
}

TEST(Company, OfLeadsThatAreDoneWithItIsLeftAlone) {
  auto lead = colleague();
  lead.phases_done = R"(["company","person","association","note","list"])";
  transcript talk(sync_job({lead}, {{.remote_id = "900"}}));
  talk.expect_done();
  EXPECT_EQ(talk.verdicts_json(), "[]");
}

TEST(Company, ThatFailsDoesNotStopThePerson) {
  auto lead = people(1).front();
  lead.company = "0";
  transcript talk(sync_job({lead}, {{}}));
  talk.answer(reply(502, ""));
  talk.expect("POST", contacts_upsert);
  talk.answer(reply(200, results({traced(0, "5")})));
  talk.expect_done();
  EXPECT_EQ(talk.status(0, "company"), "failed");
  EXPECT_EQ(talk.status(0, "person"), "ok");
  EXPECT_TRUE(talk.verdicts_of("association").empty());
}

}  // namespace
}  // namespace leadsync::hubspot_test
