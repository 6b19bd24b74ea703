#pragma once
#include "collection.h"

#include <deque>

namespace leadsync::salesforce {

enum phase { company_phase, person_phase, association_phase, campaign_phase, note_phase };
inline constexpr std::string_view phase_names[] = {"company", "person", "association", "campaign", "note"};

struct account_record : record {
  std::string own_key, domain, name;  // domain, name: folded
  std::string oldest_at;     // of the accounts that match
  int matches = 0;
  bool wanted = true;  // a lead waits for it
};

struct lead_record : record {  // the person
  bool done[std::size(phase_names)] = {};
  record task;
  account_record* account = nullptr;
  bool tied = false;  // written together with its account's id
  [[nodiscard]] bool has_person() const { return (done[person_phase] || ok) && !id.empty(); }
};

/// A sync job, read. Records stay where they are.
struct sync_job {
  sync_job(sdk::session_context context, const json::object& job);
  [[nodiscard]] collection begin(phase of, const sobject& kind) {
    return collection(context, link, kind, phase_names[of], options, of == company_phase ? nullptr : &jobs);
  }
  [[nodiscard]] bool keyed(const sobject& kind) const { return !text_of(object_of(document, "key_fields"), kind.name).empty(); }
  [[nodiscard]] std::string_view setting(std::string_view name) const { return text_of(object_of(document, "settings"), name); }

  const json::object& document;
  const sdk::session_context context;
  const sobject person;
  write_options options;
  ingest_jobs jobs;
  std::string link;
  std::deque<account_record> accounts;
  std::deque<lead_record> leads;
};

/// Says so where a phase cannot be because there never was a person; where the person failed, its dependents need no verdict.
bool lacks_person(const lead_record& lead, const collection& work);

sdk::task<> write_accounts(sync_job* job);
sdk::task<> write_people(sync_job* job);
sdk::task<> write_notes(sync_job* job);

/// By policy: writes to the record that a duplicate rule found.
sdk::task<> link_duplicates(sync_job* job, collection* work, records blocked);
/// By policy: writes to the contacts that the leads became.
sdk::task<> follow_conversions(sync_job* job, collection* work, records converted);
}  // namespace leadsync::salesforce
