#pragma once
#include "query.h"

namespace leadsync::salesforce {

enum class write_kind { create, update, upsert };

/// What holds for all calls of a job.
struct write_options {
  bool allow_duplicates = false;  // passes the alerts of duplicate rules; a rule that blocks still does
};

/// One phase: writes its records, two hundred to a call, and reports their verdicts as they are reached; those leave with the session's next
/// step. Must outlive its coroutines.
class collection {
 public:
  /// `link`: the instance's address, which record links begin with; empty where it is unknown.
  collection(sdk::session_context context, std::string link, const sobject& kind, std::string_view phase, write_options options)
      : context_(context), link_(std::move(link)), kind_(kind), phase_(phase), options_(options) {}

  /// Settles every record given.
  sdk::task<> write(write_kind kind, records all);
  /// Repeating an insert is harmless: Salesforce refuses the second of a pair, which then counts as done.
  void refuses_repetition() { refuses_repetition_ = true; }

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
  void settle_row(const call& call, std::size_t input, const json::object& row, const place& where, records& moved);

  void report(const record& subject, std::string_view status, std::string_view members, const place* where) const;

  const sdk::session_context context_;
  const std::string link_;
  const sobject kind_;
  const std::string phase_;
  const write_options options_;
  bool refuses_repetition_ = false;
};
}  // namespace leadsync::salesforce
