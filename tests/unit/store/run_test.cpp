#include "store_fixture.h"

namespace leadsync {
namespace {

using namespace std::chrono_literals;

class Runs : public store_test {};

TEST_F(Runs, ClaimOnceAndRefuseTheRest) {
  add_many(3);
  const auto ids = ready_ids();
  auto twice = ids;
  twice.push_back(ids.front());
  const auto run = get(db().open_run(crm, twice, 1));
  EXPECT_EQ(run.deliveries.size(), 3u);
  EXPECT_EQ(run.refused, std::vector{ids.front()});
  const auto again = get(db().open_run(crm, ids, 1));
  EXPECT_FALSE(again.run);
  EXPECT_EQ(again.refused, ids);
  EXPECT_TRUE(ready_ids().empty());
  EXPECT_EQ(get(db().summary(crm, {})).syncing, 3);
}

TEST_F(Runs, WriteAttemptStateRemoteIdsAndExchangesAtOnce) {
  const auto lead = add("ada@example.test");
  const auto run = claim();
  auto outcome = cleared(run.deliveries.front());
  outcome.phases_json = R"([{"phase":"person","status":"ok"}])";
  outcome.warnings = {{"TRUNCATED", "contact", "name", "cut"}};
  exchange_record exchange;
  exchange.number = 3;
  exchange.method = "POST";
  exchange.request_body = std::string(5000, 'r');
  exchange.response_body = "short";
  exchange.status = 201;
  EXPECT_TRUE(get(db().close_run(run.run, {outcome}, {exchange}, {})).empty());

  const auto found = detail(lead);
  EXPECT_EQ(found.row.state, delivery_state::cleared);
  EXPECT_TRUE(found.row.warned);
  EXPECT_EQ(found.row.remote_ids.front().object, "contact");
  ASSERT_EQ(found.attempts.size(), 1u);
  EXPECT_EQ(found.attempts.front().phases_json, outcome.phases_json);
  EXPECT_NE(found.attempts.front().warnings_json.find("TRUNCATED"), std::string::npos);
  const auto exchanges = get(db().exchanges(run.run));
  ASSERT_EQ(exchanges.size(), 1u);
  EXPECT_EQ(exchanges.front().number, 3);
  EXPECT_EQ(exchanges.front().request_body, exchange.request_body);
  EXPECT_EQ(exchanges.front().response_body, "short");
  EXPECT_EQ(failure_of(db().close_run(run.run, {}, {}, {})), errc::conflict);
  expect_exact_counts();
}

TEST_F(Runs, RefuseAnOutcomeOfAnotherRunAndKeepNothing) {
  add_many(2);
  const auto first = get(db().open_run(crm, {ready_ids().front()}, 1));
  const auto second = claim();
  EXPECT_EQ(failure_of(db().close_run(first.run, {cleared(first.deliveries.front()), cleared(second.deliveries.front())}, {}, {})),
            errc::invalid_input);
  EXPECT_EQ(count(delivery_state::cleared), 0);
  expect_exact_counts();
}

TEST_F(Runs, PutBackWhatHasNoOutcome) {
  add_many(2);
  const auto run = claim();
  (void)get(db().close_run(run.run, {cleared(run.deliveries.front())}, {}, {}));
  const auto ready = get(db().ready(crm, {}, now(), {}, 10));
  ASSERT_EQ(ready.size(), 1u);
  EXPECT_EQ(ready.front().delivery, run.deliveries.back().delivery);
  EXPECT_FALSE(ready.front().is_retry);
}

TEST_F(Runs, GiveReleasedThenNewThenRetried) {
  add_many(3);
  const auto ids = ready_ids();
  (void)sync([&](const auto& c) { return c.delivery == ids[0] ? failed(c, category::crm_rule) : waiting(c, category::remote_busy, now()); });
  add("new@example.test");
  (void)run_operation(retry());
  const auto order = ready_ids();
  ASSERT_EQ(order.size(), 4u);
  EXPECT_EQ(order.front(), ids[0]);
  EXPECT_GT(order[1], ids[2]);
  EXPECT_EQ(order[2], ids[1]);
  EXPECT_EQ(ready_ids({.waiting = false}), std::vector{ids[0]});
  EXPECT_EQ(ready_ids({.released = false}).size(), 3u);
}

TEST_F(Runs, WakeWhenDue) {
  add_many(1);
  const auto due = now() + 1h;
  (void)sync([&](const auto& c) { return waiting(c, category::throttled, due); });
  EXPECT_TRUE(ready_ids().empty());
  EXPECT_EQ(get(db().next_due(crm, {}, now())), due);
  EXPECT_FALSE(get(db().next_due(crm, {}, due)));
  EXPECT_EQ(get(db().ready(crm, {}, due, {}, 10)).size(), 1u);
  EXPECT_EQ(count(delivery_state::waiting, category::throttled), 1);
}

TEST_F(Runs, GiveOnlyWhatWasDueAtATick) {
  add_many(6);
  EXPECT_TRUE(get(db().ready(crm, {}, now() - 1min, {}, 10)).empty());
  EXPECT_EQ(get(db().ready(crm, {}, now(), {}, 10)).size(), 6u);
  EXPECT_EQ(get(db().ready(crm, {}, now(), {}, 4)).size(), 4u);
}

TEST_F(Runs, QueueAgainWhatChangedWhileItSynced) {
  const auto lead = add("ada@example.test");
  const auto run = claim();
  auto later = make_lead("ada@example.test");
  later.document.set_field("phone", "+44 1");
  put(later);
  EXPECT_EQ(get(db().close_run(run.run, {cleared(run.deliveries.front())}, {}, {})).size(), 1u);
  EXPECT_EQ(detail(lead).row.state, delivery_state::waiting);
  EXPECT_EQ(detail(lead).attempts.size(), 1u);
  const auto next = claim();
  EXPECT_TRUE(next.deliveries.front().phases_done.empty());
  EXPECT_EQ(next.deliveries.front().remote_ids.size(), 1u);
  expect_exact_counts();
}

TEST_F(Runs, ContinueAtTheFailedPhase) {
  add("ada@example.test");
  (void)sync([](const auto& c) {
    auto outcome = failed(c, category::crm_rule);
    outcome.phases_done = {"company", "person"};
    outcome.remote_ids = {{"contact", "7", ""}};
    outcome.counted = true;
    return outcome;
  });
  (void)run_operation(retry());
  const auto claimed = claim().deliveries.front();
  EXPECT_EQ(claimed.phases_done, (std::vector<std::string>{"company", "person"}));
  EXPECT_EQ(claimed.remote_ids.front().id, "7");
  EXPECT_EQ(claimed.attempt_number, 2);
  EXPECT_EQ(claimed.counted_attempts, 1);
  EXPECT_EQ(claimed.last_category, category::crm_rule);
}

TEST_F(Runs, RememberCompanies) {
  put(make_lead("ada@acme.example", "Expo", "Acme"));
  const auto run = claim();
  const auto key = run.deliveries.front().company_key;
  ASSERT_FALSE(key.empty());
  EXPECT_TRUE(run.companies.empty());
  get(db().save_intent(run.run, {}, {{key, {"company", "11", ""}}}));
  (void)get(db().close_run(run.run, {cleared(run.deliveries.front())}, {}, {}));
  put(make_lead("grace@acme.example", "Expo", "Acme"));
  const auto next = claim();
  ASSERT_EQ(next.companies.size(), 1u);
  EXPECT_EQ(next.companies.front().id.id, "11");
}

TEST_F(Runs, AreFoundOpenAfterACrash) {
  add_many(3);
  const auto run = claim();
  get(db().save_checkpoint(run.run, std::string("state\0x", 7), {}, {}, {}));
  reopen();
  const auto open = get(db().interrupted_runs());
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open.front().deliveries.size(), 3u);
  EXPECT_EQ(open.front().checkpoint, std::string("state\0x", 7));
  EXPECT_FALSE(open.front().blind_write);
  EXPECT_TRUE(ready_ids().empty());
  get(db().recover_run(run.run, now(), false));
  EXPECT_EQ(ready_ids().size(), 3u);
  EXPECT_FALSE(claim().deliveries.front().ambiguous);
  expect_exact_counts();
}

TEST_F(Runs, AreResumedWithWhatTheirCheckpointRestsOn) {
  put(make_lead("ada@acme.example", "Expo", "Acme"));
  put(make_lead("grace@example.test"));
  const auto run = claim();
  auto reached = cleared(run.deliveries.front());
  const auto key = run.deliveries.front().company_key;
  exchange_record exchange{.number = 0, .phase = "person", .method = "POST", .url = "/jobs", .request_body = "{}", .transport = "ok", .status = 200};
  get(db().save_checkpoint(run.run, "{\"job\":\"750x\"}", {reached}, {{key, {"company", "11", ""}}}, {exchange}));
  reopen();
  auto resumed = get(db().resume_run(run.run));
  EXPECT_EQ(resumed.checkpoint, "{\"job\":\"750x\"}");
  EXPECT_EQ(resumed.next_exchange, 1);
  ASSERT_EQ(resumed.deliveries.size(), 2u);
  EXPECT_EQ(resumed.deliveries.front().phases_done, reached.phases_done);
  EXPECT_EQ(resumed.deliveries.front().person_key, run.deliveries.front().person_key);
  EXPECT_FALSE(resumed.deliveries.front().ambiguous);
  ASSERT_EQ(resumed.companies.size(), 1u);
  EXPECT_TRUE(ready_ids().empty()) << "they are still in the run";

  exchange.number = 1;
  (void)get(db().close_run(run.run, {cleared(resumed.deliveries.front()), cleared(resumed.deliveries.back())}, {exchange}, {}));
  EXPECT_EQ(get(db().exchanges(run.run)).size(), 2u);
  EXPECT_TRUE(get(db().interrupted_runs()).empty());
  EXPECT_EQ(failure_of(db().resume_run(run.run)), errc::conflict) << "it is closed";
  expect_exact_counts();
}

TEST_F(Runs, ThatAnnouncedABlindWriteAreResumedAsAmbiguous) {
  add("ada@example.test");
  const auto run = claim();
  get(db().save_intent(run.run, {}, {}));
  get(db().save_checkpoint(run.run, "x", {}, {}, {}));
  reopen();
  EXPECT_TRUE(get(db().resume_run(run.run)).deliveries.front().ambiguous);
}

TEST_F(Runs, LookBeforeWritingAfterABlindWrite) {
  const auto lead = add("ada@example.test");
  const auto run = claim();
  auto reached = cleared(run.deliveries.front());
  get(db().save_intent(run.run, {reached}, {}));
  reopen();
  EXPECT_TRUE(get(db().interrupted_runs()).front().blind_write);
  const auto settled = now() + 30s;
  get(db().recover_run(run.run, settled, false));
  EXPECT_TRUE(ready_ids().empty());
  EXPECT_EQ(get(db().next_due(crm, {}, now())), settled);
  const auto next = get(db().open_run(crm, {detail(lead).row.delivery}, 1));
  EXPECT_TRUE(next.deliveries.front().ambiguous);
  EXPECT_EQ(next.deliveries.front().not_before, settled);
  EXPECT_EQ(next.deliveries.front().phases_done, std::vector<std::string>{"person"});
}

TEST_F(Runs, GoAloneAfterOneCrashInThePluginAndFailAfterTwo) {
  const auto lead = add("ada@example.test");
  get(db().recover_run(claim().run, now(), true));
  EXPECT_TRUE(get(db().ready(crm, {}, now(), {}, 1)).front().alone);
  get(db().recover_run(claim().run, now(), true));
  const auto found = detail(lead);
  EXPECT_EQ(found.row.state, delivery_state::failed);
  EXPECT_EQ(found.row.what, category::plugin_fault);
  EXPECT_EQ(found.attempts.size(), 1u);
  expect_exact_counts();
}

TEST_F(Runs, ForgetACrashAfterAnAttemptThatEnded) {
  add("ada@example.test");
  get(db().recover_run(claim().run, now(), true));
  (void)sync([](const auto& c) { return waiting(c, category::remote_busy, now()); });
  get(db().recover_run(claim().run, now(), true));
  EXPECT_EQ(count(delivery_state::failed), 0);
}

TEST_F(Runs, MoveBackWithoutAnAttempt) {
  const auto lead = add("ada@example.test");
  (void)sync([](const auto& c) { return failed(c, category::crm_rule); });
  (void)run_operation(retry());
  (void)sync([](const auto& c) {
    auto outcome = waiting(c, category::none, now());
    outcome.no_attempt = true;
    return outcome;
  });
  const auto found = detail(lead);
  EXPECT_EQ(found.row.state, delivery_state::released);
  EXPECT_EQ(found.row.what, category::crm_rule);
  EXPECT_EQ(found.row.attempts, 1);
  expect_exact_counts();
}

TEST_F(Runs, PruneOldBodiesAndAttemptsButNotWhatExplainsAFailure) {
  const auto lead = add("ada@example.test");
  const auto fails = [](const auto& c) { return failed(c, category::crm_rule); };
  run_id first;
  for (int i = 0; i < 3; ++i) {
    const auto run = claim();
    if (i == 0) first = run.run;
    (void)get(db().close_run(run.run, {fails(run.deliveries.front())}, {exchange_record{}}, {}));
    if (i < 2) (void)run_operation(retry());
  }
  EXPECT_FALSE(get(db().prune(now() - 1h, now() - 1h)));
  EXPECT_EQ(get(db().exchanges(first)).size(), 1u);
  EXPECT_FALSE(get(db().prune(now() + 1h, now() + 1h)));
  EXPECT_TRUE(get(db().exchanges(first)).empty());
  ASSERT_EQ(detail(lead).attempts.size(), 1u);
  EXPECT_EQ(detail(lead).row.message, "refused");
  expect_exact_counts();
}

}  // namespace
}  // namespace leadsync
