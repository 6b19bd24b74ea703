#include "model/remote_schema.h"

#include "base/text.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <limits>

namespace leadsync {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 11> types{"text", "email", "phone", "url", "decimal", "boolean",
                                                 "date", "instant", "option", "options", "reference"};
constexpr std::array<std::string_view, 3> units{"code_points", "utf16", "bytes"};

result<remote_option> parse_option(const json::value& value, const std::string& pointer) {
  member_reader members(value, pointer);
  remote_option option;
  option.value = members.text("value");
  option.label = members.text("label");
  option.active = members.boolean("active", true);
  if (!members.has("value")) members.refuse("value", "is missing");
  if (option.label.empty()) option.label = option.value;
  if (!members.ok()) return members.failure();
  return option;
}

result<remote_field> parse_field(const json::value& value, const std::string& pointer) {
  member_reader members(value, pointer);
  remote_field field;
  field.name = members.required_text("name");
  field.label = members.text("label");
  if (field.label.empty()) field.label = field.name;
  if (const auto type = parse_value_type(members.required_text("type"))) field.type = *type;
  else members.refuse("type", "is not a type of the protocol");
  field.creatable = members.boolean("creatable", true);
  field.updatable = members.boolean("updatable", true);
  field.required = members.boolean("required", false);
  field.max_length = std::size_t(members.count("max_length", std::numeric_limits<std::int64_t>::max()));
  if (const auto unit = members.text("length_unit"); !unit.empty()) {
    const auto found = std::find(units.begin(), units.end(), unit);
    if (found == units.end()) members.refuse("length_unit", "must be code_points, utf16 or bytes");
    else field.unit = length_unit(found - units.begin());
  }
  field.restricted = members.boolean("restricted", false);
  field.unique = members.boolean("unique", false);
  field.semantic = members.text("semantic");
  if (const auto* options = members.array("options")) {
    const auto options_pointer = pointer_to(pointer, "options");
    for (std::size_t i = 0; i < options->size(); ++i) {
      auto option = parse_option((*options)[i], pointer_to(options_pointer, i));
      if (!option) return option.error();
      field.options.push_back(std::move(*option));
    }
  }
  if (!members.ok()) return members.failure();
  return field;
}

result<remote_object> parse_object(const json::value& value, const std::string& pointer) {
  member_reader members(value, pointer);
  remote_object object;
  object.name = members.required_text("name");
  object.title = members.text("title");
  if (object.title.empty()) object.title = object.name;
  object.key_field = members.text("key_field");
  if (const auto* fields = members.array("fields")) {
    const auto fields_pointer = pointer_to(pointer, "fields");
    for (std::size_t i = 0; i < fields->size(); ++i) {
      auto field = parse_field((*fields)[i], pointer_to(fields_pointer, i));
      if (!field) return field.error();
      object.fields.push_back(std::move(*field));
    }
  }
  if (!members.ok()) return members.failure();
  return object;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

void append_member(std::string& out, std::string_view name, bool value) {
  out += ",\"";
  out += name;
  out += value ? "\":true" : "\":false";
}

void append_field(std::string& out, const remote_field& field) {
  out += '{';
  append_member(out, "name", std::string_view(field.name));
  append_member(out, "label", std::string_view(field.label));
  append_member(out, "type", to_text(field.type));
  append_member(out, "creatable", field.creatable);
  append_member(out, "updatable", field.updatable);
  append_member(out, "required", field.required);
  out += ",\"max_length\":" + std::to_string(field.max_length);
  append_member(out, "length_unit", units[std::size_t(field.unit)]);
  append_member(out, "restricted", field.restricted);
  append_member(out, "unique", field.unique);
  append_member(out, "semantic", std::string_view(field.semantic));
  out += ",\"options\":[";
  for (const auto& option : field.options) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_member(out, "value", std::string_view(option.value));
    append_member(out, "label", std::string_view(option.label));
    append_member(out, "active", option.active);
    out += '}';
  }
  out += "]}";
}

}  // namespace

const remote_option* remote_field::find_option(std::string_view value) const {
  for (const auto& option : options)
    if (option.value == value) return &option;
  return nullptr;
}

const remote_field* remote_object::find(std::string_view field) const {
  for (const auto& candidate : fields)
    if (candidate.name == field) return &candidate;
  return nullptr;
}

const remote_object* remote_schema::find(std::string_view object) const {
  for (const auto& candidate : objects)
    if (candidate.name == object) return &candidate;
  return nullptr;
}

std::string_view to_text(value_type type) { return types[std::size_t(type)]; }

std::optional<value_type> parse_value_type(std::string_view text) {
  const auto found = std::find(types.begin(), types.end(), text);
  if (found == types.end()) return std::nullopt;
  return value_type(found - types.begin());
}

result<remote_schema> parse_remote_schema(std::string_view text) {
  const auto document = parse_json(text);
  if (!document) return document.error();
  member_reader members(*document, "");
  const auto* objects = members.array("objects");
  if (!objects) members.refuse("objects", "is missing");
  if (!members.ok()) return members.failure();
  remote_schema schema;
  for (std::size_t i = 0; i < objects->size(); ++i) {
    auto object = parse_object((*objects)[i], pointer_to("/objects", i));
    if (!object) return object.error();
    schema.objects.push_back(std::move(*object));
  }
  return schema;
}

std::string to_json(const remote_schema& schema) {
  std::string out = "{\"objects\":[";
  for (const auto& object : schema.objects) {
    if (out.back() != '[') out += ',';
    out += '{';
    append_member(out, "name", std::string_view(object.name));
    append_member(out, "title", std::string_view(object.title));
    append_member(out, "key_field", std::string_view(object.key_field));
    out += ",\"fields\":[";
    for (const auto& field : object.fields) {
      if (out.back() != '[') out += ',';
      append_field(out, field);
    }
    out += "]}";
  }
  out += "]}";
  return out;
}

std::string fingerprint(const remote_schema& schema) {
  auto ordered = schema;
  const auto by_name = [](const auto& left, const auto& right) { return left.name < right.name; };
  std::sort(ordered.objects.begin(), ordered.objects.end(), by_name);
  for (auto& object : ordered.objects) {
    std::sort(object.fields.begin(), object.fields.end(), by_name);
    for (auto& field : object.fields)
      std::sort(field.options.begin(), field.options.end(),
                [](const auto& left, const auto& right) { return left.value < right.value; });
  }
  return sha256_hex(to_json(ordered)).substr(0, 32);
}

}  // namespace leadsync
