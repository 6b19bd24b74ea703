#pragma once

#include "base/error.h"
#include "base/secret.h"
#include "transport/exchange.h"

#include <map>
#include <string>
#include <string_view>

namespace leadsync {

using secret_map = std::map<std::string, secret>;

/// Each {{secret:NAME}} by its value and each {{jwt:KEY:CLAIMS}} by a signed token (sdk/protocol.md), percent-encoded for a form. An unknown name is an
/// error.
[[nodiscard]] result<std::string> fill(std::string_view text, const secret_map& secrets, bool form_encoded = false);
/// Headers and body of a request as they leave. Refused: headers that are the transport's own, line breaks, unknown secrets.
[[nodiscard]] result<> fill(header_list& headers, std::string& body, const secret_map& secrets);

/// Each occurrence of a known value by its placeholder: a CRM that echoes a token must not get it into the store.
void scrub(std::string& text, const secret_map& secrets);

[[nodiscard]] std::string placeholder(std::string_view name);

}  // namespace leadsync
