#include "transcript.h"

namespace leadsync::zoho_test {
namespace {

using costs = std::vector<std::pair<std::string, std::uint32_t>>;

TEST(ZohoPerson, IsUpsertedByOurKeyAndThenByEmail) {
  transcript talk(sync_job({{.person = fields({{"Last_Name", "Lovelace"}, {"Email", " Ada@Example.test"}})}}));
  const auto& request = talk.expect("POST", leads_upsert);
  EXPECT_EQ(request.effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(request.leads, std::vector<std::uint32_t>{0});
  EXPECT_EQ(request.costs, (costs{{"credits", 1}, {"calls", 1}}));
  EXPECT_EQ(talk.sent(), boost::json::parse(R"({"data":[{"Last_Name":"Lovelace","Email":"ada@example.test","leadsync_key":"key-0"}],
    "duplicate_check_fields":["leadsync_key","Email"],"trigger":[]})"));
  talk.answer(reply(200, data({good("111111000000095001")})));
  talk.expect_done();
  EXPECT_EQ(talk.verdict(0, "person"), boost::json::parse(R"({"lead":0,"phase":"person","status":"ok","remote_id":"111111000000095001",
    "url":"https://crm.zoho.com/crm/org707/tab/Leads/111111000000095001","request":0,"request_pointer":"/data/0","response_pointer":"/data/0"})"));
}

TEST(ZohoPerson, OfAKnownIdIsUpdatedAndToldWhereItIsGone) {
  transcript talk(sync_job({{.person = fields({{"Last_Name", "A"}}), .remote_ids = R"({"person":"77"})"}}));
  EXPECT_EQ(talk.expect("PUT", leads_url).effect, LEADSYNC_EFFECT_KEYED_WRITE);
  EXPECT_EQ(talk.sent().at("data"), boost::json::parse(R"([{"Last_Name":"A","id":"77"}])"));
  talk.answer(reply(400, data({bad("INVALID_DATA", R"({"api_name":"id","json_path":"$.data[0].id"})", "the id given seems to be invalid")})));
  EXPECT_EQ(talk.category(0), "TARGET_GONE");
}

TEST(ZohoPerson, WithoutAddressAndKeyIsABlindWriteAndNeverRepeatedInDoubt) {
  lead_text lead{.person = fields({{"Last_Name", "A"}})};
  transcript first(sync_job({lead}, "{}"));
  EXPECT_EQ(first.expect("POST", leads_url).effect, LEADSYNC_EFFECT_BLIND_WRITE);
  first.answer(fault(LEADSYNC_SENT_NO_ANSWER));
  EXPECT_EQ(first.category(0), "AMBIGUOUS_WRITE");
  lead.ambiguous = true;
  transcript second(sync_job({lead}, "{}"));
  second.expect_done();
  EXPECT_EQ(second.category(0), "AMBIGUOUS_WRITE");
}

TEST(ZohoPerson, ValuesAreEncodedByType) {
  transcript talk(sync_job({{.person = R"({"No_of_Employees":{"type":"decimal","value":"50"},"Big":{"type":"decimal","value":"900719925474099312"},
    "Met_At":{"type":"instant","value":"2026-11-25T09:30:00.000Z"},"Interests":{"type":"options","value":["Pumps","Valves"]},
    "Email_Opt_Out":{"type":"boolean","value":false},"Owner":{"type":"option","value":"31"},"City":{"type":"text","value":null}})"}}));
  EXPECT_EQ(talk.sent().at("data").at(0), boost::json::parse(R"({"No_of_Employees":50,"Big":"900719925474099312","Met_At":"2026-11-25T09:30:00+00:00",
    "Interests":["Pumps","Valves"],"Email_Opt_Out":false,"Owner":{"id":"31"},"City":null,"leadsync_key":"key-0"})"));
}

TEST(ZohoPerson, EachRowOfAMixedAnswerHasItsOwnVerdict) {
  for (const unsigned status : {200u, 207u}) {
    transcript talk(sync_job(people(3)));
    talk.answer(reply(status, data({good("1"), bad("INVALID_DATA", R"({"maximum_length":80,"api_name":"Last_Name","json_path":"$.data[1].Last_Name"})"), good("3")})));
    talk.expect_done();
    EXPECT_EQ(talk.status(0) + talk.category(1) + talk.status(2), "okDATA_TOO_LONGok");
    EXPECT_EQ(talk.verdict(1, "person").at("locus"), boost::json::parse(R"({"object":"person","remote_field":"Last_Name","value":"P"})"));
  }
}

TEST(ZohoPerson, AnAnswerThatIsShortOrOutOfOrderSaysNothingOfAnybody) {
  const auto wrong_place = data({good("1"), bad("INVALID_DATA", R"({"api_name":"Email","json_path":"$.data[0].Email"})")});
  for (const auto& answer : {data({good("1")}), wrong_place}) {
    transcript talk(sync_job(people(2)));
    talk.answer(reply(200, answer));
    EXPECT_EQ(talk.verdicts_json(), "[]");
    EXPECT_EQ(talk.sent().at("data").as_array().size(), 1u);
    talk.answer(reply(200, data({good("1")})));
    talk.answer(reply(200, data({})));
    talk.expect_done();
    EXPECT_EQ(talk.status(0), "ok");
    EXPECT_EQ(talk.category(1), "UNEXPECTED");
    EXPECT_EQ(talk.member(1, "person", "crm_code"), "ROW_MISSING");
  }
}

TEST(ZohoPerson, ARequestThatIsRefusedAsAWholeIsHalved) {
  transcript talk(sync_job(people(2)));
  talk.answer(reply(400, bad("INVALID_DATA", R"({"expected_data_type":"jsonobject","api_name":"body"})", "body")));
  talk.answer(reply(200, data({good("1")})));
  talk.answer(reply(400, bad("INVALID_DATA", R"({"expected_data_type":"jsonobject","api_name":"body"})", "body")));
  EXPECT_EQ(talk.status(0) + talk.category(1), "okUNEXPECTED");
}

TEST(ZohoPerson, WhoseAddressAnotherRecordHoldsAloneIsAdopted) {
  transcript talk(sync_job(people(1)));
  talk.answer(reply(400, data({bad("DUPLICATE_DATA", R"({"api_name":"Email","id":"501","json_path":"$.data[0].Email"})", "duplicate data")})));
  talk.expect("PUT", leads_url);
  EXPECT_EQ(talk.sent().at("data").at(0).at("id").as_string(), "501");
  talk.answer(reply(200, data({good("501")})));
  EXPECT_EQ(talk.member(0, "person", "remote_id"), "501");

  transcript other(sync_job(people(1)));
  other.answer(reply(400, data({bad("DUPLICATE_DATA", R"({"api_name":"Phone","id":"501","json_path":"$.data[0].Phone"})", "duplicate data")})));
  other.expect_done();
  EXPECT_EQ(other.category(0), "DUPLICATE_BLOCKED");
}

TEST(ZohoPerson, WhatZohoDroppedIsFoundByReadingItBack) {
  lead_text lead{.person = fields({{"Last_Name", "A"}, {"City", "Ulm"}, {"Timeline", "Now"}})};
  transcript talk(sync_job({lead}, "{}", R"({"read_back":true})"));
  talk.answer(reply(201, data({good("1")})));  // blind: told at once
  EXPECT_EQ(talk.status(0), "ok");

  lead.person = fields({{"Last_Name", "A"}, {"Email", "a@b.test"}, {"City", "Ulm"}, {"Timeline", "Now"}});
  for (const auto* answer : {R"({"data":[{"id":"1","Last_Name":"A","Email":"a@b.test","Timeline":"Now","leadsync_key":"key-0"}]})",
                             R"({"data":[{"id":"1","Last_Name":"A","Email":"a@b.test","City":"Ulm","Timeline":null,"leadsync_key":"key-0"}]})"}) {
    transcript back(sync_job({lead}, all_keys, "{}"));
    back.answer(reply(200, data({good("1")})));
    EXPECT_EQ(back.verdicts_json(), "[]");
    back.expect("GET", "/crm/v8/Leads?ids=1&fields=City,Email,Last_Name,Timeline,leadsync_key&per_page=200");
    back.answer(reply(200, answer));
    back.expect_done();
    const bool dropped = std::string_view(answer).find("City") == std::string_view::npos;
    EXPECT_EQ(back.category(0), dropped ? "MISSING_REMOTE_FIELD" : "");
    EXPECT_EQ(back.status(0), dropped ? "failed" : "ok");
    EXPECT_EQ(back.member(0, "person", "warnings").find("Timeline") != std::string::npos, !dropped);
  }
}

TEST(ZohoPerson, WhatIsOnlyToFillEmptyFieldsIsLookedUpFirst) {
  lead_text lead{.person = R"({"Last_Name":{"type":"text","value":"O'Neil"},"Email":{"type":"email","value":"o'neil@x.test"},
    "City":{"type":"text","value":"Ulm","mode":"if_empty"},"State":{"type":"text","value":"BW","mode":"if_empty"}})"};
  transcript talk(sync_job({lead}));
  EXPECT_EQ(talk.expect("POST", "/crm/v8/coql").effect, LEADSYNC_EFFECT_READ);
  EXPECT_EQ(talk.sent().at("select_query").as_string(),
            R"(select City, Email, State, leadsync_key from Leads where leadsync_key in ('key-0') or Email in ('o\'neil@x.test') limit 200)");
  talk.answer(reply(200, R"({"data":[{"id":"1","Email":"O'Neil@x.test","City":"Bonn","State":null,"leadsync_key":null}]})"));
  const auto row = talk.sent().at("data").at(0).as_object();
  EXPECT_FALSE(row.contains("City"));
  EXPECT_TRUE(row.contains("State"));
}

TEST(ZohoPerson, ALargeBatchCostsCreditsByTheTenAndAHeavyCall) {
  transcript talk(sync_job(people(100)));
  EXPECT_EQ(talk.requests().at(0).costs, (costs{{"credits", 10}, {"calls", 1}, {"heavy_calls", 1}}));
  EXPECT_EQ(talk.sent().at("data").as_array().size(), 100u);
}

}  // namespace
}  // namespace leadsync::zoho_test
