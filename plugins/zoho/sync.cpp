#include "jobs.h"
#include "notes.h"

#include <algorithm>
#include <deque>

namespace leadsync::zoho {
namespace {
enum phase { company_phase, person_phase, association_phase, note_phase, tag_phase, campaign_phase };
constexpr std::string_view phase_names[] = {"company", "person", "association", "note", "tag", "campaign"};

struct company_record : record {
  bool wanted = true;  // a lead waits for it
};

struct lead_record : record {  // the person
  bool done[std::size(phase_names)] = {};
  record note;
  company_record* company = nullptr;
  bool has_account = false;  // its account was written with it
  [[nodiscard]] bool has_person() const { return (done[person_phase] || ok) && !id.empty(); }
};

/// A sync job, read. Records stay where they are.
struct sync_job {
  sync_job(sdk::session_context context, const json::object& job);
  [[nodiscard]] writer begin(phase of, const object_kind& kind) const { return writer(context, document, kind, phase_names[of]); }
  [[nodiscard]] bool keyed(const object_kind& kind) const { return !text_of(object_of(document, "key_fields"), kind.name).empty(); }

  const json::object& document;
  const sdk::session_context context;
  const object_kind person;
  std::deque<company_record> companies;
  std::deque<lead_record> people;
};

std::uint32_t ordinal_of(const json::object& from, std::string_view name) {
  const auto* ordinal = from.if_contains(name);
  return ordinal && ordinal->is_int64() ? static_cast<std::uint32_t>(ordinal->get_int64()) : static_cast<std::uint32_t>(-1);
}

void read_record(record& into, const json::object& from, std::string_view ordinal_name, const object_kind& kind, std::string_view id) {
  into.ordinal = ordinal_of(from, ordinal_name);
  into.key = text_of(from, "key");
  into.ambiguous = flag_of(from, "ambiguous");
  into.id = id;
  into.pinned = !id.empty();
  into.values.mapped = &object_of(object_of(object_of(from, "objects"), kind.name), "fields");
}

sync_job::sync_job(sdk::session_context session, const json::object& job) : document(job), context(session), person(person_kind(job)) {
  for (const auto& entry : list_of(job, "companies"))
    read_record(companies.emplace_back(), as_object(entry), "company", accounts, text_of(as_object(entry), "remote_id"));
  for (const auto& entry : list_of(job, "leads")) {
    const auto& from = as_object(entry);
    const auto& ids = object_of(from, "remote_ids");
    auto& lead = people.emplace_back();
    read_record(lead, from, "lead", person, text_of(ids, person.name));
    read_record(lead.note, from, "lead", notes, text_of(ids, notes.name));
    lead.leads = lead.note.leads = {lead.ordinal};
    for (const auto& name : list_of(from, "phases_done"))
      for (std::size_t i = 0; i < std::size(phase_names); ++i) lead.done[i] = lead.done[i] || id_text(&name) == phase_names[i];
    const auto ordinal = ordinal_of(from, "company");
    const auto company = std::find_if(companies.begin(), companies.end(), [&](const auto& one) { return one.ordinal == ordinal; });
    if (company == companies.end()) continue;
    lead.company = &*company;
    const bool wants = !lead.done[company_phase] || (company->id.empty() && !lead.done[association_phase]);
    company->wanted = wants || (company->wanted && !company->leads.empty());
    company->leads.push_back(lead.ordinal);
  }
}

/// Says so where a phase cannot be because there never was a person; where the person failed, its dependents need no verdict.
bool lacks_person(const lead_record& lead, writer& work) {
  if (!lead.has_person() && !lead.settled) work.skip(lead, "the lead has no person in Zoho");
  return !lead.has_person();
}

sdk::task<> write_companies(sync_job* job) {
  auto work = job->begin(company_phase, accounts);
  records known, unknown;
  for (auto& company : job->companies) {
    if (!company.wanted) continue;
    if (company.id.empty() && company.values.text("Account_Name").empty()) {
      work.fail(company, {"NOT_ENOUGH_DATA", "", "Zoho wants a name of an account", "Account_Name"}, nullptr);
      continue;
    }
    (company.id.empty() ? unknown : known).push_back(&company);
    if (job->keyed(accounts) && company.id.empty()) company.values.added.emplace_back(key_field, json::value(company.key));
    // A known account had its empty fields filled when it was first met: no call for each batch of its leads.
    for (const auto& field : *company.values.mapped)
      if (!company.id.empty() && is_if_empty(field.value())) company.values.dropped.push_back(field.key());
  }
  unknown = co_await work.drop_what_is_set(unknown);
  co_await work.write(write_kind::update, known);
  co_await work.write(write_kind::upsert, unknown);
}

sdk::task<> write_people(sync_job* job) {
  auto work = job->begin(person_phase, job->person);
  const bool keyed = job->keyed(job->person);
  records known, matched, blind;
  for (auto& lead : job->people) {
    if (lead.done[person_phase]) continue;
    if (lead.company && !lead.company->id.empty() && uses_contacts(job->document)) {
      lead.values.added.emplace_back("Account_Name", json::object{{"id", lead.company->id}});
      lead.has_account = true;
    }
    if (!lead.id.empty()) known.push_back(&lead);
  }
  known = co_await work.drop_what_is_set(known);
  co_await work.write(write_kind::update, known);
  for (auto& lead : job->people) {
    if (lead.done[person_phase] || lead.settled) continue;
    const bool has_email = !lead.values.text("Email").empty();
    if (lead.values.mapped->empty()) work.skip(lead, "nothing is mapped to a person");
    else if (keyed || has_email) matched.push_back(&lead);
    else if (lead.ambiguous) work.fail(lead, {"AMBIGUOUS_WRITE", "", "an earlier request may have created this record, which has neither address nor key"}, nullptr);
    else blind.push_back(&lead);
    if (keyed) lead.values.added.emplace_back(key_field, json::value(lead.key));
  }
  matched = co_await work.drop_what_is_set(matched);
  co_await work.write(write_kind::upsert, matched);
  co_await work.write(write_kind::insert, blind);
}

/// A contact gets its account as it is written; here are those that were written before their account was.
sdk::task<> associate(sync_job* job) {
  auto work = job->begin(association_phase, job->person);
  std::deque<record> links;
  records all;
  for (auto& lead : job->people) {
    if (!lead.company || lead.done[association_phase] || !uses_contacts(job->document)) continue;
    const bool company_failed = lead.company->id.empty() || (lead.company->settled && !lead.company->ok);
    if (company_failed || lacks_person(lead, work)) continue;
    auto& link = links.emplace_back(record{.ordinal = lead.ordinal, .leads = lead.leads, .id = lead.id});
    if (lead.has_account) work.succeed(link, nullptr);
    else link.values.added.emplace_back("Account_Name", json::object{{"id", lead.company->id}}), all.push_back(&link);
  }
  co_await work.write(write_kind::update, all);
}

sdk::task<> write_notes(sync_job* job) {
  auto work = job->begin(note_phase, notes);
  records known, fresh;
  std::vector<note_record> doubtful;
  std::vector<lead_record*> wanted;
  for (auto& lead : job->people) {
    if (lead.done[note_phase]) continue;
    auto& note = lead.note;
    if (note.values.text("Note_Content").empty() && note.values.text("Note_Title").empty()) {
      work.skip(lead, "the lead has no note");
      continue;
    }
    if (lacks_person(lead, work)) continue;
    wanted.push_back(&lead);
    if (note.pinned) known.push_back(&note);
  }
  co_await work.write(write_kind::update, known);
  for (auto* lead : wanted) {
    auto& note = lead->note;
    if (note.settled) continue;
    fresh.push_back(&note);
    if (note.ambiguous) doubtful.push_back({&note, lead->id});
    note.values.added.emplace_back("Parent_Id", json::object{{"module", json::object{{"api_name", job->person.module}}}, {"id", lead->id}});
  }
  co_await find_written_notes(&work, job->person, doubtful);
  co_await work.write(write_kind::insert, fresh);
}

sdk::task<> add_tag(sync_job* job) {
  auto work = job->begin(tag_phase, job->person);
  const std::string tag(text_of(object_of(job->document, "settings"), "tag"));
  std::deque<record> tagged;
  records all;
  json::array ids;
  for (auto& lead : job->people) {
    if (lead.done[tag_phase]) continue;
    if (tag.empty()) work.skip(lead, "no tag is configured");
    if (tag.empty() || lacks_person(lead, work)) continue;
    all.push_back(&tagged.emplace_back(record{.ordinal = lead.ordinal, .leads = lead.leads, .id = lead.id}));
    if (std::find(ids.begin(), ids.end(), json::value(lead.id)) == ids.end()) ids.push_back(json::value(lead.id));
  }
  if (all.empty()) co_return;
  const auto body = json::serialize(json::object{{"tags", json::array{json::object{{"name", tag}}}}, {"ids", ids}, {"over_write", false}});
  auto request = sdk::http.post(module_url(job->person, "/actions/add_tags")).phase("tag").leads(leads_of(all)).keyed_write().json(body);
  request = costed(std::move(request), (ids.size() + 4) / 5);  // one credit for fifty
  const auto answer = co_await std::move(request);
  const auto document = answer.status() < 500 ? parsed(answer.body()) : json::object{};
  const auto& rows = list_of(document, "data");
  for (auto* one : all) {
    failure why{"UNEXPECTED", "ROW_MISSING", "Zoho's answer lacks this record"};
    if (rows.empty()) why = classify(answer);
    place where{answer.number(), {}, {}};
    bool tagged_now = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& row = as_object(rows[i]);
      if (id_of(object_of(row, "details"), "id") != one->id) continue;
      where.response_pointer = "/data/" + std::to_string(i);
      tagged_now = text_of(row, "status") == "success";
      if (!tagged_now) why = classify_row(row);
    }
    if (tagged_now) work.succeed(*one, &where);
    else work.fail(*one, why, &where);
  }
}

/// One call for each, side by side: Zoho takes campaigns by the person alone.
sdk::task<> join_campaign(sync_job* job) {
  auto work = job->begin(campaign_phase, job->person);
  const auto& settings = object_of(job->document, "settings");
  json::object link{{"id", text_of(settings, "campaign_id")}};
  if (const auto status = text_of(settings, "campaign_member_status"); !status.empty()) link["Member_Status"] = status;
  const auto body = json::serialize(json::object{{"data", json::array{link}}});
  std::deque<record> joining;
  std::vector<sdk::request> requests;
  for (auto& lead : job->people) {
    if (lead.done[campaign_phase]) continue;
    const bool none = text_of(settings, "campaign_id").empty();
    if (none) work.skip(lead, "no campaign is configured");
    if (none || lacks_person(lead, work)) continue;
    joining.push_back(record{.ordinal = lead.ordinal, .leads = lead.leads, .id = lead.id});
    requests.push_back(costed(sdk::http.put(module_url(job->person, "/" + lead.id + "/Campaigns")).phase("campaign").leads(lead.leads).keyed_write().json(body), 1));
  }
  const auto answers = co_await sdk::http.all(std::move(requests));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto document = answers[i].status() < 500 ? parsed(answers[i].body()) : json::object{};
    const auto& rows = list_of(document, "data");
    const auto row = rows.empty() ? json::object{} : as_object(rows.front());
    const place where{answers[i].number(), "/data/0", row.empty() ? "" : "/data/0"};
    const auto code = text_of(row, "code");
    if (code == "SUCCESS" || code == "DUPLICATE_DATA") {
      work.succeed(joining[i], &where);
      continue;
    }
    auto why = row.empty() ? classify(answers[i]) : classify_row(row);
    if (!row.empty() && code == "INVALID_DATA") why.category = "CAMPAIGN_UNAVAILABLE";  // the person is named by the URL
    work.fail(joining[i], why, &where);
  }
}
}  // namespace

sdk::task<std::string> synchronize(sdk::session_context context, const json::object* document) {
  sync_job job(context, *document);
  co_await write_companies(&job);
  co_await write_people(&job);
  co_await associate(&job);
  co_await write_notes(&job);
  co_await add_tag(&job);
  co_await join_campaign(&job);
  co_return "{}";
}
}  // namespace leadsync::zoho
