#include "api/exchange_view.h"

#include <gtest/gtest.h>

namespace leadsync::api {
namespace {

TEST(PartOfABody, IsNamedByAJsonPointer) {
  EXPECT_EQ(part_of(R"({"rows":[{"id":1},{"id":2}]})", "/rows/1"), R"({"id":2})");
  EXPECT_EQ(part_of("no json", "/rows/1"), "");
  EXPECT_EQ(part_of("all of it", ""), "all of it");
}

TEST(PartOfABody, IsNamedByARangeOfBytes) {
  EXPECT_EQ(part_of("id,error\n7,STRING_TOO_LONG\n8,\n", "bytes=9-25"), "7,STRING_TOO_LONG");
  EXPECT_EQ(part_of("short", "bytes=3-900"), "rt");
  EXPECT_EQ(part_of("short", "bytes=900-901"), "");
  for (const auto* wrong : {"bytes=", "bytes=4", "bytes=4-", "bytes=-4", "bytes=4-3", "bytes=1-2x", "bytes=99999999999999999999-1"})
    EXPECT_EQ(part_of("not a part of it", wrong), "") << wrong;
}

}  // namespace
}  // namespace leadsync::api
