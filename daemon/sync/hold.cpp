#include "sync/hold.h"

namespace leadsync {

admission admit(const hold_view& view, instant now) {
  if (!view.usable) return {.reason = "not usable"};
  if (view.mode == sync_mode::disabled) return {.reason = "disabled"};
  if (view.breaker_open) {
    admission held{.reason = to_text(view.breaker)};
    // Without them there is nothing to render a lead by: describing the CRM is the probe then.
    if (view.probing || !view.has_schema || !view.has_mapping) return held;
    if (view.next_probe && *view.next_probe > now) {
      held.wake_at = view.next_probe;
      return held;
    }
    held.only_a_probe = true;
    held.released = true;
    held.waiting_due = now;
    return held;
  }
  admission open{.released = view.has_schema && view.has_mapping};
  if (view.mode == sync_mode::manual) {
    open.reason = "manual";
    return open;
  }
  if (!view.has_schema) return {.reason = "no schema"};
  if (!view.has_mapping) return {.reason = "no mapping"};
  if (view.when && view.when->quiet && in_quiet_hours(*view.when->quiet, now)) {
    open.reason = "quiet hours";
    open.wake_at = end_of_quiet_hours(*view.when->quiet, now);
    return open;
  }
  if (!view.when || view.when->what == schedule::kind::continuous) {
    open.waiting_due = now;
    return open;
  }
  open.wake_at = next_tick(*view.when, now);
  open.reason = "schedule";
  if (view.tick) open.waiting_due = view.tick;
  return open;
}

}  // namespace leadsync
