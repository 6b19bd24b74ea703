#pragma once

#include "api/api_response.h"
#include "api/http_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace leadsync::api {

struct api_context;

/// A coroutine function. The context lives as long as the server.
using route_handler = awaitable<api_response> (*)(api_context& context, request_view request);

/// Patterns such as "/v1/integrations/{name}/mapping", and who answers them.
class router {
 public:
  struct route {
    http_method method;
    std::vector<std::string> segments;  ///< "{name}" takes any one segment
    route_handler handler;
    body_mode body;
  };

  void add(http_method method, std::string_view pattern, route_handler handler, body_mode body = body_mode::buffered);

  struct match {
    const route* found = nullptr;
    std::string allowed;  ///< methods of the path, where only the method is wrong
  };

  /// Fills the request's arguments where a route is found.
  [[nodiscard]] match find(http_request& request) const;
  [[nodiscard]] const std::vector<route>& routes() const { return routes_; }

 private:
  std::vector<route> routes_;
};

}  // namespace leadsync::api
