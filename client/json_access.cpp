#include "json_access.h"

namespace leadsync::client {
namespace {

namespace json = boost::json;

const json::object no_object;
const json::array no_array;

}  // namespace

std::string text_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  if (!value) return {};
  if (const auto* text = value->if_string()) return std::string(*text);
  if (const auto* number = value->if_int64()) return std::to_string(*number);
  if (value->is_bool()) return value->get_bool() ? "true" : "false";
  return {};
}

std::int64_t number_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : 0;
}

bool flag_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_bool() && value->get_bool();
}

const json::object& object_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_object() ? value->get_object() : no_object;
}

const json::array& array_of(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value && value->is_array() ? value->get_array() : no_array;
}

const json::object& object_of(const json::value& document) { return document.is_object() ? document.get_object() : no_object; }

}  // namespace leadsync::client
