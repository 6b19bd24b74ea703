#include "transport/token_answer.h"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <functional>

namespace {

namespace json = boost::json;

const std::vector<std::string> members{"access_token", "refresh_token"};

/// Whether a token stands anywhere, in a member that is one.
bool holds_token(const json::value& value) {
  if (const auto* array = value.if_array()) return std::any_of(array->begin(), array->end(), holds_token);
  const auto* object = value.if_object();
  if (!object) return false;
  return std::any_of(object->begin(), object->end(), [](const auto& member) {
    const bool named = member.key() == "access_token" || member.key() == "refresh_token";
    const auto* text = member.value().if_string();
    return named && text ? !text->empty() && !text->starts_with("{{secret:") : holds_token(member.value());
  });
}

}  // namespace

/// What a plugin gets to see of a token endpoint's answer holds no token, and an expiry is one that can be waited for.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string body(reinterpret_cast<const char*>(data), size);
  const auto taken = leadsync::take_tokens(body, members);
  if (taken.expires_in && taken.expires_in->count() <= 0) std::abort();
  for (const auto& [name, value] : taken.values)
    if (value.empty()) std::abort();
  boost::system::error_code malformed;
  const auto seen = json::parse(taken.body, malformed);
  if (malformed && !taken.values.empty()) std::abort();
  if (!malformed && holds_token(seen)) std::abort();
  return 0;
}
