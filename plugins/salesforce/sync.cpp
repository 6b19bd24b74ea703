#include "sync.h"

#include "jobs.h"

#include <unordered_map>

namespace leadsync::salesforce {
namespace {
std::uint32_t ordinal_of(const json::object& from, std::string_view name) {
  const auto* ordinal = from.if_contains(name);
  return ordinal && ordinal->is_int64() ? static_cast<std::uint32_t>(ordinal->get_int64()) : static_cast<std::uint32_t>(-1);
}

void read_record(record& into, const json::object& from, std::string_view ordinal_name, const sobject& kind, std::string_view id) {
  into.ordinal = ordinal_of(from, ordinal_name);
  into.key = text_of(from, "key");
  into.ambiguous = flag_of(from, "ambiguous");
  if (id.starts_with(kind.prefix)) into.id = id;  // that of another object: the strategy was changed
  into.values.fields = &object_of(object_of(object_of(from, "objects"), kind.name), "fields");
}

/// Contacts that were written before their account was known.
sdk::task<> associate(sync_job* job) {
  auto work = job->begin(association_phase, job->person);
  std::deque<record> links;
  records all;
  for (auto& lead : job->leads) {
    if (!lead.account || lead.done[association_phase]) continue;
    const bool account_failed = lead.account->id.empty() || (lead.account->settled && !lead.account->ok);
    if (account_failed || lacks_person(lead, work)) continue;
    auto& link = links.emplace_back(record{.ordinal = lead.ordinal, .leads = lead.leads, .id = lead.id});
    if (lead.tied) work.succeed(link, nullptr);
    else link.values.added.emplace_back("AccountId", lead.account->id), all.push_back(&link);
  }
  co_await work.write(write_kind::update, all);
}

sdk::task<> join_campaign(sync_job* job) {
  auto work = job->begin(campaign_phase, member_records);
  const std::string campaign(job->setting("campaign_id")), status(job->setting("campaign_member_status"));
  const std::string_view member_of = job->person.type == lead_records.type ? "LeadId" : "ContactId";
  work.refuses_repetition(member_of);
  std::deque<record> joining;
  records all;
  for (auto& lead : job->leads) {
    if (lead.done[campaign_phase]) continue;
    if (campaign.empty()) work.skip(lead, "no campaign is configured");
    if (campaign.empty() || lacks_person(lead, work)) continue;
    auto& member = joining.emplace_back(record{.ordinal = lead.ordinal, .leads = lead.leads});
    member.values.added = {{"CampaignId", campaign}, {lead.id.starts_with(contact_records.prefix) ? "ContactId" : member_of, lead.id}};
    if (!status.empty()) member.values.added.emplace_back("Status", status);
    all.push_back(&member);
  }
  co_await work.write(write_kind::create, all);
}
}  // namespace

sync_job::sync_job(sdk::session_context session, const json::object& job) : document(job), context(session), person(person_records(job)), jobs(session, job) {
  options.allow_duplicates = setting("on_duplicate_blocked") == "allow";
  options.links_duplicates = setting("on_duplicate_blocked") == "link";
  options.follows_conversions = setting("on_target_converted") == "contact";
  options.recreates = setting("on_target_gone") == "recreate";
  link = text_of(object_of(job, "account"), "url");
  std::unordered_map<std::uint32_t, account_record*> by_ordinal;
  for (const auto& entry : list_of(job, "companies")) {
    const auto& from = as_object(entry);
    auto& account = accounts.emplace_back();
    read_record(account, from, "company", account_records, text_of(from, "remote_id"));
    account.own_key = account.key;
    account.domain = folded(text_of(from, "domain"));
    account.name = folded(text_of(from, "name"));
    by_ordinal[account.ordinal] = &account;
  }
  for (const auto& entry : list_of(job, "leads")) {
    const auto& from = as_object(entry);
    const auto& ids = object_of(from, "remote_ids");
    auto& lead = leads.emplace_back();
    read_record(lead, from, "lead", person, text_of(ids, person.name));
    if (options.follows_conversions && text_of(ids, person.name).starts_with(contact_records.prefix)) lead.id = text_of(ids, person.name);
    read_record(lead.task, from, "lead", task_records, text_of(ids, task_records.name));
    lead.leads = lead.task.leads = {lead.ordinal};
    for (const auto& name : list_of(from, "phases_done"))
      for (std::size_t i = 0; i < std::size(phase_names); ++i) lead.done[i] = lead.done[i] || text_of(&name) == phase_names[i];
    const bool other_object = !text_of(ids, person.name).empty() && lead.id.empty();
    if (other_object) lead.done[person_phase] = lead.done[association_phase] = lead.done[campaign_phase] = lead.done[note_phase] = false;
    const auto account = by_ordinal.find(ordinal_of(from, "company"));
    if (account == by_ordinal.end()) continue;
    lead.account = account->second;
    const bool wants = !lead.done[company_phase] || (lead.account->id.empty() && !lead.done[association_phase]);
    lead.account->wanted = wants || (lead.account->wanted && !lead.account->leads.empty());
    lead.account->leads.push_back(lead.ordinal);
  }
}

bool lacks_person(const lead_record& lead, const collection& work) {
  if (!lead.has_person() && !lead.settled) work.skip(lead, "the lead has no person in Salesforce");
  return !lead.has_person();
}

sdk::task<std::string> synchronize(sdk::session_context context, const json::object* document) {
  sync_job job(context, *document);
  co_await write_accounts(&job);
  co_await write_people(&job);
  co_await associate(&job);
  co_await join_campaign(&job);
  co_await write_notes(&job);
  co_return "{}";
}
}  // namespace leadsync::salesforce
