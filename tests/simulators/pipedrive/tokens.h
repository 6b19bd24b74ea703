#pragma once

#include "base/instant.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace leadsync::simulator::pipedrive {

struct access_token {
  bool oauth = false;
  bool revoked = false;
  instant expires_at{};  ///< OAuth only
};

/// API tokens, and the OAuth app with its one refresh token, which each refresh gives back.
class token_store {
 public:
  explicit token_store(std::uint64_t seed) : random_(seed ^ 0x70697065ULL) {}

  std::string client_id = "simulator-client", client_secret = "simulator-secret", refresh_token = "simulator-refresh";
  std::chrono::seconds lifetime{3599};
  bool refresh_revoked = false;
  std::set<std::string, std::less<>> scopes{"base", "leads:full", "contacts:full", "deals:full", "search:read", "contact-fields:full", "users:read"};
  std::size_t refreshes = 0;

  void add_api_token(std::string token) { access_[std::move(token)] = {}; }
  [[nodiscard]] const access_token* find(std::string_view token) const;
  [[nodiscard]] std::string refresh(instant now);
  void expire_all(instant now);
  void revoke_all();
  bool revoke(std::string_view token);

 private:
  std::mt19937_64 random_;
  std::map<std::string, access_token, std::less<>> access_;
};

}  // namespace leadsync::simulator::pipedrive
