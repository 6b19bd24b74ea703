#include "salesforce/sessions.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {

bool sessions::works(std::string_view token, instant now) const {
  const auto found = open_.find(token);
  return found != open_.end() && now < found->second;
}

std::string sessions::open(std::string_view org_id, instant now) {
  ++grants;
  auto token = random_text(std::string(org_id.substr(0, 15)) + "!", 88);
  open_[token] = now + lifetime;
  return token;
}

std::string sessions::rotate_refresh_token() { return refresh_token = random_text("5Aep861", 60); }

void sessions::expire_all(instant now) {
  for (auto& [token, until] : open_)
    if (until != instant::max()) until = std::min(until, now);
}

void sessions::revoke_all() {
  open_.clear();
  refresh_token.clear();
}

void sessions::revoke(std::string_view token) {
  if (const auto found = open_.find(token); found != open_.end()) open_.erase(found);
  if (token == refresh_token) refresh_token.clear();
}

std::string sessions::random_text(std::string prefix, std::size_t size) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
  for (std::size_t i = 0; i < size; ++i) prefix += letters[random_() % 64];
  return prefix;
}

}  // namespace leadsync::simulator::salesforce
