#pragma once

#include "model/locus.h"
#include "store/writer.h"

#include <span>
#include <vector>

namespace leadsync {

/// The state of a delivery, as a job changes it.
struct delivery_entry {
  std::int64_t id = 0;
  std::int64_t integration = 0;
  std::int64_t lead = 0;
  std::int64_t event = 0;
  delivery_state state = delivery_state::waiting;
  category what = category::none;
  std::int64_t locus = 0;
  bool deferred = false;
  instant due_at;
  instant accepted_at;
  std::int64_t attempts = 0;
  std::int64_t counted_attempts = 0;
  bool ambiguous = false;
  instant not_before;
  bool alone = false;
  std::int64_t crashes = 0;
  bool warned = false;
  std::int64_t run = 0;        ///< 0: none
  std::int64_t operation = 0;  ///< 0: none
  category held_what = category::none;
  std::int64_t held_locus = 0;
  std::int64_t last_attempt = 0;
  std::optional<instant> last_attempt_at;
};

[[nodiscard]] std::optional<delivery_entry> load_entry(connection& db, std::int64_t id);
/// Those of `ids` that are there, in the order of `ids`, by one statement.
[[nodiscard]] std::vector<delivery_entry> load_entries(connection& db, std::span<const std::int64_t> ids);
/// Writes what differs, and its counts.
void save_entry(database& db, const delivery_entry& before, const delivery_entry& after);
[[nodiscard]] count_key count_key_of(const delivery_entry& entry);
[[nodiscard]] std::int64_t revision_of(connection& db, std::int64_t lead);
[[nodiscard]] std::int64_t intern_locus(database& db, const locus& where);

}  // namespace leadsync
