#pragma once

#include "base/instant.h"
#include "base/secret.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leadsync {

using header_list = std::vector<std::pair<std::string, std::string>>;

enum class request_effect { read, keyed_write, blind_write };
enum class transport_result { ok, not_sent, sent_no_answer, truncated, too_large, refused_host };

[[nodiscard]] std::string_view to_text(transport_result outcome);

struct limit_cost {
  std::string limit;
  std::uint32_t amount = 1;
};

/// A request as a plugin states it: secrets are placeholders, the URL may be relative to the API base.
struct outgoing_request {
  std::string method;
  std::string url;
  header_list headers;
  std::string body;
  request_effect effect = request_effect::read;
  std::vector<limit_cost> costs;                   ///< none: the defaults
  std::chrono::milliseconds deadline{0};           ///< 0: the account's
  std::size_t max_response_bytes = 0;              ///< 0: the account's
};

/// One try, as it may be stored and shown: no authorization, secrets still placeholders.
struct exchange {
  std::string method;
  std::string url;  ///< absolute
  header_list request_headers;
  std::string request_body;
  transport_result outcome = transport_result::ok;
  std::string transport_error;  ///< one line
  int status = 0;
  header_list response_headers;  ///< names in lower case
  std::string response_body;     ///< token members replaced by placeholders
  std::optional<instant> sent_at;
  std::optional<instant> received_at;
};

/// Why there is no usable token.
struct token_failure {
  bool confirmed = false;  ///< the token endpoint refused, or a fresh token was answered by 401: a person must reconnect
  std::string message;
};

/// What became of a request, after the transport's own re-sends (401 once with a newer token, 429, not sent).
struct sent_request {
  std::vector<exchange> exchanges;  ///< in order; the last is the answer. Empty where nothing could be tried
  std::optional<token_failure> token;
  std::optional<instant> not_before;  ///< a limit admits it only then, later than this transport waits: nothing was sent
  std::string limit;                  ///< which one
};

}  // namespace leadsync
