#include "store_fixture.h"

namespace leadsync {
namespace {

using namespace std::chrono_literals;

class Operations : public store_test {
 protected:
  void fail_all(category what, locus where = {}) {
    (void)sync([&](const auto& c) { return failed(c, what, where); });
  }
};

TEST_F(Operations, AreAcknowledgedBeforeAnythingMoves) {
  add_many(20);
  fail_all(category::crm_rule);
  const auto operation = get(db().create_operation(retry(category::crm_rule)));
  EXPECT_EQ(operation.state, "applying");
  EXPECT_EQ(operation.total, 20);
  EXPECT_EQ(count(delivery_state::failed), 20);
  reopen();
  ASSERT_EQ(get(db().unfinished_operations()).size(), 1u);
  EXPECT_EQ(get(db().advance_operation(operation.id, 8)).applied, 8);
  EXPECT_EQ(count(delivery_state::released, category::crm_rule), 8);
  expect_exact_counts();
}

TEST_F(Operations, CountEachOutcomeOnce) {
  add_many(6);
  fail_all(category::crm_rule);
  const auto operation = run_operation(retry());
  EXPECT_EQ(operation.state, "running");
  int turn = 0;
  const auto mixed = [&](const auto& c) -> attempt_outcome {
    switch (turn++) {
      case 0: return failed(c, category::crm_rule);
      case 1: return failed(c, category::target_gone);
      case 2: return waiting(c, category::throttled, now());
      default: return cleared(c);
    }
  };
  (void)sync(mixed);
  auto found = get(db().find_operation(operation.id));
  EXPECT_EQ(found.state, "running");
  EXPECT_EQ(found.still_failing, 1);
  EXPECT_EQ(found.moved, 1);
  EXPECT_EQ(found.cleared, 3);
  // The throttled one still belongs to it, and fails by what it was taken with.
  fail_all(category::crm_rule);
  found = get(db().find_operation(operation.id));
  EXPECT_EQ(found.state, "done");
  EXPECT_EQ(found.still_failing, 2);
  EXPECT_TRUE(found.finished_at);
  expect_exact_counts();
}

TEST_F(Operations, LeaveOutWhatFailsAfterAcceptance) {
  add_many(3);
  fail_all(category::crm_rule);
  add_many(2, "later");
  const auto operation = get(db().create_operation(retry()));
  EXPECT_EQ(operation.total, 3);
  fail_all(category::crm_rule);
  const auto applied = get(db().advance_operation(operation.id, 100));
  EXPECT_EQ(applied.applied, 3);
  EXPECT_EQ(count(delivery_state::failed), 2);
}

TEST_F(Operations, CountAsSkippedWhatWentElsewhereMeanwhile) {
  add_many(3);
  fail_all(category::crm_rule);
  const auto operation = get(db().create_operation(retry()));
  EXPECT_EQ(get(db().dismiss(crm, {}, "not ours", somebody)), 3);
  const auto applied = get(db().advance_operation(operation.id, 100));
  EXPECT_EQ(applied.skipped, 3);
  EXPECT_EQ(applied.state, "done");
}

TEST_F(Operations, AreSupersededByALaterOne) {
  add_many(4);
  fail_all(category::crm_rule);
  const auto first = run_operation(retry());
  const auto second = run_operation(retry(category::crm_rule));
  EXPECT_EQ(second.total, 4);
  EXPECT_EQ(second.applied, 4);
  const auto earlier = get(db().find_operation(first.id));
  EXPECT_EQ(earlier.skipped, 4);
  EXPECT_EQ(earlier.state, "done");
  (void)sync([](const auto& c) { return cleared(c); });
  EXPECT_EQ(get(db().find_operation(second.id)).cleared, 4);
  EXPECT_EQ(get(db().find_operation(first.id)).cleared, 0);
}

TEST_F(Operations, ReturnWhatALaterOneTookToWhereTheFirstFoundIt) {
  const locus where{"contact", "timeline", "qualifier:Timeline", "Soon"};
  add_many(3);
  fail_all(category::no_tag_mapping, where);
  add_many(1, "other");
  (void)sync([](const auto& c) { return failed(c, category::crm_rule); }, 1);
  (void)run_operation(retry(category::no_tag_mapping));
  (void)sync([](const auto& c) { return waiting(c, category::throttled, now() + 1h); }, 2);
  const auto later = run_operation(retry());
  EXPECT_EQ(later.applied, 4);
  reopen();
  EXPECT_EQ(get(db().cancel_operation(later.id, somebody)).skipped, 4);
  EXPECT_EQ(count(delivery_state::failed, category::no_tag_mapping), 3);
  EXPECT_EQ(count(delivery_state::failed, category::crm_rule), 1);
  const auto groups = get(db().groups(crm, {}));
  EXPECT_TRUE(std::any_of(groups.begin(), groups.end(), [&](const auto& group) { return group.where == where; }));
  expect_exact_counts();
}

TEST_F(Operations, ReturnWhatIsUnclaimedWhenCancelled) {
  add_many(5);
  const locus where{"contact", "timeline", "qualifier:Timeline", "Soon"};
  fail_all(category::no_tag_mapping, where);
  const auto operation = run_operation(retry());
  const auto run = claim(2);
  const auto cancelled = get(db().cancel_operation(operation.id, somebody));
  EXPECT_EQ(cancelled.state, "cancelled");
  EXPECT_EQ(cancelled.skipped, 3);
  EXPECT_EQ(count(delivery_state::failed, category::no_tag_mapping), 3);
  EXPECT_EQ(get(db().groups(crm, {})).front().where, where);
  (void)get(db().close_run(run.run, {cleared(run.deliveries[0]), cleared(run.deliveries[1])}, {}, {}));
  EXPECT_EQ(failure_of(db().cancel_operation(operation.id, somebody)), errc::conflict);
  EXPECT_EQ(failure_of(db().cancel_operation({99}, somebody)), errc::not_found);
  expect_exact_counts();
}

TEST_F(Operations, TakeOnlyWhatTheFilterNames) {
  add("a@example.test", "Expo");
  add("b@example.test", "Webinar");
  const auto third = add("c@example.test", "Expo");
  (void)sync([&](const auto& c) { return failed(c, category::data_too_long, {"contact", c.lead == third ? "city" : "name", "", ""}); });
  auto seed = retry();
  seed.filter.event = "expo";
  EXPECT_EQ(get(db().create_operation(seed)).total, 2);
  seed.filter.where = locus{"contact", "city", "", ""};
  EXPECT_EQ(get(db().create_operation(seed)).total, 1);
  seed.filter = {};
  seed.filter.leads = {third};
  EXPECT_EQ(run_operation(seed).total, 1);
  seed.filter = {};
  seed.filter.text = "B@EXAMPLE";
  EXPECT_EQ(run_operation(seed).applied, 1);
  EXPECT_EQ(count(delivery_state::failed), 1);
}

TEST_F(Operations, ReleaseWhatIsHeldAndWhatWaits) {
  add_many(2);
  (void)sync([](const auto& c) { return waiting(c, category::throttled, now() + 1h); });
  add_many(2, "held");
  auto seed = retry();
  seed.kind = operation_kind::release;
  const auto operation = run_operation(seed);
  EXPECT_EQ(operation.applied, 4);
  EXPECT_EQ(ready_ids({.waiting = false}).size(), 4u);
  const auto cancelled = get(db().cancel_operation(operation.id, somebody));
  EXPECT_EQ(cancelled.skipped, 4);
  EXPECT_EQ(count(delivery_state::waiting, category::throttled), 2);
  expect_exact_counts();
}

TEST_F(Operations, BackfillWhatALaterIntegrationMissed) {
  add("a@example.test", "Expo");
  add("b@example.test", "Webinar");
  add("c@example.test", "Expo");
  const auto late = register_one("late", {"Expo"});
  auto seed = retry();
  seed.integration = late;
  seed.kind = operation_kind::backfill;
  EXPECT_EQ(get(db().create_operation(seed)).total, 2);
  const auto operation = run_operation(seed);
  EXPECT_EQ(operation.applied, 2);
  EXPECT_EQ(get(db().count(late, {})), 2);
  EXPECT_EQ(run_operation(seed).total, 0);
  (void)get(db().cancel_operation(operation.id, somebody));
  EXPECT_EQ(get(db().count(late, {})), 0);
  expect_exact_counts();
}

TEST_F(Operations, DismissKeepsButUncounts) {
  add_many(3);
  fail_all(category::crm_rule);
  delivery_filter filter;
  filter.what = category::crm_rule;
  EXPECT_EQ(get(db().dismiss(crm, filter, "not ours", somebody)), 3);
  EXPECT_TRUE(get(db().groups(crm, {})).empty());
  EXPECT_EQ(count(delivery_state::dismissed, category::crm_rule), 3);
  EXPECT_NE(get(db().list_audit(0, 1)).front().detail_json.find("not ours"), std::string::npos);
  EXPECT_EQ(get(db().undismiss(crm, {}, somebody)), 3);
  EXPECT_EQ(count(delivery_state::failed, category::crm_rule), 3);
  expect_exact_counts();
}

}  // namespace
}  // namespace leadsync
