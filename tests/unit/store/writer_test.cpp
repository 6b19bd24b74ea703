#include "faulty_disk.h"
#include "store_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <sqlite3.h>

namespace leadsync {
namespace {

class Writer : public store_test {
 protected:
  Writer() {
    faulty_disk::install();
    reopen();
  }
  ~Writer() override { faulty_disk::heal(); }

  /// Calls that are in flight together, and so share commits.
  std::vector<result<std::vector<accepted_lead>>> add_together(std::vector<captured_lead> leads) {
    auto& context = shared_context();
    std::vector<result<std::vector<accepted_lead>>> outcomes;
    for (auto& lead : leads) {
      std::vector<captured_lead> one{std::move(lead)};
      boost::asio::co_spawn(context, db().add_leads({}, std::move(one)), [&outcomes](std::exception_ptr, auto outcome) { outcomes.push_back(std::move(outcome)); });
    }
    context.run();
    return outcomes;
  }
};

TEST_F(Writer, IsolatesAFailingJobOfAGroup) {
  std::vector<captured_lead> leads;
  for (int i = 0; i < 60; ++i) leads.push_back(make_lead("a" + std::to_string(i) + "@example.test", i % 3 == 0 ? "" : "Expo"));
  int refused = 0;
  for (const auto& outcome : add_together(leads)) refused += outcome ? 0 : 1;
  EXPECT_EQ(refused, 20);
  EXPECT_EQ(count(delivery_state::waiting), 40);
  expect_exact_counts();
}

TEST_F(Writer, GivesEachCallerItsOwnResult) {
  std::vector<captured_lead> leads;
  for (int i = 0; i < 200; ++i) leads.push_back(make_lead("a" + std::to_string(i) + "@example.test"));
  std::set<lead_id> ids;
  for (const auto& outcome : add_together(leads)) ids.insert(outcome.value().front().lead);
  EXPECT_EQ(ids.size(), 200u);
}

TEST_F(Writer, RefusesWhileTheDiskIsFullAndGoesOnAfterwards) {
  add("before@example.test");
  faulty_disk::fail_writes(1, SQLITE_FULL, 1000);
  std::vector<captured_lead> leads{make_lead("during@example.test")};
  const auto refused = outcome_of<std::vector<accepted_lead>>(db().add_leads({}, leads));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::unavailable);
  EXPECT_EQ(refused.error().context.find("disk full"), 0u);
  faulty_disk::heal();
  add("after@example.test");
  EXPECT_EQ(count(delivery_state::waiting), 2);
  expect_exact_counts();
}

TEST_F(Writer, LosesNothingAcknowledgedWhateverWriteFails) {
  std::set<lead_id> acknowledged;
  for (int nth = 1; nth <= 40; ++nth) {
    faulty_disk::fail_writes(nth, SQLITE_IOERR_WRITE, 1);
    for (int i = 0; i < 5; ++i) {
      std::vector<captured_lead> leads{make_lead("a" + std::to_string(nth) + "." + std::to_string(i) + "@example.test")};
      const auto outcome = outcome_of<std::vector<accepted_lead>>(db().add_leads({}, leads));
      if (outcome)
        acknowledged.insert(outcome->front().lead);
      else
        EXPECT_EQ(outcome.error().code, errc::io);
    }
    faulty_disk::heal();
  }
  EXPECT_LT(acknowledged.size(), 200u);
  reopen();
  for (const auto lead : acknowledged) EXPECT_TRUE(outcome_of<lead_record>(db().find_lead(lead)));
  expect_exact_counts();
}

TEST_F(Writer, EndsTheProcessWhereTheDiskDoesNotKeepACommit) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        faulty_disk::fail_syncs(1, SQLITE_IOERR_FSYNC);
        std::vector<captured_lead> leads{make_lead("ada@example.test")};
        (void)outcome_of<std::vector<accepted_lead>>(db().add_leads({}, leads));
      },
      "refused to keep what was written");
}

}  // namespace
}  // namespace leadsync
