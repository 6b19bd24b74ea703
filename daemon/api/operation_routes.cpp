#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/router.h"
#include "api/routes.h"
#include "api/views.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <charconv>

namespace leadsync::api {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds longest_wait{60};

/// "30s", "500ms" or "30"; the wait is cut to a minute.
result<std::chrono::milliseconds> parse_wait(std::string_view text) {
  std::int64_t amount = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), amount);
  const auto unit = text.substr(std::size_t(end - text.data()));
  if (failure != std::errc() || amount < 0 || (unit != "" && unit != "s" && unit != "ms"))
    return make_error(errc::invalid_input, "the parameter wait must be a time such as 30s");
  const auto factor = unit == "ms" ? 1 : 1000;
  return std::chrono::milliseconds(std::min<std::int64_t>(amount, 3600000) * factor);
}

awaitable<api_response> show_operation(api_context& api, request_view request) {
  const auto id = request.id_argument("id");
  if (!id) co_return problem_response(id.error());
  const auto wait = request.query("wait");
  if (wait.empty()) {
    const auto operation = co_await api.data.find_operation(operation_id{*id});
    if (!operation) co_return problem_response(operation.error());
    co_return json_response(to_view(*operation, api.daemon.integrations()));
  }
  const auto longest = parse_wait(wait);
  if (!longest) co_return problem_response(longest.error());
  const auto limit = std::min<std::chrono::milliseconds>(*longest, longest_wait);
  const auto operation = co_await api.daemon.wait_for_operation(operation_id{*id}, limit);
  if (!operation) co_return problem_response(operation.error());
  co_return json_response(to_view(*operation, api.daemon.integrations()));
}

awaitable<api_response> cancel_operation(api_context& api, request_view request) {
  const auto id = request.id_argument("id");
  if (!id) co_return problem_response(id.error());
  const auto operation = co_await api.daemon.cancel_operation(operation_id{*id}, request->by);
  if (!operation) co_return problem_response(operation.error());
  co_return json_response(to_view(*operation, api.daemon.integrations()));
}

awaitable<api_response> list_audit(api_context& api, request_view request) {
  const auto limit = parse_limit(request, 100);
  if (!limit) co_return problem_response(limit.error());
  const auto cursor = request.query("cursor");
  const auto before = cursor.empty() ? std::optional<std::int64_t>(0) : parse_id(cursor);
  if (!before) co_return problem_response(make_error(errc::invalid_input, "the parameter cursor is not one that this list gave"));
  const auto records = co_await api.data.list_audit(*before, *limit);
  if (!records) co_return problem_response(records.error());
  json::array entries;
  for (const auto& record : *records) entries.push_back(to_view(record));
  json::object document{{"audit", std::move(entries)}, {"next_cursor", nullptr}};
  if (int(records->size()) == *limit) document["next_cursor"] = std::to_string(records->back().id);
  co_return json_response(document);
}

}  // namespace

void add_operation_routes(router& routes) {
  routes.add(http_method::get, "/v1/operations/{id}", show_operation);
  routes.add(http_method::delete_, "/v1/operations/{id}", cancel_operation);
  routes.add(http_method::get, "/v1/audit", list_audit);
}

}  // namespace leadsync::api
