#include "api/reconciliation_view.h"

#include "api/delivery_query.h"
#include "api/views.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <map>

namespace leadsync::api {
namespace {

namespace json = boost::json;

struct failed_group {
  std::int64_t count = 0;
  std::optional<instant> first_seen, last_seen;
  std::vector<const locus_count*> parts;
  json::array days;
};

void widen(failed_group& group, const locus_count& part) {
  if (part.first_seen && (!group.first_seen || *part.first_seen < *group.first_seen)) group.first_seen = part.first_seen;
  if (part.last_seen && (!group.last_seen || *part.last_seen > *group.last_seen)) group.last_seen = part.last_seen;
}

json::array sub_groups_view(std::vector<const locus_count*> parts) {
  std::sort(parts.begin(), parts.end(), [](const auto* left, const auto* right) {
    if (left->count != right->count) return left->count > right->count;
    return left->where < right->where;
  });
  json::array view;
  for (const auto* part : parts)
    view.push_back(json::object{{"text", text_of(part->where)},
                                {"locus", locus_or_null(part->where)},
                                {"count", part->count},
                                {"first_seen", to_view(part->first_seen)},
                                {"last_seen", to_view(part->last_seen)}});
  return view;
}

json::array groups_view(const reconciliation_counts& counts) {
  std::map<category, failed_group> groups;
  for (const auto& entry : counts.summary.states)
    if (entry.state == delivery_state::failed && entry.count > 0) groups[entry.what].count += entry.count;
  for (const auto& part : counts.groups) {
    const auto group = groups.find(part.what);
    if (group == groups.end() || part.count <= 0) continue;
    widen(group->second, part);
    group->second.parts.push_back(&part);
  }
  for (const auto& day : counts.days)
    if (const auto group = groups.find(day.what); group != groups.end())
      group->second.days.push_back(json::object{{"day", day.day}, {"count", day.count}});

  std::vector<category> order;
  for (const auto& [what, group] : groups) order.push_back(what);
  std::stable_sort(order.begin(), order.end(), [&groups](category left, category right) { return groups[left].count > groups[right].count; });
  json::array view;
  for (const auto what : order) {
    auto& group = groups[what];
    auto entry = to_view(info_of(what));
    entry["count"] = group.count;
    entry["first_seen"] = to_view(group.first_seen);
    entry["last_seen"] = to_view(group.last_seen);
    entry["days"] = std::move(group.days);
    entry["sub_groups"] = sub_groups_view(std::move(group.parts));
    view.push_back(std::move(entry));
  }
  return view;
}

/// Why some wait: the categories of those that will try again by themselves.
json::array waiting_view(const summary_record& summary) {
  std::map<category, std::int64_t> waiting;
  for (const auto& entry : summary.states)
    if ((entry.state == delivery_state::waiting || entry.state == delivery_state::released) && entry.what != category::none && entry.count > 0)
      waiting[entry.what] += entry.count;
  json::array view;
  for (const auto& [what, count] : waiting)
    view.push_back(json::object{{"category", code_of(what)}, {"title", info_of(what).title}, {"count", count}});
  return view;
}

}  // namespace

state_totals totals_of(const summary_record& summary, std::string_view hold) {
  std::int64_t waiting = 0, released = 0;
  state_totals totals;
  for (const auto& entry : summary.states) {
    switch (entry.state) {
      case delivery_state::waiting: waiting += entry.count; break;
      case delivery_state::released: released += entry.count; break;
      case delivery_state::failed: totals.failed += entry.count; break;
      case delivery_state::cleared: totals.cleared += entry.count; break;
      case delivery_state::dismissed: totals.dismissed += entry.count; break;
    }
  }
  totals.held = (hold.empty() ? 0 : waiting) + (holds_released(hold) ? released : 0);
  totals.queued = waiting + released - totals.held;
  // What is in an open run is still counted as waiting or released: it was due, so it is taken off the queue first.
  totals.syncing = std::min(summary.syncing, waiting + released);
  const auto from_queue = std::min(totals.syncing, totals.queued);
  totals.queued -= from_queue;
  totals.held -= totals.syncing - from_queue;
  return totals;
}

json::object to_view(const state_totals& totals) {
  return {{"pre_sync", totals.pre_sync()}, {"failed", totals.failed}, {"cleared", totals.cleared}, {"dismissed", totals.dismissed}};
}

json::object to_view(const reconciliation_counts& counts, std::string_view hold) {
  const auto totals = totals_of(counts.summary, hold);
  json::object pre_sync{{"total", totals.pre_sync()},
                        {"held", totals.held},
                        {"reason", totals.held ? text_or_null(hold) : json::value(nullptr)},
                        {"queued", totals.queued},
                        {"syncing", totals.syncing},
                        {"oldest_accepted_at", to_view(counts.summary.oldest_waiting)},
                        {"because", waiting_view(counts.summary)}};
  json::object failed{{"total", totals.failed}, {"groups", groups_view(counts)}};
  return {{"total", totals.total()},
          {"pre_sync", std::move(pre_sync)},
          {"failed", std::move(failed)},
          {"cleared", totals.cleared},
          {"dismissed", totals.dismissed}};
}

}  // namespace leadsync::api
