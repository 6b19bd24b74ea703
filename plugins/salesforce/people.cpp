#include "sync.h"

#include <algorithm>
#include <unordered_map>

namespace leadsync::salesforce {
namespace {
/// Gives those whose e-mail address one record has its id. Of several the oldest, where that is the policy; else a person decides.
sdk::task<> find_by_email(sync_job* job, const collection* work, records wanted, std::string_view several) {
  if (wanted.empty()) co_return;
  std::unordered_map<std::string, std::vector<std::pair<std::string, std::string>>> found_by;  // when created, and the id
  std::vector<std::string> values;
  for (const auto* one : wanted) {
    const auto email = one->values.text("Email");
    if (found_by.try_emplace(folded(email)).second) values.push_back(email);
  }
  lookup what{std::string(job->person.type), "Id,Email,CreatedDate", "Email"};
  if (job->person.type == lead_records.type) what.and_also = " AND IsConverted = false";
  const auto found = co_await query_each(std::move(what), std::move(values), std::string(phase_names[person_phase]), leads_of(wanted));
  for (const auto& row : found.rows) found_by[folded(row_text(row, "Email"))].emplace_back(row_text(row, "CreatedDate"), row_text(row, "Id"));
  for (auto* one : wanted) {
    const auto& mine = found_by[folded(one->values.text("Email"))];
    const auto count = std::to_string(mine.size());
    if (found.failed) work->fail(*one, *found.failed, &found.where);
    else if (mine.size() == 1) one->id = mine.front().second;
    else if (mine.size() > 1 && job->setting("on_ambiguous_match") == "oldest") {
      one->id = std::min_element(mine.begin(), mine.end())->second;
      warn(*one, "SEVERAL_MATCHES", count + " records have this e-mail address; the oldest was used");
    } else if (mine.size() > 1) {
      failure why{several, "SEVERAL_MATCHES", count + " records have this e-mail address"};
      why.field = "Email";
      work->fail(*one, std::move(why), &found.where);
    }
  }
}

/// Those that are not done, with the account that they go with.
std::vector<lead_record*> open_leads(sync_job& job, const collection& work) {
  std::vector<lead_record*> open;
  for (auto& lead : job.leads) {
    if (lead.done[person_phase] || lead.settled) continue;
    if (lead.values.empty()) {
      work.skip(lead, "nothing is mapped to a person");
      continue;
    }
    if (lead.account && !lead.account->id.empty() && (lead.account->ok || !lead.account->settled)) {
      lead.values.added.emplace_back("AccountId", lead.account->id);
      lead.tied = true;
    }
    open.push_back(&lead);
  }
  return open;
}
}  // namespace

sdk::task<> write_people(sync_job* job) {
  auto work = job->begin(person_phase, job->person);
  const bool keyed = job->keyed(job->person);
  const bool by_email = job->setting("match") != "key";
  const std::string record_type(job->setting("record_type_id"));
  records left, known, matched, doubtful, found, by_key, blind;
  for (auto& lead : job->leads)
    if (!lead.done[person_phase] && lead.id.empty() && !lead.values.empty()) left.push_back(&lead);
  co_await work.take_left(write_kind::upsert, &left);

  const auto open = open_leads(*job, work);
  // A lead that was converted before.
  const auto is_contact = [&](const record& one) { return job->person.type == lead_records.type && one.id.starts_with(contact_records.prefix); };
  for (auto* lead : open)
    if (!lead->id.empty() && !is_contact(*lead)) known.push_back(lead);
  known = co_await work.drop_what_is_set("Id", known);
  co_await work.write(write_kind::update, known);

  for (auto* lead : open) {
    if (lead->settled || !lead->id.empty() || lead->values.text("Email").empty()) continue;
    if (by_email) matched.push_back(lead);
    else if (!keyed && lead->ambiguous) doubtful.push_back(lead);
  }
  co_await find_by_email(job, &work, matched, "AMBIGUOUS_MATCH");
  co_await find_by_email(job, &work, doubtful, "AMBIGUOUS_WRITE");
  for (auto* lead : open) {
    const bool is_converted = lead->aside && !lead->id.empty();
    if (lead->settled || is_converted || is_contact(*lead)) continue;
    if (!lead->id.empty()) {
      found.push_back(lead);
      continue;
    }
    if (!record_type.empty()) lead->values.added.emplace_back("RecordTypeId", record_type);
    if (keyed) by_key.push_back(lead);
    else if (lead->ambiguous && lead->values.text("Email").empty())
      work.fail(*lead, {"AMBIGUOUS_WRITE", "", "an earlier request may have created this person"}, nullptr);
    else blind.push_back(lead);
  }
  found = co_await work.drop_what_is_set("Id", found);
  by_key = co_await work.drop_what_is_set(std::string(key_field), by_key);
  co_await work.write(write_kind::update, found);
  co_await work.write(write_kind::upsert, by_key);
  co_await work.write(write_kind::create, blind);
  auto aside = work.take_aside();
  for (auto* lead : open)
    if (!lead->settled && is_contact(*lead)) aside.converted.push_back(lead);
  co_await link_duplicates(job, &work, std::move(aside.blocked));
  co_await follow_conversions(job, &work, std::move(aside.converted));
}
}  // namespace leadsync::salesforce
