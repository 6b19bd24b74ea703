#pragma once

#include "store/delivery_entry.h"
#include "store/records.h"

#include <limits>
#include <string>
#include <vector>

namespace leadsync {

/// A filter with its names looked up. Since and until count by the hour of acceptance everywhere, so that rows and counts agree.
struct resolved_filter {
  std::int64_t integration = 0;
  std::vector<delivery_state> states;  ///< empty: all
  std::optional<category> what;
  std::optional<std::int64_t> locus;
  std::optional<std::int64_t> event;
  std::int64_t first_hour = 0;
  std::int64_t last_hour = std::numeric_limits<std::int64_t>::max();
  bool with_warnings = false;
  std::string text;  ///< folded; empty where `leads` says it already
  std::optional<std::vector<std::int64_t>> leads;
  bool nothing = false;  ///< names something that does not exist

  /// The count tables alone answer it.
  [[nodiscard]] bool countable() const { return text.empty() && !leads && !with_warnings; }
};

[[nodiscard]] resolved_filter resolve(connection& db, integration_id integration, const delivery_filter& filter);
[[nodiscard]] bool matches(connection& db, const resolved_filter& filter, const delivery_entry& entry);
/// From the count tables. The filter is countable.
[[nodiscard]] std::int64_t counted(connection& db, const resolved_filter& filter);

enum class scan_order { ascending, descending };

/// Ids of the deliveries that may match, merged from the indexes; the caller checks each by `matches`.
class delivery_scan {
 public:
  /// Those beyond `after`; 0 for all.
  delivery_scan(connection& db, const resolved_filter& filter, scan_order order, std::int64_t after);

  [[nodiscard]] std::optional<std::int64_t> next();

 private:
  void add_stream(statement rows);
  void add_failed(connection& db, const resolved_filter& filter);
  void add_state(connection& db, const resolved_filter& filter, delivery_state state);
  void add_leads(connection& db, const resolved_filter& filter);
  [[nodiscard]] std::string beyond() const;
  [[nodiscard]] bool later(std::int64_t left, std::int64_t right) const;

  struct head {
    std::int64_t id;
    std::size_t stream;
  };

  scan_order order_;
  std::int64_t after_;
  std::vector<statement> streams_;
  std::vector<head> heads_;  ///< a heap, the next on top
};

}  // namespace leadsync
