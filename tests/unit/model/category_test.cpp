#include "model/category.h"
#include "model/delivery_state.h"

#include <gtest/gtest.h>

#include <set>

namespace leadsync {
namespace {

TEST(Category, EveryCodeIsUniqueAndReadsBack) {
  std::set<std::string_view> codes;
  for (const auto& entry : all_categories()) {
    EXPECT_TRUE(codes.insert(entry.code).second) << entry.code;
    EXPECT_EQ(parse_category(entry.code), entry.id);
    EXPECT_EQ(code_of(entry.id), entry.code);
  }
  EXPECT_EQ(codes.size(), 25u);
  EXPECT_FALSE(codes.contains("NONE"));
  EXPECT_EQ(parse_category("NO_SUCH_THING"), std::nullopt);
}

TEST(Category, EveryEntrySaysWhatHappenedAndWhatToDo) {
  for (const auto& entry : all_categories()) {
    EXPECT_TRUE(entry.sentence.ends_with('.')) << entry.code;
    EXPECT_TRUE(entry.action.ends_with('.')) << entry.code;
    EXPECT_EQ(entry.who == actor::nobody, waits_without_cap(entry.id)) << entry.code;
    EXPECT_EQ(entry.fixer.empty(), waits_without_cap(entry.id)) << entry.code;
  }
}

TEST(DeliveryState, EveryStateReadsBack) {
  for (const auto state : {delivery_state::waiting, delivery_state::released, delivery_state::failed, delivery_state::cleared,
                           delivery_state::dismissed})
    EXPECT_EQ(parse_delivery_state(to_text(state)), state);
  for (const auto mode : {sync_mode::automatic, sync_mode::manual, sync_mode::disabled})
    EXPECT_EQ(parse_sync_mode(to_text(mode)), mode);
  for (const auto state : {breaker_state::closed, breaker_state::reconnect, breaker_state::unreachable})
    EXPECT_EQ(parse_breaker_state(to_text(state)), state);
  EXPECT_EQ(parse_delivery_state("syncing"), std::nullopt);
}

}  // namespace
}  // namespace leadsync
