#include "intake/csv_reader.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using rows = std::vector<std::vector<std::string>>;

rows read(std::string_view text, std::size_t piece) {
  csv_reader reader;
  csv_record record;
  rows all;
  const auto drain = [&](bool ended) {
    while (reader.next(record, ended)) all.emplace_back(record.cells.begin(), record.cells.end());
    reader.compact();
  };
  for (std::size_t at = 0; at < text.size(); at += piece) {
    reader.buffer() += text.substr(at, piece);
    drain(false);
  }
  drain(true);
  return all;
}

TEST(CsvReader, ReadsWhatWritersWriteWhateverThePieces) {
  const std::pair<const char*, rows> cases[] = {
      {"a,b\r\nc,d", {{"a", "b"}, {"c", "d"}}},
      {"a,b\rc,d\r", {{"a", "b"}, {"c", "d"}}},
      {"\"a\nb\",\"say \"\"hi\"\"\"\nc,\n", {{"a\nb", "say \"hi\""}, {"c", ""}}},
      {"a \"quoted\" word,b\n", {{"a \"quoted\" word", "b"}}},
      {"\"a \"quoted\" word, too\",b\n", {{"a \"quoted\" word, too", "b"}}},
      {"\"Said \"later\", maybe\",b\n", {{"Said \"later\", maybe", "b"}}},
      {"\"a 5\" screen\",\"b\"\n", {{"a 5\" screen", "b"}}},
      {"\"padded\"  ,b\n", {{"padded", "b"}}},
      {"\"never closed,b\nc,d\n", {{"\"never closed", "b"}, {"c", "d"}}},
      {"\"\",\"\"\n", {{"", ""}}},
      {"\n\na\n", {{""}, {""}, {"a"}}}};
  for (const auto& [text, expected] : cases)
    for (const std::size_t piece : {1, 3, 1000}) EXPECT_EQ(read(text, piece), expected) << text << " in pieces of " << piece;
}

TEST(CsvReader, BombsAreCutOff) {
  csv_reader reader;
  csv_record record;
  reader.buffer() = std::string(100000, ',') + "\nb\n";
  ASSERT_TRUE(reader.next(record, true));
  EXPECT_TRUE(record.too_large);
  EXPECT_EQ(record.cells.size(), csv_reader::most_cells);
  ASSERT_TRUE(reader.next(record, true));
  EXPECT_FALSE(record.too_large);

  reader.buffer() += std::string(csv_reader::most_bytes + 1, 'x');
  ASSERT_TRUE(reader.next(record, false));
  EXPECT_TRUE(record.too_large);
  EXPECT_EQ(record.number, 3u);
  reader.buffer() += "xxx\nlast";
  ASSERT_TRUE(reader.next(record, true));
  EXPECT_EQ(record.cells.at(0), "last");
  EXPECT_EQ(record.number, 4u);
}

}  // namespace
}  // namespace leadsync
