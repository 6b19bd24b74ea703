#include "store_fixture.h"

namespace leadsync {
namespace {

class Intake : public store_test {};

TEST_F(Intake, OwesANewLeadToTheIntegration) {
  const auto lead = add("ada@example.test");
  const auto ready = get(db().ready(crm, {}, now(), {}, 10));
  ASSERT_EQ(ready.size(), 1u);
  EXPECT_EQ(ready.front().lead, lead);
  EXPECT_FALSE(ready.front().is_retry);
  EXPECT_EQ(count(delivery_state::waiting), 1);
  expect_exact_counts();
}

TEST_F(Intake, LeavesAnIdenticalLeadAlone) {
  put(make_lead("ada@example.test"));
  EXPECT_EQ(put(make_lead("ADA@example.test ")), intake_outcome::updated);
  EXPECT_EQ(put(make_lead("ADA@example.test ")), intake_outcome::unchanged);
  EXPECT_EQ(count(delivery_state::waiting), 1);
}

TEST_F(Intake, MergesWithoutErasing) {
  const auto lead = add("ada@example.test");
  auto later = make_lead("ada@example.test");
  later.document.set_field("first_name", "");
  later.document.set_field("phone", "+44 1");
  EXPECT_EQ(put(later), intake_outcome::updated);
  const auto record = get(db().find_lead(lead));
  EXPECT_EQ(record.revision, 2);
  const auto document = parse_lead_document(record.document_json).value();
  EXPECT_EQ(document.field_value("first_name"), "Ada");
  EXPECT_EQ(document.field_value("phone"), "+44 1");
}

TEST_F(Intake, SeesTheFirstOfTwoEqualRowsOfOneBatch) {
  std::vector<captured_lead> leads{make_lead("a@example.test"), make_lead("b@example.test"), make_lead("a@example.test")};
  const auto accepted = get(db().add_leads({}, leads));
  EXPECT_EQ(accepted[2].outcome, intake_outcome::unchanged);
  EXPECT_EQ(accepted[2].lead, accepted[0].lead);
  expect_exact_counts();
}

TEST_F(Intake, RespectsTheEventsOfAnIntegration) {
  const auto picky = register_one("picky", {"EXPO 2026"});
  add("a@example.test", "Expo 2026");
  add("b@example.test", "Webinar");
  EXPECT_EQ(get(db().count(picky, {})), 1);
  EXPECT_EQ(get(db().count(crm, {})), 2);
}

TEST_F(Intake, OwesNothingToAnIntegrationThatIsNotConfiguredAnyMore) {
  const auto other = register_one("other");
  (void)register_one("crm");
  add("a@example.test");
  EXPECT_EQ(get(db().count(other, {})), 0);
}

TEST_F(Intake, QueuesAgainWhatFailedForItsData) {
  const auto lead = add("ada@example.test");
  (void)sync([](const auto& c) { return failed(c, category::not_enough_data); });
  auto better = make_lead("ada@example.test");
  better.document.set_field("phone", "+44 1");
  put(better);
  EXPECT_EQ(detail(lead).row.state, delivery_state::waiting);
  EXPECT_EQ(ready_ids().size(), 1u);
  expect_exact_counts();
}

TEST_F(Intake, LeavesWhatFailedForTheMapping) {
  const auto lead = add("ada@example.test");
  (void)sync([](const auto& c) { return failed(c, category::missing_remote_field); });
  auto better = make_lead("ada@example.test");
  better.document.set_field("phone", "+44 1");
  put(better);
  EXPECT_EQ(detail(lead).row.state, delivery_state::failed);
}

TEST_F(Intake, SendsAClearedLeadAgainForItsNewRevisionWithItsRemoteIds) {
  add("ada@example.test");
  (void)sync([](const auto& c) { return cleared(c); });
  auto later = make_lead("ada@example.test");
  later.document.set_field("phone", "+44 1");
  put(later);
  const auto run = claim();
  ASSERT_EQ(run.deliveries.size(), 1u);
  EXPECT_EQ(run.deliveries.front().remote_ids.size(), 1u);
  EXPECT_TRUE(run.deliveries.front().phases_done.empty());
  EXPECT_EQ(run.deliveries.front().attempt_number, 2);
}

TEST_F(Intake, EditReplacesAndRefusesAnOldRevision) {
  const auto lead = add("ada@example.test");
  lead_document document;
  document.set_field("email", "grace@example.test");
  const auto edited = get(db().edit_lead(lead, document, 1, somebody));
  EXPECT_EQ(edited.revision, 2);
  EXPECT_EQ(parse_lead_document(edited.document_json).value().field_value("first_name"), "");
  document.set_field("email", "joan@example.test");
  EXPECT_EQ(failure_of(db().edit_lead(lead, document, 1, somebody)), errc::conflict);
  EXPECT_EQ(failure_of(db().edit_lead({99}, document, 0, somebody)), errc::not_found);
  EXPECT_EQ(get(db().list_audit(0, 10)).front().action, "edit_lead");
}

TEST_F(Intake, CountsTheRowsOfAnImport) {
  const auto import = get(db().begin_import({"leads.csv", "Expo", somebody}));
  std::vector<captured_lead> leads{make_lead("a@example.test"), make_lead("b@example.test"), make_lead("a@example.test")};
  (void)get(db().add_leads(import, leads));
  get(db().reject_rows(import, {{7, "no e-mail", ",,"}, {9, "two columns", "x"}}));
  get(db().finish_import(import, ""));
  const auto record = get(db().find_import(import));
  EXPECT_EQ(record.rows, 5);
  EXPECT_EQ(record.added, 2);
  EXPECT_EQ(record.unchanged, 1);
  EXPECT_EQ(record.rejected, 2);
  EXPECT_TRUE(record.finished_at);
  const auto rows = get(db().rejected_rows(import, 7, 10));
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows.front().reason, "two columns");
  EXPECT_EQ(failure_of(db().find_import({99})), errc::not_found);
}

TEST_F(Intake, RefusesALeadWithoutEventAndKeepsNothingOfItsBatch) {
  std::vector<captured_lead> leads{make_lead("a@example.test", "New Event"), make_lead("b@example.test", "")};
  EXPECT_EQ(failure_of(db().add_leads({}, leads)), errc::invalid_input);
  EXPECT_TRUE(get(db().list_events()).empty());
  add("a@example.test", "New Event");
  EXPECT_EQ(get(db().list_events()).front().leads, 1);
  expect_exact_counts();
}

}  // namespace
}  // namespace leadsync
