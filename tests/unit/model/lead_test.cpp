#include "model/free_mail.h"
#include "model/lead.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

lead_document ada() {
  lead_document lead;
  lead.set_field("last_name", " Lovelace ");
  lead.set_field("first_name", "Ada");
  lead.set_field("email", "Ada@Engines.example");
  lead.set_qualifier("Timeline", {" This quarter ", "", "This quarter"});
  return lead;
}

TEST(Lead, EqualLeadsHaveEqualTextWhateverTheOrderOfTheirCells) {
  lead_document other;
  other.set_qualifier("Timeline", {"This quarter"});
  other.set_field("email", "Ada@Engines.example");
  other.set_field("first_name", "Ada");
  other.set_field("last_name", "Lovelace");
  EXPECT_EQ(ada(), other);
  EXPECT_EQ(to_json(ada()), to_json(other));
  EXPECT_EQ(to_json(ada()),
            R"({"fields":{"email":"Ada@Engines.example","first_name":"Ada","last_name":"Lovelace"},)"
            R"("qualifiers":{"Timeline":["This quarter"]}})");
}

TEST(Lead, TextReadsBackWithQuotesControlCharactersAndMalformedUtf8) {
  lead_document lead;
  lead.set_field("notes", "say \"hi\"\n\\ \x01 Zürich");
  EXPECT_EQ(parse_lead_document(to_json(lead)).value(), lead);
  lead.set_field("company", "M\xFCller \xC3\xA9");
  EXPECT_EQ(parse_lead_document(to_json(lead)).value().field_value("company"), "M\xEF\xBF\xBDller \xC3\xA9");
}

TEST(Lead, ErrorsNameTheMember) {
  EXPECT_EQ(parse_lead_document(R"({"fields": {"a/b": 1}})").error().context, "/fields/a~1b must be a string");
  EXPECT_EQ(parse_lead_document(R"({"qualifiers": {"Q": [1]}})").error().context,
            "/qualifiers/Q must be an array of strings");
  EXPECT_TRUE(parse_lead_document("[]").has_error());
}

TEST(Lead, NamesAreDerivedInBothDirections) {
  EXPECT_EQ(ada().field_value("full_name"), "Ada Lovelace");
  lead_document lead;
  lead.set_field("full_name", "Jean-Luc van der Berg");
  EXPECT_EQ(lead.field_value("first_name"), "Jean-Luc van der");
  EXPECT_EQ(lead.field_value("last_name"), "Berg");
  lead.set_field("full_name", "Berg, Jean");
  EXPECT_EQ(lead.field_value("first_name"), "Jean");
  EXPECT_EQ(lead.field_value("last_name"), "Berg");
  lead.set_field("full_name", "Cher");
  EXPECT_EQ(lead.field_value("last_name"), "Cher");
}

TEST(Lead, AnEmptyCellNeverErases) {
  lead_document incoming;
  incoming.set_field("email", "");
  incoming.set_field("first_name", "Augusta");
  incoming.set_qualifier("Timeline", {""});
  incoming.set_qualifier("Budget", {"1"});
  const auto result = merged(ada(), incoming);
  EXPECT_EQ(result.field_value("email"), "Ada@Engines.example");
  EXPECT_EQ(result.field_value("full_name"), "Augusta Lovelace");
  EXPECT_NE(result.qualifier_values("Timeline"), nullptr);
  EXPECT_NE(result.qualifier_values("budget"), nullptr);
}

TEST(Lead, IdentityPrefersTheCallersIdThenBadgeThenEmail) {
  captured_lead lead{"", "Expo 26", ada()};
  EXPECT_EQ(identity_of(lead), "email:ada@engines.example|event:expo 26");
  lead.document.set_field("badge", "B-1");
  EXPECT_EQ(identity_of(lead), "badge:b-1|event:expo 26");
  lead.external_id = " Xy ";
  EXPECT_EQ(identity_of(lead), "id:Xy");

  captured_lead nameless{"", "Expo 26", {}};
  nameless.document.set_field("company", "Acme");
  const auto row = identity_of(nameless);
  EXPECT_TRUE(row.starts_with("row:"));
  nameless.document.set_field("company", "Acme 2");
  EXPECT_NE(identity_of(nameless), row);
}

TEST(Lead, ACompanyIsKnownByItsDomainButNeverByAFreeMailDomain) {
  auto lead = ada();
  EXPECT_EQ(company_key_of(lead), "engines.example");
  lead.set_field("website", "https://www.Analytical.example:8443/about?x=1");
  EXPECT_EQ(company_domain_of(lead), "analytical.example");
  EXPECT_EQ(lead.field_value("company_domain"), "analytical.example");
  lead.set_field("website", "n/a");
  lead.set_field("email", "ada@yahoo.co.uk");
  EXPECT_EQ(company_key_of(lead), "");
  lead.set_field("company", "Acme  Inc");
  EXPECT_EQ(company_key_of(lead), "name:acme inc");
}

TEST(Lead, APersonIsOneWhateverTheCaseOfTheAddress) {
  auto other = ada();
  other.set_field("email", "ADA@engines.example");
  other.set_field("first_name", "A.");
  EXPECT_EQ(person_key_of(ada()), person_key_of(other));
  other.set_field("email", "");
  EXPECT_NE(person_key_of(ada()), person_key_of(other));
}

TEST(FreeMail, KnowsProvidersWithManyEndings) {
  for (const auto* domain : {"gmail.com", "web.de", "yahoo.com.br", "gmx.at", "qq.com", "orange.fr", "bk.ru"})
    EXPECT_TRUE(is_free_mail(domain)) << domain;
  for (const auto* domain : {"acme.com", "yahoo.engineering.acme.com", "mygmail.com", "outlook"})
    EXPECT_FALSE(is_free_mail(domain)) << domain;
}

}  // namespace
}  // namespace leadsync
