#include "intake/lead_reader.h"
#include "mapping/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace leadsync {
namespace {

std::string read_file(const std::string& name) {
  std::ifstream file("tests/data/" + name, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// As the store would: the same identity is one lead, the later scan over the earlier.
struct store_of_leads : lead_sink {
  std::map<std::string, captured_lead> leads;
  std::vector<refused_row> rejected;
  int rows = 0;

  void accept(std::uint64_t, captured_lead lead) override {
    ++rows;
    const auto [at, added] = leads.emplace(identity_of(lead), lead);
    if (!added) at->second.document = merged(std::move(at->second.document), lead.document);
  }
  void reject(refused_row row) override { rejected.push_back(std::move(row)); }
};

store_of_leads import(const std::string& file) {
  store_of_leads stored;
  const auto text = read_file(file);
  EXPECT_FALSE(text.empty()) << file << ": the tests run in the repository's root";
  auto reader = make_lead_reader("text/csv", {file, "", ""}).value();
  EXPECT_TRUE(reader->feed(text, stored) && reader->finish(stored)) << file;
  return stored;
}

/// What a describe job says of the simulated portal, as far as the mapping touches it.
remote_schema portal() {
  return parse_remote_schema(R"({"objects": [
    {"name": "contact", "fields": [
      {"name": "email", "type": "email", "semantic": "email"}, {"name": "firstname", "type": "text"}, {"name": "lastname", "type": "text"},
      {"name": "phone", "type": "phone", "semantic": "phone"}, {"name": "jobtitle", "type": "text"}, {"name": "company", "type": "text"},
      {"name": "city", "type": "text"}, {"name": "zip", "type": "text"}, {"name": "country", "type": "text", "semantic": "country"},
      {"name": "event_name", "type": "text"}, {"name": "capture_date", "type": "date"}, {"name": "budget", "type": "decimal"},
      {"name": "booth_notes", "type": "text", "max_length": 200}, {"name": "marketing_opt_in", "type": "boolean"},
      {"name": "hubspot_owner_id", "type": "option", "restricted": false, "semantic": "owner"},
      {"name": "hs_analytics_source", "type": "text", "creatable": false, "updatable": false},
      {"name": "timeline", "type": "option", "restricted": true,
       "options": [{"value": "this_quarter", "label": "This quarter"}, {"value": "next_quarter", "label": "Next quarter"}]},
      {"name": "product_interest", "type": "options", "restricted": true,
       "options": [{"value": "scanner", "label": "Scanner"}, {"value": "badge_printing", "label": "Badge printing"},
                   {"value": "analytics", "label": "Analytics"}, {"value": "mobile_app", "label": "Mobile app"}]},
      {"name": "lead_rating", "type": "option", "restricted": true,
       "options": [{"value": "hot", "label": "Hot"}, {"value": "warm", "label": "Warm"}, {"value": "cold", "label": "Cold"}]}]},
    {"name": "company", "fields": [{"name": "name", "type": "text"}, {"name": "domain", "type": "text", "semantic": "domain"}]},
    {"name": "note", "fields": [{"name": "hs_note_body", "type": "text"}, {"name": "hs_timestamp", "type": "instant"}]}]})").value();
}

using counts = std::map<std::string, int>;

counts outcomes(const store_of_leads& stored) {
  const auto fields = parse_mapping(read_file("demo_mapping.json")).value();
  const auto schema = portal();
  counts found;
  for (const auto& [identity, lead] : stored.leads) {
    const auto rendered = render({lead.document, lead.event, "1"}, fields, schema, {"contact", {{"contact", {"email"}}, {"company", {"domain", "name"}}}});
    std::set<category> different;
    for (const auto& problem : rendered.problems) different.insert(problem.what);
    EXPECT_LE(different.size(), 1u) << identity;
    ++found[rendered.problems.empty() ? "passes" : std::string(code_of(rendered.problems.front().what))];
    if (rendered.problems.empty() && lead.document.field_value("custom:Owner ID") == "14240722") ++found["inactive owner"];
    if (rendered.problems.empty() && lead.document.field_value("email").ends_with(".d")) ++found["address of one letter"];
    if (rendered.problems.empty() && lead.document.field_value("last_name").ends_with(".com")) ++found["name with a link"];
  }
  return found;
}

// tests/data/README.md tells these numbers; the demo and the end-to-end tests rely on them.
TEST(DemoData, TheLasVegasExportHoldsWhatItsReadmeSays) {
  const auto stored = import("gadget-expo-las-vegas.csv");
  EXPECT_EQ(stored.rows, 235);
  EXPECT_EQ(stored.leads.size(), 230u);
  EXPECT_EQ(stored.rejected.size(), 5u);
  EXPECT_EQ(outcomes(stored), (counts{{"passes", 144}, {"NO_TAG_MAPPING", 39}, {"DATA_FORMAT_VALIDATION", 17}, {"DATA_TOO_LONG", 8}, {"NOT_ENOUGH_DATA", 10},
                                      {"FIELD_NOT_WRITABLE", 12}, {"inactive owner", 11}, {"name with a link", 2}}));
}

TEST(DemoData, TheHannoverExportHoldsWhatItsReadmeSays) {
  const auto stored = import("werkzeugmesse-hannover.csv");
  EXPECT_EQ(stored.leads.size(), 190u);
  EXPECT_EQ(stored.rejected.size(), 3u);
  EXPECT_EQ(outcomes(stored), (counts{{"passes", 130}, {"NO_TAG_MAPPING", 10}, {"DATA_VALUE_VALIDATION", 24}, {"DATA_FORMAT_VALIDATION", 11},
                                      {"DATA_TOO_LONG", 6}, {"NOT_ENOUGH_DATA", 9}, {"address of one letter", 6}}));
  EXPECT_TRUE(std::any_of(stored.leads.begin(), stored.leads.end(), [](const auto& entry) {
    return entry.second.document.field_value("company") == "Straßenbau Weser" && entry.second.document.field_value("captured_at").starts_with("2026-04-2");
  }));
}

TEST(DemoData, TheParisExportHoldsWhatItsReadmeSays) {
  const auto stored = import("salon-paris.csv");
  EXPECT_EQ(stored.leads.size(), 150u);
  EXPECT_EQ(stored.rejected.size(), 2u);
  EXPECT_EQ(outcomes(stored), (counts{{"passes", 104}, {"NO_TAG_MAPPING", 5}, {"DATA_FORMAT_VALIDATION", 4}, {"DATA_TOO_LONG", 2}, {"NOT_ENOUGH_DATA", 7},
                                      {"MISSING_REMOTE_FIELD", 28}}));
  const auto first = import("gadget-expo-las-vegas.csv");
  std::set<std::string_view> guests;
  for (const auto& [identity, lead] : first.leads) guests.insert(lead.document.field_value("email"));
  EXPECT_EQ(std::count_if(stored.leads.begin(), stored.leads.end(),
                          [&](const auto& entry) { return guests.contains(entry.second.document.field_value("email")) && entry.second.document.field_value("email") != ""; }),
            12);
}

}  // namespace
}  // namespace leadsync
