#include "errors.h"

#include <algorithm>
#include <charconv>

namespace leadsync::zoho {
namespace {

constexpr std::int64_t minute_ms = 60'000;

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// Codes whose category needs no look at the details.
constexpr std::pair<std::string_view, std::string_view> categories[] = {
    {"AUTHENTICATION", " INVALID_TOKEN AUTHENTICATION_FAILURE invalid_code invalid_client invalid_client_secret "},
    {"PERMISSION", " OAUTH_SCOPE_MISMATCH NO_PERMISSION PERMISSION_DENIED AUTHORIZATION_FAILED NOT_ALLOWED CANNOT_PERFORM_ACTION LICENSE_LIMIT_EXCEEDED"
                   " FEATURE_NOT_SUPPORTED FEATURE_NOT_AVAILABLE FEATURE_NOT_ENABLED "},
    {"THROTTLED", " TOO_MANY_REQUESTS RATE_LIMIT_EXCEEDED "},
    {"REQUIRED_FIELD_MISSING", " MANDATORY_NOT_FOUND EXPECTED_FIELD_MISSING DEPENDENT_FIELD_MISSING EXPECTED_DEPENDENT_FIELD_MISSING"
                               " MINIMUM_DATA_NOT_FOUND REQUIRED_DATA_NOT_FOUND "},
    {"DATA_VALUE_VALIDATION", " DEPENDENT_MISMATCH MAPPING_MISMATCH CONFLICTING_DATA_FOUND RESERVED_KEYWORD_NOT_ALLOWED "},
    {"DATA_FORMAT_VALIDATION", " PATTERN_NOT_MATCHED UNABLE_TO_PARSE_DATA_TYPE "},
    {"DATA_TOO_LONG", " FILE_SIZE_EXCEEDS "},
    {"DUPLICATE_BLOCKED", " DUPLICATE_DATA DUPLICATE_LINKING_DATA "},
    {"REMOTE_BUSY", " RECORD_LOCKED NOT_APPROVED NOT_REVIEWED ALREADY_MODIFIED PROCESSING_STOPPED SERVICE_UNAVAILABLE "},
    {"TARGET_GONE", " ID_ALREADY_DELETED "},
    {"TARGET_CONVERTED", " ID_ALREADY_CONVERTED "},
    {"MISSING_REMOTE_FIELD", " INVALID_MODULE MODULE_NOT_AVAILABLE NOT_SUPPORTED "},
    {"CAMPAIGN_UNAVAILABLE", " TAG_ID_NOT_FOUND "},
    {"CONNECTION", " REQUEST_TIMEOUT "}};

std::int64_t retry_of(std::string_view code) {
  if (code == "RECORD_LOCKED") return 5 * minute_ms;
  return code == "NOT_APPROVED" || code == "NOT_REVIEWED" ? 60 * minute_ms : 0;
}

/// "$.data[1].Company"
int row_of(std::string_view json_path) {
  const auto open = json_path.find("data[");
  int row = -1;
  if (open != json_path.npos) std::from_chars(json_path.data() + open + 5, json_path.data() + json_path.size(), row);
  return row;
}

std::string_view invalid_data(const json::object& details, std::string_view message, failure& into) {
  const auto expected = text_of(details, "expected_data_type");
  const std::string_view field = into.field;
  if (field == "duplicate_check_fields") return "REQUIRED_FIELD_MISSING";  // the key that we match by is gone, or no longer unique
  if (field == "data" || field == "body" || field == "ids" || field == "fields") return "UNEXPECTED";
  if (details.contains("maximum_length")) return "DATA_TOO_LONG";
  if (field == "id" || details.contains("resource_path_index") || contains(message, "id given seems to be invalid")) return "TARGET_GONE";
  if (contains(message, "api name given seems to be invalid")) return "MISSING_REMOTE_FIELD";
  if (field == "Owner" || expected == "ownerlookup") return "OWNER_INVALID";
  if (details.contains("supported_values")) return "DATA_VALUE_VALIDATION";
  for (const std::string_view choice : {"picklist", "multiselectpicklist", "lookup", "jsonobject"})
    if (expected == choice) return "DATA_VALUE_VALIDATION";
  if (!expected.empty()) return "DATA_FORMAT_VALIDATION";
  into.by_type = true;
  return "DATA_VALUE_VALIDATION";
}

std::string_view dependency(const json::object& details) {
  const auto what = text_of(details, "dependency_error");
  return what == "NO_PERMISSION" ? "PERMISSION" : what == "LIMIT_EXCEEDED" ? "THROTTLED" : "REMOTE_BUSY";
}

failure about_the_call(std::string_view category, std::string_view code, std::string_view message, std::int64_t retry_after_ms = 0) {
  failure made{.category = category, .crm_code = std::string(code), .message = std::string(message), .retry_after_ms = retry_after_ms};
  made.whole_batch = true;
  return made;
}

failure classify_transport(const sdk::answer& answer, bool blind_write) {
  if (answer.transport() == sdk::transport_result::not_sent) return about_the_call("CONNECTION", "NOT_SENT", "the request was not sent");
  if (answer.transport() == sdk::transport_result::refused_host)
    return about_the_call("PLUGIN_FAULT", "REFUSED_HOST", "the host is not one of the manifest's");
  if (answer.transport() == sdk::transport_result::too_large && !blind_write)  // fewer rows may get through
    return {"UNEXPECTED", "TOO_LARGE", "the answer is longer than the size limit"};
  return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", "NO_ANSWER", "it was sent, but no whole answer came");
}

/// Zoho answers in JSON: what is none comes from something else, or broke off.
std::string without_json(const sdk::answer& answer) {
  const auto begin = answer.body().find_first_not_of(" \t\r\n");
  const std::string_view what = begin == std::string::npos ? "an empty body" : answer.body()[begin] == '<' ? "a web page" : "a body that is no JSON";
  return "HTTP " + std::to_string(answer.status()) + " with " + std::string(what) +
         ": something on the way, such as a proxy or a login page, may have answered in Zoho's place";
}

/// Of `details.retry_after` or the header, in seconds.
std::int64_t announced_wait(const sdk::answer& answer, const json::object& error) {
  const auto text = answer.header("retry-after");
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  const auto* own = object_of(error, "details").if_contains("retry_after");
  if (seconds == 0 && own && own->is_int64()) seconds = own->get_int64();
  return std::clamp<std::int64_t>(seconds, 0, 7 * 24 * 3600) * 1000;
}

failure classify_throttle(const sdk::answer& answer, const json::object& error) {
  const auto code = text_of(error, "code").empty() ? "429" : text_of(error, "code");
  const auto wait = announced_wait(answer, error);
  if (answer.header("x-api-credits-remaining") == "0")
    return about_the_call("QUOTA_EXHAUSTED", code, "the organization's API credits of these 24 hours are used up", wait ? wait : 60 * minute_ms);
  return about_the_call("THROTTLED", code, text_of(error, "message"), wait ? wait : 2000);
}

/// The token endpoint says {"error": "invalid_code"}, with 200 as well.
failure classify_grant(const json::object& answer) {
  const auto code = text_of(answer, "error");
  const auto said = text_of(answer, "error_description");
  if (code == "Access Denied" || contains(said, "too many requests"))
    return about_the_call("THROTTLED", code, said.empty() ? code : said, 15 * minute_ms);
  return about_the_call("AUTHENTICATION", code, said.empty() ? "Zoho's token endpoint says " + std::string(code) : std::string(said));
}
}  // namespace

failure classify_row(const json::object& error) {
  const auto code = text_of(error, "code");
  const auto message = text_of(error, "message");
  const auto& details = object_of(error, "details");
  if (code == "MULTIPLE_OR_MULTI_ERRORS" && !list_of(details, "errors").empty()) {
    const auto& all = list_of(details, "errors");
    auto first = classify_row(as_object(all.front()));
    for (std::size_t i = 1; i < all.size(); ++i) {
      const auto more = classify_row(as_object(all[i]));
      first.message += "; " + more.crm_code + " " + more.field + ": " + more.message;
    }
    return first;
  }
  failure made{.category = "UNEXPECTED", .crm_code = std::string(code), .message = std::string(message), .field = std::string(text_of(details, "api_name")),
               .retry_after_ms = retry_of(code)};
  made.row = row_of(text_of(details, "json_path"));
  if (made.field.empty() && !list_of(details, "expected_fields").empty()) {
    const auto& expected = list_of(details, "expected_fields").front();
    made.field = expected.is_string() ? std::string(expected.get_string()) : std::string(text_of(as_object(expected), "api_name"));
  }
  made.existing_id = id_of(details, "id");
  if (made.existing_id.empty()) made.existing_id = id_of(object_of(details, "duplicate_record"), "id");
  for (const auto& [category, codes] : categories)
    if (!code.empty() && contains(codes, " " + std::string(code) + " ")) made.category = category;
  if (code == "INVALID_DATA") made.category = invalid_data(details, message, made);
  if (code == "DEPENDENT_SERVICE_ERROR") made.category = dependency(details);
  return made;
}

failure classify(const sdk::answer& answer, bool blind_write) {
  if (answer.transport() != sdk::transport_result::ok) return classify_transport(answer, blind_write);
  const auto error = parsed(answer.body());
  const auto status = answer.status();
  const auto code = text_of(error, "code").empty() ? std::to_string(status) : std::string(text_of(error, "code"));
  if (error.contains("error") && !error.contains("code")) return classify_grant(error);
  if (status == 429 || code == "TOO_MANY_REQUESTS" || code == "RATE_LIMIT_EXCEEDED") return classify_throttle(answer, error);
  if (status == 503) return about_the_call("REMOTE_BUSY", code, text_of(error, "message"), announced_wait(answer, error));
  if (status >= 500)  // a gateway's timeout says nothing about what Zoho did in the end
    return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", code, error.empty() ? without_json(answer) : std::string(text_of(error, "message")));
  if (status < 300) {
    const std::string_view as = blind_write ? "AMBIGUOUS_WRITE" : error.empty() ? "CONNECTION" : "UNEXPECTED";
    return about_the_call(as, "MALFORMED_ANSWER", error.empty() ? without_json(answer) : "Zoho's answer lacks what its documentation promises");
  }
  if (status == 401 && code != "OAUTH_SCOPE_MISMATCH")
    return about_the_call("AUTHENTICATION", code, error.empty() ? without_json(answer) : std::string(text_of(error, "message")));
  if (status == 413 || status == 414) return {"PAYLOAD_REJECTED", code, "the request is too large"};
  if (error.empty()) return about_the_call(status == 403 ? "CONNECTION" : "UNEXPECTED", code, without_json(answer));
  auto made = classify_row(error);
  if (made.crm_code.empty()) made.crm_code = code;
  if (status == 403 && made.category == "UNEXPECTED") made.category = "PERMISSION";
  const bool not_of_a_row = made.category == "PERMISSION" || made.category == "AUTHENTICATION" || made.crm_code == "INVALID_MODULE" ||
                            made.field == "duplicate_check_fields";
  made.whole_batch = not_of_a_row && made.row < 0;
  return made;
}
}  // namespace leadsync::zoho
