#include "failure.h"
#include "mapping_edit.h"
#include "terminal.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <sstream>

namespace leadsync::client {
namespace {

namespace json = boost::json;

json::object example() {
  return json::parse(R"({"fields": [
    {"object": "contact", "remote_field": "email", "source": "email"},
    {"object": "contact", "remote_field": "timeline", "source": "qualifier:Timeline", "values": {"Within 6 Months": "old", "Now": "now"}},
    {"object": "company", "remote_field": "name", "source": "company"}]})")
      .get_object();
}

std::string text(const json::value& value) { return json::serialize(value); }

TEST(MappingEdit, FindsAFieldByEitherName) {
  auto mapping = example();
  EXPECT_EQ(&find_field(mapping, "contact.timeline"), &find_field(mapping, "timeline"));
  EXPECT_EQ(&find_field(mapping, "qualifier:Timeline"), &find_field(mapping, "Timeline"));
  try {
    static_cast<void>(find_field(mapping, "budget"));
    FAIL();
  } catch (const failure& reason) {
    EXPECT_EQ(reason.code, exit_code::not_found);
    EXPECT_NE(reason.why.find("contact.timeline"), std::string::npos) << "it says what is mapped";
  }
}

TEST(MappingEdit, ReplacesAnotherSpellingOfTheSameValue) {
  auto mapping = example();
  auto& field = find_field(mapping, "contact.timeline");
  map_values(field, {parse_value_pair("Within 6 months=next_quarter"), parse_value_pair("Now=")});
  EXPECT_EQ(text(field["values"]), R"({"Within 6 months":"next_quarter"})");
  EXPECT_EQ(parse_value_pair("a = b=c").first, "a = b") << "options have no equals sign, answers may";
  EXPECT_THROW(static_cast<void>(parse_value_pair("nothing")), failure);
}

TEST(MappingEdit, MovesClearsAndAddsFields) {
  auto mapping = example();
  remap_field(mapping, "contact.timeline", "contact.purchase_timeline");
  EXPECT_NO_THROW(static_cast<void>(find_field(mapping, "contact.purchase_timeline")));
  EXPECT_THROW(remap_field(mapping, "contact.email", "company.name"), failure) << "two sources for one field";
  clear_field(mapping, "company.name");
  EXPECT_EQ(mapping["fields"].as_array().size(), 2u);
  field_change change;
  change.default_value = "Trade show";
  set_field(mapping, "contact.lead_source", change);
  EXPECT_EQ(text(find_field(mapping, "contact.lead_source")["default"]), "\"Trade show\"");
  EXPECT_THROW(set_field(mapping, "lead_source", change), failure);
}

TEST(Terminal, FitsATableToItsWidthAndKeepsControlsOut) {
  table shown({"name", "message"});
  shown.add({"Zoë 山田", std::string(100, 'x') + "\x1b[31m"});
  style narrow;
  narrow.terminal = true;
  narrow.width = 40;
  std::ostringstream out;
  shown.print(out, narrow);
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(display_width(line), 40u) << line;
  EXPECT_EQ(out.str().find('\x1b'), std::string::npos);
  std::ostringstream piped;
  shown.print(piped, style());
  EXPECT_NE(piped.str().find("Zoë 山田\txxx"), std::string::npos);
}

TEST(Terminal, GivesEveryPartOfABarItsPlace) {
  const auto line = bar({{998, colour::none, "#"}, {1, colour::none, "!"}, {1, colour::none, "."}}, 20, style());
  EXPECT_EQ(line, "##################!.");
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
}

}  // namespace
}  // namespace leadsync::client
