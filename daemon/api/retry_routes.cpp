#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/json_body.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/selection.h"
#include "api/views.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

const std::string from_the_start;  ///< a cursor; named, as g++ 12 may destroy a temporary of a co_await expression too early

struct planned_operation {
  operation_kind kind = operation_kind::retry;
  delivery_filter filter;
};

result<selection> selection_of(request_view request) {
  const auto body = parse_body(request);
  if (!body) return body.error();
  return parse_selection(*body, request);
}

/// One lead: what a person's "again" means depends on where its delivery is.
awaitable<result<planned_operation>> plan_for_lead(api_context& api, integration_id integration, delivery_filter filter) {
  const auto page = co_await api.data.deliveries(integration, filter, from_the_start, 1);
  if (!page) co_return page.error();
  const auto id = to_string(filter.leads.front());
  if (page->rows.empty()) co_return make_error(errc::not_found, "lead " + id + " is not owed to this integration");
  const auto& row = page->rows.front();
  if (row.syncing) co_return make_error(errc::conflict, "lead " + id + " is being sent right now; look at its log in a moment");
  planned_operation plan;
  plan.filter = std::move(filter);
  plan.filter.state = row.state;
  switch (row.state) {
    case delivery_state::failed: co_return plan;
    case delivery_state::waiting: plan.kind = operation_kind::release; co_return plan;
    case delivery_state::released: co_return plan;  // released once more: due now
    case delivery_state::cleared:
      co_return make_error(errc::conflict, "lead " + id + " is in the CRM already; edit it, and it is sent again");
    case delivery_state::dismissed: break;
  }
  co_return make_error(errc::conflict, "lead " + id + " is dismissed; take the dismissal back first (DELETE …/dismissals)");
}

awaitable<result<planned_operation>> plan_of(api_context& api, integration_status status, selection chosen) {
  if (chosen.what == selection::kind::lead) co_return co_await plan_for_lead(api, status.id, std::move(chosen.filter));
  planned_operation plan;
  plan.filter = std::move(chosen.filter);
  plan.filter.state = delivery_state::failed;
  if (chosen.what == selection::kind::failed) co_return plan;
  // Where something is held, only what a person released before is queued; where nothing is, what waits for its time is `waiting` too.
  if (chosen.what == selection::kind::queued && !status.hold.empty()) {
    plan.filter.state = delivery_state::released;
    co_return plan;
  }
  plan.kind = operation_kind::release;
  plan.filter.state = delivery_state::waiting;
  co_return plan;
}

/// A guess for the dialog: batches of 100, one call per phase that the newest attempt had.
awaitable<std::int64_t> estimated_calls(api_context& api, integration_id integration, delivery_filter filter, std::int64_t count) {
  if (count == 0) co_return 0;
  std::int64_t phases = 2;
  const auto page = co_await api.data.deliveries(integration, std::move(filter), from_the_start, 1);
  if (page && !page->rows.empty() && page->rows.front().attempts > 0) {
    const auto detail = co_await api.data.delivery(integration, page->rows.front().lead);
    if (detail && !detail->attempts.empty())
      if (const auto packed = parsed_or_null(detail->attempts.front().phases_json); packed.is_array() && !packed.get_array().empty())
        phases = std::int64_t(packed.get_array().size());
  }
  co_return (count + 99) / 100 * phases;
}

api_response accepted(api_context& api, const operation_record& started) {
  auto response = json_response(to_view(started, api.daemon.integrations()), 202);
  response.headers.emplace_back("Location", "/v1/operations/" + to_string(started.id));
  return response;
}

awaitable<api_response> start_retry(api_context& api, request_view request) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  auto chosen = selection_of(request);
  if (!chosen) co_return problem_response(chosen.error());
  const bool dry_run = chosen->dry_run;
  auto plan = co_await plan_of(api, *status, std::move(*chosen));
  if (!plan) co_return problem_response(plan.error());

  if (dry_run) {
    const auto count = co_await api.data.count(status->id, plan->filter);
    if (!count) co_return problem_response(count.error());
    const auto calls = co_await estimated_calls(api, status->id, std::move(plan->filter), *count);
    co_return json_response(json::object{{"count", *count}, {"estimated_calls", calls}});
  }
  const auto started = co_await api.daemon.start_operation(status->name, plan->kind, std::move(plan->filter), request->by);
  if (!started) co_return problem_response(started.error());
  co_return accepted(api, *started);
}

/// Leads that were there before the integration: owed to it from now on.
awaitable<api_response> start_backfill(api_context& api, request_view request) {
  const auto body = parse_body(request);
  if (!body) co_return problem_response(body.error());
  auto filter = parse_backfill(*body);
  if (!filter) co_return problem_response(filter.error());
  const auto started =
      co_await api.daemon.start_operation(request.argument("name"), operation_kind::backfill, std::move(*filter), request->by);
  if (!started) co_return problem_response(started.error());
  co_return accepted(api, *started);
}

enum class dismissal { dismiss, take_back };

awaitable<api_response> change_dismissals(api_context& api, request_view request, dismissal what) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  auto chosen = selection_of(request);
  if (!chosen) co_return problem_response(chosen.error());
  auto filter = std::move(chosen->filter);
  if (chosen->what == selection::kind::queued)
    co_return problem_response(make_error(errc::invalid_input, "/queued: what is queued goes out by itself; it cannot be dismissed"));
  filter.state = chosen->what == selection::kind::held ? delivery_state::waiting : delivery_state::failed;
  if (chosen->what == selection::kind::lead) filter.state.reset();
  if (what == dismissal::take_back) filter.state = delivery_state::dismissed;
  if (chosen->dry_run) {
    const auto count = co_await api.data.count(status->id, filter);
    if (!count) co_return problem_response(count.error());
    co_return json_response(json::object{{"count", *count}});
  }
  result<std::int64_t> changed = 0;
  if (what == dismissal::dismiss) changed = co_await api.data.dismiss(status->id, std::move(filter), chosen->note, request->by);
  else changed = co_await api.data.undismiss(status->id, std::move(filter), request->by);
  if (!changed) co_return problem_response(changed.error());
  co_return json_response(json::object{{"count", *changed}});
}

awaitable<api_response> dismiss(api_context& api, request_view request) {
  co_return co_await change_dismissals(api, request, dismissal::dismiss);
}

awaitable<api_response> undismiss(api_context& api, request_view request) {
  co_return co_await change_dismissals(api, request, dismissal::take_back);
}

}  // namespace

void add_retry_routes(router& routes) {
  routes.add(http_method::post, "/v1/integrations/{name}/retries", start_retry);
  routes.add(http_method::post, "/v1/integrations/{name}/backfill", start_backfill);
  routes.add(http_method::post, "/v1/integrations/{name}/dismissals", dismiss);
  routes.add(http_method::delete_, "/v1/integrations/{name}/dismissals", undismiss);
}

}  // namespace leadsync::api
