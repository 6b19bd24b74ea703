#pragma once

#include "base/instant.h"

#include <deque>
#include <random>
#include <set>
#include <string>
#include <string_view>

namespace leadsync::simulator::zoho {

/// The OAuth application of one data centre: an hour per access token, fifteen alive at once, ten new ones in ten minutes.
class token_store {
 public:
  explicit token_store(std::uint64_t seed);

  std::string client_id = "simulator-client", client_secret = "simulator-secret", refresh_token = "simulator-refresh";
  std::chrono::seconds lifetime{3600};
  std::size_t refresh_limit = 10;  ///< per ten minutes; 0 switches it off
  std::set<std::string, std::less<>> scopes;

  void add_static(std::string token) { static_.insert(std::move(token)); }
  [[nodiscard]] bool works(std::string_view access_token, instant now) const;
  /// False where there were too many in ten minutes.
  [[nodiscard]] bool may_refresh(instant now);
  [[nodiscard]] std::string issue(instant now);
  void expire_all() { live_.clear(); }
  void revoke_all();
  [[nodiscard]] std::size_t refresh_count() const { return refresh_count_; }

 private:
  struct access_token {
    std::string text;
    instant expires_at;
  };
  std::mt19937_64 random_;
  std::set<std::string, std::less<>> static_;
  std::deque<access_token> live_;
  std::deque<instant> refreshed_at_;
  std::size_t refresh_count_ = 0;
};

}  // namespace leadsync::simulator::zoho
