#include "limits/quota_set.h"

#include <cassert>

namespace leadsync::simulator {

namespace json = boost::json;

quota& quota_set::add(quota added) { return quotas_.emplace_back(std::move(added)); }

quota& quota_set::at(std::string_view name) {
  for (auto& one : quotas_)
    if (one.name() == name) return one;
  assert(false && "a quota that the CRM did not declare");
  return quotas_.front();
}

std::string quota_set::configure(const json::object& wanted) {
  for (const auto& [name, value] : wanted) {
    quota* found = nullptr;
    for (auto& one : quotas_)
      if (one.name() == std::string_view(name)) found = &one;
    if (!found) return "no quota is called " + std::string(name);
    if (value.is_null()) {
      found->set(0, found->kind(), found->window());
      continue;
    }
    const auto* settings = value.if_object();
    if (!settings) return std::string(name) + " must be an object or null";
    auto amount = found->amount();
    auto kind = found->kind();
    auto window = found->window();
    if (const auto* given = settings->if_contains("amount")) {
      if (!given->is_int64() || given->as_int64() < 0) return "amount must be a whole number";
      amount = static_cast<std::size_t>(given->as_int64());
    }
    if (const auto* given = settings->if_contains("window_ms")) {
      if (!given->is_int64() || given->as_int64() < 1) return "window_ms must be a whole number";
      window = std::chrono::milliseconds(given->as_int64());
    }
    if (const auto* given = settings->if_contains("kind")) {
      if (*given == "sliding") kind = window_kind::sliding;
      else if (*given == "fixed") kind = window_kind::fixed;
      else if (*given == "daily") kind = window_kind::daily;
      else return "kind must be sliding, fixed or daily";
    }
    found->set(amount, kind, window);
    if (const auto* given = settings->if_contains("used"); given && given->is_int64())
      found->set_used(static_cast<std::size_t>(given->as_int64()));
    if (const auto* given = settings->if_contains("foreign")) {
      if (!given->is_number()) return "foreign must be a number from 0 to 1";
      found->set_foreign(given->to_number<double>());
    }
  }
  return {};
}

json::object quota_set::to_json(instant now) {
  json::object out;
  for (auto& one : quotas_) out[one.name()] = one.to_json(now);
  return out;
}

void quota_set::clear_statistics() {
  for (auto& one : quotas_) one.clear_statistics();
}

}  // namespace leadsync::simulator
