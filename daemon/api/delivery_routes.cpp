#include "api/api_context.h"
#include "api/delivery_query.h"
#include "api/delivery_view.h"
#include "api/router.h"
#include "api/routes.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

constexpr int export_page = 500;
constexpr std::size_t attempts_with_exchanges = 20;  ///< bodies of older ones are not read: a log stays small

enum class export_format { csv, ndjson };

bool wanted(const delivery_query& query, const delivery_row& row, std::string_view hold) {
  return !query.only || condition_of(row, hold) == *query.only;
}

/// All pages of a list, one page in memory.
class delivery_export final : public byte_stream {
 public:
  delivery_export(store& data, integration_status status, delivery_query query, export_format format)
      : data_(data), status_(std::move(status)), query_(std::move(query)), format_(format) {}

  awaitable<result<std::string>> next() override {
    std::string piece;
    if (!header_sent_ && format_ == export_format::csv) piece = csv_header();
    header_sent_ = true;
    while (piece.empty() && !done_) {
      auto page = co_await next_page(data_, status_.id, query_, cursor_, export_page);
      if (!page) co_return page.error();
      cursor_ = std::move(page->next_cursor);
      done_ = cursor_.empty();
      for (const auto& row : page->rows) append(piece, row);
    }
    co_return piece;
  }

 private:
  void append(std::string& piece, const delivery_row& row) const {
    if (!wanted(query_, row, status_.hold)) return;
    if (format_ == export_format::csv) piece += csv_line(row, status_.hold);
    else piece += json::serialize(to_view(row, status_.hold)) + "\n";
  }

  store& data_;
  integration_status status_;
  delivery_query query_;
  export_format format_;
  std::string cursor_;
  bool header_sent_ = false;
  bool done_ = false;
};

api_response export_response(api_context& api, const integration_status& status, delivery_query query, export_format format) {
  api_response response;
  const bool csv = format == export_format::csv;
  response.content_type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
  response.headers.emplace_back("Content-Disposition", std::string("attachment; filename=\"deliveries.") + (csv ? "csv\"" : "ndjson\""));
  response.stream = std::make_shared<delivery_export>(api.data, status, std::move(query), format);
  return response;
}

awaitable<api_response> list_deliveries(api_context& api, request_view request) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  auto query = parse_delivery_query(request, status->hold, {"cursor", "limit"});
  if (!query) co_return problem_response(query.error());
  if (request.accepts("text/csv")) co_return export_response(api, *status, std::move(*query), export_format::csv);
  if (request.accepts("application/x-ndjson")) co_return export_response(api, *status, std::move(*query), export_format::ndjson);

  const auto limit = parse_limit(request, 100);
  if (!limit) co_return problem_response(limit.error());
  const auto page = co_await next_page(api.data, status->id, *query, request.query("cursor"), *limit);
  if (!page) co_return problem_response(page.error());
  json::array rows;
  for (const auto& row : page->rows)
    if (wanted(*query, row, status->hold)) rows.push_back(to_view(row, status->hold));
  json::object document{{"deliveries", std::move(rows)}};
  document["next_cursor"] = page->next_cursor.empty() ? json::value(nullptr) : json::value(page->next_cursor);
  co_return json_response(document);
}

awaitable<api_response> show_delivery(api_context& api, request_view request) {
  const auto status = api.daemon.integration(request.argument("name"));
  if (!status) co_return problem_response(status.error());
  const auto id = request.id_argument("lead");
  if (!id) co_return problem_response(id.error());
  const auto detail = co_await api.data.delivery(status->id, lead_id{*id});
  if (!detail) co_return problem_response(detail.error());
  std::vector<std::vector<exchange_record>> exchanges;
  for (const auto& attempt : detail->attempts) {
    if (exchanges.size() == attempts_with_exchanges) break;
    auto of_run = co_await api.data.exchanges(attempt.run);
    if (!of_run) co_return problem_response(of_run.error());
    exchanges.push_back(std::move(*of_run));
  }
  co_return json_response(to_log(*detail, exchanges, status->hold));
}

}  // namespace

void add_delivery_routes(router& routes) {
  routes.add(http_method::get, "/v1/integrations/{name}/deliveries", list_deliveries);
  routes.add(http_method::get, "/v1/integrations/{name}/deliveries/{lead}", show_delivery);
}

}  // namespace leadsync::api
