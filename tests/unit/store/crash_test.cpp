#include "store_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

namespace leadsync {
namespace {

/// Adds leads and syncs some until it is killed; writes the id of each acknowledged lead to the pipe.
[[noreturn]] void write_until_killed(const std::filesystem::path& folder, int pipe, int round) {
  auto opened = open_sqlite_store({folder});
  if (!opened) ::_exit(1);
  auto& db = **opened;
  const std::vector<integration_seed> seeds{{"crm", "plugin"}};
  const auto crm = get(db.register_integrations(seeds)).front().id;
  for (const auto& run : get(db.interrupted_runs())) get(db.recover_run(run.run, now(), false));
  for (int i = 0;; ++i) {
    std::vector<captured_lead> leads;
    for (int j = 0; j < 1 + i % 7; ++j)
      leads.push_back(make_lead(std::to_string(round) + "." + std::to_string(i) + "." + std::to_string(j) + "@example.test"));
    for (const auto& accepted : get(db.add_leads({}, leads)))
      if (::write(pipe, &accepted.lead.value, sizeof accepted.lead.value) < 0) ::_exit(1);
    if (i % 3 != 0) continue;
    std::vector<delivery_id> ids;
    for (const auto& ready : get(db.ready(crm, {}, now(), {}, 10))) ids.push_back(ready.delivery);
    const auto run = get(db.open_run(crm, ids, 1));
    std::vector<attempt_outcome> outcomes;
    for (const auto& claimed : run.deliveries)
      outcomes.push_back(claimed.delivery.value % 2 ? cleared(claimed) : failed(claimed, category::crm_rule));
    if (run.run) (void)get(db.close_run(run.run, outcomes, {}, {}));
  }
}

TEST(Crash, LosesNothingAcknowledgedToKill) {
  const scratch_folder folder;
  std::mt19937 random(7);
  std::vector<std::int64_t> acknowledged;
  for (int round = 0; round < 8; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(folder.path(), ends[1], round);
    }
    ::close(ends[1]);
    // Killed after a number of acknowledgements: a time would depend on the machine.
    const auto until = acknowledged.size() + 20 + random() % 100;
    std::int64_t id = 0;
    while (::read(ends[0], &id, sizeof id) == sizeof id) {
      acknowledged.push_back(id);
      if (acknowledged.size() == until) ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(ends[0]);
    ASSERT_TRUE(WIFSIGNALED(status));
  }
  auto opened = open_sqlite_store({folder.path()});
  ASSERT_TRUE(opened);
  auto& db = **opened;
  const std::vector<integration_seed> seeds{{"crm", "plugin"}};
  const auto crm = get(db.register_integrations(seeds)).front().id;
  for (const auto id : acknowledged) EXPECT_EQ(get(db.delivery(crm, {id})).row.lead.value, id);
  EXPECT_EQ(get(db.verify_counts()), std::vector<std::string>());
  for (const auto& run : get(db.interrupted_runs())) get(db.recover_run(run.run, now(), false));
  EXPECT_EQ(get(db.summary(crm, {})).syncing, 0);
  EXPECT_EQ(get(db.verify_counts()), std::vector<std::string>());
}

}  // namespace
}  // namespace leadsync
