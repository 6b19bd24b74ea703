#include "store_fixture.h"

#include <random>

namespace leadsync {
namespace {

using namespace std::chrono_literals;

class Reconciliation : public store_test {};

TEST_F(Reconciliation, GroupsFailuresByCategoryAndLocus) {
  add_many(7);
  int turn = 0;
  (void)sync([&](const auto& c) {
    const auto field = turn < 4 ? "city" : "name";
    return turn++ == 6 ? failed(c, category::crm_rule) : failed(c, category::data_too_long, {"contact", field, "", ""});
  });
  const auto groups = get(db().groups(crm, {}));
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].count, 4);
  EXPECT_EQ(groups[0].where.remote_field, "city");
  EXPECT_TRUE(groups[0].first_seen && groups[0].last_seen);
  delivery_filter filter;
  filter.what = category::data_too_long;
  EXPECT_EQ(get(db().groups(crm, filter)).size(), 2u);
  const auto days = get(db().failures_by_day(crm));
  ASSERT_EQ(days.size(), 2u);
  EXPECT_EQ(days[0].day, to_date(now()));
}

TEST_F(Reconciliation, SummarisesByEventAndHour) {
  add("a@example.test", "Expo");
  add("b@example.test", "Webinar");
  delivery_filter filter;
  filter.event = "Webinar";
  EXPECT_EQ(get(db().summary(crm, filter)).states.front().count, 1);
  filter.event = "Nothing";
  EXPECT_TRUE(get(db().summary(crm, filter)).states.empty());
  filter = {};
  filter.since = now() + 2h;
  EXPECT_TRUE(get(db().summary(crm, filter)).states.empty());
  filter.since = now();
  filter.until = now() + 1h;
  EXPECT_EQ(get(db().summary(crm, filter)).states.front().count, 2);
  EXPECT_EQ(get(db().count(crm, filter)), 2);
  EXPECT_TRUE(get(db().summary(crm, {})).oldest_waiting);
}

TEST_F(Reconciliation, PagesNewestFirstOverAllStates) {
  add_many(9);
  int turn = 0;
  (void)sync([&](const auto& c) { return ++turn % 2 == 0 ? cleared(c) : failed(c, category::crm_rule, {"contact", "f" + std::to_string(turn), "", ""}); }, 6);
  std::vector<std::int64_t> seen;
  std::string cursor;
  do {
    const auto page = get(db().deliveries(crm, {}, cursor, 2));
    for (const auto& row : page.rows) seen.push_back(row.delivery.value);
    cursor = page.next_cursor;
  } while (!cursor.empty());
  EXPECT_EQ(seen, (std::vector<std::int64_t>{9, 8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(failure_of(db().deliveries(crm, {}, "!", 2)), errc::invalid_input);
}

TEST_F(Reconciliation, ShowsWhoAndWhy) {
  const auto lead = add("ada@example.test");
  (void)sync([](const auto& c) { return failed(c, category::data_too_long, {"contact", "city", "city", ""}); });
  delivery_filter filter;
  filter.state = delivery_state::failed;
  const auto row = get(db().deliveries(crm, filter, "", 10)).rows.front();
  EXPECT_EQ(row.lead, lead);
  EXPECT_EQ(row.email, "ada@example.test");
  EXPECT_EQ(row.name, "Ada Lovelace");
  EXPECT_EQ(row.event, "Expo");
  EXPECT_EQ(row.message, "refused");
  EXPECT_EQ(row.where.lead_field, "city");
  EXPECT_EQ(failure_of(db().delivery(crm, {99})), errc::not_found);
}

TEST_F(Reconciliation, FindsByFoldedTextAndByWarning) {
  put(make_lead("zoe@example.test", "Expo", "Müller GmbH"));
  add("ada@example.test");
  delivery_filter filter;
  filter.text = "MÜLLER gmbh";
  ASSERT_EQ(get(db().deliveries(crm, filter, "", 10)).rows.size(), 1u);
  EXPECT_EQ(get(db().count(crm, filter)), 1);
  (void)sync([](const auto& c) {
    auto outcome = cleared(c);
    if (c.lead.value == 2) outcome.warnings = {{"DEFAULTED", "contact", "country", ""}};
    return outcome;
  });
  filter = {};
  filter.with_warnings = true;
  const auto warned = get(db().deliveries(crm, filter, "", 10));
  ASSERT_EQ(warned.rows.size(), 1u);
  EXPECT_EQ(warned.rows.front().email, "ada@example.test");
}

TEST_F(Reconciliation, GivesDocumentsInOrderForPreviews) {
  add_many(5);
  int turn = 0;
  (void)sync([&](const auto& c) { return failed(c, category::no_tag_mapping, {"contact", "f" + std::to_string(++turn % 2), "", ""}); });
  delivery_filter filter;
  filter.what = category::no_tag_mapping;
  const auto first = get(db().documents(crm, filter, {}, 3));
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].mapping_revision, 1);
  EXPECT_EQ(first[0].event_name, "Expo");
  const auto rest = get(db().documents(crm, filter, first.back().delivery, 3));
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_GT(rest.front().delivery, first.back().delivery);
}

/// Whatever happens in whatever order, the counts are those of a recount, and what is owed is never lost.
class RandomWalk : public store_test, public testing::WithParamInterface<int> {
 protected:
  int below(int limit) { return int(random_() % unsigned(limit)); }

  attempt_outcome any_outcome(const claimed_delivery& claimed) {
    static constexpr category kinds[] = {category::crm_rule, category::not_enough_data, category::no_tag_mapping, category::data_too_long};
    switch (below(5)) {
      case 0: return cleared(claimed);
      case 1: return waiting(claimed, category::throttled, now() + std::chrono::seconds(below(3) - 1));
      case 2: {
        auto back = waiting(claimed, category::none, now());
        back.no_attempt = true;
        return back;
      }
      default: return failed(claimed, kinds[below(4)], {"contact", "f" + std::to_string(below(3)), "", ""});
    }
  }

  void step() {
    switch (below(10)) {
      case 0: add_many(1 + below(20), "p" + std::to_string(below(5))); break;
      case 1: {
        auto lead = make_lead("p" + std::to_string(below(5)) + std::to_string(below(20)) + "@example.test", below(2) ? "Expo" : "Webinar");
        lead.document.set_field("phone", std::to_string(random_()));
        put(lead);
        break;
      }
      case 2:
      case 3: runs_.push_back(claim(1 + below(15))); break;
      case 4:
      case 5:
        if (!runs_.empty()) {
          const auto run = runs_.back();
          runs_.pop_back();
          if (!run.run) break;
          std::vector<attempt_outcome> outcomes;
          for (const auto& claimed : run.deliveries)
            if (below(10) > 0) outcomes.push_back(any_outcome(claimed));
          (void)get(db().close_run(run.run, outcomes, {}, {}));
        }
        break;
      case 6: {
        auto seed = retry();
        seed.kind = operation_kind(below(2));
        if (below(2)) seed.filter.what = category::crm_rule;
        operations_.push_back(get(db().create_operation(seed)).id);
        break;
      }
      case 7:
        if (!operations_.empty()) (void)get(db().advance_operation(operations_[std::size_t(below(int(operations_.size())))], 1 + below(10)));
        break;
      case 8:
        if (!operations_.empty() && below(3) == 0) (void)outcome_of<operation_record>(db().cancel_operation(operations_.back(), somebody));
        if (below(3) == 0) (void)get(db().dismiss(crm, {}, "", somebody));
        if (below(3) == 0) (void)get(db().undismiss(crm, {}, somebody));
        break;
      case 9:
        reopen();
        for (const auto& run : get(db().interrupted_runs())) get(db().recover_run(run.run, now(), below(2) == 0));
        runs_.clear();
        break;
    }
  }

  std::mt19937 random_{unsigned(GetParam())};
  std::vector<opened_run> runs_;
  std::vector<operation_id> operations_;
};

TEST_P(RandomWalk, KeepsTheCountsExact) {
  for (int i = 0; i < 120; ++i) {
    step();
    const auto differences = get(db().verify_counts());
    ASSERT_TRUE(differences.empty()) << "step " << i << ": " << differences.front();
  }
  // Everything settles: close, apply and sync until nothing is owed, and each operation has counted all it covered.
  for (const auto& run : runs_)
    if (run.run) (void)get(db().close_run(run.run, {}, {}, {}));
  for (const auto operation : operations_)
    while (get(db().find_operation(operation)).state == "applying") (void)get(db().advance_operation(operation, 100));
  const auto later = now() + 1h;
  for (;;) {
    std::vector<delivery_id> ids;
    for (const auto& ready : get(db().ready(crm, {}, later, {}, 1000))) ids.push_back(ready.delivery);
    if (ids.empty()) break;
    const auto run = get(db().open_run(crm, ids, 1));
    std::vector<attempt_outcome> outcomes;
    for (const auto& claimed : run.deliveries) outcomes.push_back(cleared(claimed));
    (void)get(db().close_run(run.run, outcomes, {}, {}));
  }
  EXPECT_TRUE(get(db().unfinished_operations()).empty());
  for (const auto operation : operations_) {
    const auto found = get(db().find_operation(operation));
    if (found.state == "done") {
      EXPECT_EQ(found.cleared + found.still_failing + found.moved + found.skipped, found.applied);
    }
  }
  EXPECT_EQ(count(delivery_state::waiting) + count(delivery_state::released), 0);
  expect_exact_counts();
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, testing::Range(1, 9));

}  // namespace
}  // namespace leadsync
