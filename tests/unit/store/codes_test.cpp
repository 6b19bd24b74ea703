#include "store/codes.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

TEST(Codes, PackTextsWithWhateverTheyHold) {
  const std::vector<std::string> texts = {"", "plain", "say \"hi\" \\ \n\t\x01", "Müller"};
  EXPECT_EQ(unpack_texts(pack_texts(texts)), texts);
  EXPECT_TRUE(unpack_texts("not json").empty());
  const auto ids = unpack_remote_ids(pack_remote_ids({{"contact", "7\"", "https://a/\\"}, {"note", "", ""}}));
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_EQ(ids[0].id, "7\"");
  EXPECT_EQ(ids[0].url, "https://a/\\");
}

TEST(Codes, PackIdsOfAnySize) {
  const std::vector<std::int64_t> ids = {1, 2, 130, 70'000, std::int64_t(1) << 40, std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(unpack_ids(pack_ids({ids.rbegin(), ids.rend()})), ids);
  EXPECT_TRUE(unpack_ids("").empty());
}

TEST(Codes, CompressLargeBodiesAndRefuseBrokenOnes) {
  const std::string large(100'000, 'x');
  const auto packed = pack_body(large);
  EXPECT_TRUE(packed.compressed);
  EXPECT_LT(packed.bytes.size(), 1000u);
  EXPECT_EQ(unpack_body(packed.bytes, true), large);
  EXPECT_FALSE(pack_body("small").compressed);
  EXPECT_EQ(unpack_body("garbage", true), "");
}

TEST(Codes, PackAFilterWhole) {
  delivery_filter filter;
  filter.state = delivery_state::failed;
  filter.what = category::none;
  filter.where = locus{"contact", "city", "", "x"};
  filter.event = "Expo";
  filter.since = from_millis(5);
  filter.with_warnings = true;
  filter.leads = {{3}, {4}};
  const auto again = unpack_filter(pack_filter(filter));
  EXPECT_EQ(again.state, filter.state);
  EXPECT_EQ(again.what, filter.what);
  EXPECT_EQ(again.where, filter.where);
  EXPECT_EQ(again.event, filter.event);
  EXPECT_EQ(again.since, filter.since);
  EXPECT_FALSE(again.until);
  EXPECT_TRUE(again.with_warnings);
  EXPECT_EQ(again.leads, filter.leads);
}

}  // namespace
}  // namespace leadsync
