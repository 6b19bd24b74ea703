#include "mapping/render.h"

#include "mapping/default_mapping.h"

#include <gtest/gtest.h>

#include <functional>

namespace leadsync {
namespace {

remote_schema schema() {
  return parse_remote_schema(R"({"objects": [
    {"name": "contact", "fields": [
      {"name": "email", "type": "email", "semantic": "email"}, {"name": "lastname", "type": "text"},
      {"name": "timeline", "type": "option", "restricted": true, "options": [
        {"value": "this_quarter", "label": "This quarter"}, {"value": "later", "label": "Later"}, {"value": "old", "label": "Old", "active": false}]},
      {"name": "interest", "type": "options", "restricted": true, "options": [
        {"value": "a", "label": "Anvils, large"}, {"value": "b", "label": "Bolts"}]},
      {"name": "source", "type": "option", "options": [{"value": "EXPO", "label": "Expo"}]},
      {"name": "budget", "type": "decimal"}, {"name": "opt_in", "type": "boolean"}, {"name": "captured", "type": "date"},
      {"name": "phone", "type": "phone", "semantic": "phone"}, {"name": "country", "type": "text", "semantic": "country"},
      {"name": "country_code", "type": "option", "restricted": true, "semantic": "country", "options": [{"value": "276", "label": "DEU"}]},
      {"name": "notes", "type": "text", "max_length": 5}, {"name": "bytes", "type": "text", "max_length": 5, "length_unit": "bytes"},
      {"name": "utf16", "type": "text", "max_length": 3, "length_unit": "utf16"},
      {"name": "score", "type": "decimal", "creatable": false, "updatable": false}]},
    {"name": "company", "fields": [
      {"name": "name", "type": "text", "required": true}, {"name": "domain", "type": "text", "semantic": "domain"}, {"name": "country", "type": "text"}]},
    {"name": "note", "fields": [{"name": "title", "type": "text"}, {"name": "body", "type": "text"}]}]})").value();
}

const render_options options{"contact", {{"contact", {"email"}}, {"company", {"domain", "name"}}}};

/// Maps fields, sets a lead, renders; says what came of it.
struct scene {
  mapping fields{{{"contact", "email", "email"}}};
  lead_document lead;

  scene() { lead.set_field("email", "ada@engines.example"); }

  field_mapping& map(std::string object, std::string field, std::string source) {
    return fields.fields.emplace_back(field_mapping{std::move(object), std::move(field), std::move(source)});
  }
  [[nodiscard]] rendered_lead render() const { return leadsync::render({lead, "Expo 26", "77"}, fields, schema(), options); }
  [[nodiscard]] std::string value(std::string_view object, std::string_view field) const {
    const auto rendered = render();
    const auto* found = rendered.find(object);
    if (!found) return "no object";
    for (const auto& value : found->values)
      if (value.remote_field == field) return value.type == value_type::options ? "[" + joined(value.items) + "]" : value.text;
    return rendered.problems.empty() ? "no value" : std::string(code_of(rendered.problems.front().what));
  }
  [[nodiscard]] std::string first_problem() const {
    const auto rendered = render();
    if (rendered.problems.empty()) return "none";
    const auto& [what, where, message] = rendered.problems.front();
    EXPECT_FALSE(message.empty());
    return std::string(code_of(what)) + " " + where.object + " " + where.remote_field + " " + where.lead_field + " " + where.value;
  }
  [[nodiscard]] std::string warnings() const {
    std::string codes;
    for (const auto& warning : render().warnings) codes += warning.code + " " + warning.remote_field + ";";
    return codes;
  }
  static std::string joined(const std::vector<std::string>& items) {
    std::string all;
    for (const auto& item : items) all += (all.empty() ? "" : ",") + item;
    return all;
  }
};

TEST(Render, AQualifierFindsItsOptionByValueLabelOrMap) {
  scene scene;
  auto& timeline = scene.map("contact", "timeline", "qualifier:Timeline");
  timeline.values = {{"In a Year", "later"}, {"Never", ""}, {"Broken", "gone"}};
  const std::pair<const char*, const char*> cases[] = {
      {"this_quarter", "this_quarter"}, {"THIS  quarter", "this_quarter"}, {"in a year", "later"},
      {"Never", "no value"}, {"Within 6 months", "NO_TAG_MAPPING"}, {"Broken", "DATA_VALUE_VALIDATION"}, {"Old", "NO_TAG_MAPPING"}};
  for (const auto& [answer, expected] : cases) {
    scene.lead.set_qualifier("Timeline", {answer});
    EXPECT_EQ(scene.value("contact", "timeline"), expected) << answer;
  }
  scene.lead.set_qualifier("Timeline", {"Within 6 months"});
  EXPECT_EQ(scene.first_problem(), "NO_TAG_MAPPING contact timeline qualifier:Timeline Within 6 months");
  scene.lead.set_qualifier("Timeline", {"Later", "Old"});
  EXPECT_EQ(scene.first_problem(), "NO_TAG_MAPPING contact timeline qualifier:Timeline Later; Old");
}

TEST(Render, APlainFieldThatMatchesNoOptionIsAValueProblem) {
  scene scene;
  scene.map("contact", "timeline", "custom:when");
  scene.lead.set_field("custom:when", "C");
  EXPECT_EQ(scene.first_problem(), "DATA_VALUE_VALIDATION contact timeline custom:when C");
}

TEST(Render, UnrestrictedOptionsPassThrough) {
  scene scene;
  scene.map("contact", "source", "custom:source");
  scene.lead.set_field("custom:source", "Web");
  EXPECT_EQ(scene.value("contact", "source"), "Web");
  scene.lead.set_field("custom:source", "expo");
  EXPECT_EQ(scene.value("contact", "source"), "EXPO");
}

TEST(Render, SeveralValuesBecomeOptionsAndEachUnmappedOneIsNamed) {
  scene scene;
  scene.map("contact", "interest", "custom:interest");
  scene.lead.set_field("custom:interest", "Anvils, large");
  EXPECT_EQ(scene.value("contact", "interest"), "[a]");
  scene.lead.set_field("custom:interest", "bolts; Anvils, large;BOLTS");
  EXPECT_EQ(scene.value("contact", "interest"), "[b,a]");
  scene.fields.fields.back().source = "qualifier:Interest";
  scene.lead.set_qualifier("Interest", {"Nuts", "Bolts", "Nails"});
  const auto problems = scene.render().problems;
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].where.value, "Nuts");
  EXPECT_EQ(problems[1].where.value, "Nails");
}

TEST(Render, ConvertsToTheTypeOfTheField) {
  scene scene;
  scene.map("contact", "budget", "custom:budget");
  scene.map("contact", "opt_in", "consent");
  scene.map("contact", "captured", "captured_at");
  scene.map("contact", "phone", "phone");
  scene.map("contact", "country", "country");
  scene.map("contact", "country_code", "country");
  scene.lead.set_field("custom:budget", "$1,200");
  scene.lead.set_field("consent", "Yes");
  scene.lead.set_field("captured_at", "2026-11-25T09:00:00Z");
  scene.lead.set_field("phone", "030 123456");
  scene.lead.set_field("country", "Deutschland");
  EXPECT_EQ(scene.first_problem(), "none");
  EXPECT_EQ(scene.value("contact", "budget"), "1200");
  EXPECT_EQ(scene.value("contact", "opt_in"), "true");
  EXPECT_EQ(scene.value("contact", "captured"), "2026-11-25");
  EXPECT_EQ(scene.value("contact", "phone"), "+4930123456");
  EXPECT_EQ(scene.value("contact", "country"), "Germany");
  EXPECT_EQ(scene.value("contact", "country_code"), "276");
  EXPECT_EQ(scene.warnings(), "COERCED budget;COERCED phone;");
  scene.lead.set_field("custom:budget", "a lot");
  EXPECT_EQ(scene.first_problem(), "DATA_FORMAT_VALIDATION contact budget custom:budget ");
}

TEST(Render, LengthsCountInTheUnitOfTheField) {
  scene scene;
  scene.map("contact", "notes", "notes");
  scene.map("contact", "bytes", "custom:b");
  scene.map("contact", "utf16", "custom:u");
  scene.lead.set_field("notes", "ääääa");
  scene.lead.set_field("custom:b", "ääa");
  scene.lead.set_field("custom:u", "😀a");
  EXPECT_EQ(scene.first_problem(), "none");
  scene.lead.set_field("notes", "ääääab");
  scene.lead.set_field("custom:b", "äää");
  scene.lead.set_field("custom:u", "😀😀");
  EXPECT_EQ(scene.render().problems.size(), 3u);
  EXPECT_EQ(scene.first_problem(), "DATA_TOO_LONG contact notes notes ");
  for (auto& field : scene.fields.fields) field.truncate = true;
  EXPECT_EQ(scene.value("contact", "notes"), "ääääa");
  EXPECT_EQ(scene.value("contact", "bytes"), "ää");
  EXPECT_EQ(scene.value("contact", "utf16"), "😀");
  EXPECT_EQ(scene.warnings(), "TRUNCATED notes;TRUNCATED bytes;TRUNCATED utf16;");
}

TEST(Render, AMissingOrReadOnlyFieldStopsOnlyLeadsThatHaveAValueForIt) {
  scene scene;
  scene.map("contact", "nowhere", "custom:x");
  scene.map("contact", "score", "custom:y");
  scene.map("deal", "amount", "custom:z");
  EXPECT_EQ(scene.first_problem(), "none");
  scene.lead.set_field("custom:y", "1");
  EXPECT_EQ(scene.first_problem(), "FIELD_NOT_WRITABLE contact score custom:y ");
  scene.lead.set_field("custom:x", "1");
  EXPECT_EQ(scene.first_problem(), "MISSING_REMOTE_FIELD contact nowhere custom:x ");
  EXPECT_EQ(scene.render().problems.size(), 2u);
  scene.lead.set_field("custom:z", "1");
  EXPECT_EQ(scene.render().problems.back().what, category::field_not_writable);
}

TEST(Render, AnAbsentCompanyIsNoProblemButAnIncompleteOneIs) {
  scene scene;
  scene.map("company", "domain", "company_domain");
  scene.map("company", "name", "company");
  scene.map("company", "country", "country");
  scene.lead.set_field("email", "ada@gmail.com");
  EXPECT_EQ(scene.first_problem(), "none");
  EXPECT_EQ(scene.render().find("company"), nullptr);
  scene.lead.set_field("country", "Germany");
  EXPECT_EQ(scene.first_problem(), "none");
  EXPECT_EQ(scene.warnings(), "LEFT_OUT ;");
  scene.lead.set_field("email", "ada@engines.example");
  EXPECT_EQ(scene.first_problem(), "NOT_ENOUGH_DATA company name company ");
  scene.fields.fields[2].default_value = "Unknown";
  EXPECT_EQ(scene.first_problem(), "none");
  EXPECT_EQ(scene.value("company", "domain"), "engines.example");
  EXPECT_EQ(scene.warnings(), "DEFAULTED name;");
  scene.fields.fields.erase(scene.fields.fields.begin() + 2);
  EXPECT_EQ(scene.first_problem(), "REQUIRED_FIELD_MISSING company name  ");
}

TEST(Render, ALeadThatCannotBeMatchedLacksData) {
  scene scene;
  scene.map("contact", "lastname", "last_name");
  scene.lead.set_field("email", "");
  EXPECT_EQ(scene.first_problem(), "NOT_ENOUGH_DATA contact email email ");
  scene.lead.set_field("last_name", "Lovelace");
  EXPECT_EQ(scene.first_problem(), "NOT_ENOUGH_DATA contact email email ");
  scene.fields.fields.erase(scene.fields.fields.begin());
  EXPECT_EQ(scene.first_problem(), "REQUIRED_FIELD_MISSING contact email  ");
  scene.fields.fields.clear();
  EXPECT_EQ(scene.first_problem(), "REQUIRED_FIELD_MISSING contact   ");
}

TEST(Render, ConstantsMakeAnObjectOnlyWhereItHasNothingElse) {
  scene scene;
  scene.map("note", "title", "event_name");
  EXPECT_EQ(scene.value("note", "title"), "Expo 26");
  scene.map("note", "body", "notes");
  EXPECT_EQ(scene.value("note", "title"), "no object");
  scene.lead.set_field("captured_at", "2026-11-25");
  scene.map("note", "time", "captured_at");
  EXPECT_EQ(scene.value("note", "title"), "no object") << "a time alone is no note";
  scene.fields.fields.pop_back();
  scene.lead.set_field("notes", "Call");
  EXPECT_EQ(scene.value("note", "title"), "Expo 26");
}

TEST(Render, TheWorstProblemComesFirst) {
  scene scene;
  scene.map("contact", "notes", "notes");
  scene.map("contact", "budget", "custom:budget");
  scene.map("contact", "timeline", "qualifier:Timeline");
  scene.lead.set_field("email", "nobody");
  scene.lead.set_field("notes", "much too long");
  scene.lead.set_field("custom:budget", "a lot");
  scene.lead.set_qualifier("Timeline", {"Soon"});
  std::vector<category> found;
  for (const auto& problem : scene.render().problems) found.push_back(problem.what);
  EXPECT_EQ(found, (std::vector{category::no_tag_mapping, category::data_format_validation, category::data_format_validation,
                                category::data_too_long}));
}

TEST(DefaultMapping, KeepsWhatTheAccountHasAndOneSourcePerField) {
  const std::vector<field_mapping> wanted{{"contact", "email", "email"}, {"contact", "nowhere", "x"}, {"contact", "score", "rating"},
                                          {"contact", "email", "custom:mail"}, {"deal", "amount", "y"}};
  const auto made = make_default_mapping(wanted, schema());
  ASSERT_EQ(made.fields.size(), 1u);
  EXPECT_EQ(made.fields[0].source, "email");
}

}  // namespace
}  // namespace leadsync
