#include "account.h"

namespace leadsync::simulator {
namespace {

TEST(Definitions, SayWhatCanBeWritten) {
  account crm;
  const auto owner = crm.get("/crm/v3/properties/contacts/hubspot_owner_id");
  EXPECT_EQ(owner.at("/externalOptions"), "true");
  EXPECT_EQ(owner.size("/options"), 0u);
  EXPECT_EQ(crm.get("/crm/v3/properties/0-1/hs_object_id").at("/modificationMetadata/readOnlyValue"), "true");
  const auto timeline = crm.get("/crm/properties/2026-09/contacts/timeline");
  EXPECT_EQ(timeline.at("/options/0/label") + "=" + timeline.at("/options/0/value"), "This quarter=this_quarter");
  EXPECT_EQ(timeline.at("/type") + " " + timeline.at("/fieldType"), "enumeration select");
  EXPECT_GT(crm.get("/crm/v3/properties/companies").size("/results"), 10u);
}

TEST(Definitions, NewPropertyIsWritableAtOnceAndItsNameIsTaken) {
  account crm;
  const auto definition = R"({"name":"age__c","label":"Age","type":"number","fieldType":"number","groupName":"contactinformation","hasUniqueValue":true})";
  const auto made = crm.post("/crm/v3/properties/contacts", definition);
  EXPECT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/hasUniqueValue"), "true");
  (void)crm.create("contacts", R"({"lastname":"x","age__c":"41"})");
  const auto again = crm.post("/crm/v3/properties/contacts", definition);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.at("/message"), "A property named 'age__c' already exists.");
  EXPECT_EQ(again.at("/subCategory"), "Properties.PROPERTY_WITH_NAME_EXISTS");
  EXPECT_EQ(again.at("/category"), "OBJECT_ALREADY_EXISTS");
  EXPECT_EQ(crm.post("/crm/v3/properties/contacts/batch/create", R"({"inputs":[)" + std::string(definition) + "]}").status, 207);
}

TEST(Definitions, CreateNeedsItsMembersAndAGroupThatExists) {
  account crm;
  EXPECT_EQ(crm.post("/crm/v3/properties/contacts", R"({"name":"x"})").at("/message"),
            "Invalid input JSON on line 1, column 2. Some required fields were not set: [groupName, label, type, fieldType]");
  const auto in_group = R"({"name":"x","label":"X","type":"string","fieldType":"text","groupName":"leadsync"})";
  EXPECT_EQ(crm.post("/crm/v3/properties/contacts", in_group).status, 400);
  EXPECT_EQ(crm.post("/crm/v3/properties/contacts/groups", R"({"name":"leadsync","label":"Leadsync"})").status, 201);
  EXPECT_EQ(crm.post("/crm/v3/properties/contacts", in_group).status, 201);
}

TEST(Definitions, ArchivedPropertyIsRefusedFromThenOnAndItsValuesAreGone) {
  account crm;
  const auto id = crm.create("contacts", R"({"lastname":"x","event_name":"Expo"})");
  EXPECT_EQ(crm.send("DELETE", "/crm/v3/properties/contacts/event_name").status, 204);
  EXPECT_EQ(crm.patch("/crm/v3/objects/contacts/" + id, R"({"properties":{"event_name":"Expo"}})").at("/errors/0/code"), "PROPERTY_DOESNT_EXIST");
  EXPECT_EQ(crm.get("/crm/v3/properties/contacts/event_name").status, 404);
  EXPECT_EQ(crm.get("/crm/v3/properties/contacts?archived=true").at("/results/0/name"), "event_name");
  EXPECT_EQ(crm.send("DELETE", "/crm/v3/properties/contacts/email").status, 400) << "HubSpot's own";
}

TEST(Definitions, OptionRemovedAtRunTimeIsNoLongerTaken) {
  account crm;
  EXPECT_EQ(crm.patch("/crm/v3/properties/contacts/timeline", R"({"options":[{"label":"Next quarter","value":"next_quarter"}]})").status, 200);
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts", R"({"properties":{"lastname":"x","timeline":"this_quarter"}})").at("/errors/0/message"),
            "this_quarter was not one of the allowed options: [next_quarter]");
}

TEST(Definitions, ValidationRulesAreListedAndCanBeAdded) {
  account crm;
  const auto rules = crm.get("/crm/v3/property-validations/0-1");
  EXPECT_EQ(rules.at("/results/0/propertyName"), "booth_notes");
  EXPECT_EQ(rules.at("/results/0/propertyValidationRules/0/ruleType"), "MAX_LENGTH");
  EXPECT_EQ(rules.at("/results/0/propertyValidationRules/0/ruleArguments/0"), "200");
  (void)crm.put("/_simulator/properties/contacts/lastname", R"({"rules":{"ALPHA":"","MAX_LENGTH":5}})");
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts", R"({"properties":{"lastname":"x1"}})").at("/errors/0/code"), "INVALID_ALPHA");
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts", R"({"properties":{"lastname":"abcdef"}})").at("/errors/0/code"), "MAX_LENGTH");
}

TEST(Owners, AreFoundByAddressAndInactiveOnesAreNot) {
  account crm;
  EXPECT_EQ(crm.get("/crm/v3/owners/?email=Tom.Becker%40example.com&limit=100").at("/results/0/id"), "14240721");
  EXPECT_EQ(crm.get("/crm/v3/owners?email=gone.person@example.com").size("/results"), 0u);
  EXPECT_EQ(crm.get("/crm/v3/owners?archived=true").size("/results"), 1u);
}

}  // namespace
}  // namespace leadsync::simulator
