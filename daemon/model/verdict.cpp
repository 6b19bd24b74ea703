#include "model/verdict.h"

#include "model/json_text.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <limits>

namespace leadsync {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds longest_wait = std::chrono::hours(24 * 7);
constexpr auto ordinal_limit = std::int64_t(std::numeric_limits<std::uint32_t>::max());

std::optional<std::uint32_t> read_ordinal(member_reader& members, std::string_view name) {
  if (!members.has(name)) return std::nullopt;
  return std::uint32_t(members.count(name, ordinal_limit));
}

/// Cut to a week: no CRM means more, and a delivery must not be lost to a slip of units.
std::chrono::milliseconds read_wait(member_reader& members) {
  const std::chrono::milliseconds wait(members.count("retry_after_ms", std::numeric_limits<std::int64_t>::max()));
  return std::min(wait, longest_wait);
}

category read_category(member_reader& members) {
  const auto code = members.required_text("category");
  const auto parsed = parse_category(code);
  if (parsed && *parsed != category::none) return *parsed;
  members.refuse("category", "\"" + code.substr(0, 64) + "\" is not a category");
  return category::unexpected;
}

locus read_locus(member_reader& members) {
  const auto* object = members.object("locus");
  if (!object) return {};
  const auto text = [&](std::string_view name) -> std::string {
    const auto* value = object->if_contains(name);
    if (!value || value->is_null()) return {};
    if (const auto* string = value->if_string()) return std::string(*string);
    members.refuse("locus", "must hold strings");
    return {};
  };
  return {text("object"), text("remote_field"), text("lead_field"), text("value")};
}

result<std::vector<warning>> read_warnings(member_reader& members) {
  std::vector<warning> warnings;
  const auto* array = members.array("warnings");
  if (!array) return warnings;
  const auto pointer = pointer_to(members.pointer(), "warnings");
  for (std::size_t i = 0; i < array->size(); ++i) {
    member_reader entry((*array)[i], pointer_to(pointer, i));
    warning read;
    read.code = entry.required_text("code");
    read.object = entry.text("object");
    read.remote_field = entry.text("field");
    read.message = entry.text("message");
    if (!entry.ok()) return entry.failure();
    warnings.push_back(std::move(read));
  }
  return warnings;
}

result<verdict> parse_verdict(const json::value& value, std::string pointer) {
  member_reader members(value, std::move(pointer));
  verdict read;
  read.lead = read_ordinal(members, "lead");
  read.company = read_ordinal(members, "company");
  if (members.ok() && read.lead.has_value() == read.company.has_value())
    members.refuse("lead", "or \"company\" must be given, and not both");
  read.phase = members.required_text("phase");
  const auto status = members.required_text("status");
  if (status == "failed") read.status = phase_status::failed;
  else if (status == "skipped") read.status = phase_status::skipped;
  else if (status != "ok") members.refuse("status", "must be ok, skipped or failed");
  if (read.status == phase_status::failed) read.what = read_category(members);
  read.object = members.text("object");
  read.remote_id = members.text("remote_id");
  read.url = members.text("url");
  read.crm_code = members.text("crm_code");
  read.message = members.text("message");
  read.where = read_locus(members);
  read.retry_after = read_wait(members);
  read.request = read_ordinal(members, "request");
  read.request_pointer = members.text("request_pointer");
  read.response_pointer = members.text("response_pointer");
  auto warnings = read_warnings(members);
  if (!members.ok()) return members.failure();
  if (!warnings) return warnings.error();
  read.warnings = std::move(*warnings);
  return read;
}

}  // namespace

result<std::vector<verdict>> parse_verdicts(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return with_context(document.error(), "verdicts");
  const auto* array = document->if_array();
  if (!array) return make_error(errc::invalid_input, "verdicts: must be an array");
  std::vector<verdict> verdicts;
  verdicts.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    auto read = parse_verdict((*array)[i], pointer_to("", i));
    if (!read) return with_context(read.error(), "verdicts");
    verdicts.push_back(std::move(*read));
  }
  return verdicts;
}

result<std::optional<job_failure>> parse_job_failure(std::string_view result_json) {
  if (result_json.empty()) return std::optional<job_failure>();
  const auto document = parse_json(result_json);
  if (!document) return with_context(document.error(), "result");
  const auto* object = document->if_object();
  if (!object) return make_error(errc::invalid_input, "result: must be an object");
  const auto* failed = object->if_contains("error");
  if (!failed || failed->is_null()) return std::optional<job_failure>();
  member_reader members(*failed, "/error");
  job_failure failure;
  failure.what = read_category(members);
  failure.crm_code = members.text("crm_code");
  failure.message = members.text("message");
  failure.retry_after = read_wait(members);
  failure.request = read_ordinal(members, "request");
  if (!members.ok()) return with_context(members.failure(), "result");
  return std::optional(std::move(failure));
}

std::string_view to_text(phase_status status) {
  switch (status) {
    case phase_status::ok: return "ok";
    case phase_status::skipped: return "skipped";
    case phase_status::failed: break;
  }
  return "failed";
}

}  // namespace leadsync
