#pragma once

#include "api/http_request.h"
#include "base/error.h"

#include <boost/json/value.hpp>

namespace leadsync::api {

/// The request's body as JSON; an empty body is an empty object. The error says what was sent instead.
[[nodiscard]] result<boost::json::value> parse_body(request_view request);

/// The revision that If-Match names: nothing where there is no If-Match, 0 for "*". errc::invalid_input for what is no revision.
[[nodiscard]] result<std::optional<std::int64_t>> matched_revision(request_view request);
[[nodiscard]] std::string etag_of(std::int64_t revision);

}  // namespace leadsync::api
