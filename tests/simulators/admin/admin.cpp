#include "admin/admin.h"

#include <boost/json.hpp>

namespace leadsync::simulator {

namespace json = boost::json;

response admin_answer(const json::value& body, int status) {
  return {status, json::serialize(body) + "\n", "application/json"};
}

response admin_refusal(int status, std::string_view text) { return admin_answer({{"error", text}}, status); }

response admin::handle(const request& call, instant now) {
  auto segments = path_segments(call.path);
  segments.erase(segments.begin());
  json::value body;
  if (!call.body.empty()) {
    boost::system::error_code failure;
    body = json::parse(call.body, failure);
    if (failure) return admin_refusal(400, "the body is not JSON: " + failure.message());
  }
  const std::string area = segments.empty() ? "" : segments.front();
  if (area.empty()) return admin_answer({{"simulator", "leadsync-simulator"}, {"seed", owner_.seed_}});
  if (area == "requests") return requests(call, now);
  if (area == "limits") return limits(call, body, now);
  if (area == "latency") return latency(call, body);
  if (area == "faults") return faults(call, segments, body);
  if (area == "reset" && call.method == "POST") return reset();
  response own = owner_.account_->administer(call, segments, body, now);
  return own.status != 0 ? own : admin_refusal(404, "no such admin path or method: " + call.method + " " + call.path);
}

response admin::requests(const request& call, instant now) {
  if (call.method == "DELETE") {
    owner_.counts_.clear();
    owner_.max_concurrent_ = owner_.concurrent_;
    owner_.account_->quotas().clear_statistics();
    return admin_answer(json::object());
  }
  json::array rows;
  std::size_t total = 0;
  for (const auto& [key, statuses] : owner_.counts_) {
    json::object by_status;
    std::size_t count = 0;
    for (const auto& [status, times] : statuses) {
      by_status[status] = times;
      count += times;
    }
    total += count;
    const auto blank = key.find(' ');
    rows.push_back({{"method", key.substr(0, blank)}, {"path", key.substr(blank + 1)}, {"count", count}, {"status", by_status}});
  }
  json::object out;
  out["total"] = total;
  out["requests"] = std::move(rows);
  out["quotas"] = owner_.account_->quotas().to_json(now);
  out["newest_at_us"] = std::chrono::floor<std::chrono::microseconds>(owner_.newest_call_).time_since_epoch().count();
  out["concurrent"] = owner_.concurrent_;
  out["max_concurrent"] = owner_.max_concurrent_;
  return admin_answer(out);
}

response admin::limits(const request& call, const json::value& body, instant now) {
  if (call.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object with one member per quota is needed");
    if (const auto wrong = owner_.account_->quotas().configure(body.as_object()); !wrong.empty()) return admin_refusal(400, wrong);
  }
  return admin_answer(owner_.account_->quotas().to_json(now));
}

response admin::latency(const request& call, const json::value& body) {
  if (call.method == "PUT") {
    const auto* least = body.is_object() ? body.as_object().if_contains("min_ms") : nullptr;
    const auto* most = body.is_object() ? body.as_object().if_contains("max_ms") : nullptr;
    if (!least || !least->is_int64() || (most && !most->is_int64())) return admin_refusal(400, "min_ms and max_ms must be whole numbers");
    owner_.latency_min_ = std::chrono::milliseconds(std::max<std::int64_t>(0, least->as_int64()));
    owner_.latency_max_ = std::max(owner_.latency_min_, std::chrono::milliseconds(most ? most->as_int64() : 0));
  }
  return admin_answer({{"min_ms", owner_.latency_min_.count()}, {"max_ms", owner_.latency_max_.count()}});
}

response admin::faults(const request& call, const std::vector<std::string>& segments, const json::value& body) {
  if (call.method == "GET") return admin_answer({{"faults", owner_.faults_.to_json()}});
  if (call.method == "DELETE") {
    if (segments.size() == 1)
      owner_.faults_.clear();
    else if (!owner_.faults_.remove(std::strtoll(segments[1].c_str(), nullptr, 10)))
      return admin_refusal(404, "no such fault");
    return admin_answer(json::object());
  }
  if (call.method != "POST" || !body.is_object()) return admin_refusal(400, "POST an object with a kind");
  std::int64_t id = 0;
  if (const auto wrong = owner_.faults_.add(body.as_object(), id); !wrong.empty()) return admin_refusal(400, wrong);
  return admin_answer({{"id", id}}, 201);
}

response admin::reset() {
  owner_.account_->reset();
  owner_.faults_.clear();
  owner_.counts_.clear();
  owner_.latency_min_ = owner_.latency_max_ = std::chrono::milliseconds(0);
  owner_.max_concurrent_ = owner_.concurrent_;
  owner_.random_.seed(owner_.seed_);
  return admin_answer(json::object());
}

}  // namespace leadsync::simulator
