#include "faults/fault_list.h"

#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

namespace leadsync::simulator {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, 22> kinds = {
    "latency",  "cut_before", "cut_after", "524_after", "slow_body", "truncated_body", "silent_row", "hidden_row",
    "401",      "401_expired", "403_html", "423",       "429_burst", "429_daily",      "429_search", "429_search_alt",
    "477",      "500",        "500_empty", "502_html",  "503",       "504"};

bool whole_number(const json::object& from, std::string_view name, std::int64_t& out) {
  const auto* found = from.if_contains(name);
  if (!found) return true;
  if (!found->is_int64() || found->as_int64() < 0) return false;
  out = found->as_int64();
  return true;
}

std::string text(const json::object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

}  // namespace

std::string fault_list::add(const json::object& description, std::int64_t& id) {
  fault made;
  made.kind = text(description, "kind");
  if (std::find(kinds.begin(), kinds.end(), made.kind) == kinds.end()) {
    std::string known;
    for (const auto kind : kinds) known.append(known.empty() ? "" : ", ").append(kind);
    return "kind must be one of: " + known;
  }
  made.method = text(description, "method");
  made.path_prefix = text(description, "path");
  std::int64_t count = -1;
  std::int64_t skip = 0;
  std::int64_t retry_after = -1;
  if (!whole_number(description, "count", count) || !whole_number(description, "skip", skip) ||
      !whole_number(description, "retry_after", retry_after) || !whole_number(description, "min_ms", made.min_ms) ||
      !whole_number(description, "max_ms", made.max_ms))
    return "count, skip, retry_after, min_ms and max_ms must be whole numbers";
  made.skip = static_cast<std::size_t>(skip);
  if (count >= 0) made.count = static_cast<std::size_t>(count);
  if (retry_after >= 0) made.retry_after = retry_after;
  made.max_ms = std::max(made.max_ms, made.min_ms);
  if (const auto* given = description.if_contains("probability")) {
    if (!given->is_number()) return "probability must be a number from 0 to 1";
    made.probability = given->to_number<double>();
  } else if (!made.count) {
    made.count = 1;
  }
  made.id = id = next_id_++;
  faults_.push_back(std::move(made));
  return {};
}

bool fault_list::remove(std::int64_t id) {
  return std::erase_if(faults_, [id](const fault& one) { return one.id == id; }) > 0;
}

std::vector<fault> fault_list::draw(const request& call, std::mt19937_64& random) {
  std::vector<fault> out;
  bool answered = false;
  for (auto& one : faults_) {
    const bool delay = one.kind == "latency";
    if ((answered && !delay) || (one.count && *one.count == 0)) continue;
    if (!one.method.empty() && one.method != call.method) continue;
    if (!std::string_view(call.path).starts_with(one.path_prefix)) continue;
    if (one.skip > 0) {
      --one.skip;
      continue;
    }
    if (one.probability < 1 && std::uniform_real_distribution<>(0, 1)(random) >= one.probability) continue;
    if (one.count) --*one.count;
    ++one.fired;
    if (!delay) answered = true;
    out.push_back(one);
  }
  return out;
}

json::array fault_list::to_json() const {
  json::array out;
  for (const auto& one : faults_) {
    json::object row{{"id", one.id},       {"kind", one.kind},   {"method", one.method},           {"path", one.path_prefix},
                     {"skip", one.skip},   {"fired", one.fired}, {"probability", one.probability}, {"min_ms", one.min_ms},
                     {"max_ms", one.max_ms}};
    row["remaining"] = one.count ? json::value(*one.count) : json::value(nullptr);
    row["retry_after"] = one.retry_after ? json::value(*one.retry_after) : json::value(nullptr);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace leadsync::simulator
