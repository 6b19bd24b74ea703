#include "sync/batch.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

candidate lead(std::int64_t id, std::int64_t person, std::string company = {}) {
  return {delivery_id{id}, person, std::move(company), false};
}

std::vector<std::int64_t> ids(const std::vector<candidate>& batch) {
  std::vector<std::int64_t> made;
  for (const auto& each : batch) made.push_back(each.delivery.value);
  return made;
}

TEST(TakeBatch, TakesInOrderUpToTheSize) {
  std::deque<candidate> window{lead(1, 11), lead(2, 12), lead(3, 13)};
  EXPECT_EQ(ids(take_batch(window, {}, 2)), (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(window.size(), 1u);
}

TEST(TakeBatch, TakesAPersonOnceAndLeavesTheOtherForLater) {
  std::deque<candidate> window{lead(1, 11), lead(2, 11), lead(3, 13)};
  EXPECT_EQ(ids(take_batch(window, {}, 10)), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(window.front().delivery.value, 2);
}

TEST(TakeBatch, NeverSendsAPersonWhoIsInFlight) {
  std::deque<candidate> window{lead(1, 11)};
  in_flight busy;
  busy.persons.insert(11);
  EXPECT_TRUE(take_batch(window, busy, 10).empty());
  EXPECT_EQ(window.size(), 1u);
}

TEST(TakeBatch, LetsLeadsOfANewCompanyShareABatchButNotTwo) {
  std::deque<candidate> window{lead(1, 11, "acme.com"), lead(2, 12, "acme.com")};
  EXPECT_EQ(take_batch(window, {}, 10).size(), 2u);
  window = {lead(3, 13, "acme.com"), lead(4, 14, "other.com")};
  in_flight busy;
  busy.companies.insert("acme.com");
  EXPECT_EQ(ids(take_batch(window, busy, 10)), (std::vector<std::int64_t>{4}));
}

TEST(TakeBatch, DoesNotHoldLeadsOfACompanyWhoseIdIsKnown) {
  std::deque<candidate> window{lead(1, 11, "acme.com")};
  in_flight busy;
  busy.companies.insert("acme.com");
  busy.resolved_companies.insert("acme.com");
  EXPECT_EQ(take_batch(window, busy, 10).size(), 1u);
}

TEST(BatchSize, IsLargeWhereTenOrdinaryBatchesWait) {
  EXPECT_EQ(batch_size_for(1999, 200, 5000), 200u);
  EXPECT_EQ(batch_size_for(2000, 200, 5000), 5000u);
  EXPECT_EQ(batch_size_for(2000, 200, 200), 200u);
}

TEST(TakeBatch, SendsAloneWhatCrashedAPlugin) {
  std::deque<candidate> window{lead(1, 11), lead(2, 12), lead(3, 13)};
  window[1].alone = true;
  EXPECT_EQ(ids(take_batch(window, {}, 10)), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(ids(take_batch(window, {}, 10)), (std::vector<std::int64_t>{2}));
}

}  // namespace
}  // namespace leadsync
