// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

#include <leadsync/boost_json.hpp>

#include <string>

namespace json = boost::json;
using namespace leadsync::sdk::reading;
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

}  // namespace

json::object explain(const leadsync::sdk::answer& answer, std::string_view object_name) {
  json::object told;
  told["category"] = category_of(answer);
  told["request"] = answer.number();
  told["message"] = answer.transport_error().empty() ? "HTTP status " + std::to_string(answer.status()) : answer.transport_error();

  // {"code": "INVALID_OPTION", "message": "...", "field": "timeline"}; a proxy in between may answer with anything else.
  const auto body = parsed(answer.body());
  if (const auto message = text_of(body, "message"); !message.empty()) told["message"] = message;
  if (const auto code = text_of(body, "code"); !code.empty()) {
    told["crm_code"] = code;
    if (const auto* category = category_of(code)) told["category"] = category;
  }
  if (const auto field = text_of(body, "field"); !field.empty() && !object_name.empty())
    told["locus"] = json::object{{"object", object_name}, {"remote_field", field}};
  return told;
}
