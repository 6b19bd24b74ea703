#pragma once

#include "base/instant.h"
#include "base/secret.h"
#include "model/category.h"
#include "model/delivery_state.h"
#include "model/ids.h"
#include "model/lead.h"
#include "model/locus.h"
#include "model/rendered.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leadsync {

/// Who asked: uid and login name of the peer, or "leadsyncd".
struct principal {
  std::int64_t uid = 0;
  std::string name;
};

// ---- integrations

struct integration_seed {
  std::string name;
  std::string plugin;
  std::vector<std::string> events;  ///< names; empty: all
  sync_mode configured_mode = sync_mode::automatic;  ///< applies when it differs from what was configured before
};

struct integration_record {
  integration_id id;
  std::string name;
  std::string plugin;
  sync_mode mode = sync_mode::automatic;
  breaker_state breaker = breaker_state::closed;
  category breaker_category = category::none;
  std::string breaker_message;
  std::optional<instant> breaker_since;
  std::int64_t mapping_revision = 0;  ///< 0: none saved yet
};

struct mapping_record {
  std::int64_t revision = 0;
  std::string json;
  instant saved_at;
  principal saved_by;
};

struct schema_record {
  std::string schema_json;
  std::string account_json;  ///< result of the last check
  std::string fingerprint;
  instant fetched_at;
};

/// A token or other secret obtained at run time.
struct stored_secret {
  std::string name;
  secret value;
  std::optional<instant> expires_at;
};

// ---- intake

struct import_seed {
  std::string source;  ///< file name, or "api"
  std::string event;   ///< default event; may be empty
  principal by;
};

struct rejected_row {
  std::int64_t row = 0;
  std::string reason;
  std::string raw;
};

struct import_record {
  import_id id;
  std::string source;
  std::string event;
  principal by;
  instant started_at;
  std::optional<instant> finished_at;
  std::int64_t rows = 0, added = 0, updated = 0, unchanged = 0, rejected = 0;
  std::string failure;  ///< why it ended before its end; empty otherwise
};

enum class intake_outcome { added, updated, unchanged };

struct accepted_lead {
  lead_id lead;
  intake_outcome outcome = intake_outcome::added;
};

struct lead_record {
  lead_id id;
  std::int64_t revision = 0;
  std::string external_id;
  event_id event;
  std::string event_name;
  instant accepted_at;
  instant changed_at;
  std::string document_json;
};

struct event_record {
  event_id id;
  std::string name;
  std::int64_t leads = 0;
  instant first_seen;
};

// ---- runs

/// A delivery that could be claimed now, as the ready window needs it.
struct ready_delivery {
  delivery_id delivery;
  lead_id lead;
  instant due_at;
  std::int64_t person_key = 0;
  std::string company_key;  ///< empty: none
  bool is_retry = false;
  bool alone = false;  ///< must not share a batch: a crash came inside a plugin while it was in one
};

/// What may be claimed. Waiting ones only where the integration's mode, schedule and quiet hours admit them.
struct claim_filter {
  bool waiting = true;
  bool released = true;
};

struct remote_id {
  std::string object;
  std::string id;
  std::string url;
};

/// A delivery in a run, with what rendering and the plugin need.
struct claimed_delivery {
  delivery_id delivery;
  lead_id lead;
  std::int64_t lead_revision = 0;
  std::string document_json;
  std::string event_name;
  std::string company_key;
  std::int64_t person_key = 0;
  std::int64_t attempt_number = 1;  ///< of the attempt that now begins
  std::int64_t counted_attempts = 0;
  bool ambiguous = false;
  instant not_before;                    ///< an ambiguous one may not be looked up earlier
  std::vector<remote_id> remote_ids;
  std::vector<std::string> phases_done;  ///< of this lead revision
  category last_category = category::none;
};

struct company_id {
  std::string key;
  remote_id id;
};

/// A company without a known id, of a delivery that a write without an answer may have carried out.
struct ambiguous_company {
  std::string key;
  instant not_before;  ///< it may not be made by others earlier
};

struct opened_run {
  run_id run;  ///< 0 where nothing was left to claim
  std::vector<claimed_delivery> deliveries;
  std::vector<delivery_id> refused;    ///< not owed any more, or changed state meanwhile
  std::vector<company_id> companies;  ///< remembered ids of the companies named
  std::string checkpoint;             ///< of one that is resumed: the plugin's newest
  std::int64_t next_exchange = 0;     ///< number of the first exchange that is not on record
};

/// What a delivery is after its attempt.
struct attempt_outcome {
  delivery_id delivery;
  std::int64_t lead_revision = 0;  ///< the one that was sent; a newer one re-queues the delivery
  delivery_state next = delivery_state::failed;  ///< waiting, failed or cleared; waiting keeps `released` where it was
  std::optional<instant> due_at;                 ///< for waiting
  category what = category::none;                ///< also for waiting: why it waits
  locus where;
  std::string crm_code;
  std::string message;
  bool counted = false;    ///< counts towards the cap
  bool ambiguous = false;  ///< the next attempt looks before it writes
  instant started_at;
  instant finished_at;
  /// [{"phase", "status": "ok"|"skipped"|"failed", "category", "crm_code", "message", "object", "remote_id", "url", "exchange": number within
  /// the run, "request_pointer", "response_pointer"}]; empty members are left out
  std::string phases_json;
  std::vector<remote_id> remote_ids;
  std::vector<std::string> phases_done;
  std::vector<warning> warnings;
  bool no_attempt = false;  ///< moves the delivery back without an attempt row: nothing was tried
};

/// One HTTP request and its answer. Never an authorization, never a secret.
struct exchange_record {
  std::int64_t number = 0;  ///< within the run, from 0
  std::string phase;
  std::string method;
  std::string url;
  std::string request_headers;  ///< "name: value\n" each
  std::string request_body;
  std::string transport;  ///< "ok", "not_sent", "sent_no_answer", "truncated", "too_large", "refused_host"
  int status = 0;
  std::string response_headers;
  std::string response_body;
  std::optional<instant> sent_at;
  std::optional<instant> received_at;
};

/// A run that was open when the process ended.
struct interrupted_run {
  run_id run;
  integration_id integration;
  instant opened_at;
  bool blind_write = false;  ///< an intent was committed: what it names may be in the CRM
  std::vector<delivery_id> deliveries;
  std::string checkpoint;
};

// ---- reconciliation

/// Which deliveries. Empty members match all.
struct delivery_filter {
  std::optional<delivery_state> state;
  std::optional<category> what;
  std::optional<locus> where;  ///< exact
  std::string event;           ///< name
  std::string text;            ///< part of name or e-mail, folded
  std::optional<instant> since;  ///< acceptance of the delivery
  std::optional<instant> until;
  bool with_warnings = false;
  std::vector<lead_id> leads;  ///< empty: all
};

struct state_count {
  delivery_state state = delivery_state::waiting;
  category what = category::none;
  std::int64_t count = 0;
};

struct locus_count {
  category what = category::none;
  locus where;
  std::int64_t count = 0;
  std::optional<instant> first_seen;
  std::optional<instant> last_seen;
};

struct day_count {
  category what = category::none;
  std::string day;  ///< "2026-11-25", UTC
  std::int64_t count = 0;
};

struct summary_record {
  std::vector<state_count> states;
  std::int64_t syncing = 0;
  std::optional<instant> oldest_waiting;  ///< acceptance
};

struct delivery_row {
  delivery_id delivery;
  lead_id lead;
  delivery_state state = delivery_state::waiting;
  bool syncing = false;
  category what = category::none;
  locus where;
  std::string message;
  std::string crm_code;
  std::string email, name, company, event;
  std::int64_t attempts = 0;
  std::optional<instant> due_at;
  std::optional<instant> last_attempt_at;
  instant accepted_at;
  std::vector<remote_id> remote_ids;
  bool warned = false;
};

struct delivery_page {
  std::vector<delivery_row> rows;
  std::string next_cursor;  ///< empty: the end
};

struct attempt_record {
  attempt_id id;
  std::int64_t number = 0;
  run_id run;
  instant started_at, finished_at;
  delivery_state outcome = delivery_state::failed;
  category what = category::none;
  locus where;
  std::string crm_code, message;
  std::string phases_json;
  std::string warnings_json;
  std::int64_t mapping_revision = 0;
  std::int64_t lead_revision = 0;
};

struct delivery_detail {
  delivery_row row;
  lead_record lead;
  std::vector<attempt_record> attempts;  ///< newest first
};

/// A page of deliveries with what rendering needs.
struct document_row {
  delivery_id delivery;
  lead_id lead;
  delivery_state state = delivery_state::failed;
  category what = category::none;
  std::string event_name;
  std::string document_json;
  std::int64_t mapping_revision = 0;  ///< of the newest attempt
};

// ---- operations

enum class operation_kind { retry, release, backfill };

/// A predicate plus a watermark: what fails after acceptance is not in it.
struct operation_seed {
  integration_id integration;
  operation_kind kind = operation_kind::retry;
  delivery_filter filter;
  principal by;
};

struct operation_record {
  operation_id id;
  integration_id integration;
  operation_kind kind = operation_kind::retry;
  std::string state;  ///< "applying", "running", "done", "cancelled"
  instant created_at;
  std::optional<instant> finished_at;
  std::int64_t total = 0;  ///< exact at acceptance
  std::int64_t applied = 0, cleared = 0, still_failing = 0, moved = 0, skipped = 0;
  principal by;
};

struct audit_record {
  std::int64_t id = 0;
  instant at;
  principal by;
  std::string action;
  std::string integration;
  std::string detail_json;
};

}  // namespace leadsync
