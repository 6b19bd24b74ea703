#pragma once

#include "transport/placeholders.h"

#include <chrono>
#include <optional>
#include <vector>

namespace leadsync {

/// What a token endpoint's JSON answer holds of the named members.
struct token_answer {
  std::map<std::string, std::string> values;
  std::optional<std::chrono::seconds> expires_in;
  std::string body;  ///< the same with placeholders
};

/// Members are taken at the top; deeper ones of the same name are replaced too.
[[nodiscard]] token_answer take_tokens(const std::string& body, const std::vector<std::string>& members);

}  // namespace leadsync
