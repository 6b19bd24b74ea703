#include "runtime/sync_job.h"

#include "tests/unit/runtime/sample.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace leadsync {
namespace {

const instant noon = from_millis(1'764'072'000'000);
const job_frame frame{.api_base = "https://crm.test", .settings_json = "{}", .account_json = "{\"id\":\"7\"}", .installation = "4f1c"};

prepared_batch prepare(const opened_run& run) { return prepare_batch(run, sample::rendering_of(), sample::manifest(), frame, noon, 42); }

TEST(PrepareBatch, StatesOneCompanyForAllItsLeads) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "ada@acme.com", "Acme"), sample::delivery(2, "bob@acme.com", "ACME Inc."),
                    sample::delivery(3, "eve@other.org", "Other")};
  const auto batch = prepare(run);
  const auto job = boost::json::parse(batch.job_json);
  EXPECT_EQ(job.at("companies").as_array().size(), 2u);
  EXPECT_EQ(job.at("leads").at(0).at("company"), job.at("leads").at(1).at("company"));
  EXPECT_EQ(job.at("companies").at(0).at("domain").as_string(), "acme.com");
  EXPECT_EQ(batch.company_keys.size(), 2u);
}

TEST(PrepareBatch, KeysAreStableAndNameTheInstallation) {
  opened_run run;
  run.deliveries = {sample::delivery(771, "ada@acme.com")};
  const auto first = boost::json::parse(prepare(run).job_json).at("leads").at(0).at("key");
  EXPECT_EQ(first.as_string(), "ls-4f1c-d-771");
  EXPECT_EQ(boost::json::parse(prepare(run).job_json).at("leads").at(0).at("key"), first);
}

TEST(PrepareBatch, KeepsBackWhatWouldFailAndSendsTheRest) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "ada@acme.com"), sample::delivery(2, "bob@acme.com")};
  lead_document unmapped;
  unmapped.set_field("email", "eve@acme.com");
  unmapped.set_qualifier("Timeline", {"Some day"});
  run.deliveries[0].document_json = to_json(unmapped);
  const auto batch = prepare(run);
  ASSERT_TRUE(batch.problems[0]);
  EXPECT_EQ(batch.problems[0]->what, category::no_tag_mapping);
  EXPECT_EQ(batch.problems[0]->where.value, "Some day");
  EXPECT_EQ(batch.delivery_of, (std::vector<std::size_t>{1}));
}

TEST(PrepareBatch, StatesNoJobWhereNoLeadPasses) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "")};
  const auto batch = prepare(run);
  EXPECT_TRUE(batch.job_json.empty());
  EXPECT_EQ(batch.problems[0]->what, category::not_enough_data);
}

TEST(PrepareBatch, PassesOnWhatEarlierAttemptsReached) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "ada@acme.com", "Acme")};
  run.deliveries[0].remote_ids = {{"contact", "901", ""}};
  run.deliveries[0].phases_done = {"company", "person"};
  run.deliveries[0].ambiguous = true;
  run.companies = {{"acme.com", {"company", "55", ""}}};
  const auto job = boost::json::parse(prepare(run).job_json);
  const auto& lead = job.at("leads").at(0);
  EXPECT_EQ(lead.at("remote_ids").at("contact").as_string(), "901");
  EXPECT_EQ(lead.at("phases_done").as_array().size(), 2u);
  EXPECT_TRUE(lead.at("ambiguous").as_bool());
  EXPECT_EQ(job.at("companies").at(0).at("remote_id").as_string(), "55");
  EXPECT_TRUE(job.at("companies").at(0).at("ambiguous").as_bool());
}

TEST(PrepareBatch, PassesOnTheCheckpointOfARunThatIsResumed) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "ada@acme.com")};
  EXPECT_FALSE(boost::json::parse(prepare(run).job_json).as_object().contains("checkpoint"));
  run.checkpoint = R"({"job":"750x"})";
  EXPECT_EQ(boost::json::parse(prepare(run).job_json).at("checkpoint").as_string(), run.checkpoint);
}

TEST(PrepareBatch, DemandsPhasesOnlyOfWhatALeadHas) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "ada@gmail.com"), sample::delivery(2, "bob@acme.com", "Acme")};
  const auto batch = prepare(run);
  EXPECT_EQ(batch.entries[0].demanded, (std::vector<std::string>{"person"}));
  EXPECT_EQ(batch.entries[1].demanded, (std::vector<std::string>{"company", "person", "association"}));
}

TEST(PrepareBatch, ReportsALeadThatCannotBeRead) {
  opened_run run;
  run.deliveries = {sample::delivery(1, "ada@acme.com")};
  run.deliveries[0].document_json = "{";
  EXPECT_EQ(prepare(run).problems[0]->what, category::unexpected);
}

}  // namespace
}  // namespace leadsync
