#include "sync.h"

#include <algorithm>

namespace leadsync::pipedrive {
namespace {
json::value as_number(const std::string& id) { return json::parse(id); }

/// Pages of a v1 list until `is_it` finds its row. `found` is empty where no row is it; `failed` where the list cannot be read.
struct found_row {
  std::string id;
  std::optional<failure> failed;
  std::size_t request = 0;
};
using row_test = bool (*)(const json::object& row, const lead_record& lead);

sdk::task<found_row> find_in_list(sync_job* job, phase of, lead_record* lead, std::string url, std::uint32_t tokens, row_test is_it) {
  found_row out;
  std::int64_t start = 0;
  for (int page = 0; page < 20; ++page) {
    auto request = job->concerning(job->api.get(url + "&limit=500&start=" + std::to_string(start), tokens), of, *lead);
    const auto answer = co_await job->ask(std::move(request));
    const auto document = success_of(answer);
    out.request = answer.number();
    if (!document.contains("data")) {
      out.failed = classify(answer, asked::read);
      co_return out;
    }
    for (const auto& row : list_of(document, "data"))
      if (out.id.empty() && is_it(as_object(row), *lead)) out.id = id_of(as_object(row), "id");
    const auto& pagination = object_of(object_of(document, "additional_data"), "pagination");
    if (!out.id.empty() || !flag_of(pagination, "more_items_in_collection")) co_return out;
    const auto* next = pagination.if_contains("next_start");
    start = next && next->is_int64() ? next->get_int64() : start + 500;
  }
  out.failed = failure{"REMOTE_BUSY", "MUCH_THERE", "too many records to look through", {}};
  co_return out;
}

bool has_our_key(const json::object& row, const lead_record& lead) { return text_of(row, "origin_id") == lead.key; }

bool has_the_words(const json::object& row, const lead_record& lead) {
  const auto ours = wire_values(api::v1, *lead.note_fields, {});
  const auto* active = row.if_contains("active_flag");
  return !(active && active->is_bool() && !active->get_bool()) && plain_words(text_of(row, "content")) == plain_words(text_of(ours, "content"));
}

/// v1 drops in silence what it does not know: the answer must have every value that was sent.
std::optional<failure> lost_value(const json::object& sent, const json::object& kept) {
  for (const auto& value : sent) {
    const bool checked = is_custom(value.key()) || value.key() == "label_ids" || value.key() == "value";
    const auto* stored = kept.if_contains(value.key());
    if (!checked || value.value().is_null() || (stored && same_value(value.value(), *stored))) continue;
    return failure{stored ? "DATA_VALUE_VALIDATION" : "MISSING_REMOTE_FIELD", "VALUE_NOT_KEPT", "Pipedrive took the lead without this value", std::string(value.key())};
  }
  return {};
}

void settle_lead(sync_job* job, lead_record* lead, const sdk::answer& answer, const json::object& sent, asked what) {
  const auto saved = record_of(answer);
  const auto id = id_of(saved, "id");
  const bool is_wanted = !id.empty() && (lead->lead_id.empty() || lead->lead_id == id);
  if (!is_wanted) {
    job->fail(lead_phase, lead->ordinal, classify(answer, answer.status() == 404 ? asked::stored : what), answer.number(), lead->lead_fields);
    return;
  }
  lead->lead_id = id;
  if (const auto lost = lost_value(sent, saved)) {
    job->fail(lead_phase, lead->ordinal, *lost, answer.number(), lead->lead_fields);
    return;
  }
  lead->lead_ok = true;
  job->succeed(lead_phase, lead->ordinal, id, answer.number());
}

sdk::task<> update_lead(sync_job* job, lead_record* lead) {
  const std::string url = "/v1/leads/" + sdk::percent_encode(lead->lead_id);
  auto read = job->concerning(job->api.get(url, 2), lead_phase, *lead);
  const auto answer = co_await job->ask(std::move(read));
  const auto current = record_of(answer);
  if (current.empty()) {
    job->fail(lead_phase, lead->ordinal, classify(answer, asked::stored), answer.number(), lead->lead_fields);
    co_return;
  }
  auto body = changes(api::v1, *lead->lead_fields, current, job->setting("currency"));
  const bool linked = !id_of(current, "organization_id").empty();
  if (!linked && lead->company && lead->company->ok) body["organization_id"] = as_number(lead->company->id);
  if (body.empty()) {
    settle_lead(job, lead, answer, body, asked::read);
    co_return;
  }
  auto request = job->concerning(job->api.write("PATCH", url, body, 10).keyed_write(), lead_phase, *lead);
  const auto saved = co_await job->ask(std::move(request));
  settle_lead(job, lead, saved, body, asked::keyed_write);
}

/// "Ada Lovelace (Acme)", as Pipedrive's own forms do.
std::string title_of(const lead_record& lead) {
  std::string title(text_value(*lead.fields, "name"));
  if (title.empty()) title = lead.match;
  const auto company = lead.company ? text_value(*lead.company->fields, "name") : std::string_view();
  if (!company.empty()) title += (title.empty() ? "" : " (") + std::string(company) + (title.empty() ? "" : ")");
  return title;
}

/// A lead that was made while its company could not be. False where that failed and is told.
sdk::task<bool> link_lead(sync_job* job, lead_record* lead) {
  if (!lead->done[lead_phase] || lead->lead_id.empty()) co_return true;
  const std::string url = "/v1/leads/" + sdk::percent_encode(lead->lead_id);
  auto read = job->concerning(job->api.get(url, 2), association_phase, *lead);
  auto answer = co_await job->ask(std::move(read));
  const auto current = record_of(answer);
  if (answer.status() == 404 || !id_of(current, "organization_id").empty()) co_return true;  // converted, or somebody has chosen one
  if (!current.empty()) {
    const json::object body{{"organization_id", as_number(lead->company->id)}};
    auto request = job->concerning(job->api.write("PATCH", url, body, 10).keyed_write(), association_phase, *lead);
    answer = co_await job->ask(std::move(request));
    if (id_of(record_of(answer), "organization_id") == lead->company->id) co_return true;
  }
  job->fail(association_phase, lead->ordinal, classify(answer, answer.status() == 404 ? asked::stored : asked::keyed_write), answer.number());
  co_return false;
}

sdk::task<> create_lead(sync_job* job, lead_record* lead) {
  auto body = wire_values(api::v1, *lead->lead_fields, job->setting("currency"));
  drop_empty(body);
  if (!body.contains("title")) body["title"] = title_of(*lead);
  body["person_id"] = as_number(lead->id);
  if (lead->company && lead->company->ok) body["organization_id"] = as_number(lead->company->id);
  body["origin_id"] = lead->key;
  auto request = job->concerning(job->api.write("POST", "/v1/leads", body, 10).blind_write(), lead_phase, *lead);
  const auto answer = co_await job->ask(std::move(request));
  settle_lead(job, lead, answer, body, asked::blind_write);
}
}  // namespace

sdk::task<> write_lead(sync_job* job, lead_record* lead) {
  if (lead->done[lead_phase]) {
    lead->lead_ok = true;
    co_return;
  }
  if (!lead->ok) {
    // Where the person failed its dependents need no verdict; where there never was one they do.
    if (!lead->settled) job->skip(lead_phase, lead->ordinal, "the lead has no person");
    co_return;
  }
  if (!lead->lead_fields) {
    job->skip(lead_phase, lead->ordinal, "nothing is mapped to a lead");
    lead->lead_ok = true;
    co_return;
  }
  // Where an earlier attempt got this far, the lead may be there: by a list, which does not lag as search does.
  const std::string of_person = "?person_id=" + lead->id;
  if (lead->lead_id.empty() && lead->tried) {
    auto live = "/v1/leads" + of_person;
    auto seen = co_await find_in_list(job, lead_phase, lead, std::move(live), 20, has_our_key);
    auto archived = "/v1/leads/archived" + of_person;
    if (seen.id.empty() && !seen.failed) seen = co_await find_in_list(job, lead_phase, lead, std::move(archived), 40, has_our_key);
    if (seen.failed) {
      job->fail(lead_phase, lead->ordinal, *seen.failed, seen.request, lead->lead_fields);
      co_return;
    }
    lead->lead_id = seen.id;
  }
  if (lead->lead_id.empty()) co_await create_lead(job, lead);
  else co_await update_lead(job, lead);
}

sdk::task<> write_note(sync_job* job, lead_record* lead) {
  if (!lead->done[note_phase] && !lead->ok && !lead->settled) job->skip(note_phase, lead->ordinal, "the lead has no person");
  if (lead->done[note_phase] || !lead->lead_ok || !lead->ok) co_return;
  auto body = lead->note_fields ? wire_values(api::v1, *lead->note_fields, {}) : json::object{};
  if (text_of(body, "content").empty()) {
    job->skip(note_phase, lead->ordinal, "the lead has no note");
    co_return;
  }
  const bool on_lead = !lead->lead_id.empty();
  const std::string subject = on_lead ? "lead_id" : "person_id";
  const std::string id = on_lead ? lead->lead_id : lead->id;
  if (lead->note_id.empty() && lead->tried) {
    auto url = "/v1/notes?" + subject + "=" + id;
    const auto seen = co_await find_in_list(job, note_phase, lead, std::move(url), 20, has_the_words);
    if (seen.failed) job->fail(note_phase, lead->ordinal, *seen.failed, seen.request, lead->note_fields);
    else if (!seen.id.empty()) job->succeed(note_phase, lead->ordinal, seen.id, seen.request);
    if (seen.failed || !seen.id.empty()) co_return;
  }
  const bool known = !lead->note_id.empty();
  if (!known) body[subject] = on_lead ? json::value(id) : as_number(id);
  auto request = known ? job->api.write("PUT", "/v1/notes/" + sdk::percent_encode(lead->note_id), body, 10).keyed_write()
                       : job->api.write("POST", "/v1/notes", body, 10).blind_write();
  auto sent = job->concerning(std::move(request), note_phase, *lead);
  const auto answer = co_await job->ask(std::move(sent));
  const auto saved = id_of(record_of(answer), "id");
  const bool is_wanted = !saved.empty() && (!known || saved == lead->note_id);
  if (is_wanted) job->succeed(note_phase, lead->ordinal, saved, answer.number());
  else job->fail(note_phase, lead->ordinal, classify(answer, answer.status() == 404 ? asked::stored : known ? asked::keyed_write : asked::blind_write), answer.number(), lead->note_fields);
}

sdk::task<> associate(sync_job* job, lead_record* lead) {
  if (!lead->company || lead->done[association_phase] || !lead->company->ok || !lead->ok) co_return;
  if (lead->current.empty()) {
    auto id = lead->id;
    const bool there = co_await read_record(job, &persons, association_phase, lead, std::move(id));
    const failure gone{"TARGET_GONE", "RECORD_GONE", "the person was deleted or merged in Pipedrive", {}};
    if (!there) job->fail(association_phase, lead->ordinal, gone, lead->request);
    if (!there || lead->settled) co_return;
  }
  if (!co_await link_lead(job, lead)) co_return;
  const auto& company = lead->company->id;
  const auto now = id_of(lead->current, "org_id");
  if (!now.empty()) {
    json::array warnings;
    if (now != company) warnings.push_back(json::object{{"code", "NOT_APPLIED"}, {"field", "org_id"}, {"message", "the person belongs to organization " + now + " already"}});
    job->succeed(association_phase, lead->ordinal, {}, lead->request, std::move(warnings));
    co_return;
  }
  const json::object body{{"org_id", as_number(company)}};
  auto request = job->concerning(job->api.write("PATCH", v2(persons, lead->id), body, 5).keyed_write(), association_phase, *lead);
  const auto answer = co_await job->ask(std::move(request));
  if (id_of(record_of(answer), "org_id") == company) job->succeed(association_phase, lead->ordinal, {}, answer.number());
  else job->fail(association_phase, lead->ordinal, classify(answer, asked::stored), answer.number());
}
}  // namespace leadsync::pipedrive
