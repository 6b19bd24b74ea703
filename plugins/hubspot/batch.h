#pragma once
#include "encoding.h"
#include "errors.h"

#include <optional>
#include <unordered_map>

namespace leadsync::hubspot {

/// Where an object lives in HubSpot.
struct object_kind {
  std::string_view name;     // in the manifest
  std::string_view path;     // in URLs
  std::string_view type_id;  // in record links and validation rules
  std::string_view title;
};
inline constexpr object_kind contacts{"contact", "contacts", "0-1", "Contact"}, companies{"company", "companies", "0-2", "Company"},
    notes{"note", "notes", "0-46", "Note"};
inline constexpr object_kind object_kinds[] = {contacts, companies, notes};

/// Our unique property, where `provision` made it.
inline constexpr std::string_view key_property = "leadsync_key";

inline std::string objects_url(const object_kind& kind, std::string_view call) {
  return "/crm/v3/objects/" + std::string(kind.path) + "/" + std::string(call);
}

/// Empty where there is no success, or no JSON object.
inline json::object success_of(const sdk::answer& answer) { return answer.ok() ? parsed(answer.body()) : json::object{}; }

/// One record to be written: of a lead, or the company of several leads.
struct record {
  std::uint32_t ordinal = 0;         // of the lead or the company, within the job
  std::vector<std::uint32_t> leads;  // whom its requests concern
  std::string key, email;            // email: folded
  std::string id;                    // HubSpot's, once known
  properties values;
  std::string from, to;      // record ids, where it is an association that is written
  std::string associations;  // JSON, to be created with it
  std::string url, warnings;
  bool pinned = false;     // the id was the daemon's: no other record may take its place
  bool ambiguous = false;  // an earlier attempt may have written it
  bool converted = false;  // its e-mail address belongs to an existing record, whose id it got
  bool settled = false, ok = false;
};
using records = std::vector<record*>;

/// Which part of which exchange decided.
struct place {
  std::size_t request = 0;
  std::string request_pointer, response_pointer;
};

/// What a batch/read found, by the identity that was asked for.
struct lookup {
  std::optional<failure> failed;
  place where;
  std::unordered_map<std::string, json::object> found;
};

/// What is done instead of failing, once for each record.
struct policies {
  bool recreates = false;         // makes anew what was deleted
  bool links_duplicates = false;  // writes to the record that has a unique value
};

enum class write_kind { create, update, upsert, associate };

std::vector<std::uint32_t> leads_of(const records& inputs);

/// On the verdict, should it be a good one.
void warn(record& subject, std::string_view code, std::string_view field, std::string_view message);

/// One phase: reads and writes its records, a hundred to a call, and reports their verdicts as they are reached; those leave with the
/// session's next step. Must outlive its coroutines.
class batch {
 public:
  /// `link`: of the account's records, as far as the object's type; empty where the account is unknown.
  batch(sdk::session_context context, std::string link, const object_kind& kind, std::string_view phase, policies on)
      : context_(context), link_(std::move(link)), kind_(kind), phase_(phase), policies_(on) {}

  /// Settles every record given; but what was deleted and is to be made anew loses its id. `id_property` is what a record and its answer have in common: "id", "email", "from", or our key.
  sdk::task<> write(write_kind kind, std::string id_property, records all);
  /// Written, but the verdict waits for more to come.
  void defer_verdicts() { deferred_ = true; }

  /// Reads the store (not the search index) by "id", "email" or our key.
  sdk::task<lookup> read(std::string id_property, records all, std::vector<std::string> wanted);
  /// Gives the records that exist their ids. Settles those that cannot be read, and returns the others.
  sdk::task<records> resolve(std::string id_property, records all);
  /// Leaves alone the properties that are to be written only where empty, and are not. Settles and returns as above.
  sdk::task<records> drop_what_is_set(std::string id_property, records all);

  void succeed(record& subject, const place* where);
  void fail(record& subject, const failure& why, const place* where);
  void skip(const record& subject, std::string_view why);

 private:
  struct call;

  [[nodiscard]] sdk::request request_for(const call& call) const;
  /// Files what an answer says. Gives back those that must be sent again, as nothing was said of them in particular.
  records settle(const call& call, const sdk::answer& answer, records& taken);
  records settle_refused(const call& call, const sdk::answer& answer, records& taken, bool attribute);
  void accept(const call& call, std::size_t input, const json::object& result, const place& where);
  void reject(record& one, const failure& why, const place& where, records& taken);
  sdk::task<> write_by_email(records all, bool create_missing);
  void report(const record& subject, std::string_view status, std::string_view members, const place* where) const;

  const sdk::session_context context_;
  const std::string link_;
  const object_kind kind_;
  const std::string phase_;
  const policies policies_;
  bool deferred_ = false;
};
}  // namespace leadsync::hubspot
