#include "sync.h"

#include "jobs.h"

#include <algorithm>
#include <unordered_map>

namespace leadsync::pipedrive {
namespace {
std::uint32_t ordinal_of(const json::object& from, std::string_view name) {
  const auto* ordinal = from.if_contains(name);
  return ordinal && ordinal->is_int64() ? static_cast<std::uint32_t>(ordinal->get_int64()) : static_cast<std::uint32_t>(-1);
}

const json::object* fields_of(const json::object& from, std::string_view object) {
  const auto& objects = object_of(from, "objects");
  return objects.contains(object) ? &object_of(object_of(objects, object), "fields") : nullptr;
}

void read_common(record& into, const json::object& from, std::string_view ordinal, const object_kind& kind) {
  into.ordinal = ordinal_of(from, ordinal);
  into.key = text_of(from, "key");
  into.ambiguous = flag_of(from, "ambiguous");
  if (const auto* fields = fields_of(from, kind.name)) into.fields = fields;
}

/// The remote field's name, by what Pipedrive calls it in a message.
std::string remote_field_of(const json::object* fields, std::string_view code) {
  if (code == "emails" || code == "phones") code.remove_suffix(1);
  if (fields)
    for (const auto& field : *fields)
      if (code_of(field.key()) == code) return std::string(field.key());
  return std::string(code);
}
}  // namespace

sync_job::sync_job(sdk::session_context context, const json::object& job) : document(job), api(job), context_(context) {
  const auto url = text_of(object_of(job, "account"), "url");
  if (url.starts_with("https://")) link_ = std::string(url) + "/";
  std::unordered_map<std::uint32_t, company_record*> by_ordinal;
  for (const auto& entry : list_of(job, "companies")) {
    const auto& from = as_object(entry);
    auto& company = companies.emplace_back();
    read_common(company, from, "company", organizations);
    company.id = text_of(from, "remote_id");
    company.domain = folded(text_of(from, "domain"));
    const auto mapped = text_value(*company.fields, "name");
    const auto name = mapped.empty() ? text_of(from, "name") : mapped;
    company.match = folded(name.empty() ? company.domain : name);
    by_ordinal[company.ordinal] = &company;
  }
  for (const auto& entry : list_of(job, "leads")) {
    const auto& from = as_object(entry);
    const auto& ids = object_of(from, "remote_ids");
    auto& lead = leads.emplace_back();
    read_common(lead, from, "lead", persons);
    lead.id = text_of(ids, "person");
    lead.lead_id = text_of(ids, "lead");
    lead.note_id = text_of(ids, "note");
    lead.tried = lead.ambiguous || !lead.id.empty();
    lead.leads = {lead.ordinal};
    lead.match = folded(text_value(*lead.fields, "email"));
    lead.lead_fields = fields_of(from, "lead");
    lead.note_fields = fields_of(from, "note");
    for (const auto& name : list_of(from, "phases_done"))
      for (std::size_t i = 0; i < std::size(phase_names); ++i) lead.done[i] = lead.done[i] || id_text(&name) == phase_names[i];
    const auto company = by_ordinal.find(ordinal_of(from, "company"));
    if (company == by_ordinal.end()) continue;
    lead.company = company->second;
    lead.company->leads.push_back(lead.ordinal);
    const bool all_done = lead.done[company_phase] && lead.done[association_phase] && (lead.done[lead_phase] || !lead.lead_fields);
    lead.company->wanted = lead.company->wanted || !all_done;
  }
}

sdk::task<sdk::answer> sync_job::ask(sdk::request one) {
  if (blocked_) co_return *blocked_;
  auto answer = co_await std::move(one);
  if (is_blocked(answer)) blocked_ = answer;
  co_return answer;
}

void sync_job::report(phase of, std::uint32_t ordinal, std::string_view status, json::object members) {
  members[of == company_phase ? "company" : "lead"] = ordinal;
  members["phase"] = phase_names[of];
  members["status"] = status;
  context_.report(json::serialize(members));
}

void sync_job::succeed(phase of, std::uint32_t ordinal, std::string_view id, std::size_t request, json::array warnings) {
  json::object members{{"request", request}};
  if (!id.empty()) members["remote_id"] = id;
  const std::string_view page = of == company_phase ? "organization/" : of == person_phase ? "person/" : of == lead_phase ? "leads/inbox/" : "";
  if (!link_.empty() && !page.empty()) members["url"] = link_ + std::string(page) + std::string(id);
  if (!warnings.empty()) members["warnings"] = std::move(warnings);
  report(of, ordinal, "ok", std::move(members));
}

void sync_job::fail(phase of, std::uint32_t ordinal, const failure& why, std::optional<std::size_t> request, const json::object* fields) {
  json::object members{{"category", why.category}, {"message", why.message}};
  if (!why.crm_code.empty()) members["crm_code"] = why.crm_code;
  if (why.retry_after_ms > 0) members["retry_after_ms"] = why.retry_after_ms;
  if (request) members["request"] = *request;
  constexpr std::string_view objects[] = {"organization", "person", "person", "lead", "note"};
  json::object locus{{"object", objects[of]}};
  if (!why.field.empty()) {
    const auto field = remote_field_of(fields, why.field);
    locus["remote_field"] = field;
    if (const auto value = fields ? text_value(*fields, field) : std::string_view(); !value.empty()) locus["value"] = value;
  }
  members["locus"] = std::move(locus);
  report(of, ordinal, "failed", std::move(members));
}

void sync_job::skip(phase of, std::uint32_t ordinal, std::string_view why) { report(of, ordinal, "skipped", {{"message", why}}); }

namespace {
bool is_same_company(const record& left, const record& right) {
  return left.match == right.match && (left.domain == right.domain || left.domain.empty() || right.domain.empty());
}

/// Companies of one name within the job become one organization: those that are the same as an earlier one wait for it.
sdk::task<> write_companies(sync_job* job) {
  std::vector<record*> first, later;
  for (auto& company : job->companies) {
    if (!company.wanted) continue;
    const bool repeated = std::any_of(first.begin(), first.end(), [&](const record* one) { return is_same_company(*one, company); });
    (repeated && company.id.empty() ? later : first).push_back(&company);
  }
  co_await write_records(job, &organizations, company_phase, first);
  for (auto* one : later)
    for (const auto* leader : first)
      if (one->id.empty() && leader->ok && is_same_company(*leader, *one)) one->id = leader->id;
  co_await write_records(job, &organizations, company_phase, later);
}

sdk::task<> write_people(sync_job* job) {
  std::vector<record*> people;
  for (auto& lead : job->leads) {
    if (lead.company && lead.company->ok) lead.linked["org_id"] = lead.company->current.at("id");
    if (lead.done[person_phase]) lead.ok = !lead.id.empty();
    else if (lead.fields->empty() && lead.id.empty()) job->skip(person_phase, lead.ordinal, "nothing is mapped to a person");
    else people.push_back(&lead);
  }
  co_await write_records(job, &persons, person_phase, people);
}
}  // namespace

sdk::task<std::string> synchronize(sdk::session_context context, const json::object* document) {
  sync_job job(context, *document);
  co_await write_companies(&job);
  co_await write_people(&job);
  std::vector<sdk::task<>> associations, leads, notes;
  for (auto& lead : job.leads) associations.push_back(associate(&job, &lead));
  co_await sdk::all(std::move(associations));
  for (auto& lead : job.leads) leads.push_back(write_lead(&job, &lead));
  co_await sdk::all(std::move(leads));
  for (auto& lead : job.leads) notes.push_back(write_note(&job, &lead));
  co_await sdk::all(std::move(notes));
  co_return "{}";
}
}  // namespace leadsync::pipedrive
