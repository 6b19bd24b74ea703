#include "sync.h"

#include <algorithm>
#include <unordered_map>

namespace leadsync::salesforce {
namespace {
/// Gives those whose e-mail address one record has its id. Several: to be decided by a person.
sdk::task<> find_by_email(sync_job* job, const collection* work, records wanted, std::string_view several) {
  if (wanted.empty()) co_return;
  std::unordered_map<std::string, std::vector<std::string>> ids;
  std::vector<std::string> values;
  for (const auto* one : wanted) {
    const auto email = one->values.text("Email");
    if (ids.try_emplace(folded(email)).second) values.push_back(email);
  }
  lookup what{std::string(job->person.type), "Id,Email", "Email"};
  if (job->person.type == lead_records.type) what.and_also = " AND IsConverted = false";
  const auto found = co_await query_each(std::move(what), std::move(values), std::string(phase_names[person_phase]), leads_of(wanted));
  for (const auto& row : found.rows) ids[folded(row_text(row, "Email"))].push_back(row_text(row, "Id"));
  for (auto* one : wanted) {
    const auto& mine = ids[folded(one->values.text("Email"))];
    if (found.failed) work->fail(*one, *found.failed, &found.where);
    else if (mine.size() == 1) one->id = mine.front();
    else if (mine.size() > 1) {
      failure why{several, "SEVERAL_MATCHES", std::to_string(mine.size()) + " records have this e-mail address"};
      why.field = "Email";
      work->fail(*one, std::move(why), &found.where);
    }
  }
}
}  // namespace

sdk::task<> write_people(sync_job* job) {
  auto work = job->begin(person_phase, job->person);
  const bool keyed = job->keyed(job->person);
  const bool by_email = job->setting("match") != "key";
  records matched, doubtful, known, by_key, blind;
  for (auto& lead : job->leads) {
    if (lead.done[person_phase] || !lead.id.empty() || lead.values.empty()) continue;
    const bool has_email = !lead.values.text("Email").empty();
    if (by_email && has_email) matched.push_back(&lead);
    else if (!keyed && lead.ambiguous && has_email) doubtful.push_back(&lead);
  }
  co_await find_by_email(job, &work, matched, "AMBIGUOUS_MATCH");
  co_await find_by_email(job, &work, doubtful, "AMBIGUOUS_WRITE");
  for (auto& lead : job->leads) {
    if (lead.done[person_phase] || lead.settled) continue;
    if (lead.values.empty()) {
      work.skip(lead, "nothing is mapped to a person");
      continue;
    }
    if (lead.account && !lead.account->id.empty() && (lead.account->ok || !lead.account->settled)) {
      lead.values.added.emplace_back("AccountId", lead.account->id);
      lead.tied = true;
    }
    if (!lead.id.empty()) known.push_back(&lead);
    else if (keyed) by_key.push_back(&lead);
    else if (lead.ambiguous && lead.values.text("Email").empty())
      work.fail(lead, {"AMBIGUOUS_WRITE", "", "an earlier request may have created this person"}, nullptr);
    else blind.push_back(&lead);
  }
  known = co_await work.drop_what_is_set("Id", known);
  by_key = co_await work.drop_what_is_set(std::string(key_field), by_key);
  co_await work.write(write_kind::update, known);
  co_await work.write(write_kind::upsert, by_key);
  co_await work.write(write_kind::create, blind);
}
}  // namespace leadsync::salesforce
