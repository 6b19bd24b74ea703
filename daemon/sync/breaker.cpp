#include "sync/breaker.h"

#include "sync/backoff.h"

namespace leadsync {

using namespace std::chrono_literals;

breaker::breaker(snapshot restored, instant now) : now_(std::move(restored)), next_probe_(now) {}

bool breaker::report(const connection_report& run, instant now, std::uint64_t random) {
  if (run.refused != category::none) {
    const bool news = now_.state != breaker_state::reconnect || now_.what != run.refused;
    if (news) probes_ = 0;
    now_ = {breaker_state::reconnect, run.refused, run.message};
    if (news || now >= next_probe_) schedule_probe(now, random);
    return news;
  }
  if (run.any_success) {
    const bool news = open();
    now_ = {};
    failures_ = 0;
    probes_ = 0;
    return news;
  }
  if (!run.connection_failed) return false;
  if (open()) {
    if (now >= next_probe_) schedule_probe(now, random);
    return false;
  }
  if (++failures_ < failures_to_open) return false;
  now_ = {breaker_state::unreachable, category::connection, run.message};
  schedule_probe(now, random);
  return true;
}

std::optional<instant> breaker::next_probe() const {
  if (!open()) return std::nullopt;
  return next_probe_;
}

/// Only a probe moves the next one: runs that were in flight when it opened come back refused, too.
/// An unreachable CRM may be back any second; a refused token needs a person, and asking often gets an account locked.
void breaker::schedule_probe(instant now, std::uint64_t random) {
  const bool refused = now_.state == breaker_state::reconnect;
  const auto least = refused ? 30s : 2s;
  const auto ceiling = refused ? std::chrono::milliseconds(15min) : std::chrono::milliseconds(60s);
  next_probe_ = now + least + full_jitter(++probes_, least, ceiling, random);
}

}  // namespace leadsync
