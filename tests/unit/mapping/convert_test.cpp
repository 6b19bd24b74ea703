#include "mapping/convert.h"
#include "mapping/country.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

std::string text_of(const std::optional<converted>& value) { return value ? value->text + (value->coerced ? " coerced" : "") : "refused"; }

TEST(Convert, NumbersAreReadAsWrittenOrWithAWarningOrNotAtAll) {
  const std::pair<const char*, const char*> cases[] = {
      {"1234.50", "1234.50"},       {"-7", "-7"},
      {"1.234,50", "1234.50 coerced"}, {"$1,200", "1200 coerced"},
      {"1,234,567.8", "1234567.8 coerced"}, {"12,5", "12.5 coerced"},
      {"1.200 €", "refused"},       {"1'200 CHF", "1200 coerced"},
      {"1 200", "1200 coerced"},    {"1\xC2\xA0" "200,00 EUR", "1200.00 coerced"},
      {".5", "0.5 coerced"},        {"1.2.3", "refused"},
      {"a lot", "refused"},         {"50k", "refused"},
      {"4.41234E+11", "refused"},   {"", "refused"},
      {"-", "refused"},             {"1,23,456", "refused"},
      {"-$5", "-5 coerced"},        {",", "refused"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(text_of(to_decimal(text)), expected) << text;
}

TEST(Convert, ConsentIsReadOnlyWhereItIsPlain) {
  for (const auto* text : {"Yes", "TRUE", "1", "opt-in", "Opted in", "ja", " x "}) EXPECT_EQ(to_boolean(text), true) << text;
  for (const auto* text : {"no", "False", "0", "opt-out", "Nein"}) EXPECT_EQ(to_boolean(text), false) << text;
  for (const auto* text : {"unknown", "maybe", "", "2"}) EXPECT_EQ(to_boolean(text), std::nullopt) << text;
}

TEST(Convert, DatesAreNeverGuessed) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-25", "2026-11-25"},   {"25.11.2026", "2026-11-25"},          {"11/25/2026", "2026-11-25"},
      {"25/11/2026 14:05", "2026-11-25"}, {"04/05/2026", "refused"},         {"05/05/2026", "2026-05-05"},
      {"25 Nov 2026", "2026-11-25"},  {"November 25, 2026", "2026-11-25"},   {"2026-11-25T23:30:00-08:00", "2026-11-25"},
      {"1764028800", "refused"},      {"46351", "refused"},                  {"31.11.2026", "refused"}};
  for (const auto& [text, expected] : cases) EXPECT_EQ(text_of(to_date_text(text)), expected) << text;
  EXPECT_EQ(text_of(to_instant_text("2026-11-25T23:30:00-08:00")), "2026-11-26T07:30:00.000Z");
  EXPECT_EQ(text_of(to_instant_text("25.11.2026 9:30")), "2026-11-25T09:30:00.000Z coerced");
}

TEST(Convert, PhoneNumbersGetTheirCountrysCode) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"+49 (0)30 123-456", "", "+4930123456"},      {"0049 30 123456", "France", "+4930123456"},
      {"030/123456", "Deutschland", "+4930123456 coerced"}, {"(555) 123-4567", "USA", "+15551234567 coerced"},
      {"(555) 123-4567 ext. 12", "US", "+15551234567 x12 coerced"}, {"06 1234567", "Italy", "+39061234567 coerced"},
      {"030 123456", "", "030123456"},               {"491711234567", "Germany", "+491711234567 coerced"},
      {"4.41234E+11", "GB", "refused"},              {"call me", "", "refused"},
      {"12", "", "refused"},                         {"555-1234", "US", "5551234"}};
  for (const auto& [text, country, expected] : cases) EXPECT_EQ(text_of(to_phone(text, country)), expected) << text;
}

TEST(Convert, AddressesHaveTheirShape) {
  for (const auto* text : {"a@b.co", "ada.l+x@engines.example", "mailto:a@b.co", "o'neil@münchen.example"})
    EXPECT_TRUE(to_email(text)) << text;
  for (const auto* text : {"a@b", "a b@c.de", "@c.de", "a@c.de, b@c.de", "a@-c.de", "n/a", "a@1.2.3.4", "a..b@c.de"})
    EXPECT_FALSE(to_email(text)) << text;
  EXPECT_TRUE(to_url("https://www.acme.example/x?y"));
  EXPECT_FALSE(to_url("see my card"));
}

TEST(Country, IsFoundByCodeAndByNamesInThreeLanguages) {
  for (const auto* text : {"DE", "deu", "Germany", "Deutschland", "ALLEMAGNE"}) {
    ASSERT_NE(find_country(text), nullptr) << text;
    EXPECT_EQ(find_country(text)->name, "Germany");
  }
  EXPECT_EQ(find_country("U.S.A.")->iso2, "US");
  EXPECT_EQ(find_country("Österreich")->calling_code, "43");
  EXPECT_EQ(find_country("N/A"), nullptr);
  EXPECT_EQ(find_country("Atlantis"), nullptr);
}

}  // namespace
}  // namespace leadsync
