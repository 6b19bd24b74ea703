#include "store/operation_steps.h"

#include "store/asynchronous.h"
#include "store/audit_store.h"
#include "store/codes.h"

#include <boost/json.hpp>

namespace leadsync {

namespace json = boost::json;

store::task<std::int64_t> change_dismissals(writer& to, integration_id integration, delivery_filter filter, dismissal what,
                                            std::string text, principal by) {
  std::int64_t changed = 0;
  dismissal_step step{.more = true};
  while (step.more) {
    std::function<result<dismissal_step>(database&)> work = [=, after = step.last](database& db) -> result<dismissal_step> {
      auto made = dismiss_some(db, integration, filter, what, after, deliveries_per_step);
      if (!made || made->more) return made;
      const json::object detail{{"count", changed + made->changed}, {"note", text}, {"filter", json::parse(pack_filter(filter))}};
      note(db, by, what == dismissal::dismiss ? "dismiss" : "undismiss", integration, json::serialize(detail));
      return made;
    };
    auto made = co_await write<dismissal_step>(to, std::move(work));
    if (!made) co_return made.error();
    step = *made;
    changed += step.changed;
  }
  co_return changed;
}

store::task<operation_record> cancel_operation(writer& to, reader_pool& from, operation_id operation) {
  std::function<result<operation_record>(database&)> begin = [=](database& db) { return begin_cancel(db, operation); };
  auto begun = co_await write<operation_record>(to, std::move(begin));
  if (!begun) co_return begun.error();
  for (bool more = true; more;) {
    std::function<result<bool>(database&)> step = [=](database& db) { return finish_cancel(db, operation, deliveries_per_step); };
    auto moved = co_await write<bool>(to, std::move(step));
    if (!moved) co_return moved.error();
    more = *moved;
  }
  std::function<result<operation_record>(connection&)> find = [=](connection& db) { return find_operation(db, operation); };
  co_return co_await read<operation_record>(from, std::move(find));
}

store::task<operation_record> create_operation(writer& to, reader_pool& from, operation_seed seed) {
  // A scan is the readers' work; what it misses meanwhile is counted as skipped.
  std::optional<operation_scope> scanned;
  if (!seed.filter.text.empty() || seed.kind == operation_kind::backfill) {
    std::function<result<operation_scope>(connection&)> scan = [seed](connection& db) -> result<operation_scope> {
      return *scope_of(db, seed, false);
    };
    auto found = co_await read<operation_scope>(from, std::move(scan));
    if (!found) co_return found.error();
    scanned = *found;
  }
  std::function<result<operation_record>(database&)> work = [seed, scanned](database& db) -> result<operation_record> {
    db.write_counts();
    const auto exact = scope_of(db.sql, seed, true);
    return create_operation(db, seed, exact ? *exact : *scanned);
  };
  co_return co_await write<operation_record>(to, std::move(work));
}

}  // namespace leadsync
