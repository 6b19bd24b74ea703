#include "model/rendered.h"

#include "model/json_text.h"

namespace leadsync {
namespace {

void append_value(std::string& out, const rendered_value& value) {
  switch (value.type) {
    case value_type::boolean:
      out += value.text == "true" ? "true" : "false";
      return;
    case value_type::options:
      out += '[';
      for (const auto& item : value.items) {
        if (&item != &value.items.front()) out += ',';
        append_json_string(out, item);
      }
      out += ']';
      return;
    case value_type::reference: {
      const std::string_view text = value.text;
      const auto colon = text.find(':');
      out += "{\"object\":";
      append_json_string(out, colon == text.npos ? std::string_view() : text.substr(0, colon));
      out += ",\"id\":";
      append_json_string(out, colon == text.npos ? text : text.substr(colon + 1));
      out += '}';
      return;
    }
    default:
      append_json_string(out, value.text);
  }
}

}  // namespace

const rendered_object* rendered_lead::find(std::string_view object) const {
  for (const auto& candidate : objects)
    if (candidate.object == object) return &candidate;
  return nullptr;
}

void append_fields_json(std::string& out, const rendered_object& object) {
  out += '{';
  for (const auto& value : object.values) {
    if (&value != &object.values.front()) out += ',';
    append_json_string(out, value.remote_field);
    out += ":{\"type\":\"";
    out += to_text(value.type);
    out += "\",\"value\":";
    append_value(out, value);
    out += ",\"mode\":\"";
    out += to_text(value.mode);
    out += "\"}";
  }
  out += '}';
}

}  // namespace leadsync
