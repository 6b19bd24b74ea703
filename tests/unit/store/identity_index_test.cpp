#include "store/identity_index.h"

#include "store/migrations.h"
#include "store_fixture.h"

namespace leadsync {
namespace {

class IdentityIndex : public testing::Test {
 protected:
  IdentityIndex() { EXPECT_TRUE(migrate(db_, folder_.path() / "leadsync.db", embedded_migrations())); }

  static std::int64_t hash_of(std::int64_t lead) { return (lead * 7919) % 100'003 - 50'000; }

  /// As the writer does for a job that is a transaction.
  void add(std::int64_t lead) {
    db_.use("INSERT INTO lead (id, identity, event_id, revision, accepted_at, changed_at, person_key, company_key, search) "
            "VALUES (?1, ?2, 1, 1, 0, 0, 0, '', '')")
        .with(lead, hash_of(lead))
        .run();
    index_.add(hash_of(lead), lead);
    index_.keep_job();
    index_.keep_transaction();
  }
  void merge_once() {
    db_.execute("BEGIN");
    index_.merge_some(db_);
    db_.execute("COMMIT");
    index_.merged();
  }
  std::int64_t in_table() {
    auto row = db_.use("SELECT count(*) FROM lead_identity");
    return row.step() ? row.integer(0) : -1;
  }
  void expect_all_found(const identity_index& index, std::int64_t count) {
    for (std::int64_t lead = 1; lead <= count; ++lead) ASSERT_EQ(index.find(db_, hash_of(lead)), lead);
    EXPECT_EQ(index.find(db_, 60'000), std::nullopt);
  }

  scratch_folder folder_;
  connection db_{folder_.path() / "leadsync.db", connection_kind::writer};
  identity_index index_{5000};
};

TEST_F(IdentityIndex, FindsALeadBeforeWhileAndAfterItIsMerged) {
  for (std::int64_t lead = 1; lead <= 5000; ++lead) add(lead);
  expect_all_found(index_, 5000);
  ASSERT_TRUE(index_.merge_due());
  merge_once();
  EXPECT_GT(in_table(), 0);
  EXPECT_LT(in_table(), 5000);
  add(5001);
  expect_all_found(index_, 5001);
  while (index_.merge_due()) merge_once();
  EXPECT_EQ(in_table(), 5000);
  expect_all_found(index_, 5001);
}

TEST_F(IdentityIndex, LoadsWhatIsNotMergedWhereverAMergeEnded) {
  for (std::int64_t lead = 1; lead <= 5000; ++lead) add(lead);
  merge_once();
  identity_index after_crash(5000);
  after_crash.load(db_);
  expect_all_found(after_crash, 5000);
  EXPECT_TRUE(after_crash.merge_due());
  while (index_.merge_due()) merge_once();
  add(5001);
  identity_index after_merge(5000);
  after_merge.load(db_);
  EXPECT_FALSE(after_merge.merge_due());
  expect_all_found(after_merge, 5001);
}

TEST_F(IdentityIndex, ForgetsWhatItsTransactionLost) {
  index_.add(1, 10);
  index_.keep_job();
  index_.add(2, 20);
  index_.drop_job();
  EXPECT_EQ(index_.find(db_, 1), 10);
  EXPECT_EQ(index_.find(db_, 2), std::nullopt);
  index_.drop_transaction();
  EXPECT_EQ(index_.find(db_, 1), std::nullopt);
}

TEST_F(IdentityIndex, TriesALostMergeAgain) {
  for (std::int64_t lead = 1; lead <= 5000; ++lead) add(lead);
  db_.execute("BEGIN");
  index_.merge_some(db_);
  db_.execute("ROLLBACK");
  index_.not_merged();
  expect_all_found(index_, 5000);
  while (index_.merge_due()) merge_once();
  EXPECT_EQ(in_table(), 5000);
}

}  // namespace
}  // namespace leadsync
