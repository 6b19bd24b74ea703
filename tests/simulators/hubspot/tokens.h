#pragma once

#include "base/instant.h"

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace leadsync::simulator::hubspot {

struct access_token {
  bool oauth = false;
  bool revoked = false;
  instant expires_at{};  ///< OAuth only
};

/// Private-app tokens, and the OAuth application with its refresh tokens.
class token_store {
 public:
  explicit token_store(std::uint64_t seed);

  std::string client_id = "simulator-client", client_secret = "simulator-secret";
  std::chrono::seconds lifetime{1800};
  bool rotate = false;                ///< each refresh answers with a new refresh token
  std::chrono::seconds grace{0};      ///< how long the one before it still works
  bool hub_gone = false;              ///< BAD_HUB
  std::set<std::string, std::less<>> scopes;

  void add_private(std::string token) { access_[std::move(token)] = {}; }
  /// Null where it was never issued.
  [[nodiscard]] const access_token* find(std::string_view token) const;
  [[nodiscard]] bool refresh_token_works(std::string_view token, instant now) const;

  struct grant {
    std::string access_token, refresh_token;
  };
  [[nodiscard]] grant refresh(const std::string& refresh_token, instant now);
  void expire_all(instant now);
  /// False where there is no such token. Takes access and refresh tokens.
  bool revoke(std::string_view token);
  void revoke_all();
  [[nodiscard]] std::size_t refresh_count() const { return refresh_count_; }
  /// The one that works without grace.
  [[nodiscard]] const std::string& current_refresh_token() const { return current_refresh_; }

 private:
  std::string random_text(std::string prefix, std::size_t size);

  std::mt19937_64 random_;
  std::map<std::string, access_token, std::less<>> access_;
  std::map<std::string, std::optional<instant>, std::less<>> refresh_;  ///< until when; none: no end
  std::string current_refresh_ = "simulator-refresh";
  std::size_t refresh_count_ = 0;
};

}  // namespace leadsync::simulator::hubspot
