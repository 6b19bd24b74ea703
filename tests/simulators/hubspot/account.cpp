#include "hubspot/endpoints.h"

#include "base/text.h"

namespace leadsync::simulator::hubspot {
namespace {

json::object describe(const owner& one) {
  json::object out{{"id", std::to_string(one.id)},
                   {"email", one.email},
                   {"type", "PERSON"},
                   {"firstName", one.first_name},
                   {"lastName", one.last_name},
                   {"userIdIncludingInactive", one.user_id},
                   {"createdAt", "2024-03-04T09:00:00.000Z"},
                   {"updatedAt", "2025-11-03T12:00:00.000Z"},
                   {"archived", one.archived}};
  if (!one.archived) out["userId"] = one.user_id;
  return out;
}

std::string offset_text(std::chrono::minutes offset) {
  const auto minutes = offset.count() < 0 ? -offset.count() : offset.count();
  std::string out = offset.count() < 0 ? "-" : "+";
  out += static_cast<char>('0' + minutes / 600);
  out += static_cast<char>('0' + minutes / 60 % 10);
  out += ':';
  out += static_cast<char>('0' + minutes % 60 / 10);
  out += '0';
  return out;
}

}  // namespace

response handle_owners(portal& account, const call& from) {
  if (!from.is("GET") || from.size() > 1) return unknown_path();
  if (from.size() == 1) {
    const bool by_user = from.raw.parameter("idProperty") == "userId";
    for (const auto& one : account.owners)
      if (std::to_string(by_user ? one.user_id : one.id) == from.segment(0)) return ok(describe(one));
    return not_found(account);
  }
  const bool archived = from.raw.parameter("archived") == "true";
  const auto email = from.raw.parameter("email");
  json::array rows;
  for (const auto& one : account.owners)
    if (one.archived == archived && (!email || ascii_lower(*email) == one.email)) rows.push_back(describe(one));
  return ok({{"results", std::move(rows)}});
}

response handle_account_info(portal& account, const call& from) {
  if (!from.is("GET")) return method_not_allowed();
  if (from.segment(0) == "details" && from.size() == 1)
    return ok({{"portalId", account.id},
               {"accountType", "STANDARD"},
               {"timeZone", account.time_zone},
               {"companyCurrency", "USD"},
               {"additionalCurrencies", json::array()},
               {"utcOffset", offset_text(account.utc_offset)},
               {"utcOffsetMilliseconds", std::chrono::milliseconds(account.utc_offset).count()},
               {"uiDomain", "app.hubspot.com"},
               {"dataHostingLocation", "na1"}});
  if (from.segment(0) == "api-usage" && from.segment(1) == "daily" && from.size() <= 3) {
    auto& daily = account.quotas.at("daily");
    return ok({{"results", json::array{{{"name", "private-apps-api-calls-daily"},
                                        {"usageLimit", daily.enabled() ? daily.amount() : 250'000},
                                        {"currentUsage", daily.used_in_window(from.now)},
                                        {"collectedAt", to_rfc3339(from.now)},
                                        {"fetchStatus", "SUCCESS"},
                                        {"resetsAt", to_rfc3339(daily.resets_at(from.now))}}}}});
  }
  return unknown_path();
}

}  // namespace leadsync::simulator::hubspot
