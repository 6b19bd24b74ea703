#include "model/mapping.h"

#include "model/json_text.h"

#include <boost/json/array.hpp>

#include <set>

namespace leadsync {
namespace {

namespace json = boost::json;

result<field_mapping> parse_field(const json::value& value, const std::string& pointer) {
  member_reader members(value, pointer);
  members.only({"object", "remote_field", "source", "default", "write_mode", "truncate", "values"});
  field_mapping field;
  field.object = members.required_text("object");
  field.remote_field = members.required_text("remote_field");
  field.source = members.text("source");
  field.default_value = members.text("default");
  field.truncate = members.boolean("truncate", false);
  const auto mode = members.text("write_mode");
  if (mode == "if_empty") field.mode = write_mode::if_empty;
  else if (!mode.empty() && mode != "overwrite") members.refuse("write_mode", "must be \"overwrite\" or \"if_empty\"");
  if (const auto* values = members.object("values"))
    for (const auto& entry : *values) {
      if (const auto* option = entry.value().if_string()) field.values.emplace(entry.key(), *option);
      else return make_error(errc::invalid_input, pointer_to(pointer_to(pointer, "values"), entry.key()) + " must be a string");
    }
  if (field.source.empty() && field.default_value.empty()) members.refuse("source", "is missing, and there is no default");
  if (!members.ok()) return members.failure();
  return field;
}

}  // namespace

const field_mapping* mapping::find(std::string_view object, std::string_view remote_field) const {
  for (const auto& field : fields)
    if (field.remote_field == remote_field && field.object == object) return &field;
  return nullptr;
}

field_mapping* mapping::find(std::string_view object, std::string_view remote_field) {
  return const_cast<field_mapping*>(std::as_const(*this).find(object, remote_field));
}

std::string_view to_text(write_mode mode) { return mode == write_mode::if_empty ? "if_empty" : "overwrite"; }

result<mapping> parse_mapping(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return document.error();
  member_reader members(*document, "");
  members.only({"fields"});
  const auto* fields = members.array("fields");
  if (!fields) members.refuse("fields", "is missing");
  if (!members.ok()) return members.failure();

  mapping parsed;
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < fields->size(); ++i) {
    const auto pointer = pointer_to("/fields", i);
    auto field = parse_field((*fields)[i], pointer);
    if (!field) return field.error();
    if (!seen.emplace(field->object, field->remote_field).second)
      return make_error(errc::invalid_input, pointer + " maps " + field->object + "." + field->remote_field + " a second time");
    parsed.fields.push_back(std::move(*field));
  }
  return parsed;
}

std::string to_json(const mapping& fields) {
  std::string out = "{\"fields\":[";
  for (const auto& field : fields.fields) {
    if (out.back() != '[') out += ',';
    out += "{\"object\":";
    append_json_string(out, field.object);
    out += ",\"remote_field\":";
    append_json_string(out, field.remote_field);
    out += ",\"source\":";
    append_json_string(out, field.source);
    out += ",\"default\":";
    append_json_string(out, field.default_value);
    out += ",\"write_mode\":\"";
    out += to_text(field.mode);
    out += "\",\"truncate\":";
    out += field.truncate ? "true" : "false";
    out += ",\"values\":{";
    for (const auto& [from, to] : field.values) {
      if (out.back() != '{') out += ',';
      append_json_string(out, from);
      out += ':';
      append_json_string(out, to);
    }
    out += "}}";
  }
  out += "]}";
  return out;
}

}  // namespace leadsync
