#include "pipedrive/tokens.h"

#include <algorithm>

namespace leadsync::simulator::pipedrive {

const access_token* token_store::find(std::string_view token) const {
  const auto found = access_.find(token);
  return found == access_.end() ? nullptr : &found->second;
}

std::string token_store::refresh(instant now) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string made = "v1u:AQIB";
  for (int i = 0; i < 72; ++i) made += letters[random_() % 62];
  access_[made] = {true, false, now + lifetime};
  ++refreshes;
  return made;
}

void token_store::expire_all(instant now) {
  for (auto& [text, token] : access_)
    if (token.oauth) token.expires_at = std::min(token.expires_at, now);
}

void token_store::revoke_all() {
  for (auto& [text, token] : access_) token.revoked = true;
  refresh_revoked = true;
}

bool token_store::revoke(std::string_view token) {
  if (token == refresh_token) refresh_revoked = true;
  const auto found = access_.find(token);
  if (found != access_.end()) found->second.revoked = true;
  return token == refresh_token || found != access_.end();
}

}  // namespace leadsync::simulator::pipedrive
