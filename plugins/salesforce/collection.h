#pragma once
#include "ingest.h"
#include "query.h"

namespace leadsync::salesforce {

enum class write_kind { create, update, upsert };

/// What holds for all calls of a job.
struct write_options {
  bool allow_duplicates = false;  // passes the alerts of duplicate rules; a rule that blocks still does
  bool links_duplicates = false;  // writes to the record that a duplicate rule names
  bool follows_conversions = false;  // writes to the contact that a lead became
  bool recreates = false;  // makes anew what was deleted
};

/// Persons that policies took over from failure. Those that were deleted are looked for and written as if new.
struct set_aside {
  records blocked, converted;
};

/// One phase: writes its records, two hundred to a call or as a bulk job where they are many, and reports their verdicts as they are reached; those leave with the session's next
/// step. Must outlive its coroutines.
class collection {
 public:
  /// `link`: the instance's address, which record links begin with; empty where it is unknown. `jobs`: null where bulk jobs are not to be.
  collection(sdk::session_context context, std::string link, const sobject& kind, std::string_view phase, write_options options, ingest_jobs* jobs)
      : context_(context), link_(std::move(link)), kind_(kind), phase_(phase), options_(options), jobs_(jobs) {}

  /// Settles every record given.
  sdk::task<> write(write_kind kind, records all);
  /// Repeating an insert is harmless: Salesforce refuses the second with the same value of a field, which then counts as done.
  void refuses_repetition(std::string_view of_field) { unrepeated_ = of_field; }
  /// Takes the results of the bulk job that an earlier session left, if any, and leaves those that it does not tell of.
  sdk::task<> take_left(write_kind kind, records* all);

  [[nodiscard]] set_aside take_aside() { return std::exchange(aside_, {}); }

  /// Leaves alone the fields that are to be written only where empty, and are not. Settles those that cannot be read; gives the others.
  /// `identity`: Id, or our key.
  sdk::task<records> drop_what_is_set(std::string identity, records all);

  void succeed(record& subject, const place* where) const;
  void fail(record& subject, failure why, const place* where) const;
  void skip(const record& subject, std::string_view why) const;

 private:
  struct call {
    write_kind kind;
    records inputs;
    bool blind;
  };
  [[nodiscard]] sdk::request request_for(const call& call) const;
  /// Files what an answer says. Gives back those that must be sent again, as nothing was said of them in particular.
  records settle(const call& call, const sdk::answer& answer, records& moved);
  records settle_refused(const call& call, const sdk::answer& answer);
  /// What a failure is in the light of what was sent.
  [[nodiscard]] failure refined(failure why, const record& subject) const;
  [[nodiscard]] bool takes_aside(record& one, const failure& why);
  void settle_row(const call& call, std::size_t input, const json::object& row, const place& where, records& moved);

  [[nodiscard]] std::string_view identity_column(write_kind kind) const { return kind == write_kind::upsert ? key_field : unrepeated_; }
  /// One bulk job. Gives back those that it does not tell of.
  sdk::task<records> ingest(write_kind kind, records all);
  sdk::task<> set_state(std::string job, std::string state);
  sdk::task<bool> ended(std::string job, std::optional<failure>* silence);
  sdk::task<records> results_of(std::string job, write_kind kind, records all);

  void report(const record& subject, std::string_view status, std::string_view members, const place* where) const;

  const sdk::session_context context_;
  const std::string link_;
  const sobject kind_;
  const std::string phase_;
  const write_options options_;
  ingest_jobs* const jobs_;
  std::string_view unrepeated_;
  set_aside aside_;
};
}  // namespace leadsync::salesforce
