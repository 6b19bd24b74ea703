#include "store/delivery_scan.h"

#include "base/text.h"
#include "store/codes.h"

#include <algorithm>

namespace leadsync {
namespace {

/// More leads than this with the text: looking at deliveries one by one finds a page soon.
constexpr int most_leads_by_text = 20'000;

constexpr auto leads_with_text = "SELECT id FROM lead WHERE instr(search, ?1) ORDER BY id LIMIT ?2";
constexpr auto lead_has_text = "SELECT instr(search, ?2) FROM lead WHERE id = ?1";

constexpr auto sum_counts = R"sql(
  SELECT coalesce(sum(count), 0) FROM delivery_count
  WHERE integration_id = ?1 AND (?2 IS NULL OR event_id = ?2) AND (?3 IS NULL OR state = ?3) AND (?4 IS NULL OR category = ?4)
    AND (?5 IS NULL OR locus_id = ?5) AND accepted_hour BETWEEN ?6 AND ?7)sql";

constexpr auto failed_groups = R"sql(
  SELECT DISTINCT category, locus_id FROM delivery_count
  WHERE integration_id = ?1 AND state = 'failed' AND (?2 IS NULL OR event_id = ?2) AND (?3 IS NULL OR category = ?3)
    AND (?4 IS NULL OR locus_id = ?4))sql";

std::optional<std::string_view> text_of(const std::optional<category>& what) {
  if (!what) return std::nullopt;
  return text_of(*what);
}

void keep_leads(resolved_filter& filter, std::vector<std::int64_t> leads) {
  std::sort(leads.begin(), leads.end());
  if (filter.leads) {
    std::vector<std::int64_t> both;
    std::set_intersection(leads.begin(), leads.end(), filter.leads->begin(), filter.leads->end(), std::back_inserter(both));
    leads = std::move(both);
  }
  filter.leads = std::move(leads);
}

void resolve_text(connection& db, resolved_filter& filter) {
  std::vector<std::int64_t> leads;
  auto row = db.use(leads_with_text);
  row.with(filter.text, most_leads_by_text + 1);
  while (row.step()) leads.push_back(row.integer(0));
  if (leads.size() > most_leads_by_text) return;
  keep_leads(filter, std::move(leads));
  filter.text.clear();
}

}  // namespace

resolved_filter resolve(connection& db, integration_id integration, const delivery_filter& filter) {
  resolved_filter resolved;
  resolved.integration = integration.value;
  if (filter.state) resolved.states.push_back(*filter.state);
  resolved.what = filter.what;
  if (filter.where) {
    resolved.locus = find_locus(db, *filter.where);
    if (!resolved.locus) resolved.nothing = true;
  }
  if (!filter.event.empty()) {
    auto event = db.use("SELECT id FROM event WHERE key = ?1");
    event.with(fold(filter.event));
    if (event.step())
      resolved.event = event.integer(0);
    else
      resolved.nothing = true;
  }
  if (filter.since) resolved.first_hour = hour_of(*filter.since);
  if (filter.until) resolved.last_hour = hour_of(*filter.until - std::chrono::milliseconds(1));
  resolved.with_warnings = filter.with_warnings;
  if (!filter.leads.empty()) {
    std::vector<std::int64_t> leads;
    for (const auto lead : filter.leads) leads.push_back(lead.value);
    keep_leads(resolved, std::move(leads));
  }
  resolved.text = fold(filter.text);
  if (!resolved.text.empty() && !resolved.nothing) resolve_text(db, resolved);
  return resolved;
}

bool matches(connection& db, const resolved_filter& filter, const delivery_entry& entry) {
  if (filter.nothing || entry.integration != filter.integration) return false;
  if (!filter.states.empty() && std::find(filter.states.begin(), filter.states.end(), entry.state) == filter.states.end()) return false;
  if (filter.what && entry.what != *filter.what) return false;
  if (filter.locus && entry.locus != *filter.locus) return false;
  if (filter.event && entry.event != *filter.event) return false;
  const auto hour = hour_of(entry.accepted_at);
  if (hour < filter.first_hour || hour > filter.last_hour) return false;
  if (filter.with_warnings && !entry.warned) return false;
  if (filter.leads && !std::binary_search(filter.leads->begin(), filter.leads->end(), entry.lead)) return false;
  if (filter.text.empty()) return true;
  auto row = db.use(lead_has_text);
  row.with(entry.lead, filter.text);
  return row.step() && row.integer(0) > 0;
}

std::int64_t counted(connection& db, const resolved_filter& filter) {
  if (filter.nothing) return 0;
  auto states = filter.states.empty() ? std::vector<std::optional<std::string_view>>{std::nullopt}
                                      : std::vector<std::optional<std::string_view>>{};
  for (const auto state : filter.states) states.push_back(to_text(state));
  std::int64_t total = 0;
  for (const auto& state : states) {
    auto row = db.use(sum_counts);
    row.with(filter.integration, filter.event, state, text_of(filter.what), filter.locus, filter.first_hour, filter.last_hour);
    if (row.step()) total += row.integer(0);
  }
  return total;
}

delivery_scan::delivery_scan(connection& db, const resolved_filter& filter, scan_order order, std::int64_t after)
    : order_(order), after_(after) {
  if (order == scan_order::descending && after == 0) after_ = std::numeric_limits<std::int64_t>::max();
  if (filter.nothing) return;
  if (filter.leads) {
    add_leads(db, filter);
    return;
  }
  if (filter.with_warnings) {
    auto rows = db.prepare("SELECT id FROM delivery INDEXED BY delivery_warned WHERE integration_id = ?1 AND warned = 1" + beyond());
    rows.with(filter.integration, after_);
    add_stream(std::move(rows));
    return;
  }
  using enum delivery_state;
  const auto states = filter.states.empty() ? std::vector{waiting, released, failed, cleared, dismissed} : filter.states;
  for (const auto state : states) add_state(db, filter, state);
}

std::string delivery_scan::beyond() const {
  return order_ == scan_order::ascending ? " AND id > ?2 ORDER BY id" : " AND id < ?2 ORDER BY id DESC";
}

void delivery_scan::add_state(connection& db, const resolved_filter& filter, delivery_state state) {
  if (state == delivery_state::failed) {
    add_failed(db, filter);
    return;
  }
  for (const auto* deferred : {"0", "1"}) {
    auto rows = db.prepare("SELECT id FROM delivery INDEXED BY delivery_in_order WHERE integration_id = ?1 AND state = '" +
                           std::string(to_text(state)) + "' AND deferred = " + deferred + beyond());
    rows.with(filter.integration, after_);
    add_stream(std::move(rows));
  }
}

void delivery_scan::add_failed(connection& db, const resolved_filter& filter) {
  auto groups = db.use(failed_groups);
  groups.with(filter.integration, filter.event, text_of(filter.what), filter.locus);
  while (groups.step()) {
    auto rows = db.prepare("SELECT id FROM delivery INDEXED BY delivery_failed WHERE integration_id = ?1 AND state = 'failed' "
                           "AND category = ?3 AND locus_id = ?4" + beyond());
    rows.with(filter.integration, after_, groups.view(0), groups.integer(1));
    add_stream(std::move(rows));
  }
}

void delivery_scan::add_leads(connection& db, const resolved_filter& filter) {
  auto rows = db.prepare("SELECT id FROM delivery WHERE lead_id IN (SELECT value FROM json_each(?3)) AND integration_id = ?1" + beyond());
  rows.with(filter.integration, after_, list_ids(*filter.leads));
  add_stream(std::move(rows));
}

bool delivery_scan::later(std::int64_t left, std::int64_t right) const {
  return order_ == scan_order::ascending ? left > right : left < right;
}

void delivery_scan::add_stream(statement rows) {
  if (!rows.step()) return;
  heads_.push_back({rows.integer(0), streams_.size()});
  streams_.push_back(std::move(rows));
  std::push_heap(heads_.begin(), heads_.end(), [this](const head& left, const head& right) { return later(left.id, right.id); });
}

std::optional<std::int64_t> delivery_scan::next() {
  if (heads_.empty()) return std::nullopt;
  const auto order = [this](const head& left, const head& right) { return later(left.id, right.id); };
  std::pop_heap(heads_.begin(), heads_.end(), order);
  auto& top = heads_.back();
  const auto id = top.id;
  if (streams_[top.stream].step()) {
    top.id = streams_[top.stream].integer(0);
    std::push_heap(heads_.begin(), heads_.end(), order);
  } else {
    heads_.pop_back();
  }
  return id;
}

}  // namespace leadsync
