#include "hubspot/tokens.h"

namespace leadsync::simulator::hubspot {

token_store::token_store(std::uint64_t seed) : random_(seed ^ 0x746f6b656eULL) {
  for (const auto* object : {"contacts", "companies", "leads"})
    for (const auto* right : {"read", "write"}) scopes.insert(std::string("crm.objects.") + object + "." + right);
  for (const auto* object : {"contacts", "companies"})
    for (const auto* right : {"read", "write"}) scopes.insert(std::string("crm.schemas.") + object + "." + right);
  scopes.insert({"crm.lists.read", "crm.lists.write", "crm.objects.owners.read", "oauth"});
  refresh_[current_refresh_] = std::nullopt;
}

const access_token* token_store::find(std::string_view token) const {
  const auto found = access_.find(token);
  return found == access_.end() ? nullptr : &found->second;
}

bool token_store::refresh_token_works(std::string_view token, instant now) const {
  const auto found = refresh_.find(token);
  return found != refresh_.end() && (!found->second || now < *found->second);
}

token_store::grant token_store::refresh(const std::string& refresh_token, instant now) {
  ++refresh_count_;
  grant out{random_text("CJSP5qf1", 64), refresh_token};
  access_[out.access_token] = {true, false, now + lifetime};
  if (rotate) {
    if (refresh_token == current_refresh_) {
      refresh_[refresh_token] = now + grace;
      current_refresh_ = random_text("na1-", 36);
      refresh_[current_refresh_] = std::nullopt;
    }
    out.refresh_token = current_refresh_;
  }
  return out;
}

void token_store::expire_all(instant now) {
  for (auto& [text, token] : access_)
    if (token.oauth) token.expires_at = std::min(token.expires_at, now);
}

bool token_store::revoke(std::string_view token) {
  if (const auto found = refresh_.find(token); found != refresh_.end()) {
    refresh_.erase(found);
    return true;
  }
  const auto found = access_.find(token);
  if (found == access_.end()) return false;
  found->second.revoked = true;
  return true;
}

void token_store::revoke_all() {
  for (auto& [text, token] : access_) token.revoked = true;
  refresh_.clear();
}

std::string token_store::random_text(std::string prefix, std::size_t size) {
  static constexpr char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  for (std::size_t i = 0; i < size; ++i) prefix += letters[random_() % 36];
  return prefix;
}

}  // namespace leadsync::simulator::hubspot
