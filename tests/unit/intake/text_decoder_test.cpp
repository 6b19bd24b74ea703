#include "intake/text_decoder.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

using namespace std::string_literals;

std::string decode(std::string_view bytes, std::size_t piece) {
  text_decoder decoder;
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) decoder.feed(bytes.substr(at, piece), out);
  decoder.finish(out);
  return out;
}

TEST(TextDecoder, ReadsEachEncodingWhateverThePieces) {
  const std::pair<std::string, std::string> cases[] = {
      {"\xEF\xBB\xBFName,Zürich", "Name,Zürich"},
      {"Name,Z\xFCrich \x80", "Name,Zürich €"},
      {"Name,Zürich €", "Name,Zürich €"},
      {"\xFF\xFEN\0\xFC\0=\xD8\0\xDE"s, "Nü😀"},
      {"\xFE\xFF\0N\0\xFC"s, "Nü"},
      {"N\0a\0m\0e\0"s, "Name"},
      {"ab", "ab"},
      {"a\0b,c"s, "ab,c"},
      {"", ""}};
  for (const auto& [bytes, text] : cases)
    for (const std::size_t piece : {std::size_t(7), std::size_t(1000)}) EXPECT_EQ(decode(bytes, piece), text) << piece;
  EXPECT_EQ(decode(cases[3].first, 1), "Nü😀");
}

TEST(TextDecoder, AFewBrokenBytesDoNotMakeUtf8AnotherEncoding) {
  EXPECT_EQ(decode("Zürich, Köln, M\xFCnchen", 1000), "Zürich, Köln, M\xFCnchen");
}

TEST(TextDecoder, ACutCodeUnitOrSurrogateIsReplaced) {
  EXPECT_EQ(decode("\xFF\xFEN\0\xFC"s, 1000), "N\xEF\xBF\xBD");
  EXPECT_EQ(decode("\xFF\xFEN\0=\xD8"s, 1000), "N\xEF\xBF\xBD");
}

}  // namespace
}  // namespace leadsync
