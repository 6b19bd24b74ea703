#pragma once
#include <boost/json.hpp>

#include <string>
#include <string_view>

/// Reading JSON that may lack anything: what is absent, or of another kind, reads as empty.
namespace leadsync::salesforce {

namespace json = boost::json;

inline const json::object& as_object(const json::value* value) {
  static const json::object none;
  return value && value->is_object() ? value->get_object() : none;
}
inline const json::object& as_object(const json::value& value) { return as_object(&value); }
inline const json::object& object_of(const json::object& parent, std::string_view name) { return as_object(parent.if_contains(name)); }
inline const json::array& list_of(const json::object& parent, std::string_view name) {
  static const json::array none;
  const auto* value = parent.if_contains(name);
  return value && value->is_array() ? value->get_array() : none;
}
inline std::string_view text_of(const json::value* value) {
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}
inline std::string_view text_of(const json::object& parent, std::string_view name) { return text_of(parent.if_contains(name)); }
inline bool flag_of(const json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}
inline std::int64_t number_of(const json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : 0;
}
/// Null where it is no JSON.
inline json::value parsed(std::string_view text) {
  boost::system::error_code malformed;
  return json::parse(text, malformed);
}
}  // namespace leadsync::salesforce
