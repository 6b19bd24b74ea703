#include "batch.h"
#include "jobs.h"

#include <algorithm>
#include <deque>
#include <map>

namespace leadsync::hubspot {
namespace {
enum phase { company_phase, person_phase, association_phase, note_phase, list_phase };
constexpr std::string_view phase_names[] = {"company", "person", "association", "note", "list"};

struct company_record : record {
  std::string domain, name;  // folded
  std::string oldest_at;     // of the companies that match
  int matches = 0;
  bool wanted = true;  // a lead waits for it
};

struct lead_record : record {  // the person
  bool done[std::size(phase_names)] = {};
  record note;
  company_record* company = nullptr;
  [[nodiscard]] bool has_contact() const { return (done[person_phase] || ok) && !id.empty(); }
};

/// A sync job, read. Records stay where they are.
struct sync_job {
  sync_job(sdk::session_context context, const json::object& job);
  [[nodiscard]] batch begin(phase of, const object_kind& kind) const { return batch(context, link, kind, phase_names[of], on); }
  [[nodiscard]] bool keyed(const object_kind& kind) const { return !text_of(object_of(document, "key_fields"), kind.name).empty(); }

  const json::object& document;
  const sdk::session_context context;
  policies on;
  std::string link;
  std::deque<company_record> company_records;
  std::deque<lead_record> leads;
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
  into.values.fields = &object_of(object_of(object_of(from, "objects"), kind.name), "fields");
}

sync_job::sync_job(sdk::session_context session, const json::object& job) : document(job), context(session) {
  const auto& settings = object_of(job, "settings");
  on = {text_of(settings, "on_target_gone") == "recreate", text_of(settings, "on_duplicate_blocked") == "link"};
  const auto& account = object_of(job, "account");
  link = text_of(account, "url");
  if (!link.starts_with("https://") && account.contains("id")) link = "https://app.hubspot.com/contacts/" + id_of(account, "id");
  if (!link.empty()) link += "/record/";
  std::unordered_map<std::uint32_t, company_record*> by_ordinal;
  for (const auto& entry : list_of(job, "companies")) {
    const auto& from = as_object(entry);
    auto& company = company_records.emplace_back();
    read_record(company, from, "company", companies, text_of(from, "remote_id"));
    company.domain = folded(text_of(from, "domain"));
    company.name = folded(text_of(from, "name"));
    by_ordinal[company.ordinal] = &company;
  }
  for (const auto& entry : list_of(job, "leads")) {
    const auto& from = as_object(entry);
    const auto& ids = object_of(from, "remote_ids");
    auto& lead = leads.emplace_back();
    read_record(lead, from, "lead", contacts, text_of(ids, contacts.name));
    read_record(lead.note, from, "lead", notes, text_of(ids, notes.name));
    lead.leads = lead.note.leads = {lead.ordinal};
    lead.email = lead.values.text("email");
    for (const auto& name : list_of(from, "phases_done"))
      for (std::size_t i = 0; i < std::size(phase_names); ++i) lead.done[i] = lead.done[i] || id_text(&name) == phase_names[i];
    const auto company = by_ordinal.find(ordinal_of(from, "company"));
    if (company == by_ordinal.end()) continue;
    lead.company = company->second;
    const bool wants = !lead.done[company_phase] || (lead.company->id.empty() && !lead.done[association_phase]);
    lead.company->wanted = wants || (lead.company->wanted && !lead.company->leads.empty());
    lead.company->leads.push_back(lead.ordinal);
  }
}

/// Says so where a phase cannot be because there never was a contact; where the contact failed, its dependents need no verdict.
bool lacks_contact(const lead_record& lead, batch& work) {
  if (!lead.has_contact() && !lead.settled) work.skip(lead, "the lead has no contact");
  return !lead.has_contact();
}

std::string search_body(std::string_view property, const json::array& values, const std::string& after) {
  json::object filter{{"propertyName", property}, {"operator", "IN"}, {"values", values}};
  json::object body{{"filterGroups", json::array{json::object{{"filters", json::array{std::move(filter)}}}}},
                    {"properties", json::array{json::value(property), json::value("createdate")}}, {"limit", 200}};
  if (!after.empty()) body["after"] = after;
  return json::serialize(body);
}

/// The oldest of several wins, so that every run chooses the same one.
void consider(company_record& company, const json::object& hit) {
  const auto age = [](std::string_view created, const std::string& id) { return std::tuple(created, id.size(), std::string_view(id)); };
  const auto id = id_of(hit, "id");
  const auto created = text_of(object_of(hit, "properties"), "createdate");
  if (++company.matches > 1 && age(company.oldest_at, company.id) < age(created, id)) return;
  company.oldest_at = created;
  company.id = id;
}

/// By the search index, which lags some seconds. HubSpot itself lets any number of companies have one domain.
sdk::task<> find(batch* work, std::string property, std::string company_record::*value, records wanted) {
  std::map<std::string, std::vector<company_record*>> by_value;
  for (auto* one : wanted) by_value[static_cast<company_record*>(one)->*value].push_back(static_cast<company_record*>(one));
  json::array values;
  for (const auto& [text, of] : by_value) values.push_back(json::value(text));
  std::string after;
  for (int page = 0; !wanted.empty() && page < 50 && (page == 0 || !after.empty()); ++page) {
    auto request = sdk::http.post(objects_url(companies, "search")).phase("company").leads(leads_of(wanted)).read();
    request.json(search_body(property, values, after)).cost("search", 1).cost("burst", 1).cost("daily", 1);
    const auto answer = co_await std::move(request);
    const auto document = success_of(answer);
    const place where{answer.number(), {}, {}};
    if (!document.contains("results")) {
      for (auto* one : wanted) work->fail(*one, classify(answer).front(), &where);
      co_return;
    }
    for (const auto& hit : list_of(document, "results")) {
      const auto found = by_value.find(folded(text_of(object_of(as_object(hit), "properties"), property)));
      if (found == by_value.end()) continue;
      for (auto* company : found->second) consider(*company, as_object(hit));
    }
    after = id_of(object_of(object_of(document, "paging"), "next"), "after");
  }
  for (auto* one : wanted)
    if (const int matches = static_cast<company_record*>(one)->matches; matches > 1)
      warn(*one, "SEVERAL_MATCHES", property, std::to_string(matches) + " companies match; the oldest was used");
}

sdk::task<> write_companies(sync_job* job) {
  auto work = job->begin(company_phase, companies);
  const bool keyed = job->keyed(companies);
  records known, unknown, by_domain, by_name, found, created;
  for (auto& company : job->company_records)
    if (company.wanted) (company.id.empty() ? unknown : known).push_back(&company);
  // A known company had its empty fields filled when it was first met: no call for each batch of its leads.
  for (auto* one : known)
    for (const auto& field : *one->values.fields)
      if (is_if_empty(field.value())) one->values.dropped.push_back(field.key());
  if (keyed) unknown = co_await work.resolve(std::string(key_property), unknown);
  for (auto& company : job->company_records) {
    if (!company.wanted || company.settled || !company.id.empty()) continue;
    if (company.name.empty()) company.name = folded(company.values.text("name"));
    if (!company.domain.empty()) by_domain.push_back(&company);
    else if (!company.name.empty()) by_name.push_back(&company);
  }
  co_await find(&work, "domain", &company_record::domain, by_domain);
  co_await find(&work, "name", &company_record::name, by_name);
  for (auto* one : unknown) {
    if (one->settled) continue;
    const bool nameless = one->values.text("name").empty() && one->values.text("domain").empty();
    if (!one->id.empty()) found.push_back(one);
    else if (nameless) work.fail(*one, {"NOT_ENOUGH_DATA", "", "HubSpot wants a name or a domain of a company"}, nullptr);
    else created.push_back(one);
    if (keyed && one->id.empty()) one->values.added.emplace_back(key_property, one->key);
  }
  for (auto* one : co_await work.drop_what_is_set("id", found)) known.push_back(one);
  co_await work.write(write_kind::update, "id", known);
  if (keyed) co_await work.write(write_kind::upsert, std::string(key_property), created);
  else co_await work.write(write_kind::create, "email", created);
}

sdk::task<> write_people(sync_job* job) {
  auto work = job->begin(person_phase, contacts);
  const bool keyed = job->keyed(contacts);
  records doubtful, known, by_email, by_key, blind;
  for (auto& lead : job->leads)
    if (!lead.done[person_phase] && lead.ambiguous && keyed && lead.id.empty()) doubtful.push_back(&lead);
  co_await work.resolve(std::string(key_property), doubtful);
  for (auto& lead : job->leads)
    if (!lead.done[person_phase] && !lead.settled && !lead.id.empty()) known.push_back(&lead);
  known = co_await work.drop_what_is_set("id", known);
  co_await work.write(write_kind::update, "id", known);
  for (auto& lead : job->leads) {
    if (lead.done[person_phase] || lead.settled) continue;
    const bool nameless = lead.values.text("firstname").empty() && lead.values.text("lastname").empty();
    if (lead.values.empty()) work.skip(lead, "nothing is mapped to a contact");
    else if (!lead.email.empty()) by_email.push_back(&lead);  // without our key: a person has many leads, each with its own
    else if (nameless) work.fail(lead, {"NOT_ENOUGH_DATA", "", "HubSpot wants an e-mail address or a name of a contact"}, nullptr);
    else if (keyed) by_key.push_back(&lead), lead.values.added.emplace_back(key_property, lead.key);
    else if (lead.ambiguous) work.fail(lead, {"AMBIGUOUS_WRITE", "", "an earlier request may have created this contact"}, nullptr);
    else blind.push_back(&lead);
  }
  by_email = co_await work.drop_what_is_set("email", by_email);
  co_await work.write(write_kind::upsert, "email", by_email);
  co_await work.write(write_kind::upsert, std::string(key_property), by_key);
  co_await work.write(write_kind::create, "email", blind);
}

sdk::task<> associate(sync_job* job) {
  auto work = job->begin(association_phase, contacts);
  std::deque<record> links;
  records all;
  for (auto& lead : job->leads) {
    if (!lead.company || lead.done[association_phase]) continue;
    const bool company_failed = lead.company->id.empty() || (lead.company->settled && !lead.company->ok);
    if (company_failed || lacks_contact(lead, work)) continue;
    all.push_back(&links.emplace_back(record{.ordinal = lead.ordinal, .leads = lead.leads, .from = lead.id, .to = lead.company->id}));
  }
  co_await work.write(write_kind::associate, "from", all);
}

/// A note has no key without our property: the notes of the contact are read from the store, and compared by their text.
sdk::task<> find_written(batch* work, records ambiguous) {
  if (ambiguous.empty()) co_return;
  json::array inputs;
  for (const auto* one : ambiguous) inputs.push_back(json::object{{"id", one->to}});
  auto request = sdk::http.post("/crm/v4/associations/contacts/notes/batch/read").phase("note").leads(leads_of(ambiguous)).read();
  request.json(json::serialize(json::object{{"inputs", std::move(inputs)}}));
  const auto answer = co_await std::move(request);
  const auto document = success_of(answer);
  const place where{answer.number(), {}, {}};
  std::deque<record> candidates;
  records asked;
  for (const auto& entry : list_of(document, "results"))
    for (const auto& note : list_of(as_object(entry), "to")) {
      auto& candidate = candidates.emplace_back(record{.id = id_of(as_object(note), "toObjectId")});
      candidate.to = id_of(object_of(as_object(entry), "from"), "id");
      asked.push_back(&candidate);
    }
  const std::vector<std::string> wanted{"hs_note_body"};
  const auto existing = co_await work->read("id", asked, wanted);
  for (auto* one : ambiguous) {
    if (!document.contains("results")) work->fail(*one, classify(answer).front(), &where);
    else if (existing.failed) work->fail(*one, *existing.failed, &existing.where);
    for (const auto& candidate : candidates) {
      const auto at = existing.found.find(candidate.id);
      if (one->settled || candidate.to != one->to || at == existing.found.end()) continue;
      if (text_of(object_of(at->second, "properties"), "hs_note_body") != one->values.text("hs_note_body")) continue;
      one->id = candidate.id;
      work->succeed(*one, &existing.where);
    }
  }
}

sdk::task<> write_notes(sync_job* job) {
  auto work = job->begin(note_phase, notes);
  const bool keyed = job->keyed(notes);
  records known, fresh, doubtful;
  for (auto& lead : job->leads) {
    if (lead.done[note_phase]) continue;
    auto& note = lead.note;
    if (note.values.text("hs_note_body").empty()) {
      work.skip(lead, "the lead has no note");
      continue;
    }
    if (lacks_contact(lead, work)) continue;
    note.to = lead.id;
    if (note.pinned) known.push_back(&note);
  }
  known = co_await work.drop_what_is_set("id", known);
  co_await work.write(write_kind::update, "id", known);
  for (auto& lead : job->leads) {
    auto& note = lead.note;
    if (note.to.empty() || note.settled) continue;
    fresh.push_back(&note);
    if (note.values.text("hs_timestamp").empty()) note.values.added.emplace_back("hs_timestamp", text_of(job->document, "now"));
    if (keyed) note.values.added.emplace_back(key_property, note.key);
    else if (note.ambiguous) doubtful.push_back(&note);
    if (keyed) continue;
    append_quoted(note.associations = R"([{"to":{"id":)", note.to);
    note.associations += R"(},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]}])";
  }
  co_await find_written(&work, doubtful);
  std::erase_if(fresh, [](const auto* one) { return one->settled; });
  if (!keyed) co_return co_await work.write(write_kind::create, "email", fresh);
  // An upsert takes no associations, so a note is done when it is associated as well.
  auto first = job->begin(note_phase, notes);
  first.defer_verdicts();
  co_await first.write(write_kind::upsert, std::string(key_property), fresh);
  std::erase_if(fresh, [](const auto* one) { return !one->ok; });
  for (auto* one : fresh) one->from = one->id;
  co_await work.write(write_kind::associate, "from", fresh);
}

sdk::task<> join_list(sync_job* job) {
  auto work = job->begin(list_phase, contacts);
  const std::string list(text_of(object_of(job->document, "settings"), "list_id"));
  std::deque<record> joining;
  records all;
  json::array ids;
  for (auto& lead : job->leads) {
    if (lead.done[list_phase]) continue;
    if (list.empty()) work.skip(lead, "no list is configured");
    if (list.empty() || lacks_contact(lead, work)) continue;
    all.push_back(&joining.emplace_back(record{.ordinal = lead.ordinal, .leads = lead.leads}));
    ids.push_back(json::value(lead.id));
  }
  if (all.empty()) co_return;
  auto request = sdk::http.put("/crm/v3/lists/" + sdk::percent_encode(list) + "/memberships/add").phase("list").keyed_write();
  request.leads(leads_of(all)).json(json::serialize(ids));
  const auto answer = co_await std::move(request);
  const auto document = success_of(answer);
  const auto& missing = list_of(document, "recordIdsMissing");
  auto why = document.empty() ? classify(answer).front() : failure{};
  // The list is gone, or is one that HubSpot fills by itself.
  if (why.category == "TARGET_GONE" || (why.category == "UNEXPECTED" && answer.status() >= 400)) why.category = "CAMPAIGN_UNAVAILABLE";
  const failure gone{"TARGET_GONE", "RECORD_MISSING", "HubSpot says that this contact does not exist"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const place where{answer.number(), "/" + std::to_string(i), {}};
    const bool is_missing = std::find(missing.begin(), missing.end(), ids[i]) != missing.end();
    if (document.empty() || is_missing) work.fail(*all[i], is_missing ? gone : why, &where);
    else work.succeed(*all[i], &where);
  }
}
}  // namespace

sdk::task<std::string> synchronize(sdk::session_context context, const json::object* document) {
  sync_job job(context, *document);
  co_await write_companies(&job);
  co_await write_people(&job);
  co_await associate(&job);
  co_await write_notes(&job);
  co_await join_list(&job);
  co_return "{}";
}
}  // namespace leadsync::hubspot
