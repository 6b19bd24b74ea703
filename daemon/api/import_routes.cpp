#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"
#include "base/text.h"
#include "runtime/lead_import.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

json::object row_view(const rejected_row& row) {
  return {{"row", row.row}, {"reason", scrub_utf8(row.reason)}, {"raw", scrub_utf8(row.raw)}};
}

api_response intake_response(const import_report& report) {
  json::array leads, rejected;
  for (const auto& lead : report.first_leads) leads.push_back(json::string(to_string(lead.lead)));
  for (const auto& row : report.first_rejected) rejected.push_back(row_view(row));
  json::object document{{"import", nullptr},
                        {"added", report.added},
                        {"updated", report.updated},
                        {"unchanged", report.unchanged},
                        {"rejected", report.rejected},
                        {"leads", std::move(leads)},
                        {"rejected_rows", std::move(rejected)}};
  auto response = json_response(document, report.added > 0 ? 201 : 200);
  if (!report.import) return response;
  document["import"] = to_string(report.import);
  response.body = json::serialize(document);
  response.headers.emplace_back("Location", "/v1/imports/" + to_string(report.import));
  return response;
}

bool is_one_lead(request_view request) {
  const auto& type = request->content_type;
  if (request->stream || (!type.empty() && type != "application/json")) return false;
  const auto text = trim(request->body);
  return text.starts_with('{') && (type == "application/json" || text.find("}\n{") == text.npos);
}

awaitable<result<>> feed_all(lead_import& import, request_view request) {
  if (!request->stream) co_return co_await import.feed(request->body);
  for (;;) {
    auto piece = co_await request->stream->next();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return result<>();
    auto fed = co_await import.feed(std::move(*piece));
    if (!fed) co_return fed;
  }
}

awaitable<api_response> add_one(api_context& api, request_view request, import_request wanted) {
  const auto accepted = co_await add_one_lead(api.data, request->body, std::move(wanted));
  if (!accepted) co_return problem_response(accepted.error());
  api.daemon.leads_changed();
  import_report report;
  report.added = accepted->outcome == intake_outcome::added;
  report.updated = accepted->outcome == intake_outcome::updated;
  report.unchanged = accepted->outcome == intake_outcome::unchanged;
  report.first_leads.push_back(*accepted);
  co_return intake_response(report);
}

awaitable<api_response> abandoned(std::unique_ptr<lead_import> import, error why) {
  const auto report = co_await import->abandon(why.context);
  auto failure = std::move(why);
  failure.context += ". Import " + to_string(report.import) + " ended there; " +
                     std::to_string(report.added + report.updated + report.unchanged) +
                     " leads before it are kept, and sending all of it again doubles none of them.";
  co_return problem_response(failure);
}

awaitable<api_response> add_leads(api_context& api, request_view request) {
  import_request wanted;
  wanted.content_type = request->content_type == "application/x-www-form-urlencoded" ? "" : request->content_type;
  wanted.source = request.query("source");
  if (wanted.source.empty()) wanted.source = "api";
  wanted.event = request.query("event");
  wanted.time_zone = request.query("time_zone");
  wanted.by = request->by;
  if (!request->stream && trim(request->body).empty())
    co_return problem_response(make_error(errc::invalid_input, "the body is empty: send JSON, NDJSON or CSV"));
  if (is_one_lead(request)) co_return co_await add_one(api, request, std::move(wanted));

  commands* daemon = &api.daemon;
  std::function<void()> leads_added = [daemon] { daemon->leads_changed(); };
  auto import = co_await lead_import::begin(api.data, std::move(wanted), std::move(leads_added));
  if (!import) co_return problem_response(import.error());
  const auto fed = co_await feed_all(**import, request);
  if (!fed) {
    auto why = fed.error();
    co_return co_await abandoned(std::move(*import), std::move(why));
  }
  const auto report = co_await (*import)->finish();
  if (!report) {
    auto why = report.error();
    co_return co_await abandoned(std::move(*import), std::move(why));
  }
  co_return intake_response(*report);
}

awaitable<api_response> list_imports(api_context& api, request_view request) {
  const auto limit = parse_limit(request, 100);
  if (!limit) co_return problem_response(limit.error());
  const auto records = co_await api.data.list_imports(*limit);
  if (!records) co_return problem_response(records.error());
  json::array imports;
  for (const auto& record : *records) imports.push_back(to_view(record));
  co_return json_response(json::object{{"imports", std::move(imports)}});
}

awaitable<api_response> show_import(api_context& api, request_view request) {
  const auto id = request.id_argument("id");
  if (!id) co_return problem_response(id.error());
  const auto limit = parse_limit(request, 100);
  if (!limit) co_return problem_response(limit.error());
  const auto cursor = request.query("cursor");
  const auto after = cursor.empty() ? std::optional<std::int64_t>(0) : parse_id(cursor);
  if (!after) co_return problem_response(make_error(errc::invalid_input, "the parameter cursor is not one that this list gave"));
  const auto record = co_await api.data.find_import(import_id{*id});
  if (!record) co_return problem_response(record.error());
  const auto rows = co_await api.data.rejected_rows(import_id{*id}, *after, *limit);
  if (!rows) co_return problem_response(rows.error());
  auto view = to_view(*record);
  json::array rejected;
  for (const auto& row : *rows) rejected.push_back(row_view(row));
  view["rejected_rows"] = std::move(rejected);
  view["next_cursor"] = int(rows->size()) == *limit ? json::value(std::to_string(rows->back().row)) : json::value(nullptr);
  co_return json_response(view);
}

}  // namespace

void add_import_routes(router& routes) {
  routes.add(http_method::post, "/v1/leads", add_leads, body_mode::streamed);
  routes.add(http_method::get, "/v1/imports", list_imports);
  routes.add(http_method::get, "/v1/imports/{id}", show_import);
}

}  // namespace leadsync::api
