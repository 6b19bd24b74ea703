#pragma once
#include <boost/json.hpp>

#include <string>
#include <string_view>

/// Reading JSON that may lack anything: what is absent, or of another kind, reads as empty.
namespace leadsync::zoho {

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
inline std::string_view text_of(const json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}
inline bool flag_of(const json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

/// Ids come as text or as numbers; they are never read as floating point.
inline std::string id_text(const json::value* value) {
  if (value && value->is_string()) return std::string(value->get_string());
  return value && (value->is_int64() || value->is_uint64()) ? json::serialize(*value) : std::string{};
}
inline std::string id_of(const json::object& parent, std::string_view name) { return id_text(parent.if_contains(name)); }
inline json::object parsed(std::string_view text) {
  boost::system::error_code malformed;
  auto value = json::parse(text, malformed);
  return value.is_object() ? std::move(value.get_object()) : json::object{};
}
}  // namespace leadsync::zoho
