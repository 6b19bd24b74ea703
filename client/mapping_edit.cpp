#include "mapping_edit.h"

#include "failure.h"
#include "json_access.h"

#include "base/text.h"

#include <boost/json/array.hpp>

namespace leadsync::client {
namespace {

namespace json = boost::json;

json::array& fields_of(json::object& mapping) {
  auto& fields = mapping["fields"];
  if (!fields.is_array()) fields = json::array();
  return fields.get_array();
}

std::string name_of(const json::object& field) { return text_of(field, "object") + "." + text_of(field, "remote_field"); }

bool is_named(const json::object& field, std::string_view name) {
  if (name_of(field) == name) return true;
  const auto source = text_of(field, "source");
  const auto colon = source.find(':');
  return fold(source) == fold(name) || (colon != source.npos && fold(source.substr(colon + 1)) == fold(name));
}

std::pair<std::string, std::string> split_target(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == name.npos || dot == 0 || dot + 1 == name.size())
    throw failure(exit_code::usage, "\"" + std::string(name) + "\" names no field of the CRM", "write object.field, such as contact.email");
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

std::string known_names(json::object& mapping) {
  std::string names;
  for (const auto& entry : fields_of(mapping)) names += (names.empty() ? "" : ", ") + name_of(object_of(entry));
  return names;
}

}  // namespace

json::object& find_field(json::object& mapping, std::string_view name) {
  json::object* found = nullptr;
  for (auto& entry : fields_of(mapping)) {
    auto* field = entry.if_object();
    if (!field || !is_named(*field, name)) continue;
    if (found && name_of(*field) != name)
      throw failure(exit_code::usage, "\"" + std::string(name) + "\" is mapped to several fields", name_of(*found) + ", " + name_of(*field),
                    "name the field of the CRM");
    found = field;
  }
  if (!found) throw failure(exit_code::not_found, "\"" + std::string(name) + "\" is not mapped", "mapped are " + known_names(mapping), "leadsync mapping show");
  return *found;
}

value_pair parse_value_pair(std::string_view text) {
  const auto equals = text.rfind('=');
  if (equals == text.npos || equals == 0)
    throw failure(exit_code::usage, "\"" + std::string(text) + "\" is no FROM=TO", "such as \"Within 6 months=next_quarter\"");
  return {std::string(trim(text.substr(0, equals))), std::string(trim(text.substr(equals + 1)))};
}

void map_values(json::object& field, const std::vector<value_pair>& values) {
  auto& known = field["values"];
  if (!known.is_object()) known = json::object();
  auto& entries = known.get_object();
  for (const auto& [from, to] : values) {
    // The daemon compares folded: another spelling of the same value must not stay beside the new one.
    std::string spelled = from;
    for (const auto& entry : entries)
      if (fold(entry.key()) == fold(from)) spelled = entry.key();
    entries.erase(spelled);
    if (!to.empty()) entries[from] = to;
  }
}

void remap_field(json::object& mapping, std::string_view name, std::string_view target) {
  const auto [object, remote_field] = split_target(target);
  auto& field = find_field(mapping, name);
  for (const auto& entry : fields_of(mapping))
    if (name_of(object_of(entry)) == target && &object_of(entry) != &field)
      throw failure(exit_code::conflict, std::string(target) + " is mapped already", "two sources cannot write one field",
                    "leadsync fields clear " + std::string(target));
  field["object"] = object;
  field["remote_field"] = remote_field;
}

void clear_field(json::object& mapping, std::string_view name) {
  const auto& field = find_field(mapping, name);
  auto& fields = fields_of(mapping);
  for (auto at = fields.begin(); at != fields.end(); ++at)
    if (at->if_object() == &field) {
      fields.erase(at);
      return;
    }
}

void set_field(json::object& mapping, std::string_view name, const field_change& change) {
  const auto [object, remote_field] = split_target(name);
  json::object* field = nullptr;
  for (auto& entry : fields_of(mapping))
    if (auto* known = entry.if_object(); known && name_of(*known) == name) field = known;
  if (!field) {
    fields_of(mapping).push_back(json::object{{"object", object}, {"remote_field", remote_field}});
    field = &fields_of(mapping).back().get_object();
  }
  if (!change.source.empty()) (*field)["source"] = change.source;
  if (!change.default_value.empty()) (*field)["default"] = change.default_value;
  if (change.truncate) (*field)["truncate"] = true;
  if (change.if_empty) (*field)["write_mode"] = "if_empty";
  if (change.overwrite) (*field)["write_mode"] = "overwrite";
}

}  // namespace leadsync::client
