#include <leadsync/csv.hpp>

#include <gtest/gtest.h>

namespace leadsync::sdk {
namespace {

using cells = std::vector<std::string>;

TEST(Csv, ComesBackAsItWasWritten) {
  const std::vector<cells> all{{"key", "a,b", "say \"so\""}, {"", "two\r\nlines", "Ünïcode"}, {"x", "", ""}};
  std::string text;
  for (const auto& row : all) append_csv(text, row);
  const auto rows = read_csv(text);
  ASSERT_EQ(rows.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(rows[i].cells, all[i]);
}

TEST(Csv, TellsWhereEachRowStands) {
  const std::string text = "\"id\",\"error\"\r\n\"7\",\"no\"\r\n\r\n\"8\",\"\"";
  const auto rows = read_csv(text);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(text.substr(rows[1].begin, rows[1].end - rows[1].begin), "\"7\",\"no\"");
  EXPECT_EQ(rows[2].cells, (cells{"8", ""}));
  EXPECT_EQ(rows[2].end, text.size());
}

TEST(Csv, BearsAnything) {
  EXPECT_TRUE(read_csv("").empty());
  EXPECT_TRUE(read_csv("\n\r\n").empty());
  EXPECT_EQ(read_csv("\"never closed, \n").front().cells, (cells{"never closed, \n"}));
  EXPECT_EQ(read_csv(",").front().cells, (cells{"", ""}));
}

}  // namespace
}  // namespace leadsync::sdk
