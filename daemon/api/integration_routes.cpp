#include "api/api_context.h"
#include "api/json_body.h"
#include "api/reconciliation_view.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

awaitable<result<json::object>> integration_view(api_context& api, integration_status status) {
  const delivery_filter everything;
  const auto summary = co_await api.data.summary(status.id, everything);
  if (!summary) co_return summary.error();
  auto view = to_view(status);
  view["counts"] = to_view(totals_of(*summary, status.hold));
  co_return view;
}

awaitable<api_response> list_integrations(api_context& api, request_view) {
  json::array integrations;
  const auto all_integrations = api.daemon.integrations();
  for (const auto& status : all_integrations) {
    auto view = co_await integration_view(api, status);
    if (!view) co_return problem_response(view.error());
    integrations.push_back(std::move(*view));
  }
  co_return json_response(json::object{{"integrations", std::move(integrations)}});
}

awaitable<api_response> show_integration(api_context& api, request_view request) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  const auto view = co_await integration_view(api, *status);
  if (!view) co_return problem_response(view.error());
  co_return json_response(*view);
}

awaitable<api_response> change_integration(api_context& api, request_view request) {
  const auto body = parse_body(request);
  if (!body) co_return problem_response(body.error());
  member_reader members(*body, "");
  members.only({"sync_mode"});
  const auto mode = parse_sync_mode(members.required_text("sync_mode"));
  if (!mode) members.refuse("sync_mode", "must be automatic, manual or disabled");
  if (!members.ok()) co_return problem_response(members.failure());
  const auto changed = co_await api.daemon.set_sync_mode(request.argument("name"), *mode, request->by);
  if (!changed) co_return problem_response(changed.error());
  co_return co_await show_integration(api, request);
}

awaitable<api_response> check_integration(api_context& api, request_view request) {
  const auto report = co_await api.daemon.check(request.argument("name"));
  if (!report) co_return problem_response(report.error());
  co_return json_response(to_view(*report));
}

awaitable<api_response> reconnect_integration(api_context& api, request_view request) {
  const auto connected = co_await api.daemon.reconnect(request.argument("name"), request->by);
  if (!connected) co_return problem_response(connected.error());
  co_return co_await show_integration(api, request);
}

awaitable<api_response> provision_integration(api_context& api, request_view request) {
  const auto made = co_await api.daemon.provision(request.argument("name"), request->by);
  if (!made) co_return problem_response(made.error());
  json::array created;
  for (const auto& name : *made) created.push_back(json::string(name));
  co_return json_response(json::object{{"created", std::move(created)}});
}

api_response schema_response(const remote_schema& schema, const std::optional<instant>& fetched_at) {
  api_response response;
  const auto text = to_json(schema);
  response.body = "{\"fetched_at\":" + (fetched_at ? "\"" + to_rfc3339(*fetched_at) + "\"" : std::string("null")) + "," + text.substr(1);
  return response;
}

std::optional<instant> fetched_at(api_context& api, const std::string& name) {
  const auto status = api.daemon.integration(name);
  if (!status) return std::nullopt;
  return status->schema_fetched_at;
}

awaitable<api_response> show_schema(api_context& api, request_view request) {
  const auto name = request.argument("name");
  const auto schema = co_await api.daemon.schema(name);
  if (!schema) co_return problem_response(schema.error());
  co_return schema_response(*schema, fetched_at(api, name));
}

awaitable<api_response> refresh_schema(api_context& api, request_view request) {
  const auto name = request.argument("name");
  const auto schema = co_await api.daemon.refresh_schema(name);
  if (!schema) co_return problem_response(schema.error());
  co_return schema_response(*schema, fetched_at(api, name));
}

}  // namespace

void add_integration_routes(router& routes) {
  routes.add(http_method::get, "/v1/integrations", list_integrations);
  routes.add(http_method::get, "/v1/integrations/{name}", show_integration);
  routes.add(http_method::patch, "/v1/integrations/{name}", change_integration);
  routes.add(http_method::post, "/v1/integrations/{name}/check", check_integration);
  routes.add(http_method::post, "/v1/integrations/{name}/reconnect", reconnect_integration);
  routes.add(http_method::post, "/v1/integrations/{name}/provision", provision_integration);
  routes.add(http_method::get, "/v1/integrations/{name}/schema", show_schema);
  routes.add(http_method::post, "/v1/integrations/{name}/schema/refresh", refresh_schema);
}

}  // namespace leadsync::api
