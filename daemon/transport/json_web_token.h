#pragma once

#include "base/error.h"
#include "base/instant.h"
#include "base/secret.h"

#include <string>
#include <string_view>

namespace leadsync {

/// A JSON Web Token (RFC 7519) of these claims, an object, signed by RS256 with a PEM private key. `iat` and `exp` (three minutes later) are added
/// where they are absent. Errors never hold the key.
[[nodiscard]] result<std::string> sign_token(std::string_view claims_json, const secret& private_key, instant now);

/// RFC 4648, section 5; padding may be absent.
[[nodiscard]] result<std::string> decode_base64url(std::string_view text);

}  // namespace leadsync
