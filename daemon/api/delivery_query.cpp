#include "api/delivery_query.h"

#include "base/text.h"
#include "model/json_text.h"

#include <algorithm>
#include <charconv>

namespace leadsync::api {
namespace {

constexpr std::string_view state_names = "pre_sync, held, queued, syncing, failed, cleared, dismissed";

error refused(std::string_view parameter, const std::string& why) {
  return make_error(errc::invalid_input, "the parameter " + std::string(parameter) + " " + why);
}

result<> parse_time(request_view request, std::string_view name, std::optional<instant>& out) {
  const auto text = request.query(name);
  if (text.empty()) return {};
  // "2026-11-25" is the beginning of that day.
  const auto at = parse_rfc3339(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!at) return with_context(at.error(), "the parameter " + std::string(name));
  out = *at;
  return {};
}

}  // namespace

std::string_view to_text(condition what) {
  switch (what) {
    case condition::held: return "held";
    case condition::queued: return "queued";
    case condition::syncing: break;
  }
  return "syncing";
}

bool holds_released(std::string_view hold) {
  return !hold.empty() && hold != "manual" && hold != "quiet hours" && hold != "schedule";
}

condition condition_of(const delivery_row& row, std::string_view hold) {
  if (row.syncing) return condition::syncing;
  const bool held = row.state == delivery_state::released ? holds_released(hold) : !hold.empty();
  return held ? condition::held : condition::queued;
}

result<delivery_query> query_for_state(std::string_view state, std::string_view hold) {
  using enum delivery_state;
  delivery_query query;
  if (state.empty()) {
    query.states = {std::nullopt};
    return query;
  }
  if (const auto stored = parse_delivery_state(state); stored && *stored != waiting && *stored != released) {
    query.states = {*stored};
    return query;
  }
  query.states = {released, waiting};
  if (state == "pre_sync") return query;
  if (state == "syncing") {
    query.only = condition::syncing;
  } else if (state == "held") {
    query.only = condition::held;
    if (!holds_released(hold)) query.states = {waiting};
  } else if (state == "queued") {
    query.only = condition::queued;
    if (!hold.empty()) query.states = {released};
  } else {
    return refused("state", "must be one of " + std::string(state_names));
  }
  return query;
}

result<category> parse_category_code(std::string_view code) {
  if (const auto known = parse_category(code); known && *known != category::none) return *known;
  return make_error(errc::invalid_input, "there is no category \"" + std::string(code) + "\"; GET /v1/categories lists them");
}

std::optional<locus> parse_locus(request_view request) {
  const bool given = request.has_query("object") || request.has_query("remote_field") || request.has_query("lead_field") ||
                     request.has_query("value");
  if (!given) return std::nullopt;
  return locus{request.query("object"), request.query("remote_field"), request.query("lead_field"), request.query("value")};
}

result<locus> parse_locus(const boost::json::value& document, std::string pointer) {
  member_reader members(document, std::move(pointer));
  members.only({"object", "remote_field", "lead_field", "value"});
  locus where{members.text("object"), members.text("remote_field"), members.text("lead_field"), members.text("value")};
  if (!members.ok()) return members.failure();
  return where;
}

result<> parse_group(const boost::json::value& body, delivery_filter& into) {
  member_reader members(body, "");
  if (const auto code = members.text("category"); !code.empty()) {
    const auto what = parse_category_code(code);
    if (!what) return with_context(what.error(), "/category");
    into.what = *what;
  }
  if (!members.ok()) return members.failure();
  if (!members.has("locus")) return {};
  auto where = parse_locus(body.at("locus"), "/locus");
  if (!where) return where.error();
  into.where = std::move(*where);
  return {};
}

result<delivery_filter> parse_period(request_view request) {
  delivery_filter filter;
  filter.event = request.query("event");
  if (auto since = parse_time(request, "since", filter.since); !since) return since.error();
  if (auto until = parse_time(request, "until", filter.until); !until) return until.error();
  return filter;
}

result<delivery_query> parse_delivery_query(request_view request, std::string_view hold, std::initializer_list<std::string_view> also) {
  constexpr std::string_view known[] = {"state", "category", "object", "remote_field", "lead_field", "value",
                                        "event", "q",        "since",  "until",        "warning"};
  for (const auto& [name, value] : request->query)
    if (std::find(std::begin(known), std::end(known), name) == std::end(known) && std::find(also.begin(), also.end(), name) == also.end())
      return refused(name, "is not known here");

  auto query = query_for_state(request.query("state"), hold);
  if (!query) return query;
  auto filter = parse_period(request);
  if (!filter) return filter.error();
  if (const auto code = request.query("category"); !code.empty()) {
    const auto what = parse_category_code(code);
    if (!what) return what.error();
    filter->what = *what;
  }
  filter->where = parse_locus(request);
  filter->text = request.query("q");
  if (const auto warning = request.query("warning"); warning == "true") filter->with_warnings = true;
  else if (!warning.empty() && warning != "false") return refused("warning", "must be true or false");
  query->filter = std::move(*filter);
  return query;
}

result<int> parse_limit(request_view request, int otherwise) {
  const auto text = request.query("limit");
  if (text.empty()) return otherwise;
  int limit = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (failure != std::errc() || end != text.data() + text.size() || limit < 1 || limit > 500)
    return refused("limit", "must be a whole number from 1 to 500");
  return limit;
}

awaitable<result<delivery_page>> next_page(store& data, integration_id integration, delivery_query query, std::string cursor,
                                                        int limit) {
  // "1:abc": of the second state, from "abc" on.
  std::size_t index = 0;
  if (!cursor.empty()) {
    const auto colon = cursor.find(':');
    if (colon != 1 || cursor[0] < '0' || std::size_t(cursor[0] - '0') >= query.states.size())
      co_return refused("cursor", "is not one that this list gave");
    index = std::size_t(cursor[0] - '0');
    cursor.erase(0, 2);
  }
  delivery_page page;
  while (int(page.rows.size()) < limit) {
    query.filter.state = query.states[index];
    auto part = co_await data.deliveries(integration, query.filter, cursor, limit - int(page.rows.size()));
    if (!part) co_return part.error();
    page.rows.insert(page.rows.end(), std::make_move_iterator(part->rows.begin()), std::make_move_iterator(part->rows.end()));
    cursor = std::move(part->next_cursor);
    if (cursor.empty() && ++index == query.states.size()) co_return page;
  }
  page.next_cursor = std::to_string(index) + ":" + cursor;
  co_return page;
}

}  // namespace leadsync::api
