#pragma once

#include "runtime/sync_job.h"
#include "store/records.h"
#include "sync/attempt_book.h"
#include "sync/breaker.h"
#include "sync/judge.h"
#include "transport/exchange.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leadsync {

/// The last try of a plugin's request: where its exchange stands in the run, and whether a write may have happened unseen.
struct request_trace {
  std::int64_t exchange = -1;
  bool write_unanswered = false;
  bool blind_write = false;  ///< and it left
};

/// What a run came to.
struct run_view {
  const opened_run* run = nullptr;
  const prepared_batch* batch = nullptr;
  const rendering* how = nullptr;
  const attempt_book* book = nullptr;  ///< null where nothing was sent
  const std::vector<request_trace>* requests = nullptr;
  std::vector<phase_rule> phases;
  instant started_at{};
  instant finished_at{};
  int cap = 5;
  std::chrono::milliseconds settle{0};
  /// Whether another delivery succeeded since this one began to fail.
  std::function<bool(delivery_id)> another_succeeded;
  std::function<std::uint64_t()> random;
  std::optional<token_failure> token;
  std::optional<instant> not_before; ///< a limit let nothing through
  bool stopping = false;             ///< what was not sent goes back untouched
  bool broken_off = false;           ///< by us, before the plugin could say what its requests came to
};

struct run_outcome {
  std::vector<attempt_outcome> outcomes;
  std::vector<company_id> companies;
  connection_report connection;
  std::int64_t cleared = 0;
  std::int64_t failed = 0;
};

/// Turns verdicts into what each delivery is next. Pure.
[[nodiscard]] run_outcome conclude(const run_view& view);

/// What was reached before the end: remote ids and phases done, for the intent of a blind write.
[[nodiscard]] run_outcome reached_so_far(const run_view& view);

}  // namespace leadsync
