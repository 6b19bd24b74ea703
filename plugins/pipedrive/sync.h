#pragma once
#include "calls.h"
#include "errors.h"
#include "values.h"

#include <deque>
#include <optional>

namespace leadsync::pipedrive {

enum phase { company_phase, person_phase, association_phase, lead_phase, note_phase };
inline constexpr std::string_view phase_names[] = {"company", "person", "association", "lead", "note"};

/// A person or an organization that must come to be.
struct record {
  std::uint32_t ordinal = 0;         // of the lead or the company, within the job
  std::vector<std::uint32_t> leads;  // whom its requests concern
  std::string key, match;            // match: folded e-mail address or name
  std::string domain;                // of a company
  std::string id;                    // Pipedrive's, once known
  const json::object* fields = &as_object(nullptr);
  bool ambiguous = false;               // an earlier attempt may have made it
  std::vector<std::string> candidates;  // ids of records that seem to be it, the one to take first
  json::object current;                 // as Pipedrive last told
  json::object linked;                  // what a new one links to
  std::size_t request = 0;              // the one that told
  bool recreated = false;               // the record that it had is gone
  bool settled = false, ok = false;
};

struct company_record : record {
  bool wanted = false;  // a lead waits for it
};

struct lead_record : record {
  bool done[std::size(phase_names)] = {};
  bool tried = false;  // an earlier attempt got as far as a person
  std::string lead_id, note_id;
  const json::object* lead_fields = nullptr;  // null: nothing is mapped to it
  const json::object* note_fields = nullptr;
  bool lead_ok = false;
  company_record* company = nullptr;
};

/// A sync job, read. Records stay where they are.
class sync_job {
 public:
  sync_job(sdk::session_context context, const json::object& document);

  /// The request, with the leads that it is about.
  static sdk::request concerning(sdk::request request, phase of, const record& one) {
    request.phase(std::string(phase_names[of])).leads(one.leads);
    return request;
  }
  /// Once the gateway blocks this machine nothing is sent any more: its answer is the answer to all that would follow.
  sdk::task<sdk::answer> ask(sdk::request one);

  void succeed(phase of, std::uint32_t ordinal, std::string_view id, std::size_t request, json::array warnings = {});
  void fail(phase of, std::uint32_t ordinal, const failure& why, std::optional<std::size_t> request, const json::object* fields = nullptr);
  void skip(phase of, std::uint32_t ordinal, std::string_view why);

  [[nodiscard]] std::string_view key_field(const object_kind& kind) const { return text_of(object_of(document, "key_fields"), kind.name); }
  [[nodiscard]] std::string_view setting(std::string_view name) const { return text_of(object_of(document, "settings"), name); }

  const json::object& document;
  const calls api;
  std::deque<company_record> companies;
  std::deque<lead_record> leads;

 private:
  void report(phase of, std::uint32_t ordinal, std::string_view status, json::object members);

  const sdk::session_context context_;
  std::string link_;
  std::optional<sdk::answer> blocked_;
};

// lookup.cpp: who is there already. Each settles the records that cannot be looked up.

/// Reads a record by its id. False, and no verdict, where it is gone.
sdk::task<bool> read_record(sync_job* job, const object_kind* kind, phase of, record* one, std::string id);
/// Candidates by the search index, which lags behind writes by some seconds.
sdk::task<> search(sync_job* job, const object_kind* kind, phase of, record* one);
/// Candidates out of what changed within the last minutes, which the index may not show yet. This list does not lag.
sdk::task<> read_recent(sync_job* job, const object_kind* kind, phase of, std::vector<record*> unresolved);
/// Whether what was read is the record. The index compares without case in any language, hence `loosely` for what it found.
bool is_it(const sync_job& job, const object_kind& kind, const json::object& data, const record& one, bool loosely);

// write.cpp

/// Updates what was found, or creates. Settles every record that it is given.
sdk::task<> write_record(sync_job* job, const object_kind* kind, phase of, record* one);
/// All of one kind: what is known is read, what is not is looked up, then each is written.
sdk::task<> write_records(sync_job* job, const object_kind* kind, phase of, std::vector<record*> all);

// leads.cpp

sdk::task<> write_lead(sync_job* job, lead_record* lead);
sdk::task<> write_note(sync_job* job, lead_record* lead);
/// Links the person, and a lead made before the company was, to the company. Never takes a person from another organization.
sdk::task<> associate(sync_job* job, lead_record* lead);
}  // namespace leadsync::pipedrive
