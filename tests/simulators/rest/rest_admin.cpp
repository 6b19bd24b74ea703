#include "admin/admin.h"
#include "rest/rest.h"

#include <algorithm>
#include <map>

namespace leadsync::simulator::rest {
namespace {

json::object stored(const record& one) { return {{"id", one.id}, {"values", one.values}}; }

response show_objects(account& of, const request& call, const std::string& kind) {
  if (kind != "people" && kind != "notes") return admin_refusal(404, "people and notes are there");
  const auto& all = kind == "people" ? of.people : of.notes;
  if (call.parameter("count")) return admin_answer({{"count", all.size()}});
  json::array list;
  for (const auto& each : all) list.push_back(stored(each));
  return admin_answer({{"results", std::move(list)}});
}

/// Notes of one text on one person; people cannot be there twice.
response show_duplicates(const account& of) {
  std::map<std::string, json::array> by_text;
  for (const auto& each : of.notes) by_text[json::serialize(each.values)].push_back(stored(each));
  json::array found;
  for (auto& [text, same] : by_text)
    if (same.size() > 1) found.push_back(std::move(same));
  return admin_answer({{"count", found.size()}, {"groups", std::move(found)}});
}

response change_field(account& of, const request& call, const std::string& object, const std::string& name, const json::value& body) {
  const auto known = of.fields.find(object);
  if (known == of.fields.end()) return admin_refusal(404, "person and note have fields");
  auto& list = known->second;
  auto at = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.name == name; });
  if (call.method == "DELETE") {
    if (at != list.end()) list.erase(at);
    return admin_answer(json::object());
  }
  if (call.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    if (at == list.end()) at = list.insert(at, field{.name = name, .label = name});
    for (const auto& [member, value] : body.get_object()) {
      if (member == "type" && value.is_string()) at->type = value.get_string();
      else if (member == "label" && value.is_string()) at->label = value.get_string();
      else if (member == "required" && value.is_bool()) at->required = value.get_bool();
      else if (member == "creatable" && value.is_bool()) at->creatable = value.get_bool();
      else if (member == "updatable" && value.is_bool()) at->updatable = value.get_bool();
      else if (member == "max_length" && value.is_int64()) at->max_length = std::size_t(value.get_int64());
      else if (member == "options" && value.is_array()) at->options = json::value_to<std::vector<std::string>>(value);
      else return admin_refusal(400, "unknown member or wrong type: " + std::string(member));
    }
  }
  return at == list.end() ? admin_refusal(404, "no such field") : admin_answer(at->to_json());
}

response change_tokens(account& of, const request& call, const json::value& body) {
  if (call.method == "PUT") {
    if (!body.is_object()) return admin_refusal(400, "an object is needed");
    for (const auto& [name, value] : body.get_object()) {
      if (!value.is_array()) return admin_refusal(400, "a list is needed: " + std::string(name));
      for (const auto& each : value.get_array()) {
        const std::string token(each.as_string());
        if (name == "add") of.tokens.push_back(token);
        else if (name == "revoke") std::erase(of.tokens, token);
        else return admin_refusal(400, "unknown member: " + std::string(name));
      }
    }
  }
  return admin_answer({{"count", of.tokens.size()}});
}

}  // namespace

response administer_account(account& of, const request& call, const std::vector<std::string>& segments, const json::value& body) {
  const auto& area = segments.front();
  if (area == "objects" && segments.size() == 2) return show_objects(of, call, segments[1]);
  if (area == "duplicates") return show_duplicates(of);
  if (area == "fields" && segments.size() == 3) return change_field(of, call, segments[1], segments[2], body);
  if (area == "tokens") return change_tokens(of, call, body);
  return {0};
}

}  // namespace leadsync::simulator::rest
