#include "account.h"

namespace leadsync::simulator {
namespace {

/// What the API says about one property of a new contact, and how it stores a value that it takes.
struct value_case {
  std::string property, json_value, code, message;
};

class RefusedValue : public testing::TestWithParam<value_case> {};

TEST_P(RefusedValue, IsNamedWithTheApisOwnCodeAndText) {
  account crm;
  const auto& [property, value, code, message] = GetParam();
  const auto answer = crm.post("/crm/v3/objects/contacts", R"({"properties":{"email":"a@b.example",")" + property + "\":" + value + "}}");
  ASSERT_EQ(answer.status, 400) << answer.text;
  EXPECT_EQ(answer.at("/category"), "VALIDATION_ERROR");
  EXPECT_EQ(answer.at("/errors/0/code"), code);
  EXPECT_EQ(answer.at("/errors/0/message"), message);
  EXPECT_EQ(answer.at("/errors/0/context/propertyName/0"), property);
  EXPECT_TRUE(answer.at("/message").starts_with("Property values were not valid: [{\"isValid\":false,\"message\":"));
  EXPECT_EQ(crm.count("contacts"), "0");
}

INSTANTIATE_TEST_SUITE_P(
    Hubspot, RefusedValue,
    testing::Values(
        value_case{"testproperty", R"("x")", "PROPERTY_DOESNT_EXIST", "Property \"testproperty\" does not exist"},
        value_case{"hs_additional_emails", R"("x@y.example")", "READ_ONLY_VALUE", "\"hs_additional_emails\" is a calculated property; its value cannot be set."},
        value_case{"createdate", R"("2020-01-01")", "READ_ONLY_VALUE", "\"createdate\" is a read only property; its value cannot be set."},
        value_case{"timeline", R"("This quarter")", "INVALID_OPTION", "This quarter was not one of the allowed options: [this_quarter, next_quarter]"},
        value_case{"product_interest", R"("scanner;drone")", "INVALID_OPTION",
                   "drone was not one of the allowed options: [scanner, badge_printing, analytics, mobile_app]"},
        value_case{"product_interest", R"("scanner; analytics")", "INVALID_OPTION",
                   " analytics was not one of the allowed options: [scanner, badge_printing, analytics, mobile_app]"},
        value_case{"hubspot_owner_id", R"("910901")", "INVALID_OWNER_ID", "910901 was not a valid owner ID"},
        value_case{"hubspot_owner_id", R"("14240722")", "INVALID_OWNER_ID", "14240722 was not a valid owner ID"},
        value_case{"capture_date", R"("1684914035320")", "INVALID_DATE", "1684914035320 is at 7:40:35.320 UTC, not midnight!"},
        value_case{"capture_date", R"("25.11.2026")", "INVALID_LONG", "25.11.2026 was not a valid long"},
        value_case{"capture_date", R"("2026-02-30")", "INVALID_LONG", "2026-02-30 was not a valid long"},
        value_case{"captured_at", R"("yesterday")", "INVALID_LONG", "yesterday was not a valid long"},
        value_case{"budget", R"("1,000")", "INVALID_INTEGER", "1,000 was not a valid number"},
        value_case{"marketing_opt_in", R"("yes")", "INVALID_OPTION", "yes was not one of the allowed options: [true, false]"},
        value_case{"firstname", R"("Beldeur.nl")", "CONTAINS_URL", "\"Beldeur.nl\" contains a URL"},
        value_case{"booth_notes", '"' + std::string(201, 'x') + '"', "MAX_LENGTH", "Enter 200 characters or fewer"}));

struct stored_case {
  std::string property, json_value, stored;
};

class TakenValue : public testing::TestWithParam<stored_case> {};

TEST_P(TakenValue, IsStoredInTheApisOwnForm) {
  account crm;
  const auto& [property, value, stored] = GetParam();
  const auto id = crm.create("contacts", R"({"lastname":"x",")" + property + "\":" + value + "}");
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/" + id + "?properties=" + property).at("/properties/" + property), stored);
}

INSTANTIATE_TEST_SUITE_P(Hubspot, TakenValue,
                         testing::Values(stored_case{"email", R"(" Ada@Example.COM ")", "ada@example.com"}, stored_case{"budget", "12.5", "12.5"},
                                         stored_case{"capture_date", R"("1684886400000")", "2023-05-24"}, stored_case{"capture_date", R"("2020-02-29")", "2020-02-29"},
                                         stored_case{"captured_at", R"("2020-02-29T04:30:17+01:00")", "2020-02-29T03:30:17.000Z"},
                                         stored_case{"marketing_opt_in", "true", "true"}, stored_case{"product_interest", R"("scanner;analytics")", "scanner;analytics"},
                                         stored_case{"booth_notes", '"' + std::string(100, 'x') + "\xc3\xa4\"", std::string(100, 'x') + "\xc3\xa4"},
                                         stored_case{"timeline", R"("")", "null"}, stored_case{"city", "null", "null"}));

TEST(Values, RefuseAnAddressThatIsNone) {
  account crm;
  for (const auto* address : {"test222", "a@b", "a b@c.example", "@c.example", "a@b..example", "a..b@c.example"}) {
    const auto answer = crm.post("/crm/v3/objects/contacts", R"({"properties":{"email":")" + std::string(address) + "\"}}");
    EXPECT_EQ(answer.at("/errors/0/code"), "INVALID_EMAIL") << address;
    EXPECT_EQ(answer.at("/errors/0/message"), "Email address " + std::string(address) + " is invalid");
  }
}

TEST(Values, NameEveryBadPropertyOfARecordInOneAnswer) {
  account crm;
  const auto answer = crm.post("/crm/v3/objects/contacts", R"({"properties":{"email":"bad","nope":"1","timeline":"never","firstname":"Ada"}})");
  EXPECT_EQ(answer.size("/errors"), 3u);
  EXPECT_EQ(answer.at("/errors/0/code") + " " + answer.at("/errors/1/code") + " " + answer.at("/errors/2/code"), "INVALID_EMAIL PROPERTY_DOESNT_EXIST INVALID_OPTION");
}

TEST(Values, LeadingSemicolonAppendsToAMultipleChoice) {
  account crm;
  const auto id = crm.create("contacts", R"({"lastname":"x","product_interest":"scanner"})");
  const auto answer = crm.patch("/crm/v3/objects/contacts/" + id, R"({"properties":{"product_interest":";analytics;scanner"}})");
  EXPECT_EQ(answer.at("/properties/product_interest"), "scanner;analytics");
}

TEST(Values, LifecycleStageDoesNotMoveBackUnlessCleared) {
  account crm;
  const auto id = crm.create("contacts", R"({"lastname":"x","lifecyclestage":"customer"})");
  const auto path = "/crm/v3/objects/contacts/" + id;
  EXPECT_EQ(crm.patch(path, R"({"properties":{"lifecyclestage":"lead"}})").status, 200);
  EXPECT_EQ(crm.get(path + "?properties=lifecyclestage").at("/properties/lifecyclestage"), "customer");
  (void)crm.patch(path, R"({"properties":{"lifecyclestage":""}})");
  (void)crm.patch(path, R"({"properties":{"lifecyclestage":"lead"}})");
  EXPECT_EQ(crm.get(path + "?properties=lifecyclestage").at("/properties/lifecyclestage"), "lead");
}

TEST(Values, AdminRulesCanBeLimitedToTheDatedPaths) {
  account crm;
  (void)crm.put("/_simulator/options", R"({"rules_on_numbered_paths":false})");
  const auto body = R"({"properties":{"lastname":"x","booth_notes":")" + std::string(300, 'n') + "\"}}";
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts", body).status, 201);
  EXPECT_EQ(crm.post("/crm/objects/2026-09/contacts", body).at("/errors/0/code"), "MAX_LENGTH");
}

}  // namespace
}  // namespace leadsync::simulator
