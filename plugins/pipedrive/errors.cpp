#include "errors.h"

#include <algorithm>
#include <charconv>

namespace leadsync::pipedrive {
namespace {
constexpr std::int64_t block_ms = 5 * 60 * 1000;
constexpr std::int64_t late_commit_ms = 30 * 1000;

struct rule {
  std::string_view category;
  std::initializer_list<std::string_view> texts;  // in lower case; any of them
};
/// Of a 400, the first that matches.
const rule rules[] = {
    {"AUTHENTICATION", {"malformed authorization header"}},
    {"MISSING_REMOTE_FIELD", {"unknown key", "is not allowed for this request", "invalid field(s) in the payload"}},
    {"REQUIRED_FIELD_MISSING", {"must be given", "must be set", "is required", "must be associated"}},
    {"TARGET_GONE", {"does not exist or you have no permissions"}},
    {"DATA_TOO_LONG", {"length must be less", "too long", "maximum"}},
    {"DATA_VALUE_VALIDATION", {"option"}},
    {"DATA_FORMAT_VALIDATION", {"expected", "not a valid", "invalid collection", "must be a"}},
};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::int64_t seconds_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::clamp<std::int64_t>(value, 0, 7 * 24 * 3600);
}

bool is_hash(std::string_view word) { return word.size() == 40 && word.find_first_not_of("0123456789abcdef") == word.npos; }

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == text.npos) return {};
  text.remove_prefix(begin + before.size());
  const auto end = text.find(after);
  return text.substr(0, end);
}

/// Where the field's code stands is not documented: every place known, then any word that can only be one.
std::string field_in(const json::object& error, std::string_view message) {
  for (const auto* place : {&error, &object_of(error, "data"), &object_of(error, "additional_data"), &object_of(error, "error_info")})
    if (const auto code = text_of(*place, "field_code"); !code.empty()) return std::string(code);
  for (const std::string_view before : {"Unknown key '", "Parameter '", "Invalid field(s) in the payload: ", "\""}) {
    const auto named = between(message, before, before.back() == '\'' ? "'" : before == "\"" ? "\"" : ",");
    if (!named.empty()) return std::string(named);
  }
  for (std::size_t begin = 0; begin < message.size();) {
    const auto end = std::min(message.find_first_not_of("0123456789abcdef", begin), message.size());
    if (is_hash(message.substr(begin, end - begin))) return std::string(message.substr(begin, end - begin));
    begin = end + 1;
  }
  return {};
}

std::string message_in(const json::object& error, const sdk::answer& answer) {
  // The webhooks' shape and the token endpoint's are others.
  for (const auto* name : {"error", "message", "error_description"})
    if (const auto text = text_of(error, name); !text.empty() && text != "error") return std::string(text);
  if (error.contains("errors")) return json::serialize(error.at("errors"));
  const auto begin = answer.body().find_first_not_of(" \t\r\n");
  const std::string_view what = begin == std::string::npos ? "an empty body" : answer.body()[begin] == '<' ? "a web page" : "a body that is no error of Pipedrive";
  return "HTTP " + std::to_string(answer.status()) + " with " + std::string(what);
}

failure classify_transport(const sdk::answer& answer, asked what) {
  if (answer.transport() == sdk::transport_result::not_sent) return {"CONNECTION", "NOT_SENT", "the request was not sent", {}};
  if (answer.transport() == sdk::transport_result::refused_host) return {"PLUGIN_FAULT", "REFUSED_HOST", "the host is not one of the manifest's", {}};
  return {what == asked::blind_write ? "AMBIGUOUS_WRITE" : "CONNECTION", "NO_ANSWER", "it was sent, but no whole answer came", {}};
}

std::string_view category_of_400(std::string_view text, std::string_view code) {
  for (const auto& one : rules)
    if (std::any_of(one.texts.begin(), one.texts.end(), [&](auto part) { return contains(text, part); })) return one.category;
  return code == "ERR_SCHEMA_VALIDATION_FAILED" ? "DATA_FORMAT_VALIDATION" : "DATA_VALUE_VALIDATION";
}
}  // namespace

bool is_blocked(const sdk::answer& answer) {
  return answer.transport() == sdk::transport_result::ok && answer.status() == 403 && parsed(answer.body()).empty();
}

failure classify(const sdk::answer& answer, asked what) {
  if (answer.transport() != sdk::transport_result::ok) return classify_transport(answer, what);
  const auto error = parsed(answer.body());
  const auto status = answer.status();
  failure why{"UNEXPECTED", std::string(text_of(error, "code")), message_in(error, answer), {}};
  if (why.crm_code.empty()) why.crm_code = std::to_string(status);
  const auto text = lower(why.message + " " + std::string(text_of(error, "error_info")));
  const auto filed = [&](std::string_view category, std::int64_t retry_after_ms = 0) {
    why.category = category;
    why.retry_after_ms = retry_after_ms;
    return why;
  };
  const auto retry_after = seconds_of(answer.header("retry-after"));
  if (what == asked::token && status == 400) return filed(contains(text, "invalid grant") || contains(text, "invalid client") ? "AUTHENTICATION" : "UNEXPECTED");
  if (status == 401) return filed("AUTHENTICATION");
  // Nothing else tells the daily budget from a burst.
  if (status == 429 && (retry_after > 60 || contains(text, "daily"))) return filed("QUOTA_EXHAUSTED", (retry_after ? retry_after : 3600) * 1000);
  if (status == 429) return filed("THROTTLED", std::max<std::int64_t>({2, retry_after, seconds_of(answer.header("x-ratelimit-reset"))}) * 1000);
  if (is_blocked(answer)) {
    why.crm_code = "CLOUDFLARE";
    return filed("THROTTLED", std::max(block_ms, retry_after * 1000));
  }
  if (status == 402 || status == 403 || status == 415) return filed("PERMISSION");
  if (status == 404 && what == asked::stored) {
    why.crm_code = "RECORD_GONE";
    return filed("TARGET_GONE");
  }
  if (status == 404) return filed("UNEXPECTED");
  if (status == 410 || status == 400) why.field = field_in(error, why.message);
  if (status == 410) return filed("MISSING_REMOTE_FIELD");
  if (status == 400) return filed(category_of_400(text, why.crm_code));
  if (status == 413) return filed("PAYLOAD_REJECTED");
  if (status == 500 && why.crm_code == "ERR_UNKNOWN" && what != asked::read) return filed("UNEXPECTED");
  if (status == 503) return filed("REMOTE_BUSY", retry_after * 1000);
  // A gateway that gave up says nothing about what Pipedrive did in the end: the next attempt looks before it writes, but not at once.
  if (status >= 500) return filed("CONNECTION", what == asked::blind_write && status > 500 ? late_commit_ms : retry_after * 1000);
  // A 2xx without the record: it may have been made all the same.
  if (status < 300) return filed(what == asked::blind_write && !(error.contains("success") && !flag_of(error, "success")) ? "AMBIGUOUS_WRITE" : "UNEXPECTED");
  return filed("UNEXPECTED");
}
}  // namespace leadsync::pipedrive
