#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/reconciliation_view.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"

#include <boost/json/array.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

awaitable<api_response> show_reconciliation(api_context& api, request_view request) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  const auto filter = parse_period(request);
  if (!filter) co_return problem_response(filter.error());

  reconciliation_counts counts;
  auto summary = co_await api.data.summary(status->id, *filter);
  if (!summary) co_return problem_response(summary.error());
  counts.summary = std::move(*summary);
  auto groups = co_await api.data.groups(status->id, *filter);
  if (!groups) co_return problem_response(groups.error());
  counts.groups = std::move(*groups);
  auto days = co_await api.data.failures_by_day(status->id);
  if (!days) co_return problem_response(days.error());
  counts.days = std::move(*days);

  auto view = to_view(counts, status->hold);
  view["integration"] = status->name;
  view["event"] = text_or_null(filter->event);
  view["since"] = to_view(filter->since);
  view["until"] = to_view(filter->until);
  view["at"] = to_view(now());
  co_return json_response(view);
}

json::object fix_view(const fix_report& report) {
  json::array items;
  for (const auto& item : report.items) {
    json::array suggestions;
    for (const auto& suggestion : item.suggestions)
      suggestions.push_back(json::object{{"value", suggestion.value}, {"label", suggestion.label}, {"reason", suggestion.reason}});
    items.push_back(json::object{{"locus", to_view(item.where)},
                                 {"text", text_of(item.where)},
                                 {"count", item.count},
                                 {"suggestions", std::move(suggestions)}});
  }
  json::array options;
  for (const auto& option : report.options)
    options.push_back(json::object{{"value", option.value}, {"label", option.label}, {"active", option.active}});
  json::array fields;
  for (const auto& field : report.remote_fields) fields.push_back(json::string(field));
  return {{"category", category_or_null(report.what)},
          {"title", report.title},
          {"items", std::move(items)},
          {"options", std::move(options)},
          {"remote_fields", std::move(fields)}};
}

awaitable<api_response> show_fixes(api_context& api, request_view request) {
  const auto what = parse_category_code(request.query("category"));
  if (!what) co_return problem_response(what.error());
  const auto where = parse_locus(request);
  const auto report = co_await api.daemon.fixes(request.argument("name"), *what, where);
  if (!report) co_return problem_response(report.error());
  co_return json_response(fix_view(*report));
}

}  // namespace

void add_reconciliation_routes(router& routes) {
  routes.add(http_method::get, "/v1/integrations/{name}/reconciliation", show_reconciliation);
  routes.add(http_method::get, "/v1/integrations/{name}/fixes", show_fixes);
}

}  // namespace leadsync::api
