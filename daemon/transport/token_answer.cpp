#include "transport/token_answer.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace leadsync {

namespace json = boost::json;

namespace {

bool is_named(const std::vector<std::string>& members, std::string_view name) {
  return std::find(members.begin(), members.end(), name) != members.end();
}

/// The answer is an object of a CRM's choosing: its depth is bounded by the parser.
bool replace_members(json::value& value, const std::vector<std::string>& members) {
  bool changed = false;
  if (auto* object = value.if_object()) {
    for (auto& [name, member] : *object) {
      if (member.is_string() && !member.get_string().empty() && is_named(members, std::string_view(name.data(), name.size()))) {
        member = placeholder(std::string_view(name.data(), name.size()));
        changed = true;
      } else {
        changed |= replace_members(member, members);
      }
    }
  } else if (auto* array = value.if_array()) {
    for (auto& each : *array) changed |= replace_members(each, members);
  }
  return changed;
}

std::optional<std::chrono::seconds> seconds_of(const json::value& value) {
  std::int64_t seconds = 0;
  if (value.is_number()) {
    boost::system::error_code failed;
    seconds = value.to_number<std::int64_t>(failed);
    if (failed) return {};
  } else if (const auto* text = value.if_string()) {
    if (std::from_chars(text->data(), text->data() + text->size(), seconds).ec != std::errc{}) return {};
  }
  if (seconds <= 0 || seconds > 10LL * 365 * 86400) return {};
  return std::chrono::seconds(seconds);
}

}  // namespace

token_answer take_tokens(const std::string& body, const std::vector<std::string>& members) {
  token_answer out;
  boost::system::error_code failed;
  auto value = json::parse(body, failed);
  if (failed) {
    out.body = body;
    return out;
  }
  if (const auto* object = value.if_object()) {
    for (const auto& name : members)
      if (const auto* member = object->if_contains(name); member && member->is_string() && !member->get_string().empty())
        out.values[name] = std::string(member->get_string());
    if (const auto* expiry = object->if_contains("expires_in")) out.expires_in = seconds_of(*expiry);
  }
  out.body = replace_members(value, members) ? json::serialize(value) : body;
  return out;
}

}  // namespace leadsync
