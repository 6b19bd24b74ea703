#include "salesforce/answers.h"

#include "base/text.h"

#include <optional>

namespace leadsync::simulator::salesforce {
namespace {

constexpr std::size_t most_requests = 25;

/// `@{name.id}` by what the sub-request of that name answered; nothing where it failed.
std::optional<std::string> resolved(std::string text, const std::map<std::string, json::value>& answers) {
  for (auto at = text.find("@{"); at != std::string::npos; at = text.find("@{")) {
    const auto end = text.find('}', at), dot = text.find('.', at);
    if (end == std::string::npos || dot == std::string::npos || dot > end) return std::nullopt;
    const auto found = answers.find(text.substr(at + 2, dot - at - 2));
    const auto* object = found == answers.end() ? nullptr : found->second.if_object();
    const auto* value = object ? object->if_contains(text.substr(dot + 1, end - dot - 1)) : nullptr;
    if (!value || !value->is_string()) return std::nullopt;
    text.replace(at, end + 1 - at, std::string(value->get_string()));
  }
  return text;
}

response run(org& account, const call& from, const json::object& part, const std::map<std::string, json::value>& answers) {
  const auto url = resolved(std::string(text_member(part, "url")), answers);
  const auto* sent = part.if_contains("body");
  const auto body = sent ? resolved(json::serialize(*sent), answers) : std::string();
  if (!url || !body) return refuse(400, "PROCESSING_HALTED", "Invalid reference specified. No value for it found in the answers before");
  request raw{std::string(text_member(part, "method")), url->substr(0, url->find('?')), {}, from.raw.headers, *body};
  if (const auto mark = url->find('?'); mark != std::string::npos) raw.query = url->substr(mark + 1);
  auto path = path_segments(raw.path);
  if (path.size() < 4) return not_found();
  path.erase(path.begin(), path.begin() + 3);
  boost::system::error_code malformed;
  const call inner{raw, std::move(path), from.version, from.now, body->empty() ? json::value() : json::parse(*body, malformed)};
  if (inner.segment(0) == "sobjects") return handle_records(account, inner);
  if (inner.segment(0) == "query") return handle_query(account, inner);
  return inner.segment(0) == "composite" && inner.segment(1) == "sobjects" ? handle_collections(account, inner) : not_found();
}

json::object wrapped(const response& answer, std::string_view reference) {
  boost::system::error_code malformed;
  return {{"body", answer.body.empty() ? json::value(nullptr) : json::parse(answer.body, malformed)}, {"httpHeaders", json::object()},
          {"httpStatusCode", answer.status}, {"referenceId", reference}};
}

}  // namespace

response handle_composite(org& account, const call& from) {
  const auto* parts = from.body.is_object() ? from.body.get_object().if_contains("compositeRequest") : nullptr;
  if (!from.is("POST")) return method_not_allowed(from, "POST");
  if (!parts || !parts->is_array()) return refuse(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.");
  if (parts->get_array().size() > most_requests)
    return refuse(400, "LIMIT_EXCEEDED", "The 'compositeRequest' collection has too many items. The maximum is 25.");
  const auto* all = from.body.get_object().if_contains("allOrNone");
  const bool all_or_none = all && all->is_bool() && all->get_bool();
  std::optional<std::deque<object_type>> before;
  if (all_or_none) before = account.types;
  std::map<std::string, json::value> answers;
  json::array out;
  bool failed = false;
  for (const auto& entry : parts->get_array()) {
    const auto empty = json::object();
    const auto& part = entry.is_object() ? entry.get_object() : empty;
    auto one = wrapped(run(account, from, part, answers), text_member(part, "referenceId"));
    failed = failed || one.at("httpStatusCode").as_int64() >= 300;
    answers[std::string(text_member(part, "referenceId"))] = one.at("body");
    out.push_back(std::move(one));
  }
  if (all_or_none && failed) {
    account.types = std::move(*before);
    for (auto& one : out) {
      if (one.at("httpStatusCode").as_int64() >= 300) continue;
      one = wrapped(refuse(400, "PROCESSING_HALTED", "The transaction was rolled back since another operation in the same transaction failed."),
                    text_member(one.as_object(), "referenceId"));
    }
  }
  return ok({{"compositeResponse", std::move(out)}});
}

}  // namespace leadsync::simulator::salesforce
