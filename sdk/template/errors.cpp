// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include <string>

namespace json = boost::json;
using leadsync::sdk::transport_result;

namespace {

/// By the CRM's own code, which says more than the status.
const char* category_of(std::string_view code) {
  if (code == "UNKNOWN_FIELD") return "MISSING_REMOTE_FIELD";
  if (code == "READ_ONLY") return "FIELD_NOT_WRITABLE";
  if (code == "REQUIRED") return "REQUIRED_FIELD_MISSING";
  if (code == "TOO_LONG") return "DATA_TOO_LONG";
  if (code == "INVALID_OPTION") return "DATA_VALUE_VALIDATION";
  if (code == "INVALID_VALUE") return "DATA_FORMAT_VALIDATION";
  return nullptr;
}

const char* category_of(const leadsync::sdk::answer& answer) {
  switch (answer.transport()) {
    case transport_result::not_sent: return "CONNECTION";
    case transport_result::sent_no_answer: return "AMBIGUOUS_WRITE";
    case transport_result::truncated: return "AMBIGUOUS_WRITE";
    case transport_result::too_large: return "AMBIGUOUS_WRITE";
    case transport_result::refused_host: return "PLUGIN_FAULT";
    case transport_result::ok: break;
  }
  switch (answer.status()) {
    case 401: return "AUTHENTICATION";
    case 403: return "PERMISSION";
    case 404: return "TARGET_GONE";
    case 413: return "PAYLOAD_REJECTED";
    case 422: return "DATA_VALUE_VALIDATION";
    case 429: return "THROTTLED";
    case 503: return "REMOTE_BUSY";
    default: return answer.status() >= 500 ? "CONNECTION" : "UNEXPECTED";
  }
}

std::string text_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

json::object explain(const leadsync::sdk::answer& answer, std::string_view object_name) {
  json::object told;
  told["category"] = category_of(answer);
  told["request"] = answer.number();
  told["message"] = answer.transport_error().empty() ? "HTTP status " + std::to_string(answer.status()) : answer.transport_error();

  // {"code": "INVALID_OPTION", "message": "...", "field": "timeline"}; a proxy in between may answer with anything else.
  json::error_code failure;
  const auto body = json::parse(answer.body(), failure);
  if (failure || !body.is_object()) return told;
  const auto& object = body.get_object();
  if (const auto message = text_member(object, "message"); !message.empty()) told["message"] = message;
  if (const auto code = text_member(object, "code"); !code.empty()) {
    told["crm_code"] = code;
    if (const auto* category = category_of(code)) told["category"] = category;
  }
  if (const auto field = text_member(object, "field"); !field.empty() && !object_name.empty())
    told["locus"] = json::object{{"object", object_name}, {"remote_field", field}};
  return told;
}
