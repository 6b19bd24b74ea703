#include "collected.h"

namespace leadsync {
namespace {

constexpr auto vendor = R"({"id": 12345678901234567890, "event": {"id": "1", "name": "Fair"}, "firstName": "Ada", "name": "Lovelace",
  "jobTitle": "Countess", "title": "Dr", "company": {"name": "Engines", "domain": "engines.example"}, "email": "ada@engines.example",
  "workAddress": {"city": "London", "countryCode": "GB", "floor": 4.5}, "tags": ["hot", "vip"], "scannedAt": "2026-11-25T09:00:00+01:00",
  "budget": 4.50, "big": 1e3, "checked": true, "nothing": null, "nested": {"a": [1]},
  "qualifiers": {"Timeline": "x; y", "Interest": ["a", "b"]}, "custom": {"colour": "red"},
  "answers": [{"question": "Why?", "answer": ["because"]}]})";

TEST(JsonLeads, ReadsAVendorsObjectThroughTheDictionary) {
  const auto lead = parse_api_lead(vendor, {}).value();
  const auto field = [&](std::string_view name) { return lead.document.field_value(name); };
  EXPECT_EQ(lead.external_id, "12345678901234567890");
  EXPECT_EQ(lead.event, "Fair");
  EXPECT_EQ(field("full_name"), "Ada Lovelace");
  EXPECT_EQ(field("job_title"), "Countess");
  EXPECT_EQ(field("honorific"), "Dr");
  EXPECT_EQ(field("company"), "Engines");
  EXPECT_EQ(field("website"), "engines.example");
  EXPECT_EQ(field("city"), "London");
  EXPECT_EQ(field("country"), "GB");
  EXPECT_EQ(field("tags"), "hot; vip");
  EXPECT_EQ(field("captured_at"), "2026-11-25T09:00:00+01:00");
  EXPECT_EQ(field("custom:budget"), "4.5");
  EXPECT_EQ(field("custom:big"), "1000");
  EXPECT_EQ(field("custom:checked"), "true");
  EXPECT_EQ(field("custom:colour"), "red");
  EXPECT_EQ(field("custom:floor"), "4.5");
  EXPECT_EQ(field("custom:nested"), R"({"a":[1]})");
  EXPECT_EQ(*lead.document.qualifier_values("Timeline"), std::vector<std::string>{"x; y"});
  EXPECT_EQ(lead.document.qualifier_values("Interest")->size(), 2u);
  EXPECT_EQ(lead.document.qualifier_values("Why?")->at(0), "because");
}

TEST(JsonLeads, RefusalsSayWhatIsWrong) {
  EXPECT_TRUE(parse_api_lead("{", {"E", "", ""}).error().context.starts_with("not JSON: "));
  EXPECT_EQ(parse_api_lead("[]", {"E", "", ""}).error().context, "a lead must be an object");
  EXPECT_EQ(parse_api_lead(R"({"email": "a@b.c", "qualifiers": []})", {"E", "", ""}).error().context, "/qualifiers must be an object");
  EXPECT_TRUE(parse_api_lead(R"({"email": "a@b.c"})", {}).error().context.starts_with("no event:"));
  EXPECT_TRUE(parse_api_lead(R"({"company": "a"})", {"E", "", ""}).error().context.starts_with("no e-mail, badge,"));
}

TEST(JsonLeads, ReadsOneManyAndThoseInARow) {
  const std::pair<const char*, std::size_t> cases[] = {
      {R"({"email": "a]}@b.c", "x": {"y": ["\"]"]}})", 1}, {R"([{"email": "a@b.c"}, {"email": "c@d.e"}])", 2},
      {"{\"email\": \"a@b.c\"}\n{\"email\": \"c@d.e\"}\n", 2}, {"[]", 0}};
  for (const auto& [text, count] : cases)
    for (const std::size_t piece : {1, 1000}) {
      const auto all = read_leads(text, "application/octet-stream", {"E", "", ""}, piece);
      EXPECT_EQ(all.leads.size(), count) << text << all.failure;
      EXPECT_TRUE(all.rejected.empty()) << text;
    }
}

TEST(JsonLeads, ABadElementSpoilsOnlyItself) {
  const auto all = read_leads(R"([7, {"email": "a@b.c"}, {"email": }, {"email": "c@d.e"}, {"email": "cut)", "application/json");
  EXPECT_EQ(all.rows, (std::vector<std::uint64_t>{2, 4}));
  ASSERT_EQ(all.rejected.size(), 3u);
  EXPECT_EQ(all.rejected[0].raw, "7");
  EXPECT_EQ(all.rejected[1].row_number, 3u);
  EXPECT_EQ(all.rejected[2].row_number, 5u);
}

TEST(Ndjson, ABadLineSpoilsOnlyItself) {
  const auto text = "{\"email\": \"a@b.c\"}\r\n{\"email\": {[\n\n{\"email\": \"M\xFC@d.e\"}\n" + std::string((1 << 20) + 70000, 'x') +
                    "\n{\"email\": \"e@f.g\"}";
  const auto all = read_leads(text, "application/x-ndjson; charset=utf-8");
  EXPECT_EQ(all.rows, (std::vector<std::uint64_t>{1, 4, 6}));
  ASSERT_EQ(all.rejected.size(), 2u);
  EXPECT_EQ(all.rejected[0].row_number, 2u);
  EXPECT_EQ(all.rejected[1].row_number, 5u);
  EXPECT_LE(all.rejected[1].raw.size(), std::size_t(64) << 10);
}

}  // namespace
}  // namespace leadsync
