#include "plugin/step_reader.h"

#include "base/text.h"
#include "leadsync/plugin.h"

#include <boost/json.hpp>

#include <algorithm>
#include <string_view>

namespace leadsync {
namespace {

// What no working plugin comes near; beyond it a length or a count is garbage, or would exhaust the daemon.
constexpr std::size_t max_requests = 10'000;
constexpr std::size_t max_headers = 200;
constexpr std::size_t max_costs = 100;
constexpr std::size_t max_url_bytes = 64 * 1024;
constexpr std::size_t max_header_bytes = 64 * 1024;
constexpr std::size_t max_body_bytes = 64u << 20;
constexpr std::size_t max_checkpoint_bytes = 64 * 1024;
constexpr std::uint64_t max_wait_ms = 24ull * 60 * 60 * 1000;
constexpr std::uint32_t max_deadline_ms = 60 * 60 * 1000;

struct nonsense {
  std::string sentence;
};

[[noreturn]] void refuse(std::string sentence) { throw nonsense{std::move(sentence)}; }

std::string read_text(leadsync_str text, std::size_t max_bytes, const std::string& what) {
  if (text.size == 0) return {};
  if (!text.data) refuse(what + " has " + std::to_string(text.size) + " bytes at no address");
  if (text.size > max_bytes)
    refuse(what + " has " + std::to_string(text.size) + " bytes, more than the allowed " + std::to_string(max_bytes));
  std::string copy(text.data, text.size);
  if (!is_valid_utf8(copy)) refuse(what + " is not valid UTF-8");
  return copy;
}

/// Element `index` of an array of pointers to structs of at least version 1.0's size.
template <class Struct>
const Struct& element(const Struct* const* array, std::size_t index, const std::string& what) {
  const auto* one = array[index];
  if (!one) refuse(what + " " + std::to_string(index) + " is NULL");
  if (one->struct_size < sizeof(Struct))
    refuse(what + " " + std::to_string(index) + " says that it has " + std::to_string(one->struct_size) + " bytes, at least " +
           std::to_string(sizeof(Struct)) + " are needed");
  return *one;
}

template <class Pointer>
void check_array(Pointer array, std::size_t count, std::size_t max_count, const std::string& what) {
  if (count > max_count)
    refuse(what + " number " + std::to_string(count) + ", more than the allowed " + std::to_string(max_count));
  if (count > 0 && !array) refuse(what + " number " + std::to_string(count) + " at no address");
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

/// A line break would begin a header of the plugin's own making.
bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

std::vector<plugin_header> read_headers(const leadsync_request& from, const std::string& what) {
  check_array(from.headers, from.header_count, max_headers, what + ": its headers");
  std::vector<plugin_header> list;
  for (std::size_t i = 0; i < from.header_count; ++i) {
    const auto& header = element(from.headers, i, what + ": header");
    plugin_header one{read_text(header.name, max_header_bytes, what + ": a header's name"),
                      read_text(header.value, max_header_bytes, what + ": a header's value")};
    if (!is_token(one.name)) refuse(what + ": \"" + one.name + "\" is no header name");
    if (has_control_character(one.value)) refuse(what + ": the value of header " + one.name + " contains a control character");
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<plugin_cost> read_costs(const leadsync_request& from, const plugin_manifest& manifest, const std::string& what) {
  check_array(from.costs, from.cost_count, max_costs, what + ": its costs");
  std::vector<plugin_cost> list;
  for (std::size_t i = 0; i < from.cost_count; ++i) {
    const auto& cost = element(from.costs, i, what + ": cost");
    plugin_cost one{read_text(cost.limit, 200, what + ": a cost's limit"), cost.amount};
    const auto known = std::any_of(manifest.limits.begin(), manifest.limits.end(), [&](const auto& limit) { return limit.id == one.limit; });
    if (!known) refuse(what + ": it costs \"" + one.limit + "\", which is not one of the manifest's limits");
    list.push_back(std::move(one));
  }
  if (list.empty())
    for (const auto& limit : manifest.limits)
      if (limit.is_default) list.push_back({limit.id, 1});
  return list;
}

plugin_request read_request(const leadsync_request& from, const plugin_manifest& manifest, std::uint32_t lead_count,
                            const std::string& what) {
  plugin_request to;
  to.method = read_text(from.method, 20, what + ": its method");
  if (to.method.empty() || to.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
    refuse(what + ": \"" + to.method + "\" is no method");
  to.url = read_text(from.url, max_url_bytes, what + ": its URL");
  if (!to.url.starts_with('/') && !to.url.starts_with("https://") && !to.url.starts_with("http://"))
    refuse(what + ": its URL \"" + to.url + "\" begins neither with / nor with https://");
  if (has_control_character(to.url) || to.url.find_first_of(" \t") != std::string::npos)
    refuse(what + ": its URL contains a blank or a control character: percent-encode it");
  to.headers = read_headers(from, what);
  to.body = read_text(from.body, max_body_bytes, what + ": its body");
  to.phase = read_text(from.phase, 100, what + ": its phase");
  check_array(from.leads, from.lead_count, lead_count, what + ": its leads");
  to.leads.assign(from.leads, from.leads + from.lead_count);
  for (const auto ordinal : to.leads)
    if (ordinal >= lead_count) refuse(what + ": it names lead " + std::to_string(ordinal) + " of a job with " + std::to_string(lead_count));
  if (from.effect > LEADSYNC_EFFECT_BLIND_WRITE) refuse(what + ": its effect is the unknown number " + std::to_string(from.effect));
  to.effect = static_cast<plugin_effect>(from.effect);
  to.costs = read_costs(from, manifest, what);
  if (from.deadline_ms > max_deadline_ms) refuse(what + ": its deadline of " + std::to_string(from.deadline_ms) + " ms is beyond an hour");
  to.deadline = from.deadline_ms > 0 ? std::chrono::milliseconds(from.deadline_ms) : manifest.deadline;
  to.max_response_bytes = from.max_response_bytes > 0 ? std::min(from.max_response_bytes, manifest.max_response_bytes)
                                                      : manifest.max_response_bytes;
  return to;
}

void check_json(const std::string& text, boost::json::kind kind, const std::string& what) {
  if (text.empty()) return;
  boost::json::error_code failure;
  const auto value = boost::json::parse(text, failure);
  if (failure) refuse(what + " is not JSON: " + failure.message());
  if (value.kind() != kind) refuse(what + " is not a JSON " + (kind == boost::json::kind::array ? "array" : "object"));
}

plugin_step read(const leadsync_step& step, const plugin_manifest& manifest, std::uint32_t lead_count) {
  plugin_step out;
  out.verdicts_json = read_text(step.verdicts_json, max_body_bytes, "verdicts_json");
  check_json(out.verdicts_json, boost::json::kind::array, "verdicts_json");
  out.checkpoint = read_text(step.checkpoint, max_checkpoint_bytes, "the checkpoint");
  switch (step.kind) {
    case LEADSYNC_STEP_SEND:
      out.kind = plugin_step::kind::send;
      if (step.request_count == 0) refuse("a step sends no request");
      check_array(step.requests, step.request_count, max_requests, "the requests of a step");
      for (std::size_t i = 0; i < step.request_count; ++i)
        out.requests.push_back(
            read_request(element(step.requests, i, "request"), manifest, lead_count, "request " + std::to_string(i) + " of a step"));
      break;
    case LEADSYNC_STEP_WAIT:
      out.kind = plugin_step::kind::wait;
      if (step.wait_ms > max_wait_ms) refuse("it wants to wait " + std::to_string(step.wait_ms) + " ms, more than a day");
      out.wait = std::chrono::milliseconds(step.wait_ms);
      break;
    case LEADSYNC_STEP_DONE:
      out.kind = plugin_step::kind::done;
      out.result_json = read_text(step.result_json, max_body_bytes, "result_json");
      check_json(out.result_json, boost::json::kind::object, "result_json");
      if (out.result_json.empty()) out.result_json = "{}";
      break;
    default: refuse("the kind of a step is the unknown number " + std::to_string(step.kind));
  }
  return out;
}

}  // namespace

result<plugin_step> read_step(const leadsync_step& step, const plugin_manifest& manifest, std::uint32_t lead_count) {
  try {
    return read(step, manifest, lead_count);
  } catch (const nonsense& found) {
    return make_error(errc::invalid_input, found.sentence);
  }
}

}  // namespace leadsync
