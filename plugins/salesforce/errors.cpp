#include "errors.h"

#include <algorithm>
#include <charconv>

namespace leadsync::salesforce {
namespace {
constexpr std::int64_t lock_pause_ms = 2'000, busy_pause_ms = 10'000, allocation_pause_ms = 15 * 60'000;

struct code_group {
  std::string_view category, codes;
  std::int64_t retry_after_ms = 0;
  bool whole_call = false;
};

/// In the order of priority: of several errors of a record, the first kind is filed under.
constexpr code_group groups[] = {
    {"AUTHENTICATION", " INVALID_SESSION_ID INVALID_AUTH_HEADER INVALID_LOGIN URL_NOT_RESET ", 0, true},
    // A standard object that is not there (INVALID_TYPE) is one that the user may not see.
    {"PERMISSION", " API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED INVALID_TYPE ", 0, true},
    {"QUOTA_EXHAUSTED", " REQUEST_LIMIT_EXCEEDED ", allocation_pause_ms, true},
    {"REMOTE_BUSY", " SERVER_UNAVAILABLE QUERY_TIMEOUT ", busy_pause_ms, true},
    {"REMOTE_BUSY", " TOO_MANY_APEX_REQUESTS ", busy_pause_ms},
    {"REMOTE_BUSY", " UNABLE_TO_LOCK_ROW ", lock_pause_ms},
    {"THROTTLED", " LIMIT_EXCEEDED ", busy_pause_ms},
    {"CONNECTION", " INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE ", busy_pause_ms},
    {"MISSING_REMOTE_FIELD", " INVALID_FIELD "},
    {"FIELD_NOT_WRITABLE", " INVALID_FIELD_FOR_INSERT_UPDATE "},
    {"REQUIRED_FIELD_MISSING", " REQUIRED_FIELD_MISSING "},
    {"OWNER_INVALID", " INACTIVE_OWNER_OR_USER "},
    {"DATA_VALUE_VALIDATION", " INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST FIELD_INTEGRITY_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION"
                              " TOO_MANY_ENUM_VALUE INVALID_EMAIL_ADDRESS NUMBER_OUTSIDE_VALID_RANGE INVALID_CROSS_REFERENCE_KEY "},
    {"DATA_FORMAT_VALIDATION", " INVALID_TYPE_ON_FIELD_IN_RECORD TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET MALFORMED_ID "},
    {"PAYLOAD_REJECTED", " JSON_PARSER_ERROR EXCEEDED_MAX_SIZE_REQUEST "},
    {"DATA_TOO_LONG", " STRING_TOO_LONG "},
    {"DUPLICATE_BLOCKED", " DUPLICATES_DETECTED DUPLICATE_VALUE "},
    {"AMBIGUOUS_MATCH", " DUPLICATE_EXTERNAL_ID "},
    {"TARGET_CONVERTED", " CANNOT_UPDATE_CONVERTED_LEAD "},
    {"TARGET_GONE", " ENTITY_IS_DELETED "},
    {"PERMISSION", " INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY TXN_SECURITY_NO_ACCESS "},
    // An approval process holds a locked record for days.
    {"CRM_RULE", " ENTITY_IS_LOCKED FIELD_CUSTOM_VALIDATION_EXCEPTION CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_EXECUTE_FLOW_TRIGGER APEX_ERROR "},
    {"UNEXPECTED", ""}};

/// Codes that a trigger's or a flow's text may quote, and that say more than "a trigger failed".
constexpr std::string_view quoted_codes[] = {"UNABLE_TO_LOCK_ROW", "REQUIRED_FIELD_MISSING", "STRING_TOO_LONG",
                                             "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "INVALID_EMAIL_ADDRESS", "DUPLICATE_VALUE"};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == text.npos) return {};
  text.remove_prefix(begin + before.size());
  const auto end = text.find(after);
  return end == text.npos ? std::string_view{} : text.substr(0, end);
}

/// The last one where the code is unknown.
const code_group* group_of(std::string_view code) {
  const auto word = " " + std::string(code) + " ";
  return std::find_if(std::begin(groups), std::end(groups) - 1, [&](const code_group& one) { return contains(one.codes, word); });
}

/// A record id after the words.
std::string id_after(std::string_view message, std::string_view words) {
  const auto at = message.find(words);
  if (at == message.npos) return {};
  const auto rest = message.substr(at + words.size());
  return std::string(rest.substr(0, rest.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")));
}

/// The field, where `fields` does not name it.
std::string_view field_in(std::string_view message, std::string_view code) {
  if (code == "INVALID_FIELD") return between(message, "No such column '", "'");
  if (code == "REQUIRED_FIELD_MISSING") {
    const auto list = between(message, "missing: [", "]");
    return list.substr(0, list.find(','));
  }
  if (code == "DUPLICATE_VALUE") return between(message, "duplicate value found: ", " duplicates value on record");
  if (code == "DUPLICATE_EXTERNAL_ID") return between(message, "", ": more than one record");
  if (code == "INVALID_FIELD_FOR_INSERT_UPDATE") return between(message, "create/update fields: ", ". ");
  if (code == "NOT_FOUND") {
    constexpr std::string_view words = "Provided external ID field does not exist or is not accessible: ";
    return message.starts_with(words) ? message.substr(words.size()) : std::string_view{};
  }
  return {};
}

/// The value that the sentence quotes, by the sentences known. They begin with the field's label, in the user's language.
std::string_view value_in(std::string_view message, std::string_view code) {
  if (code == "STRING_TOO_LONG") return between(message, "data value too large: ", " (max length=");
  if (code == "JSON_PARSER_ERROR") return between(message, " value ", " or request may be missing");
  if (code == "INACTIVE_OWNER_OR_USER") return between(message, "inactive user [", "]");
  for (const std::string_view words : {"bad value for restricted picklist field: ", "invalid email address: ", "id value of incorrect type: ",
                                       "outside of valid range on numeric field: "})
    if (const auto at = message.find(words); at != message.npos) return message.substr(at + words.size());
  return {};
}

std::size_t line_in(std::string_view message) {
  const auto digits = between(message, "[line:", ",");
  std::size_t line = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), line);
  return line;
}

void look_inside_automation(failure& found) {
  for (const auto code : quoted_codes) {
    const auto at = found.message.find(code);
    if (at == std::string::npos) continue;
    const auto* group = group_of(code);
    found.category = group->category;
    found.retry_after_ms = group->retry_after_ms;
    found.of_automation = group->category != "REMOTE_BUSY";
    const auto rest = std::string_view(found.message).substr(at);
    const auto list = rest.rfind("[");  // "…, Required fields are missing: [Name]: [Name]"
    if (list != rest.npos) found.field = rest.substr(list + 1, rest.find_first_of(",]", list) - list - 1);
    return;
  }
}

/// `code` is `errorCode` of a single answer, `statusCode` of a row.
failure classify_error(const json::object& error) {
  const auto code = text_of(error, "statusCode").empty() ? text_of(error, "errorCode") : text_of(error, "statusCode");
  const auto message = text_of(error, "message");
  const auto* group = group_of(code);
  failure found{.category = group->category, .crm_code = std::string(code), .message = std::string(message),
                .retry_after_ms = group->retry_after_ms, .whole_call = group->whole_call};
  const auto& fields = list_of(error, "fields");
  found.field = fields.empty() ? field_in(message, code) : text_of(&fields.front());
  found.value = value_in(message, code);

  if (code == "REQUEST_LIMIT_EXCEEDED" && !contains(message, "TotalRequests")) found.category = "THROTTLED", found.retry_after_ms = busy_pause_ms;
  if (code == "INVALID_FIELD" && message.starts_with("Failed to deserialize")) {  // a bulk job's
    found.category = "DATA_FORMAT_VALIDATION";
    found.value = between(message, "Due to, '", "' is not a valid value");
  } else if (code == "INVALID_FIELD" && found.field.empty()) found.category = "UNEXPECTED";
  if (code == "REQUIRED_FIELD_MISSING" && found.field.empty()) found.category = "UNEXPECTED";  // no record at all: a slip of ours
  if (code == "NOT_FOUND" && !found.field.empty()) found.category = "REQUIRED_FIELD_MISSING", found.whole_call = true;  // our key is gone
  if (code == "JSON_PARSER_ERROR") {
    found.line = line_in(message);
    if (contains(message, " from VALUE_")) found.category = "DATA_FORMAT_VALIDATION";
  }
  if (found.field == "OwnerId" && (code == "MALFORMED_ID" || code == "INVALID_CROSS_REFERENCE_KEY")) found.category = "OWNER_INVALID";
  if (code == "DUPLICATE_VALUE") found.existing_id = id_after(message, "on record with id: ");
  if (found.category == "CRM_RULE" || code == "UNKNOWN_EXCEPTION") look_inside_automation(found);
  return found;
}

failure about_the_call(std::string_view category, std::string_view code, std::string_view message, std::int64_t retry_after_ms = 0) {
  return {.category = category, .crm_code = std::string(code), .message = std::string(message), .retry_after_ms = retry_after_ms, .whole_call = true};
}

failure classify_transport(const sdk::answer& answer, bool blind_write) {
  if (answer.transport() == sdk::transport_result::not_sent) return about_the_call("CONNECTION", "NOT_SENT", "the request was not sent");
  if (answer.transport() == sdk::transport_result::refused_host)
    return about_the_call("PLUGIN_FAULT", "REFUSED_HOST", "the host is not one of the manifest's");
  if (answer.transport() == sdk::transport_result::too_large && !blind_write)  // a smaller call may get through
    return {"UNEXPECTED", "TOO_LARGE", "the answer is longer than the size limit"};
  return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", "NO_ANSWER", "it was sent, but no whole answer came");
}

/// Salesforce answers in JSON: what is none comes from its edge or from something else on the way.
std::string without_json(const sdk::answer& answer) {
  const auto begin = answer.body().find_first_not_of(" \t\r\n");
  const std::string_view what = begin == std::string::npos ? "an empty body" : answer.body()[begin] == '<' ? "a web page" : "a body that is no JSON";
  return "HTTP " + std::to_string(answer.status()) + " with " + std::string(what) +
         ": a maintenance page, a proxy or a login page may have answered in the API's place";
}

std::int64_t told_to_wait_ms(const sdk::answer& answer) {
  const auto header = answer.header("retry-after");  // in seconds
  std::int64_t wait = 0;
  std::from_chars(header.data(), header.data() + header.size(), wait);
  return std::clamp<std::int64_t>(wait, 0, 7 * 24 * 3600) * 1000;
}
}  // namespace

failure classify_row(const json::array& errors) {
  failure chosen{.category = "UNEXPECTED", .message = "Salesforce gives no reason"};
  const code_group* best = nullptr;
  for (const auto& entry : errors) {
    auto found = classify_error(as_object(entry));
    const auto* group = group_of(found.crm_code);
    if (!best || group < best) best = group, chosen = std::move(found);
  }
  return chosen;
}

failure classify(const sdk::answer& answer, bool blind_write) {
  if (answer.transport() != sdk::transport_result::ok) return classify_transport(answer, blind_write);
  const auto status = answer.status();
  const auto number = std::to_string(status);
  const auto wait = told_to_wait_ms(answer);
  const auto document = parsed_value(answer.body());
  const auto* errors = document.if_array();
  const bool coded = errors && !errors->empty() && !text_of(as_object(errors->front()), "errorCode").empty();
  if (status == 300) return {"AMBIGUOUS_MATCH", "300", "several records have this value of the match key: " + answer.body().substr(0, 500)};
  if (coded) {
    auto found = classify_row(*errors);
    if (found.crm_code == "UNKNOWN_EXCEPTION" && status >= 500) found.category = "CONNECTION";
    if (status >= 500 && found.category != "CRM_RULE") {
      found.whole_call = true;
      // The one code that says that nothing was begun.
      if (blind_write && found.crm_code != "SERVER_UNAVAILABLE") found.category = "AMBIGUOUS_WRITE";
    }
    if (status == 401) found.category = "AUTHENTICATION", found.whole_call = true;
    if (status == 403 && found.category == "UNEXPECTED") found.category = "PERMISSION", found.whole_call = true;
    if (wait > 0) found.retry_after_ms = wait;
    return found;
  }
  if (status == 401 || answer.body().starts_with("Bad_OAuth_Token")) return about_the_call("AUTHENTICATION", number, "the access token is refused");
  if (status == 429) return about_the_call("THROTTLED", number, "too many requests", wait ? wait : busy_pause_ms);
  if (status == 413 || status == 414 || status == 431) return {"PAYLOAD_REJECTED", number, "the request is larger than Salesforce admits"};
  if (status == 503 && !blind_write) return about_the_call("REMOTE_BUSY", number, without_json(answer), wait ? wait : busy_pause_ms);
  if (status >= 500) return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", number, without_json(answer), wait);
  if (status == 403 || status == 420) return about_the_call("CONNECTION", number, without_json(answer), wait ? wait : busy_pause_ms);
  const bool success = status >= 200 && status < 300;
  if (success && document.is_null()) return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", "MALFORMED_ANSWER", without_json(answer));
  if (success) return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "UNEXPECTED", "MALFORMED_ANSWER", "the answer lacks what its documentation promises");
  return about_the_call("UNEXPECTED", number, document.is_null() ? without_json(answer) : "HTTP " + number);
}

failure classify_grant(const sdk::answer& answer) {
  const auto document = parsed_value(answer.body());
  const auto code = text_of(as_object(document), "error");
  if (answer.transport() != sdk::transport_result::ok || code.empty()) return classify(answer);
  const auto description = text_of(as_object(document), "error_description");
  const bool passing = code == "unknown_error" || answer.status() >= 500;
  return about_the_call(passing ? "CONNECTION" : "AUTHENTICATION", code, description.empty() ? code : description);
}
}  // namespace leadsync::salesforce
