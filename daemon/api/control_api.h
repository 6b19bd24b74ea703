#pragma once

#include "api/api_context.h"
#include "api/http_server.h"
#include "api/router.h"

#include <set>
#include <string>

namespace leadsync::api {

/// Finds the handler of a request, and answers what is nobody's: unknown paths, wrong methods, repeated idempotency keys.
/// On the daemon's executor only.
class control_api final : public request_handler {
 public:
  control_api(store& data, commands& daemon, std::string version);

  [[nodiscard]] body_mode body_of(http_request& head) const override;
  awaitable<api_response> answer(http_request& request) override;
  [[nodiscard]] const router& routes() const { return router_; }

 private:
  awaitable<api_response> answer_once(const router::route& route, http_request& request);

  api_context context_;
  router router_;
  std::set<std::string> keys_in_flight_;
};

}  // namespace leadsync::api
