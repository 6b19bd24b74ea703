#pragma once

#include "api/http_request.h"
#include "base/error.h"

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace leadsync::api {

struct api_response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::shared_ptr<byte_stream> stream;  ///< instead of a body: sent in chunks
};

[[nodiscard]] api_response json_response(const boost::json::value& document, int status = 200);

/// What an error says beside its status (RFC 9457).
struct problem_text {
  int status = 500;
  std::string code;    ///< "NOT_FOUND"
  std::string title;
  std::string detail;  ///< what to do, where anything can be done
  bool retryable = false;
  std::string actor = "operator";  ///< "operator", "crm_admin", "nobody"
  std::string pointer;             ///< JSON pointer to the member at fault; empty where none is
};

[[nodiscard]] api_response problem_response(const problem_text& problem);
/// An operational failure as the caller should see it. A leading JSON pointer in its context becomes `errors[].pointer`.
[[nodiscard]] api_response problem_response(const error& failure);

}  // namespace leadsync::api
