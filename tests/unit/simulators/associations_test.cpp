#include "account.h"

namespace leadsync::simulator {
namespace {

struct linked : account {
  std::string contact = create("contacts", R"({"email":"ada@x.example"})");
  std::string company = create("companies", R"({"name":"Acme"})");
  std::string base = "/crm/v4/objects/contacts/" + contact + "/associations/";
};

TEST(Associations, DefaultOneShowsOnBothSidesAndRepeatsWithoutEffect) {
  linked crm;
  for (int i = 0; i < 2; ++i) EXPECT_EQ(crm.put("/crm/v4/objects/contacts/" + crm.contact + "/associations/default/companies/" + crm.company, "").status, 200);
  const auto there = crm.get(crm.base + "companies");
  EXPECT_EQ(there.size("/results"), 1u);
  EXPECT_EQ(there.at("/results/0/toObjectId"), crm.company);
  EXPECT_EQ(there.at("/results/0/associationTypes/1/typeId"), "279");
  EXPECT_EQ(crm.get("/crm/v4/objects/companies/" + crm.company + "/associations/contacts").at("/results/0/toObjectId"), crm.contact);
}

TEST(Associations, TypeOfTheOtherDirectionIsRefused) {
  linked crm;
  const auto answer = crm.put(crm.base + "companies/" + crm.company, R"([{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":280}])");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("/message"), "invalid from object type 0-1 for associations to be created. expected: 0-2");
  const auto good = crm.put(crm.base + "companies/" + crm.company, R"([{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":279}])");
  EXPECT_EQ(good.status, 201);
  EXPECT_EQ(good.at("/fromObjectTypeId") + good.at("/toObjectTypeId"), "0-10-2");
}

TEST(Associations, CreateWithAnUnknownRecordIsRefusedWhole) {
  linked crm;
  const auto note = [&](const std::string& id, int type) {
    return crm.post("/crm/v3/objects/notes", R"({"properties":{"hs_timestamp":"2026-11-12T15:48:22Z"},"associations":[{"to":{"id":")" + id +
                                                 R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":)" + std::to_string(type) + "}]}]}");
  };
  const auto refused = note("54401", 190);
  EXPECT_EQ(refused.at("/message"), "One or more associations are invalid");
  EXPECT_EQ(refused.at("/context/INVALID_OBJECT_IDS/0"), "COMPANY=54401 is not valid");
  EXPECT_EQ(crm.count("notes"), "0");
  EXPECT_EQ(note(crm.contact, 201).at("/message"), "invalid from object type 0-46 for associations to be created. expected: 0-1");
  EXPECT_EQ(note(crm.contact, 202).status, 201);
}

TEST(Associations, BatchReportsTheIdsThatDoNotExist) {
  linked crm;
  const auto answer = crm.post("/crm/v4/associations/contacts/companies/batch/associate/default",
                               R"({"inputs":[{"from":{"id":")" + crm.contact + R"("},"to":{"id":")" + crm.company + R"("}},{"from":{"id":"unknown_id_1"},"to":{"id":")" + crm.company + "\"}}]}");
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.at("/errors/0/subCategory"), "crm.associations.INVALID_IDENTIFIER");
  EXPECT_EQ(answer.at("/errors/0/message"), "unknown_id_1 is not a valid ID");
  EXPECT_EQ(crm.get(crm.base + "companies").size("/results"), 1u);
}

TEST(Associations, BatchReadNamesRecordsWithoutAny) {
  linked crm;
  const auto answer = crm.post("/crm/v4/associations/contacts/companies/batch/read", R"({"inputs":[{"id":")" + crm.contact + "\"}]}");
  EXPECT_EQ(answer.status, 207);
  EXPECT_EQ(answer.at("/errors/0/message"), "No company is associated with contact " + crm.contact + ".");
  EXPECT_EQ(answer.at("/errors/0/subCategory"), "crm.associations.NO_ASSOCIATIONS_FOUND");
}

TEST(Lists, AddingReportsUnknownIdsAndIsHarmlessTwice) {
  linked crm;
  const auto found = crm.get("/crm/v3/lists/object-type-id/0-1/name/Event%20leads");
  ASSERT_EQ(found.status, 200);
  const auto path = "/crm/v3/lists/" + found.at("/list/listId") + "/memberships/add";
  const auto first = crm.put(path, "[\"" + crm.contact + "\",\"456\"]");
  EXPECT_EQ(first.at("/recordsIdsAdded/0"), crm.contact);
  EXPECT_EQ(first.at("/recordIdsMissing/0"), "456");
  EXPECT_EQ(crm.put(path, "[\"" + crm.contact + "\"]").size("/recordsIdsAdded"), 0u);
  EXPECT_EQ(crm.put("/crm/v3/lists/2/memberships/add", "[\"" + crm.contact + "\"]").status, 400) << "a DYNAMIC list";
  EXPECT_EQ(crm.get("/crm/v3/lists/object-type-id/0-1/name/Nothing").status, 404);
}

}  // namespace
}  // namespace leadsync::simulator
