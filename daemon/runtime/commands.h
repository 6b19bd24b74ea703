#pragma once

#include "base/error.h"
#include "model/mapping.h"
#include "model/remote_schema.h"
#include "store/records.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

struct plugin_listing {
  std::string name, title, version, path, sha256;
  std::string error;  ///< why it cannot be used; empty where it can
};

struct integration_status {
  integration_id id;
  std::string name, plugin;
  sync_mode mode = sync_mode::automatic;
  std::string schedule;  ///< "continuous", "every 15m", "cron 0 7 * * * Europe/Paris"
  std::optional<instant> next_tick;
  breaker_state breaker = breaker_state::closed;
  category breaker_category = category::none;
  std::string breaker_message;
  std::optional<instant> breaker_since;
  std::string hold;  ///< why waiting deliveries are held: "manual", "disabled", "reconnect", "unreachable", "quiet hours", "schedule", "no schema", "no mapping"; empty: they are not
  /// A configuration or plugin error that keeps it from working at all, or why the CRM has not been described yet; says what to do.
  std::string problem;
  std::int64_t in_flight = 0;
  std::int64_t mapping_revision = 0;
  std::optional<instant> schema_fetched_at;
  std::string account_json;  ///< empty until checked
  std::string limits_json;
};

struct check_report {
  bool ok = false;
  std::string account_json;  ///< {"id", "name", "url", "time_zone"}
  struct finding {
    std::string severity;  ///< "error", "warning"
    category what = category::none;
    std::string message;   ///< what, and what to do
  };
  std::vector<finding> findings;
};

struct preview_report {
  std::int64_t examined = 0;
  std::int64_t would_pass = 0;
  std::map<category, std::int64_t> moves;  ///< to another category
  std::int64_t stays = 0;
  std::int64_t cleared_examined = 0;
  std::int64_t cleared_changed = 0;  ///< would render differently; not sent again
  std::string text;                  ///< "212 would pass, 9 move to DATA_TOO_LONG, 3 stay"
};

/// One failing value or field, as a drawer shows it.
struct fix_item {
  locus where;
  std::int64_t count = 0;
  struct suggestion {
    std::string value;  ///< an option's value, or a remote field's name
    std::string label;
    std::string reason;
  };
  std::vector<suggestion> suggestions;
};

struct fix_report {
  category what = category::none;
  std::string title;  ///< the fixer's
  std::vector<fix_item> items;
  std::vector<remote_option> options;        ///< of the field, where the items share one
  std::vector<std::string> remote_fields;    ///< of the object, writable ones
};

/// What the control API may ask of the running daemon, beside reading the store. Integrations go by name; an unknown one is errc::not_found.
/// On the daemon's executor only.
class commands {
 public:
  template <class T = void>
  using task = boost::asio::awaitable<result<T>>;

  virtual ~commands() = default;

  [[nodiscard]] virtual std::vector<plugin_listing> plugins() const = 0;
  [[nodiscard]] virtual std::vector<integration_status> integrations() const = 0;
  [[nodiscard]] virtual result<integration_status> integration(std::string_view name) const = 0;

  virtual task<> set_sync_mode(std::string name, sync_mode mode, principal by) = 0;
  /// Credentials, scopes, schema and mapping, as far as can be told without writing.
  virtual task<check_report> check(std::string name) = 0;
  /// Reads the credentials again and tries with one lead.
  virtual task<> reconnect(std::string name, principal by) = 0;
  virtual task<remote_schema> schema(std::string name) = 0;  ///< as cached; errc::unavailable where there is none yet
  virtual task<remote_schema> refresh_schema(std::string name) = 0;
  /// What it made: ["contact.leadsync_key"].
  virtual task<std::vector<std::string>> provision(std::string name, principal by) = 0;

  /// errc::conflict where `expected_revision` is not the newest. The new revision. Warnings name fields that the CRM does not have.
  virtual task<std::int64_t> save_mapping(std::string name, mapping fields, std::int64_t expected_revision, principal by) = 0;
  virtual task<preview_report> preview(std::string name, mapping fields, delivery_filter filter) = 0;
  virtual task<fix_report> fixes(std::string name, category what, std::optional<locus> where) = 0;
  virtual task<mapping> default_mapping(std::string name) = 0;

  /// Stored and acknowledged at once; applied in the background.
  virtual task<operation_record> start_operation(std::string name, operation_kind kind, delivery_filter filter, principal by) = 0;
  virtual task<operation_record> cancel_operation(operation_id operation, principal by) = 0;
  /// Completes when the operation is finished, or `longest_wait` has passed.
  virtual task<operation_record> wait_for_operation(operation_id operation, std::chrono::milliseconds longest_wait) = 0;

  /// Deliveries may have become due: leads were added or edited.
  virtual void leads_changed() = 0;
};

}  // namespace leadsync
