#pragma once

#include "base/instant.h"
#include "model/category.h"
#include "model/delivery_state.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace leadsync {

/// What one run says about the connection as a whole.
struct connection_report {
  bool any_success = false;       ///< the CRM accepted or judged at least one lead
  bool connection_failed = false; ///< at least one lead by CONNECTION
  category refused = category::none;  ///< AUTHENTICATION or PERMISSION, confirmed and for the whole run
  std::string message;
};

/// Opens on the first confirmed refusal, or when runs fail by CONNECTION with no success between them; so that a dead token or an
/// outage holds the leads instead of failing them. While open, one probe at a time, ever later; its success closes.
class breaker {
 public:
  struct snapshot {
    breaker_state state = breaker_state::closed;
    category what = category::none;
    std::string message;
  };

  static constexpr int failures_to_open = 3;

  breaker() = default;
  /// As stored: an open one may probe at once.
  breaker(snapshot restored, instant now);

  /// True where the state changed and must be stored.
  bool report(const connection_report& run, instant now, std::uint64_t random);

  /// A person replaced the credentials, or asks for another try.
  void probe_now(instant now) { next_probe_ = now; }

  [[nodiscard]] bool open() const { return now_.state != breaker_state::closed; }
  [[nodiscard]] const snapshot& current() const { return now_; }
  /// When the next probe may start; nothing while closed.
  [[nodiscard]] std::optional<instant> next_probe() const;

 private:
  void schedule_probe(instant now, std::uint64_t random);

  snapshot now_;
  int failures_ = 0;
  std::int64_t probes_ = 0;
  instant next_probe_{};
};

}  // namespace leadsync
