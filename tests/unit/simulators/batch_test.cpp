#include "account.h"

#include <set>

namespace leadsync::simulator {
namespace {

constexpr auto create_path = "/crm/v3/objects/contacts/batch/create";
constexpr auto update_path = "/crm/v3/objects/contacts/batch/update";
constexpr auto upsert_path = "/crm/v3/objects/contacts/batch/upsert";
constexpr auto read_path = "/crm/v3/objects/contacts/batch/read";

std::string contact(const std::string& email, const std::string& trace = {}, const std::string& more = {}) {
  return R"({"properties":{"email":")" + email + "\"" + more + "}" + (trace.empty() ? "" : R"(,"objectWriteTraceId":")" + trace + "\"") + "}";
}

std::string keyed(const std::string& email, const std::string& trace = {}, const std::string& more = {}) {
  return R"({"id":")" + email + R"(","idProperty":"email",)" + contact(email, trace, more).substr(1);
}

std::string inputs(const std::vector<std::string>& all) {
  std::string out = R"({"inputs":[)";
  for (const auto& one : all) out += (&one == &all.front() ? "" : ",") + one;
  return out + "]}";
}

TEST(Batch, WithoutTraceIdsOneConflictRejectsEverything) {
  account crm;
  const auto id = crm.create("contacts", R"({"email":"b@x.example"})");
  const auto answer = crm.post(create_path, inputs({contact("a@x.example"), contact("b@x.example")}));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.at("/message"), "Contact already exists. Existing ID: " + id);
  EXPECT_EQ(crm.count("contacts"), "1");
}

TEST(Batch, WithTraceIdsTheOthersAreWritten) {
  account crm;
  const auto id = crm.create("contacts", R"({"email":"b@x.example"})");
  const auto answer = crm.post(create_path, inputs({contact("a@x.example", "t1"), contact("b@x.example", "t2")}));
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.size("/results"), 1u);
  EXPECT_EQ(answer.at("/numErrors"), "1");
  EXPECT_EQ(answer.at("/errors/0/category"), "CONFLICT");
  EXPECT_EQ(answer.at("/errors/0/context/objectWriteTraceId/0"), "t2");
  EXPECT_EQ(answer.at("/errors/0/context/existingId/0"), id);
  EXPECT_EQ(crm.count("contacts"), "2");
}

TEST(Batch, TraceIdsThatRepeatAreAsGoodAsNone) {
  account crm;
  const auto answer = crm.post(create_path, inputs({contact("a@x.example", "t"), contact("bad", "t")}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(crm.count("contacts"), "0");
}

TEST(Batch, PartialErrorKeepsThePropertyCodesInTheMessageOnly) {
  account crm;
  const auto answer = crm.post(upsert_path, inputs({keyed("a@x.example", "t1"), keyed("b@x.example", "t2", R"(,"missing":"1")")}));
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.at("/errors/0/errors"), "(none)");
  EXPECT_EQ(answer.at("/errors/0/message"),
            R"(Property values were not valid: [{"isValid":false,"message":"Property \"missing\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"missing"}])");
}

TEST(Batch, WholeRejectionNamesTheBadPropertiesOfEveryInput) {
  account crm;
  const auto answer = crm.post(create_path, inputs({contact("a@x.example", {}, R"(,"first000name":"1")"), contact("b@x.example", {}, R"(,"last000name":"1")")}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.size("/errors"), 2u);
  EXPECT_EQ(answer.at("/errors/1/context/propertyName/0"), "last000name");
}

TEST(Batch, DuplicateKeysPoisonItEvenWithTraceIds) {
  account crm;
  const auto answer = crm.post(upsert_path, inputs({keyed("a@x.example", "1"), keyed(" A@X.example", "2"), keyed("c@x.example", "3")}));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("/message"), "Duplicate IDs found in batch input: [a@x.example]. IDs must be unique");
  EXPECT_EQ(answer.at("/context/ids/0"), "a@x.example");
  EXPECT_EQ(crm.count("contacts"), "0");
}

TEST(Batch, SameAddressTwiceInACreateConflicts) {
  account crm;
  EXPECT_EQ(crm.post(create_path, inputs({contact("a@x.example"), contact("A@x.example")})).status, 409);
  EXPECT_EQ(crm.count("contacts"), "0");
  EXPECT_EQ(crm.post(create_path, inputs({contact("a@x.example", "1"), contact("A@x.example", "2")})).status, 207);
  EXPECT_EQ(crm.count("contacts"), "1");
}

TEST(Batch, MoreThanAHundredInputsAreRefused) {
  account crm;
  std::vector<std::string> many;
  for (int i = 0; i < 101; ++i) many.push_back(contact("p" + std::to_string(i) + "@x.example"));
  EXPECT_EQ(crm.post(create_path, inputs(many)).status, 400);
  many.pop_back();
  EXPECT_EQ(crm.post(create_path, inputs(many)).status, 201);
}

TEST(Batch, UpsertRepeatedIsTheSameRecord) {
  account crm;
  const auto first = crm.post(upsert_path, inputs({keyed("a@x.example", "1", R"(,"city":"Ulm")")}));
  EXPECT_EQ(first.at("/results/0/new"), "true");
  const auto second = crm.post(upsert_path, inputs({keyed("A@x.example", "1")}));
  EXPECT_EQ(second.at("/results/0/new"), "false");
  EXPECT_EQ(second.at("/results/0/id"), first.at("/results/0/id"));
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + first.at("/results/0/id") + "?properties=city").at("/properties/city"), "Ulm");
}

TEST(Batch, UpsertByOurKeyWithAnotherContactsAddressConflicts) {
  account crm;
  (void)crm.put("/_simulator/properties/contacts/sync_lead_id", R"({"hasUniqueValue":true})");
  const auto other = crm.create("contacts", R"({"email":"ada@x.example"})");
  const auto answer = crm.post(upsert_path, R"({"inputs":[{"id":"17","idProperty":"sync_lead_id","objectWriteTraceId":"17","properties":{"email":"ada@x.example"}}]})");
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.at("/errors/0/context/existingId/0"), other);
}

TEST(Batch, UpsertSetsTheKeyThatTheInputDoesNotRepeat) {
  account crm;
  (void)crm.put("/_simulator/properties/notes/sync_lead_id", R"({"hasUniqueValue":true})");
  const auto note = R"({"inputs":[{"id":"17","idProperty":"sync_lead_id","properties":{"hs_timestamp":"2026-11-12T15:48:22Z","hs_note_body":"x"}}]})";
  const auto first = crm.post("/crm/v3/objects/notes/batch/upsert", note);
  EXPECT_EQ(first.status, 200) << first.text;
  EXPECT_EQ(crm.post("/crm/v3/objects/notes/batch/upsert", note).at("/results/0/id"), first.at("/results/0/id"));
  EXPECT_EQ(crm.count("notes"), "1");
}

TEST(Batch, KeyMustBeUniqueAndMustExist) {
  account crm;
  const auto by = [&](const std::string& property) {
    return crm.post(upsert_path, R"({"inputs":[{"id":"x","idProperty":")" + property + R"(","properties":{"lastname":"x"}}]})");
  };
  EXPECT_EQ(by("city").at("/message"), "Unable to perform update/upsert by non-unique 0-1 property city in portal ID 44237313");
  EXPECT_EQ(by("sync_lead_id").at("/errors/0/code"), "PROPERTY_DOESNT_EXIST");
}

TEST(Batch, UpdateByEmailIsRefusedAndUpsertByEmailCanBe) {
  account crm;
  (void)crm.create("contacts", R"({"email":"a@x.example"})");
  const auto refusal = "Unable to perform update/upsert by non-unique 0-1 property email in portal ID 44237313";
  EXPECT_EQ(crm.post(update_path, inputs({keyed("a@x.example")})).at("/message"), refusal);
  EXPECT_EQ(crm.post(upsert_path, inputs({keyed("a@x.example")})).status, 200);
  (void)crm.put("/_simulator/options", R"({"upsert_by_email":false})");
  EXPECT_EQ(crm.post(upsert_path, inputs({keyed("a@x.example")})).at("/message"), refusal);
}

TEST(Batch, UpdateListsTheMissingRecordsAndWritesTheOthers) {
  account crm;
  const auto id = crm.create("contacts", R"({"lastname":"x"})");
  const auto answer = crm.post(update_path, R"({"inputs":[{"id":")" + id + R"(","properties":{"city":"Ulm"}},{"id":"12","properties":{"city":"Ulm"}},{"id":"nope","properties":{"city":"Ulm"}}]})");
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.size("/results"), 1u);
  EXPECT_EQ(answer.at("/errors/0/message"), "Could not get some CONTACT objects, they may be deleted or not exist. Check that ids are valid.");
  EXPECT_EQ(answer.at("/errors/0/context/ids"), R"(["12","nope"])");
}

TEST(Batch, UpdateWithABadPropertyIsRejectedWhole) {
  account crm;
  const auto one = crm.create("contacts", R"({"lastname":"x"})");
  const auto two = crm.create("contacts", R"({"lastname":"y"})");
  const auto body = R"({"inputs":[{"id":")" + one + R"(","objectWriteTraceId":"1","properties":{"city":"Ulm"}},{"id":")" + two +
                    R"(","objectWriteTraceId":"2","properties":{"nope":"1"}}]})";
  EXPECT_EQ(crm.post(update_path, body).status, 400);
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + one + "?properties=city").at("/properties/city"), "null");
  (void)crm.put("/_simulator/options", R"({"update_partial_with_trace":true})");
  EXPECT_EQ(crm.post(update_path, body).status, 207);
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + one + "?properties=city").at("/properties/city"), "Ulm");
}

TEST(Batch, ReadFindsByAddressAndReportsWhatIsMissing) {
  account crm;
  (void)crm.create("contacts", R"({"email":"a@x.example","city":"Ulm"})");
  const auto answer = crm.post(read_path, R"({"idProperty":"email","inputs":[{"id":"A@x.example"},{"id":"b@x.example"}],"properties":["city","state","nope"]})");
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.at("/results/0/properties/city"), "Ulm");
  EXPECT_EQ(answer.at("/results/0/properties/state"), "null");
  EXPECT_EQ(answer.at("/results/0/properties/nope"), "(none)");
  EXPECT_EQ(answer.at("/errors/0/category"), "OBJECT_NOT_FOUND");
  EXPECT_EQ(answer.at("/errors/0/context/ids/0"), "b@x.example");
}

TEST(Batch, ResultsAreNotInTheOrderOfTheInputs) {
  account crm;
  std::vector<std::string> many;
  for (int i = 0; i < 50; ++i) many.push_back(contact("p" + std::to_string(i) + "@x.example", std::to_string(i)));
  const auto answer = crm.post(create_path, inputs(many));
  ASSERT_EQ(answer.size("/results"), 50u);
  std::set<std::string> ids;
  int in_place = 0;
  for (int i = 0; i < 50; ++i) {
    const auto row = "/results/" + std::to_string(i);
    ids.insert(answer.at(row + "/id"));
    in_place += answer.at(row + "/properties/email") == "p" + std::to_string(i) + "@x.example";
    EXPECT_EQ(answer.at(row + "/properties/email"), "p" + answer.at(row + "/objectWriteTraceId") + "@x.example");
  }
  EXPECT_EQ(ids.size(), 50u);
  EXPECT_LT(in_place, 25);
}

TEST(Batch, BodyWithoutInputsNamesTheMember) {
  account crm;
  EXPECT_EQ(crm.post(create_path, "{}").at("/message"), "Invalid input JSON on line 1, column 2. Some required fields were not set: [inputs]");
}

}  // namespace
}  // namespace leadsync::simulator
