#pragma once

#include <string_view>

namespace leadsync::api {

/// openapi.yaml as JSON, made at build time.
extern const std::string_view openapi_json;

}  // namespace leadsync::api
