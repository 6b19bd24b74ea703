#include "account.h"

namespace leadsync::simulator {
namespace {

using namespace std::chrono_literals;

struct searched : account {
  answered find(const std::string& filters, const std::string& more = {}) {
    return post("/crm/v3/objects/contacts/search", R"({"filterGroups":[{"filters":[)" + filters + "]}]" + more + "}");
  }
  answered by_email(const std::string& email) { return find(R"({"propertyName":"email","operator":"EQ","value":")" + email + "\"}"); }
};

TEST(Search, SeesARecordOnlyAfterTheIndexLag) {
  searched crm;
  (void)crm.create("contacts", R"({"email":"ada@x.example"})");
  crm.now += 2999ms;
  EXPECT_EQ(crm.by_email("ada@x.example").at("/total"), "0");
  EXPECT_EQ(crm.get("/crm/v3/objects/contacts/ada@x.example?idProperty=email").status, 200) << "reads the store";
  crm.now += 1ms;
  EXPECT_EQ(crm.by_email("ada@x.example").at("/total"), "1");
}

TEST(Search, MatchesTheOldValueUntilTheIndexCatchesUp) {
  searched crm;
  const auto id = crm.create("contacts", R"({"email":"old@x.example"})");
  crm.now += 1min;
  (void)crm.patch("/crm/v3/objects/contacts/" + id, R"({"properties":{"email":"new@x.example"}})");
  EXPECT_EQ(crm.by_email("old@x.example").at("/total"), "1");
  EXPECT_EQ(crm.by_email("new@x.example").at("/total"), "0");
  crm.now += 3s;
  EXPECT_EQ(crm.by_email("old@x.example").at("/total"), "0");
  EXPECT_EQ(crm.by_email("NEW@x.example").at("/total"), "1");
}

TEST(Search, OperatorsCompareByTheTypeOfTheProperty) {
  searched crm;
  (void)crm.put("/_simulator/options", R"({"search_lag_ms":0})");
  (void)crm.create("contacts", R"({"lastname":"a","budget":"9","capture_date":"2026-01-01","city":"Ulm"})");
  (void)crm.create("contacts", R"({"lastname":"b","budget":"10","capture_date":"2026-02-01"})");
  (void)crm.create("contacts", R"({"lastname":"c","budget":"110","message":"wants a quick demo"})");
  const auto total = [&](const std::string& filters) { return crm.find(filters).at("/total"); };
  EXPECT_EQ(total(R"({"propertyName":"budget","operator":"GT","value":"9"})"), "2");
  EXPECT_EQ(total(R"({"propertyName":"budget","operator":"LTE","value":"10"})"), "2");
  EXPECT_EQ(total(R"({"propertyName":"budget","operator":"BETWEEN","value":"10","highValue":"110"})"), "2");
  EXPECT_EQ(total(R"({"propertyName":"lastname","operator":"IN","values":["a","c","z"]})"), "2");
  EXPECT_EQ(total(R"({"propertyName":"lastname","operator":"NOT_IN","values":["a","c"]})"), "1");
  EXPECT_EQ(total(R"({"propertyName":"city","operator":"HAS_PROPERTY"})"), "1");
  EXPECT_EQ(total(R"({"propertyName":"city","operator":"NOT_HAS_PROPERTY"})"), "2");
  EXPECT_EQ(total(R"({"propertyName":"city","operator":"NEQ","value":"Ulm"})"), "2");
  EXPECT_EQ(total(R"({"propertyName":"message","operator":"CONTAINS_TOKEN","value":"quick"})"), "1");
  EXPECT_EQ(total(R"({"propertyName":"message","operator":"CONTAINS_TOKEN","value":"qui"})"), "0");
  EXPECT_EQ(total(R"({"propertyName":"capture_date","operator":"GTE","value":"2026-01-15"})"), "1");
  EXPECT_EQ(total(R"({"propertyName":"city","operator":"EQ","value":"ulm"},{"propertyName":"budget","operator":"EQ","value":"9"})"), "1");
}

TEST(Search, PagesInTheOrderAskedFor) {
  searched crm;
  (void)crm.put("/_simulator/options", R"({"search_lag_ms":0})");
  for (const auto* name : {"b", "a", "c"}) (void)crm.create("contacts", R"({"lastname":")" + std::string(name) + "\"}");
  const auto sorted = R"(,"sorts":[{"propertyName":"lastname","direction":"DESCENDING"}],"limit":2)";
  const auto first = crm.find(R"({"propertyName":"lastname","operator":"HAS_PROPERTY"})", sorted);
  EXPECT_EQ(first.at("/total"), "3");
  EXPECT_EQ(first.at("/results/0/properties/lastname"), "c");
  EXPECT_EQ(first.at("/paging/next/after"), "2");
  const auto second = crm.find(R"({"propertyName":"lastname","operator":"HAS_PROPERTY"})", sorted + std::string(R"(,"after":"2")"));
  EXPECT_EQ(second.at("/results/0/properties/lastname"), "a");
  EXPECT_EQ(second.at("/paging"), "(none)");
}

TEST(Search, RefusesWhatIsOverItsBounds) {
  searched crm;
  EXPECT_EQ(crm.find("", R"(,"limit":201)").status, 400);
  EXPECT_EQ(crm.find(R"({"propertyName":"lastname","operator":"LIKE","value":"x"})").status, 400);
  EXPECT_EQ(crm.find(R"({"propertyName":"nope","operator":"EQ","value":"x"})").status, 400);
  EXPECT_EQ(crm.find("", R"(,"limit":200,"after":"9900")").status, 400);
}

}  // namespace
}  // namespace leadsync::simulator
