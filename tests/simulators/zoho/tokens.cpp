#include "zoho/tokens.h"

#include <algorithm>

namespace leadsync::simulator::zoho {

token_store::token_store(std::uint64_t seed)
    : scopes{"ZohoCRM.modules.ALL", "ZohoCRM.settings.ALL", "ZohoCRM.org.READ", "ZohoCRM.users.READ", "ZohoCRM.coql.READ"}, random_(seed ^ 0x7a6f686fULL) {}

bool token_store::works(std::string_view access_token, instant now) const {
  if (static_.contains(access_token)) return true;
  return std::any_of(live_.begin(), live_.end(), [&](const auto& one) { return one.text == access_token && now < one.expires_at; });
}

bool token_store::may_refresh(instant now) {
  while (!refreshed_at_.empty() && refreshed_at_.front() + std::chrono::minutes(10) <= now) refreshed_at_.pop_front();
  return refresh_limit == 0 || refreshed_at_.size() < refresh_limit;
}

std::string token_store::issue(instant now) {
  static constexpr char letters[] = "0123456789abcdef";
  std::string text = "1000.";
  for (int i = 0; i < 65; ++i) text += i == 32 ? '.' : letters[random_() % 16];
  ++refresh_count_;
  refreshed_at_.push_back(now);
  live_.push_back({text, now + lifetime});
  if (live_.size() > 15) live_.pop_front();
  return text;
}

void token_store::revoke_all() {
  live_.clear();
  static_.clear();
  refresh_token.clear();
}

}  // namespace leadsync::simulator::zoho
