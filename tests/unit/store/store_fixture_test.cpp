#include "store_fixture.h"

#include <unistd.h>

#include <cstdlib>

namespace leadsync {

scratch_folder::scratch_folder() {
  static int number = 0;
  const std::filesystem::path memory = "/dev/shm";
  const auto root = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
  path_ = root / ("leadsync_store_test." + std::to_string(::getpid()) + "." + std::to_string(++number));
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}

store_test::store_test() {
  reopen();
  crm = register_one("crm");
}

void store_test::reopen() {
  store_.reset();
  auto opened = open_sqlite_store({folder()});
  if (!opened) throw std::runtime_error(opened.error().context);
  store_ = std::move(*opened);
}

integration_id store_test::register_one(std::string name, std::vector<std::string> events) {
  std::vector<integration_seed> seeds;
  if (name != "crm") seeds.push_back({"crm", "plugin"});
  seeds.push_back({std::move(name), "plugin", std::move(events)});
  return get(db().register_integrations(seeds)).back().id;
}

lead_id store_test::add(std::string email, std::string event) {
  std::vector<captured_lead> leads{make_lead(std::move(email), std::move(event))};
  return get(db().add_leads({}, std::move(leads))).front().lead;
}

intake_outcome store_test::put(captured_lead lead) {
  std::vector<captured_lead> leads{std::move(lead)};
  return get(db().add_leads({}, std::move(leads))).front().outcome;
}

void store_test::add_many(int count, std::string prefix) {
  std::vector<captured_lead> leads;
  for (int i = 0; i < count; ++i) leads.push_back(make_lead(prefix + std::to_string(i) + "@example.test"));
  (void)get(db().add_leads({}, std::move(leads)));
}

std::vector<delivery_id> store_test::ready_ids(claim_filter filter, int limit) {
  std::vector<delivery_id> ids;
  for (const auto& ready : get(db().ready(crm, filter, now(), {}, limit))) ids.push_back(ready.delivery);
  return ids;
}

opened_run store_test::claim(int limit) { return get(db().open_run(crm, ready_ids({}, limit), 1)); }

std::int64_t store_test::count(delivery_state state, std::optional<category> what) {
  delivery_filter filter;
  filter.state = state;
  filter.what = what;
  return get(db().count(crm, filter));
}

void store_test::expect_exact_counts() { EXPECT_EQ(get(db().verify_counts()), std::vector<std::string>()); }

operation_seed store_test::retry(std::optional<category> what) {
  operation_seed seed;
  seed.integration = crm;
  seed.filter.what = what;
  seed.by = somebody;
  return seed;
}

operation_record store_test::run_operation(operation_seed seed) {
  auto operation = get(db().create_operation(std::move(seed)));
  while (operation.state == "applying") operation = get(db().advance_operation(operation.id, 7));
  return operation;
}

captured_lead make_lead(std::string email, std::string event, std::string company) {
  captured_lead lead;
  lead.event = std::move(event);
  lead.document.set_field("email", email);
  lead.document.set_field("first_name", "Ada");
  lead.document.set_field("last_name", "Lovelace");
  lead.document.set_field("company", company);
  return lead;
}

attempt_outcome cleared(const claimed_delivery& claimed) {
  attempt_outcome outcome;
  outcome.delivery = claimed.delivery;
  outcome.lead_revision = claimed.lead_revision;
  outcome.next = delivery_state::cleared;
  outcome.started_at = outcome.finished_at = now();
  outcome.phases_json = "[]";
  outcome.remote_ids = {{"contact", "c" + to_string(claimed.delivery), "https://crm.test/1"}};
  outcome.phases_done = {"person"};
  return outcome;
}

attempt_outcome failed(const claimed_delivery& claimed, category what, locus where) {
  auto outcome = cleared(claimed);
  outcome.next = delivery_state::failed;
  outcome.what = what;
  outcome.where = std::move(where);
  outcome.message = "refused";
  outcome.crm_code = "NO";
  outcome.remote_ids.clear();
  outcome.phases_done.clear();
  return outcome;
}

attempt_outcome waiting(const claimed_delivery& claimed, category what, instant due) {
  auto outcome = failed(claimed, what);
  outcome.next = delivery_state::waiting;
  outcome.due_at = due;
  return outcome;
}

}  // namespace leadsync
