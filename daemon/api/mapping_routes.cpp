#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/json_body.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

json::object mapping_view(const mapping_record& record) {
  const bool saved = record.revision > 0;
  return {{"revision", std::to_string(record.revision)},
          {"saved_at", saved ? to_view(record.saved_at) : json::value(nullptr)},
          {"saved_by", saved ? json::value(to_view(record.saved_by)) : json::value(nullptr)},
          {"mapping", parsed_or_null(record.json)}};
}

/// The newest mapping; before the first save the plugin's defaults, as revision 0.
awaitable<result<mapping_record>> current_mapping(api_context& api, std::string name) {
  const auto status = api.daemon.integration(name);
  if (!status) co_return status.error();
  auto stored = co_await api.data.load_mapping(status->id, 0);
  if (!stored) co_return stored.error();
  if (*stored) co_return std::move(**stored);
  const auto defaults = co_await api.daemon.default_mapping(name);
  if (!defaults) co_return defaults.error();
  mapping_record record;
  record.json = to_json(*defaults);
  co_return record;
}

api_response mapping_response(const mapping_record& record) {
  auto response = json_response(mapping_view(record));
  response.headers.emplace_back("ETag", etag_of(record.revision));
  return response;
}

/// A mapping, or what GET …/mapping answers with one inside.
result<mapping> mapping_in(const json::value& document) {
  const auto* object = document.if_object();
  const auto* inner = object ? object->if_contains("mapping") : nullptr;
  auto parsed = parse_mapping(json::serialize(inner ? *inner : document));
  if (!parsed && inner && parsed.error().context.starts_with('/'))
    return make_error(parsed.error().code, "/mapping" + parsed.error().context);
  return parsed;
}

awaitable<api_response> show_mapping(api_context& api, request_view request) {
  const auto record = co_await current_mapping(api, request.argument("name"));
  if (!record) co_return problem_response(record.error());
  if (!request->if_none_match.empty() && request->if_none_match == etag_of(record->revision)) {
    api_response unchanged;
    unchanged.status = 304;
    unchanged.headers.emplace_back("ETag", etag_of(record->revision));
    co_return unchanged;
  }
  co_return mapping_response(*record);
}

awaitable<api_response> save_mapping(api_context& api, request_view request) {
  const auto name = request.argument("name");
  const auto expected = matched_revision(request);
  if (!expected) co_return problem_response(expected.error());
  if (!*expected)
    co_return problem_response({428, "PRECONDITION_REQUIRED", "If-Match is missing",
                                "Send the ETag of the mapping that was changed as If-Match, so that nobody else's change is lost.", false,
                                "operator", ""});
  const auto body = parse_body(request);
  if (!body) co_return problem_response(body.error());
  auto fields = mapping_in(*body);
  if (!fields) co_return problem_response(fields.error());

  auto revision = **expected;
  if (revision == 0 && request->if_match == "*") {
    const auto status = api.daemon.integration(name);
    if (!status) co_return problem_response(status.error());
    revision = status->mapping_revision;
  }
  const auto saved = co_await api.daemon.save_mapping(name, std::move(*fields), revision, request->by);
  if (!saved && saved.error().code == errc::conflict)
    co_return problem_response({412, "CONFLICT", "Somebody else changed the mapping",
                                "Read the mapping again, make your change in it, and save that. (" + saved.error().context + ")", false,
                                "operator", ""});
  if (!saved) co_return problem_response(saved.error());
  const auto record = co_await current_mapping(api, name);
  if (!record) co_return problem_response(record.error());
  co_return mapping_response(*record);
}

awaitable<api_response> list_revisions(api_context& api, request_view request) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  const auto records = co_await api.data.mapping_revisions(status->id);
  if (!records) co_return problem_response(records.error());
  json::array revisions;
  for (const auto& record : *records) revisions.push_back(mapping_view(record));
  co_return json_response(json::object{{"revisions", std::move(revisions)}});
}

awaitable<api_response> show_defaults(api_context& api, request_view request) {
  const auto defaults = co_await api.daemon.default_mapping(request.argument("name"));
  if (!defaults) co_return problem_response(defaults.error());
  co_return json_response(json::object{{"mapping", parsed_or_null(to_json(*defaults))}});
}

struct preview_request {
  std::optional<mapping> fields;
  delivery_filter filter;
};

result<preview_request> parse_preview(const json::value& body, delivery_filter period) {
  member_reader members(body, "");
  members.only({"mapping", "category", "locus", "event"});
  preview_request parsed;
  parsed.filter = std::move(period);
  if (members.has("mapping")) {
    auto fields = mapping_in(body);
    if (!fields) return fields.error();
    parsed.fields = std::move(*fields);
  }
  if (auto group = parse_group(body, parsed.filter); !group) return group.error();
  if (auto event = members.text("event"); !event.empty()) parsed.filter.event = std::move(event);
  if (!members.ok()) return members.failure();
  return parsed;
}

json::object preview_view(const preview_report& report) {
  json::array moves;
  for (const auto& [what, count] : report.moves)
    moves.push_back(json::object{{"category", code_of(what)}, {"title", info_of(what).title}, {"count", count}});
  return {{"examined", report.examined},
          {"would_pass", report.would_pass},
          {"moves", std::move(moves)},
          {"stays", report.stays},
          {"cleared_examined", report.cleared_examined},
          {"cleared_changed", report.cleared_changed},
          {"text", report.text}};
}

/// Without a mapping in the body, what the saved one does.
awaitable<api_response> preview_mapping(api_context& api, request_view request) {
  const auto name = request.argument("name");
  const auto body = parse_body(request);
  if (!body) co_return problem_response(body.error());
  const auto period = parse_period(request);
  if (!period) co_return problem_response(period.error());
  auto wanted = parse_preview(*body, *period);
  if (!wanted) co_return problem_response(wanted.error());
  if (!wanted->fields) {
    const auto record = co_await current_mapping(api, name);
    if (!record) co_return problem_response(record.error());
    auto fields = parse_mapping(record->json);
    if (!fields) co_return problem_response(make_error(errc::corrupted, "the saved mapping: " + fields.error().context));
    wanted->fields = std::move(*fields);
  }
  const auto report = co_await api.daemon.preview(name, std::move(*wanted->fields), std::move(wanted->filter));
  if (!report) co_return problem_response(report.error());
  co_return json_response(preview_view(*report));
}

}  // namespace

void add_mapping_routes(router& routes) {
  routes.add(http_method::get, "/v1/integrations/{name}/mapping", show_mapping);
  routes.add(http_method::put, "/v1/integrations/{name}/mapping", save_mapping);
  routes.add(http_method::get, "/v1/integrations/{name}/mapping/revisions", list_revisions);
  routes.add(http_method::get, "/v1/integrations/{name}/mapping/defaults", show_defaults);
  routes.add(http_method::post, "/v1/integrations/{name}/mapping/preview", preview_mapping);
}

}  // namespace leadsync::api
