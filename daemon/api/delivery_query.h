#pragma once

#include "api/http_request.h"
#include "base/error.h"
#include "store/store.h"

#include <boost/json/value.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::api {

/// What a Pre-Sync delivery waits for.
enum class condition { held, queued, syncing };

[[nodiscard]] std::string_view to_text(condition what);

/// Whether an integration's hold also stops what a person has released: a breaker and `disabled` do, manual mode and a schedule do not.
[[nodiscard]] bool holds_released(std::string_view hold);
[[nodiscard]] condition condition_of(const delivery_row& row, std::string_view hold);

/// A query over deliveries. What the API calls one state may be two of the store's: they are paged one after the other.
struct delivery_query {
  std::vector<std::optional<delivery_state>> states;  ///< never empty; nothing: all
  std::optional<condition> only;                      ///< rows in another condition are left out
  delivery_filter filter;                             ///< `state` is taken from `states`
};

/// A state's name in the API ("pre_sync", "held", "queued", "syncing", "failed", "cleared", "dismissed", or empty) as states of the store.
[[nodiscard]] result<delivery_query> query_for_state(std::string_view state, std::string_view hold);

/// ?state&category&object&remote_field&lead_field&value&event&q&since&until&warning. Unknown parameters are refused, but for `also`.
[[nodiscard]] result<delivery_query> parse_delivery_query(request_view request, std::string_view hold,
                                                          std::initializer_list<std::string_view> also);
/// Only ?event&since&until.
[[nodiscard]] result<delivery_filter> parse_period(request_view request);
/// ?object&remote_field&lead_field&value; nothing where none is given.
[[nodiscard]] std::optional<locus> parse_locus(request_view request);
/// {"object", "remote_field", "lead_field", "value"}; absent ones are empty.
[[nodiscard]] result<locus> parse_locus(const boost::json::value& document, std::string pointer);
[[nodiscard]] result<category> parse_category_code(std::string_view code);
/// "category" and "locus" of a body, each optional, into the filter.
[[nodiscard]] result<> parse_group(const boost::json::value& body, delivery_filter& into);
/// ?limit, 1 to 500.
[[nodiscard]] result<int> parse_limit(request_view request, int otherwise);

/// The next page, over all states of the query. The cursor is opaque; empty is the start, and the end.
awaitable<result<delivery_page>> next_page(store& data, integration_id integration, delivery_query query, std::string cursor,
                                                        int limit);

}  // namespace leadsync::api
