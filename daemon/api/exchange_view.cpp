#include "api/exchange_view.h"

#include "api/views.h"
#include "base/text.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace leadsync::api {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_body = 64u << 10;

json::array headers_view(std::string_view lines) {
  json::array headers;
  for (const auto line : split(lines, '\n')) {
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    headers.push_back(json::object{{"name", scrub_utf8(trim(line.substr(0, colon)))}, {"value", scrub_utf8(trim(line.substr(colon + 1)))}});
  }
  return headers;
}

/// "bytes=B-E", as of HTTP: both inclusive.
std::optional<std::pair<std::size_t, std::size_t>> byte_range(std::string_view text) {
  constexpr std::string_view prefix = "bytes=";
  if (!text.starts_with(prefix)) return std::nullopt;
  const auto* end = text.data() + text.size();
  std::pair<std::size_t, std::size_t> range;
  const auto first = std::from_chars(text.data() + prefix.size(), end, range.first);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return std::nullopt;
  const auto last = std::from_chars(first.ptr + 1, end, range.second);
  if (last.ec != std::errc() || last.ptr != end || range.second < range.first) return std::nullopt;
  return range;
}

json::object body_view(std::string_view body, std::string_view pointer) {
  auto part = part_of(body, pointer);
  const bool cut = part.size() > longest_body;
  if (cut) part.resize(longest_body);
  return {{"body", scrub_utf8(part)}, {"pointer", std::string(pointer)}, {"truncated", cut}, {"size", body.size()}};
}

}  // namespace

std::string part_of(std::string_view body, std::string_view pointer) {
  if (pointer.empty() || body.empty()) return std::string(body);
  if (const auto range = byte_range(pointer)) return std::string(body.substr(std::min(range->first, body.size()), range->second - range->first + 1));
  const auto document = parse_json(body);
  if (!document) return {};
  boost::system::error_code failure;
  const auto* part = document->find_pointer(pointer, failure);
  if (failure || !part) return {};
  return json::serialize(*part);
}

json::object to_view(const exchange_record& exchange, std::string_view request_pointer, std::string_view response_pointer) {
  auto request = body_view(exchange.request_body, request_pointer);
  request["headers"] = headers_view(exchange.request_headers);
  auto response = body_view(exchange.response_body, response_pointer);
  response["headers"] = headers_view(exchange.response_headers);
  response["status"] = exchange.status ? json::value(exchange.status) : json::value(nullptr);
  response["transport"] = exchange.transport;
  json::object view{{"number", exchange.number},
                    {"phase", text_or_null(exchange.phase)},
                    {"method", exchange.method},
                    {"url", scrub_utf8(exchange.url)},
                    {"sent_at", to_view(exchange.sent_at)},
                    {"received_at", to_view(exchange.received_at)},
                    {"request", std::move(request)},
                    {"response", std::move(response)}};
  view["took_ms"] = exchange.sent_at && exchange.received_at ? json::value((*exchange.received_at - *exchange.sent_at).count())
                                                             : json::value(nullptr);
  return view;
}

}  // namespace leadsync::api
