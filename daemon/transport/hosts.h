#pragma once

#include "base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// Where requests may go: the hosts of a manifest, and the host of the operator's base url.
///
/// A URL is taken as RFC 3986 says, or refused: what two parsers could read differently (backslashes, blanks, a user before the host)
/// never leaves.
class host_policy {
 public:
  /// Patterns are "api.acme.test", "*.acme.test" or either with ":port". Without one the scheme's own port is meant, and the base's.
  host_policy(std::string api_base, std::vector<std::string> patterns);

  /// The absolute URL to use, or why it is refused.
  [[nodiscard]] result<std::string> resolve(std::string_view url) const;
  [[nodiscard]] const std::string& api_base() const { return api_base_; }
  /// A base out of a token answer: must itself be admitted. Without trailing slash afterwards.
  [[nodiscard]] result<> change_base(std::string_view url);

 private:
  struct target {
    std::string scheme, host;
    std::uint16_t port = 0;
  };
  [[nodiscard]] static result<target> parse(std::string_view url);
  [[nodiscard]] result<> check(std::string_view url) const;
  [[nodiscard]] bool admits(const target& to) const;

  std::string api_base_;
  std::vector<target> bases_;  ///< the operator's first
  std::vector<std::string> patterns_;
};

[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace leadsync
