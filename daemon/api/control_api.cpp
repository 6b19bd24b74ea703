#include "api/control_api.h"

#include "api/routes.h"
#include "base/text.h"
#include "model/json_text.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

/// A body that is not held cannot be compared; its length and target are, and leads are idempotent by their identity besides.
std::string fingerprint_of(const http_request& request) {
  std::string text(to_text(request.method));
  text += ' ';
  text += request.target;
  text += '\n';
  text += request.content_type;
  text += '\n';
  text += request.content_length ? std::to_string(*request.content_length) : "chunked";
  text += '\n';
  text += request.body;
  return sha256_hex(text);
}

std::string packed(const api_response& response) {
  json::object headers;
  for (const auto& [name, value] : response.headers) headers[name] = value;
  const json::object document{{"status", response.status}, {"content_type", response.content_type},
                              {"headers", std::move(headers)}, {"body", response.body}};
  return json::serialize(document);
}

result<api_response> unpacked(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return document.error();
  member_reader members(*document, "");
  api_response response;
  response.status = int(members.count("status", 599));
  response.content_type = members.text("content_type");
  response.body = members.text("body");
  if (const auto* headers = members.object("headers"))
    for (const auto& entry : *headers)
      if (const auto* value = entry.value().if_string()) response.headers.emplace_back(entry.key(), std::string(*value));
  response.headers.emplace_back("Idempotency-Replayed", "true");
  if (!members.ok()) return members.failure();
  return response;
}

}  // namespace

control_api::control_api(store& data, commands& daemon, std::string version)
    : context_{data, daemon, std::move(version), now()} {
  add_status_routes(router_);
  add_integration_routes(router_);
  add_mapping_routes(router_);
  add_reconciliation_routes(router_);
  add_delivery_routes(router_);
  add_retry_routes(router_);
  add_lead_routes(router_);
  add_import_routes(router_);
  add_operation_routes(router_);
}

body_mode control_api::body_of(http_request& head) const {
  const auto match = router_.find(head);
  return match.found ? match.found->body : body_mode::buffered;
}

awaitable<api_response> control_api::answer(http_request& request) {
  const auto match = router_.find(request);
  if (!match.found && !match.allowed.empty()) {
    auto response = problem_response({405, "METHOD_NOT_ALLOWED", "This method is not offered here",
                                      request.path + " takes " + match.allowed + ".", false, "operator", ""});
    response.headers.emplace_back("Allow", match.allowed);
    co_return response;
  }
  if (!match.found)
    co_return problem_response({404, "NOT_FOUND", "There is no such path",
                                "\"" + request.path + "\" is not one of the API's paths; see /v1/openapi.json.", false, "operator", ""});
  if (request.method == http_method::post && !request.idempotency_key.empty()) co_return co_await answer_once(*match.found, request);
  co_return co_await match.found->handler(context_, request_view(request));
}

awaitable<api_response> control_api::answer_once(const router::route& route, http_request& request) {
  if (request.idempotency_key.size() > 255)
    co_return problem_response({400, "INVALID_INPUT", "The request is not valid", "An Idempotency-Key has at most 255 characters.", false,
                                "operator", ""});
  const auto key = std::to_string(request.by.uid) + ":" + request.idempotency_key;
  const auto fingerprint = fingerprint_of(request);
  if (!keys_in_flight_.insert(key).second)
    co_return problem_response({409, "IN_PROGRESS", "The first request with this key is still being answered",
                                "Try again with the same key to get its answer.", true, "nobody", ""});
  struct release {
    std::set<std::string>& keys;
    const std::string& key;
    ~release() { keys.erase(key); }
  } const released{keys_in_flight_, key};

  auto known = co_await context_.data.find_answer(key, fingerprint);
  if (!known && known.error().code == errc::conflict)
    co_return problem_response({422, "KEY_REUSED", "This Idempotency-Key came with another request before",
                                "Use a new key for a new request.", false, "operator", ""});
  if (!known) co_return problem_response(known.error());
  if (*known) {
    auto replayed = unpacked(**known);
    if (!replayed) co_return problem_response(make_error(errc::corrupted, "the stored answer: " + replayed.error().context));
    co_return std::move(*replayed);
  }
  auto response = co_await route.handler(context_, request_view(request));
  // What failed on our side, or could not be done yet, may be asked again.
  if (response.status < 500 && response.status != 409 && !response.stream) {
    auto saved = co_await context_.data.save_answer(key, fingerprint, packed(response));
    if (!saved) co_return problem_response(saved.error());
  }
  co_return response;
}

}  // namespace leadsync::api
