#pragma once
#include "encoding.h"
#include "errors.h"
#include "objects.h"

#include <set>
#include <unordered_map>

namespace leadsync::zoho {

/// Empty where there is no success, or no JSON object.
inline json::object success_of(const sdk::answer& answer) { return answer.ok() ? parsed(answer.body()) : json::object{}; }

/// One record to be written: of a lead, or the company of several leads.
struct record {
  std::uint32_t ordinal = 0;         // of the lead or the company, within the job
  std::vector<std::uint32_t> leads;  // whom its requests concern
  std::string key;                   // ours
  std::string id;                    // Zoho's, once known
  field_values values;
  std::vector<std::string> warnings; // JSON
  bool pinned = false;               // the id was the daemon's: no other record may take its place
  bool ambiguous = false;            // an earlier attempt may have written it
  bool adopted = false;              // it got the id of the record that was in its way
  bool settled = false, ok = false;
};
using records = std::vector<record*>;
using names = std::set<std::string, std::less<>>;

/// What a read found, by id or by our key.
struct lookup {
  sdk::answer answer;
  std::unordered_map<std::string, json::object> found;
  bool good = false;  // it was answered, if only with nothing
};

/// Which part of which exchange decided.
struct place {
  std::size_t request = 0;
  std::string request_pointer, response_pointer;
};

enum class write_kind { insert, update, upsert };

std::vector<std::uint32_t> leads_of(const records& rows);

/// A request that takes credits for `rows` rows, and a place among the calls in flight.
sdk::request costed(sdk::request request, std::size_t rows, bool query = false);

/// One phase: writes its records, a hundred to a call, and reports their verdicts. Must outlive its coroutines.
class writer {
 public:
  /// `link`: of the account's records; empty where the account is unknown.
  writer(sdk::session_context context, const json::object& job, const object_kind& kind, std::string_view phase);

  /// Settles every record given; but what was deleted and is to be made anew loses its id.
  sdk::task<> write(write_kind kind, records all);
  /// Leaves alone the fields that are to be written only where empty, and are not. Settles those that cannot be read; returns the others.
  sdk::task<records> drop_what_is_set(records all);
  void succeed(record& subject, const place* where);
  void fail(record& subject, const failure& why, const place* where);
  void skip(const record& subject, std::string_view why);

 private:
  struct call;

  [[nodiscard]] sdk::request request_for(const call& call) const;
  /// Files what an answer says. Gives back those that must be sent again, as nothing was said of them in particular.
  records settle(const call& call, const sdk::answer& answer, records& taken);
  void accept(record& one, const json::object& row, const call& call, const place& where);
  void reject(record& one, const failure& why, const place& where, records& taken);
  /// Zoho says SUCCESS and drops what it does not know: only reading shows it. Then the verdicts.
  sdk::task<> read_back();
  void compare(record& one, const names& asked, const json::object& row, const place& where);
  sdk::task<lookup> read_by_id(records rows, names asked);
  sdk::task<lookup> read_by_match(records rows, names asked);
  void report(const record& subject, std::string_view status, std::string members, const place* where) const;
  [[nodiscard]] bool is_match_field(std::string_view name) const { return name == key_field || (!name.empty() && name == kind_.match_field); }

  struct written {
    record* subject;
    place where;
  };
  const sdk::session_context context_;
  const object_kind kind_;
  const std::string phase_;
  std::string link_;
  bool keyed_ = false, reads_back_ = true, runs_workflows_ = false;
  bool recreates_ = false, links_duplicates_ = false;  // instead of failing, once for each record
  std::vector<written> written_;  // without a verdict yet
};
}  // namespace leadsync::zoho
