#include "store/retention_store.h"

namespace leadsync {
namespace {

constexpr int prune_batch = 200;

constexpr auto oldest_exchanges = R"sql(
  SELECT e.id, r.closed_at FROM exchange e JOIN run r ON r.id = e.id >> 20 ORDER BY e.id LIMIT ?1)sql";

constexpr auto oldest_attempts = R"sql(
  SELECT a.id, a.finished_at, EXISTS (SELECT 1 FROM delivery d WHERE d.id = a.delivery_id AND d.last_attempt_id = a.id AND d.state <> 'cleared')
  FROM attempt a WHERE a.id > ?1 AND a.id < (SELECT max(id) FROM attempt) ORDER BY a.id LIMIT ?2)sql";

}  // namespace

result<bool> prune(database& db, instant bodies_before, instant attempts_before) {
  // Ids follow time, so that the oldest are found without an index. The newest attempt stays for its number, and a delivery keeps
  // the one that says why it is not in the CRM.
  std::vector<std::int64_t> old;
  {
    auto row = db.sql.use(oldest_exchanges);
    row.with(prune_batch);
    while (row.step() && row.time(1) < bodies_before) old.push_back(row.integer(0));
  }
  for (const auto id : old) db.sql.use("DELETE FROM exchange WHERE id = ?1").with(id).run();
  bool more = int(old.size()) == prune_batch;

  old.clear();
  int seen = 0;
  {
    auto row = db.sql.use(oldest_attempts);
    row.with(db.pruned_attempt, prune_batch);
    for (; row.step() && row.time(1) < attempts_before; ++seen) {
      db.pruned_attempt = row.integer(0);
      if (row.integer(2) == 0) old.push_back(row.integer(0));
    }
  }
  for (const auto id : old) db.sql.use("DELETE FROM attempt WHERE id = ?1").with(id).run();
  if (seen == prune_batch)
    more = true;
  else
    db.pruned_attempt = 0;
  return more;
}

}  // namespace leadsync
