#include "simulator.h"

#include "admin/admin.h"

#include <boost/json.hpp>

namespace leadsync::simulator {

namespace json = boost::json;

namespace {

/// Takes one random row out of the named array. False where there is none to take.
bool drop_row(std::string& body, std::string_view array_name, std::mt19937_64& random) {
  boost::system::error_code failure;
  json::value document = json::parse(body, failure);
  if (failure || !document.is_object()) return false;
  auto* rows = document.as_object().if_contains(array_name);
  if (!rows || !rows->is_array() || rows->as_array().empty()) return false;
  auto& array = rows->as_array();
  array.erase(array.begin() + static_cast<std::ptrdiff_t>(random() % array.size()));
  body = json::serialize(document);
  return true;
}

}  // namespace

bool is_admin(const request& call) { return call.path == "/_simulator" || std::string_view(call.path).starts_with("/_simulator/"); }

simulator::simulator(std::unique_ptr<crm> account, std::uint64_t seed)
    : account_(std::move(account)), random_(seed), seed_(seed) {}

void simulator::enter() {
  ++concurrent_;
  newest_call_ = std::chrono::system_clock::now();
  max_concurrent_ = std::max(max_concurrent_, concurrent_);
}

plan simulator::handle(request call, instant now) {
  if (is_admin(call)) return {admin(*this).handle(call, now)};
  return answer_api(call, now);
}

plan simulator::answer_api(request& call, instant now) {
  std::chrono::milliseconds delay{0};
  const auto jitter = [this](std::int64_t least, std::int64_t most) {
    return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(least, most)(random_));
  };
  if (latency_max_.count() > 0) delay += jitter(latency_min_.count(), latency_max_.count());
  std::optional<fault> changed;
  for (auto& one : faults_.draw(call, random_)) {
    if (one.kind == "latency")
      delay += jitter(one.min_ms, one.max_ms);
    else
      changed = std::move(one);
  }
  plan out = changed ? answer_fault(*changed, call, now) : plan{account_->handle(call, now)};
  out.delay += delay;
  count(call, out.answer.status, out.how != delivery::cut);
  return out;
}

plan simulator::answer_fault(const fault& what, request& call, instant now) {
  if (what.kind == "cut_before") return {response{.status = 0}, {}, delivery::cut};
  if (response own = account_->fault_answer(what.kind, call, now); own.status != 0) {
    if (what.retry_after) own.headers.emplace_back("Retry-After", std::to_string(*what.retry_after));
    return {std::move(own)};
  }
  if (what.kind == "silent_row") drop_row(call.body, account_->batch().request, random_);
  plan out{account_->handle(call, now)};
  if (what.kind == "cut_after") out.how = delivery::cut;
  if (what.kind == "slow_body") out.how = delivery::slow;
  if (what.kind == "truncated_body") out.how = delivery::truncated;
  if (what.kind == "524_after") out.answer = {524, "<html><head><title>524: A timeout occurred</title></head></html>", "text/html"};
  if (what.kind == "hidden_row") drop_row(out.answer.body, account_->batch().response, random_);
  return out;
}

void simulator::count(const request& call, int status, bool answered) {
  ++counts_[account_->path_template(call)][answered ? std::to_string(status) : "cut"];
}

}  // namespace leadsync::simulator
