#include "errors.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace leadsync::hubspot {
namespace {
using failures = std::vector<failure>;
/// Codes of property errors, in the order of priority: of several errors, the first kind is filed under.
constexpr std::pair<std::string_view, std::string_view> property_codes[] = {
    {"MISSING_REMOTE_FIELD", " PROPERTY_DOESNT_EXIST "},
    {"FIELD_NOT_WRITABLE", " READ_ONLY_VALUE READ_ONLY "},
    {"REQUIRED_FIELD_MISSING", " REQUIRED_FIELD "},
    {"DATA_VALUE_VALIDATION", " INVALID_OPTION INVALID_EMAIL "},
    {"OWNER_INVALID", " INVALID_OWNER_ID "},
    {"DATA_FORMAT_VALIDATION", " INVALID_DATE INVALID_LONG INVALID_INTEGER INVALID_NUMBER INVALID_BOOLEAN INVALID_ALPHA INVALID_ALPHANUMERIC"
                               " INVALID_DOMAIN INVALID_URL INVALID_PHONE_NUMBER CONTAINS_URL "},
    {"DATA_TOO_LONG", " MAX_LENGTH STRING_TOO_LONG "}};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == text.npos) return {};
  text.remove_prefix(begin + before.size());
  const auto end = text.find(after);
  return end == text.npos ? std::string_view{} : text.substr(0, end);
}

std::string digits_after(std::string_view text, std::string_view before) {
  const auto at = text.find(before);
  if (at == text.npos) return {};
  text.remove_prefix(at + before.size());
  return std::string(text.substr(0, text.find_first_not_of("0123456789")));
}

/// The value that HubSpot's sentence quotes, by the sentences known.
std::string_view quoted_value(std::string_view message, std::string_view property) {
  auto value = between(message, "Email address ", " is invalid");
  for (const std::string_view mark : {" was not one of the allowed options", " is not a valid pipeline", " was not a valid ", " is at ",
                                      " is an invalid domain", " contains a URL"})
    if (value.empty()) value = between(message, "", mark);
  if (value.size() > 1 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  return value == property ? std::string_view{} : value;
}

void add_property_failure(failures& into, std::string_view code, std::string_view property, std::string_view message) {
  for (const auto& known : into)
    if (known.crm_code == code && known.property == property && known.message == message) return;
  std::string_view category = property.empty() ? "UNEXPECTED" : "DATA_VALUE_VALIDATION";  // of a code that nobody has seen yet
  for (const auto& [name, codes] : property_codes)
    if (!code.empty() && contains(codes, " " + std::string(code) + " ")) category = name;
  into.push_back({.category = category, .crm_code = std::string(code), .message = std::string(message), .property = std::string(property),
                  .value = std::string(quoted_value(message, property))});
}

std::vector<std::string> texts_of(const json::object& parent, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& entry : list_of(parent, name)) found.push_back(id_text(&entry));
  return found;
}

/// Property errors stand in `errors[]`, in an older `validationResults`, and as JSON inside the message; any of them may be
/// shorter than the others, so all are read.
failures property_failures(const json::object& error, std::string_view message) {
  failures found;
  const auto embedded = message.starts_with("Property values were not valid: [")
                            ? parsed("{\"list\":" + std::string(message.substr(message.find('['))) + "}") : json::object{};
  for (const auto* list : {&list_of(embedded, "list"), &list_of(error, "validationResults")})
    for (const auto& entry : *list)
      if (const auto& one = as_object(entry); !one.empty())
        add_property_failure(found, text_of(one, "error"), text_of(one, "name"), text_of(one, "message"));
  for (const auto& entry : list_of(error, "errors"))
    for (const auto& name : texts_of(object_of(as_object(entry), "context"), "propertyName"))
      add_property_failure(found, text_of(as_object(entry), "code"), name, text_of(as_object(entry), "message"));
  if (contains(message, "Names for properties should be lowercase"))
    for (auto rest = between(message, "Invalid names: [", "]"); !rest.empty();) {
      const auto name = rest.substr(0, rest.find(", "));
      found.push_back({"MISSING_REMOTE_FIELD", "VALIDATION_ERROR", std::string(message), std::string(name)});
      rest.remove_prefix(std::min(rest.size(), name.size() + 2));
    }
  const auto rank = [](const failure& one) {
    return std::find_if(std::begin(property_codes), std::end(property_codes), [&](const auto& row) { return row.first == one.category; });
  };
  std::stable_sort(found.begin(), found.end(), [&](const failure& a, const failure& b) { return rank(a) < rank(b); });
  return found;
}

std::string existing_id(const json::object& error, std::string_view message) {
  if (const auto ids = texts_of(object_of(error, "context"), "existingId"); !ids.empty()) return ids.front();
  auto id = digits_after(message, "Existing ID: ");
  for (const auto& entry : list_of(error, "errors"))
    if (id.empty()) id = digits_after(text_of(as_object(entry), "message"), "Existing ID: ");
  // "Cannot set …, value=60200668} on 36654815432. 36079598779 already has that value."
  return id.empty() && contains(message, " already has that value") ? digits_after(message.substr(message.find("} on ") + 1), ". ") : id;
}

std::vector<std::string> meant_records(const json::object& context) {
  std::vector<std::string> found;
  for (const auto* name : {"ids", "id", "fromObjectId"})
    for (auto& id : texts_of(context, name)) found.push_back(std::move(id));
  for (const auto& text : texts_of(context, "INVALID_OBJECT_IDS")) found.push_back(digits_after(text, "="));  // "COMPANY=54401 is …"
  return found;
}

/// What an error object says that is not about the call as a whole, in the order of HubSpot's guide.
failures classify_object(const json::object& error, unsigned status) {
  const auto message = text_of(error, "message");
  const auto category = text_of(error, "category");
  const auto& context = object_of(error, "context");
  failure base{.category = "UNEXPECTED", .crm_code = std::string(category), .message = std::string(message),
               .trace_ids = texts_of(context, "objectWriteTraceId")};
  if (!message.starts_with("Duplicate IDs")) base.ids = meant_records(context);  // that names a pair, and neither is at fault
  if (const auto sub = text_of(error, "subCategory"); !sub.empty()) base.crm_code = sub;
  const auto filed = [&](std::string_view as, std::string_view code) {
    base.category = as;
    if (base.crm_code.empty()) base.crm_code = code;
    return failures{std::move(base)};
  };
  if (status == 409 || category == "CONFLICT" || category == "OBJECT_ALREADY_EXISTS" || contains(message, "already has that value")) {
    base.existing_id = existing_id(error, message);
    base.property = between(message, "propertyName=", ",");
    base.value = between(message, ", value=", "} on ");
    return filed("DUPLICATE_BLOCKED", "CONFLICT");
  }
  if (base.crm_code == "crm.associations.NO_ASSOCIATIONS_FOUND") return filed("UNEXPECTED", "");
  if (status == 404 || category == "OBJECT_NOT_FOUND") return filed("TARGET_GONE", "OBJECT_NOT_FOUND");
  for (const auto& [key, as] : {std::pair{"USER_DOES_NOT_HAVE_PERMISSION", "PERMISSION"}, {"INVALID_OBJECT_IDS", "TARGET_GONE"},
                                {"ASSOCIATION_LIMIT_EXCEEDED", "UNEXPECTED"}})
    if (const auto detail = texts_of(context, key); !detail.empty()) {
      base.crm_code = key;
      base.message += ": " + detail.front();
      base.whole_batch = as == std::string_view("PERMISSION");  // of the user behind the token
      return filed(as, "");
    }
  auto found = property_failures(error, message);
  if (contains(message, "ome required properties were not set"))
    for (auto& name : texts_of(context, "properties"))
      found.push_back({"REQUIRED_FIELD_MISSING", base.crm_code, base.message, std::move(name)});
  for (auto& one : found) one.trace_ids = base.trace_ids;
  if (!found.empty()) return found;
  if (contains(message, "ome required properties were not set")) return filed("REQUIRED_FIELD_MISSING", "400");
  if (message.starts_with("No properties found to update")) return filed("NOT_ENOUGH_DATA", "400");
  if (message.starts_with("Invalid input JSON")) return filed("PAYLOAD_REJECTED", "400");
  return filed("UNEXPECTED", std::to_string(status));
}

failure about_the_call(std::string_view category, std::string_view code, std::string_view message, std::int64_t retry_after_ms = 0) {
  return {.category = category, .crm_code = std::string(code), .message = std::string(message), .retry_after_ms = retry_after_ms,
          .whole_batch = true};
}

failure classify_transport(const sdk::answer& answer, bool blind_write) {
  if (answer.transport() == sdk::transport_result::not_sent) return about_the_call("CONNECTION", "NOT_SENT", "the request was not sent");
  if (answer.transport() == sdk::transport_result::refused_host)
    return about_the_call("PLUGIN_FAULT", "REFUSED_HOST", "the host is not one of the manifest's");
  if (answer.transport() == sdk::transport_result::too_large && !blind_write)  // a smaller batch may get through
    return {"UNEXPECTED", "TOO_LARGE", "the answer is longer than the size limit"};
  return about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", "NO_ANSWER", "it was sent, but no whole answer came");
}

/// HubSpot answers in JSON: what is none comes from something else, or broke off. Says nothing of the header, which may hold any bytes.
std::string without_json(const sdk::answer& answer) {
  const auto begin = answer.body().find_first_not_of(" \t\r\n");
  const std::string_view what = begin == std::string::npos ? "an empty body" : answer.body()[begin] == '<' ? "a web page" : "a body that is no JSON";
  return "HTTP " + std::to_string(answer.status()) + " with " + std::string(what) +
         ": something on the way, such as a proxy or a login page, may have answered in HubSpot's place";
}

/// Where the status is a success, and the answer none that can be used.
failure classify_unreadable(const sdk::answer& answer, bool blind_write) {
  boost::system::error_code malformed;
  static_cast<void>(json::parse(answer.body(), malformed));
  const std::string_view as = blind_write ? "AMBIGUOUS_WRITE" : malformed ? "CONNECTION" : "UNEXPECTED";
  return about_the_call(as, "MALFORMED_ANSWER", malformed ? without_json(answer) : "HubSpot's answer lacks what its documentation promises");
}

failure classify_throttle(const json::object& error, std::string_view message, std::int64_t wait) {
  auto policy = text_of(error, "policyName");
  if (policy.empty()) policy = text_of(error, "category");
  if (policy == "DAILY" || contains(message, "daily limit")) return about_the_call("QUOTA_EXHAUSTED", policy, message, wait);
  const bool one_second = policy == "SECONDLY" || contains(message, "your secondly limit");
  return about_the_call("THROTTLED", policy.empty() ? "429" : policy, message, wait ? wait : one_second ? 1000 : 10000);
}
}  // namespace

failures classify_item(const json::object& error) { return classify_object(error, 207); }

failures classify(const sdk::answer& answer, bool blind_write) {
  if (answer.transport() != sdk::transport_result::ok) return {classify_transport(answer, blind_write)};
  const auto error = parsed(answer.body());
  const auto status = answer.status();
  const auto said = text_of(error, "message");
  const std::string message = !said.empty() ? std::string(said) : error.empty() ? without_json(answer) : "HTTP " + std::to_string(status);
  const std::string code = text_of(error, "category").empty() ? std::to_string(status) : std::string(text_of(error, "category"));
  const auto retry_after = answer.header("retry-after");  // in seconds
  std::int64_t wait = 0;
  std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), wait);
  wait = std::clamp<std::int64_t>(wait, 0, 7 * 24 * 3600) * 1000;
  if (const auto grant = text_of(error, "error"); status == 400 && (grant.starts_with("invalid_") || grant == "access_denied"))
    return {about_the_call("AUTHENTICATION", text_of(error, "status"), message)};
  if (status == 401) return {about_the_call("AUTHENTICATION", code, message)};
  if (status == 403 && !error.empty()) {
    auto contexts = list_of(error, "errors");
    contexts.push_back(error);  // an older shape
    auto found = about_the_call("PERMISSION", code, message);
    for (const auto& entry : contexts)
      for (const auto* name : {"requiredGranularScopes", "requiredScopes"})
        for (const auto& scope : texts_of(object_of(as_object(entry), "context"), name)) found.message += " [" + scope + "]";
    return {std::move(found)};
  }
  if (status == 403) return {about_the_call("CONNECTION", code, "refused on the way to HubSpot", wait ? wait : 10000)};
  if (status == 429) return {classify_throttle(error, message, wait)};
  if (status == 423) return {about_the_call("REMOTE_BUSY", code, message, wait ? wait : 2000)};
  if (status == 477 || status == 503) return {about_the_call("REMOTE_BUSY", code, message, wait)};
  if (status >= 500)  // a gateway's timeout says nothing about what HubSpot did in the end
    return {about_the_call(blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", code, message, wait)};
  if (status < 300) return {classify_unreadable(answer, blind_write)};
  if (status == 413 || status == 414) return {{"PAYLOAD_REJECTED", code, message}};  // as may this
  if (status < 400 || error.empty()) return {about_the_call("UNEXPECTED", code, message)};
  return classify_object(error, status);
}
}  // namespace leadsync::hubspot
