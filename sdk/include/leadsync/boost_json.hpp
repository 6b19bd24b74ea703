// SPDX-License-Identifier: Apache-2.0
//
// Optional, for plugins that read JSON by Boost.JSON. plugin.hpp does not include it, and the rest of the SDK needs the standard library alone.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

/// Reading JSON that may lack anything: what is absent, or of another kind, reads as empty.
namespace leadsync::sdk::reading {

inline const boost::json::object& as_object(const boost::json::value* value) {
  static const boost::json::object none;
  return value && value->is_object() ? value->get_object() : none;
}
inline const boost::json::object& as_object(const boost::json::value& value) { return as_object(&value); }
inline const boost::json::object& object_of(const boost::json::object& parent, std::string_view name) { return as_object(parent.if_contains(name)); }

inline const boost::json::array& list_of(const boost::json::object& parent, std::string_view name) {
  static const boost::json::array none;
  const auto* value = parent.if_contains(name);
  return value && value->is_array() ? value->get_array() : none;
}

inline std::string_view text_of(const boost::json::value* value) {
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}
inline std::string_view text_of(const boost::json::object& parent, std::string_view name) { return text_of(parent.if_contains(name)); }

inline bool flag_of(const boost::json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

inline std::int64_t number_of(const boost::json::object& parent, std::string_view name) {
  const auto* value = parent.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : 0;
}

/// Ids come as text or as numbers; they are never read as floating point. A text that is longer than any id is none.
inline std::string id_text(const boost::json::value* value) {
  constexpr std::size_t longest = 200;
  if (value && value->is_string()) return value->get_string().size() <= longest ? std::string(value->get_string()) : std::string();
  return value && (value->is_int64() || value->is_uint64()) ? boost::json::serialize(*value) : std::string();
}
inline std::string id_of(const boost::json::object& parent, std::string_view name) { return id_text(parent.if_contains(name)); }

/// One of a verdict's `warnings`. `field` may be empty.
inline std::string warning_text(std::string_view code, std::string_view field, std::string_view message) {
  boost::json::object warning{{"code", code}};
  if (!field.empty()) warning["field"] = field;
  warning["message"] = message;
  return boost::json::serialize(warning);
}

/// Null where it is no JSON.
inline boost::json::value parsed_value(std::string_view text) {
  boost::system::error_code malformed;
  return boost::json::parse(text, malformed);
}
/// Empty where it is no JSON object.
inline boost::json::object parsed(std::string_view text) {
  auto value = parsed_value(text);
  return value.is_object() ? std::move(value.get_object()) : boost::json::object();
}

}  // namespace leadsync::sdk::reading
