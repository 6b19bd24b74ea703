#pragma once

#include "base/instant.h"

#include <map>
#include <random>
#include <string>
#include <string_view>

namespace leadsync::simulator::salesforce {

/// The connected app with its secrets, and the sessions that it obtained.
class sessions {
 public:
  explicit sessions(std::uint64_t seed) : random_(seed ^ 0x73657373ULL) {}

  std::string client_id = "simulator-client", client_secret = "simulator-secret", refresh_token = "simulator-refresh";
  std::string username = "integration@acme.example";
  std::string public_key;        ///< PEM of the app's certificate, for signed tokens; empty: it has none
  std::chrono::seconds lifetime{7200};
  bool rotate = false;           ///< each refresh answers with a new refresh token, and the one before it ends
  bool has_run_as_user = true;   ///< client credentials need one
  std::size_t grants = 0;

  [[nodiscard]] bool works(std::string_view token, instant now) const;
  [[nodiscard]] std::string open(std::string_view org_id, instant now);
  [[nodiscard]] std::string rotate_refresh_token();
  void add_static(std::string token) { open_[std::move(token)] = instant::max(); }
  void expire_all(instant now);  ///< static ones stay
  void revoke_all();
  void revoke(std::string_view token);

 private:
  std::string random_text(std::string prefix, std::size_t size);

  std::mt19937_64 random_;
  std::map<std::string, instant, std::less<>> open_;  ///< until when
};

}  // namespace leadsync::simulator::salesforce
