#include "api/api_response.h"

#include "base/text.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace leadsync::api {
namespace {

namespace json = boost::json;

/// "importing: /fields/3/source is missing": the pointer, where the text has one.
std::string pointer_in(std::string_view context) {
  while (!context.empty()) {
    if (context.front() == '/') return std::string(context.substr(0, context.find_first_of(" :")));
    const auto next = context.find(": ");
    if (next == context.npos) break;
    context.remove_prefix(next + 2);
  }
  return {};
}

problem_text text_of(errc code) {
  switch (code) {
    case errc::invalid_input: return {400, "INVALID_INPUT", "The request is not valid", "", false, "operator", ""};
    case errc::not_found: return {404, "NOT_FOUND", "There is no such thing", "", false, "operator", ""};
    case errc::conflict: return {409, "CONFLICT", "It has changed meanwhile, or is in another state", "", false, "operator", ""};
    case errc::unavailable: return {503, "UNAVAILABLE", "This cannot be done now", "", true, "nobody", ""};
    case errc::io: return {500, "IO", "Disk or database failed", "", false, "operator", ""};
    case errc::corrupted: return {500, "CORRUPTED", "Stored data contradicts itself", "", false, "operator", ""};
    case errc::timed_out: return {504, "TIMED_OUT", "It took too long", "", true, "nobody", ""};
    case errc::not_permitted: return {403, "NOT_PERMITTED", "You may not do this", "", false, "operator", ""};
    case errc::cancelled: return {503, "CANCELLED", "leadsyncd is stopping", "", true, "nobody", ""};
  }
  return {500, "UNEXPECTED", "Unexpected failure", "", false, "operator", ""};
}

}  // namespace

api_response json_response(const json::value& document, int status) {
  api_response response;
  response.status = status;
  response.body = json::serialize(document);
  return response;
}

api_response problem_response(const problem_text& problem) {
  json::object document{{"type", "urn:leadsync:problem:" + ascii_lower(problem.code)},
                        {"title", problem.title},
                        {"status", problem.status},
                        {"detail", scrub_utf8(problem.detail)},
                        {"code", problem.code},
                        {"actor", problem.actor},
                        {"retryable", problem.retryable}};
  if (!problem.pointer.empty()) {
    json::object entry{{"pointer", scrub_utf8(problem.pointer)}, {"detail", scrub_utf8(problem.detail)}};
    document["errors"] = json::array{std::move(entry)};
  }
  auto response = json_response(document, problem.status);
  response.content_type = "application/problem+json";
  if (problem.retryable) response.headers.emplace_back("Retry-After", "2");
  return response;
}

api_response problem_response(const error& failure) {
  auto problem = text_of(failure.code);
  problem.detail = failure.context;
  if (failure.code == errc::invalid_input) problem.pointer = pointer_in(failure.context);
  return problem_response(problem);
}

}  // namespace leadsync::api
