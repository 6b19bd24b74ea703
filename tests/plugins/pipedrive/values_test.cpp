#include "plugins/pipedrive/values.h"

#include <gtest/gtest.h>

namespace leadsync::pipedrive {
namespace {

constexpr std::string_view hash = "946947d1b02fd3ef20798d6112ec5d895a686a21";

std::string wire(api version, std::string_view suffix, std::string_view type, std::string_view value) {
  const auto field = "{\"" + std::string(hash) + std::string(suffix) + R"(":{"type":")" + std::string(type) + R"(","value":)" + std::string(value) + "}}";
  auto body = json::serialize(wire_values(version, parsed(field), "EUR"));
  for (auto at = body.find(hash); at != std::string::npos; at = body.find(hash)) body.replace(at, hash.size(), "H");
  return body;
}

TEST(Values, OfCustomFieldsAreWrappedAndStrictInV2) {
  EXPECT_EQ(wire(api::v2, "", "text", R"("12")"), R"({"custom_fields":{"H":"12"}})");
  EXPECT_EQ(wire(api::v2, "", "decimal", R"("12.5")"), R"({"custom_fields":{"H":1.25E1}})");
  EXPECT_EQ(wire(api::v2, "", "option", R"("190")"), R"({"custom_fields":{"H":190}})");
  EXPECT_EQ(wire(api::v2, "", "options", R"(["1","3"])"), R"({"custom_fields":{"H":[1,3]}})");
  EXPECT_EQ(wire(api::v2, "", "options", "[]"), R"({"custom_fields":{"H":null}})");
  EXPECT_EQ(wire(api::v2, "", "text", R"("")"), R"({"custom_fields":{"H":null}})");
  EXPECT_EQ(wire(api::v2, ":money", "decimal", R"("200")"), R"({"custom_fields":{"H":{"value":200,"currency":"EUR"}}})");
  EXPECT_EQ(wire(api::v2, ":address", "text", R"("Main St 1")"), R"({"custom_fields":{"H":{"value":"Main St 1"}}})");
}

TEST(Values, OfCustomFieldsAreFlatInV1) {
  EXPECT_EQ(wire(api::v1, "", "options", R"(["1","3"])"), R"({"H":"1,3"})");
  EXPECT_EQ(wire(api::v1, ":money", "decimal", R"("200")"), R"({"H_currency":"EUR","H":200})");
  EXPECT_EQ(wire(api::v1, ":address", "text", R"("Main St 1")"), R"({"H":"Main St 1"})");
}

TEST(Values, OfAnAmountAndOfLabelsAreThoseOfLeads) {
  const auto body = wire_values(api::v1, parsed(R"({"value":{"type":"decimal","value":"999"},"label_ids":{"type":"options","value":["f08b42a0-4e75-11ea-9643-03698ef1cfd6"]}})"), "USD");
  EXPECT_EQ(json::value(body), json::parse(R"({"value":{"amount":999,"currency":"USD"},"label_ids":["f08b42a0-4e75-11ea-9643-03698ef1cfd6"]})"));
}

TEST(Values, AreTheSameWhateverTheirSpelling) {
  const auto same = [](std::string_view sent, std::string_view kept) { return same_value(json::parse(sent), json::parse(kept)); };
  EXPECT_TRUE(same("190", R"("190")"));
  EXPECT_TRUE(same("[1,3]", "[3,1]"));
  EXPECT_TRUE(same("1250.5", R"("1250.50")"));
  EXPECT_TRUE(same(R"({"value":"Main St"})", R"({"value":"Main St","country":"Germany"})"));
  EXPECT_TRUE(same("null", R"("")"));
  EXPECT_FALSE(same("190", "null"));
  EXPECT_FALSE(same(R"("1,3")", R"("1")"));
  EXPECT_FALSE(same("[1,3]", "[1]"));
}

TEST(Changes, AddAnAddressToThoseThatAreThere) {
  const auto current = parsed(R"({"emails":[{"value":"old@example.test","primary":true,"label":"work"}],"name":"Ada"})");
  const auto body = changes(api::v2, parsed(R"({"email":{"type":"email","value":"new@example.test"},"name":{"type":"text","value":"Ada"}})"), current, {});
  EXPECT_EQ(json::value(body), json::parse(R"({"emails":[{"value":"old@example.test","primary":true,"label":"work"},{"value":"new@example.test","primary":false,"label":"work"}]})"));
  EXPECT_TRUE(changes(api::v2, parsed(R"({"email":{"type":"email","value":"OLD@example.test"}})"), current, {}).empty());
}

}  // namespace
}  // namespace leadsync::pipedrive
