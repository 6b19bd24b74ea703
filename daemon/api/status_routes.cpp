#include "api/api_context.h"
#include "api/metrics.h"
#include "api/openapi.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"

#include <boost/json/array.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

awaitable<api_response> show_root(api_context& api, request_view) {
  const json::object document{{"name", "leadsyncd"},
                              {"version", api.version},
                              {"api_versions", json::array{"v1"}},
                              {"features", json::array{"export", "idempotency", "preview"}},
                              {"started_at", to_view(api.started_at)}};
  co_return json_response(document);
}

awaitable<api_response> show_live(api_context&, request_view) { co_return json_response(json::object{{"status", "live"}}); }

/// Ready to take leads: the store answers. An integration that cannot send does not make the daemon unready, but is named.
awaitable<api_response> show_ready(api_context& api, request_view) {
  const auto answers = co_await api.data.list_imports(1);
  if (!answers) co_return problem_response(make_error(errc::unavailable, "the store does not answer: " + answers.error().context));
  json::array integrations;
  for (const auto& status : api.daemon.integrations())
    integrations.push_back(
        json::object{{"name", status.name}, {"hold", text_or_null(status.hold)}, {"problem", text_or_null(status.problem)}});
  co_return json_response(json::object{{"status", "ready"}, {"integrations", std::move(integrations)}});
}

awaitable<api_response> show_metrics(api_context& api, request_view) {
  std::vector<integration_metrics> all;
  const delivery_filter everything;
  const auto all_integrations = api.daemon.integrations();
  for (const auto& status : all_integrations) {
    auto summary = co_await api.data.summary(status.id, everything);
    if (!summary) co_return problem_response(summary.error());
    all.push_back({status.name, status.hold, std::move(*summary)});
  }
  api_response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_text(all, api.version, now());
  co_return response;
}

awaitable<api_response> show_openapi(api_context&, request_view) {
  api_response response;
  response.body = openapi_json;
  co_return response;
}

awaitable<api_response> list_plugins(api_context& api, request_view) {
  json::array plugins;
  for (const auto& plugin : api.daemon.plugins()) plugins.push_back(to_view(plugin));
  co_return json_response(json::object{{"plugins", std::move(plugins)}});
}

awaitable<api_response> list_categories(api_context&, request_view) {
  json::array categories;
  for (const auto& info : all_categories()) categories.push_back(to_view(info));
  co_return json_response(json::object{{"categories", std::move(categories)}});
}

}  // namespace

void add_status_routes(router& routes) {
  routes.add(http_method::get, "/", show_root);
  routes.add(http_method::get, "/v1", show_root);
  routes.add(http_method::get, "/v1/health/live", show_live);
  routes.add(http_method::get, "/v1/health/ready", show_ready);
  routes.add(http_method::get, "/metrics", show_metrics);
  routes.add(http_method::get, "/v1/openapi.json", show_openapi);
  routes.add(http_method::get, "/v1/plugins", list_plugins);
  routes.add(http_method::get, "/v1/categories", list_categories);
}

}  // namespace leadsync::api
