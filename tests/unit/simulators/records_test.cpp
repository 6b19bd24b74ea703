#include "account.h"

namespace leadsync::simulator {
namespace {

TEST(Records, EmailIsUniqueWhateverItsCase) {
  account crm;
  const auto id = crm.create("contacts", R"({"email":"ada@example.com"})");
  const auto answer = crm.post("/crm/v3/objects/contacts", R"({"properties":{"email":"ADA@example.com"}})");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.at("/category"), "CONFLICT");
  EXPECT_EQ(answer.at("/message"), "Contact already exists. Existing ID: " + id);
}

TEST(Records, SecondaryAddressOfAMergedContactStillBelongsToTheWinner) {
  account crm;
  const auto winner = crm.create("contacts", R"({"email":"ada@example.com"})");
  const auto loser = crm.create("contacts", R"({"email":"ada.l@example.com"})");
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts/merge", R"({"primaryObjectId":")" + winner + R"(","objectIdToMerge":")" + loser + "\"}").status, 200);
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts", R"({"properties":{"email":"ada.l@example.com"}})").at("/message"), "Contact already exists. Existing ID: " + winner);
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + loser).at("/id"), winner);
  const auto upserted = crm.post("/crm/v3/objects/contacts/batch/upsert",
                                 R"({"inputs":[{"id":"ada.l@example.com","idProperty":"email","properties":{"email":"ada.l@example.com","firstname":"Ada"}}]})");
  EXPECT_EQ(upserted.at("/results/0/id"), winner);
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + winner).at("/properties/email"), "ada@example.com");
}

TEST(Records, CompaniesAreNotUniqueByDomain) {
  account crm;
  (void)crm.create("companies", R"({"name":"Acme","domain":"acme.com"})");
  (void)crm.create("companies", R"({"name":"Acme","domain":"acme.com"})");
  EXPECT_EQ(crm.count("companies"), "2");
  const auto report = crm.get("/_simulator/duplicates");
  EXPECT_EQ(report.at("/count"), "1");
  EXPECT_EQ(report.at("/companies/0/value"), "acme.com");
}

TEST(Records, CustomUniqueValueBelongsToOneRecord) {
  account crm;
  (void)crm.put("/_simulator/properties/contacts/sync_lead_id", R"({"hasUniqueValue":true})");
  const auto first = crm.create("contacts", R"({"lastname":"a","sync_lead_id":"17"})");
  const auto second = crm.create("contacts", R"({"lastname":"b"})");
  const auto answer = crm.patch("/crm/v3/objects/contacts/" + second, R"({"properties":{"sync_lead_id":"17"}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("/message"),
            "Cannot set PropertyValueCoordinates{portalId=44237313, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=sync_lead_id, value=17} on " +
                second + ". " + first + " already has that value.");
}

TEST(Records, AreFoundByTheirUniqueProperties) {
  account crm;
  const auto id = crm.create("contacts", R"({"email":"ada@example.com"})");
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/ADA%40example.com?idProperty=email").at("/id"), id);
  EXPECT_EQ(crm.patch("/crm/v3/objects/contacts/ada@example.com?idProperty=email", R"({"properties":{"city":"Ulm"}})").at("/properties/city"), "Ulm");
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/Ulm?idProperty=city").status, 400);
  EXPECT_EQ(crm.get("/crm/v3/objects/companies/" + id).status, 404);
}

TEST(Records, ArchivedOnesAreGoneAndFreeTheirAddress) {
  account crm;
  const auto id = crm.create("contacts", R"({"email":"ada@example.com"})");
  EXPECT_EQ(crm.send("DELETE", "/crm/v3/objects/contacts/" + id).status, 204);
  const auto gone = crm.get("/crm/v3/objects/contacts/" + id);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.at("/message"), "resource not found");
  EXPECT_EQ(gone.at("/category"), "OBJECT_NOT_FOUND");
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + id + "?archived=true").at("/archived"), "true");
  EXPECT_NE(crm.create("contacts", R"({"email":"ada@example.com"})"), id);
}

TEST(Records, PatchWithoutPropertiesIsRefused) {
  account crm;
  const auto id = crm.create("contacts", R"({"lastname":"x"})");
  EXPECT_EQ(crm.patch("/crm/v3/objects/contacts/" + id, R"({"properties":{}})").at("/message"), "No properties found to update, please provide at least one.");
}

TEST(Records, NoteNeedsItsTimestamp) {
  account crm;
  const auto answer = crm.post("/crm/v3/objects/notes", R"({"properties":{"hs_note_body":"Met at booth 12"}})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("/message"), "Error creating NOTE.  Some required properties were not set.");
  EXPECT_EQ(answer.at("/context/properties/0"), "hs_timestamp");
}

TEST(Records, SchemaNamesWhatIsRequiredAndTheApiHoldsToIt) {
  account crm;
  (void)crm.put("/_simulator/properties/contacts/event_name", R"({"required":true})");
  EXPECT_EQ(crm.get("/crm-object-schemas/v3/schemas/contacts").at("/requiredProperties/0"), "event_name");
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts", R"({"properties":{"lastname":"x"}})").at("/context/properties/0"), "event_name");
}

TEST(Records, CamelCaseNamesAreRefusedBeforeAnythingElse) {
  account crm;
  const auto answer = crm.post("/crm/v3/objects/notes", R"({"properties":{"hsTimestamp":"x","nope":"y"}})");
  EXPECT_EQ(answer.at("/message"),
            "Invalid input JSON on line 1, column 16: Names for properties should be lowercase and have less than 100 characters. Invalid names: [hsTimestamp]");
}

TEST(Records, MalformedJsonIsLocated) {
  account crm;
  const auto answer = crm.post("/crm/v3/objects/contacts", "{\"properties\":\n {oops}}");
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(answer.at("/message").starts_with("Invalid input JSON on line 2, column 3")) << answer.text;
}

TEST(Records, LeadNeedsAPrimaryContactAndGoesWithIt) {
  account crm;
  const auto contact = crm.create("contacts", R"({"email":"ada@example.com"})");
  EXPECT_EQ(crm.post("/crm/v3/objects/leads", R"({"properties":{"hs_lead_name":"Ada"}})").status, 400);
  const auto made = crm.post("/crm/v3/objects/leads", R"({"properties":{"hs_lead_name":"Ada"},"associations":[{"to":{"id":")" + contact +
                                                          R"("},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":578}]}]})");
  ASSERT_EQ(made.status, 201) << made.text;
  (void)crm.send("DELETE", "/crm/v4/objects/leads/" + made.at("/id") + "/associations/contacts/" + contact);
  EXPECT_EQ(crm.get("/crm/v3/objects/leads/" + made.at("/id")).status, 404);
}

TEST(Paths, ThreeSpellingsReachTheSameRecord) {
  account crm;
  const auto id = crm.create("contacts", R"({"lastname":"x"})");
  for (const auto* base : {"/crm/v3/objects/contacts/", "/crm/objects/2026-09/contacts/", "/crm/objects/v3/0-1/"}) EXPECT_EQ(crm.get(base + id).at("/id"), id);
}

TEST(Paths, UnknownOnesAnswerInHtmlAndUnknownTypesInJson) {
  account crm;
  const auto page = crm.get("/crm/v3/contact");
  EXPECT_EQ(page.status, 404);
  EXPECT_TRUE(page.text.starts_with("<html>"));
  const auto type = crm.get("/crm/v3/objects/butterflies");
  EXPECT_EQ(type.status, 400);
  EXPECT_EQ(type.at("/message"), "Unable to infer object type from: butterflies");
  EXPECT_EQ(type.at("/category"), "(none)");
}

}  // namespace
}  // namespace leadsync::simulator
