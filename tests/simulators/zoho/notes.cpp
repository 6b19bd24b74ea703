#include "zoho/answers.h"

namespace leadsync::simulator::zoho {
namespace {

std::string path(std::size_t row, std::string_view name) { return "$.data[" + std::to_string(row) + "]." + std::string(name); }

/// The record that a note belongs to, as [module, id]; none where it is missing or unknown.
std::optional<std::pair<std::string, std::string>> parent_of(organization& org, const call& from, const json::object& sent) {
  std::pair<std::string, std::string> out;
  if (from.size() == 3) {
    out = {std::string(from.segment(0)), std::string(from.segment(1))};
  } else {
    const auto* parent = sent.if_contains("Parent_Id");
    const auto* of = parent && parent->is_object() ? parent->get_object().if_contains("module") : nullptr;
    if (!of || !of->is_object()) return std::nullopt;
    out = {std::string(text_member(of->get_object(), "api_name")), std::string(text_member(parent->get_object(), "id"))};
  }
  auto* named = org.find_module(out.first);
  return named && named->find(out.second) ? std::optional(std::move(out)) : std::nullopt;
}

json::object write(organization& org, module& notes, const call& from, std::size_t row, const json::value& entry) {
  if (!entry.is_object()) return error_row("INVALID_DATA", "invalid data", {{"expected_data_type", "jsonobject"}});
  const auto& sent = entry.get_object();
  json::object values;
  for (const auto& each : notes.fields) {
    const auto* value = sent.if_contains(each.api_name);
    if (!value || value->is_null()) continue;
    std::optional<json::value> stored;
    if (auto wrong = check(each, *value, unknown_option::reject, stored)) {
      (*wrong)["api_name"] = each.api_name;
      (*wrong)["json_path"] = path(row, each.api_name);
      return error_row("INVALID_DATA", "invalid data", std::move(*wrong));
    }
    values[each.api_name] = *stored;
  }
  const auto is_empty = [&](std::string_view name) { return text_member(values, name).empty(); };
  if (is_empty("Note_Title") && is_empty("Note_Content")) {
    json::array expected;
    for (const auto* name : {"Note_Content", "Note_Title"}) expected.push_back({{"api_name", name}, {"json_path", path(row, name)}});
    return error_row("EXPECTED_FIELD_MISSING", "should contain either content or title", {{"expected_fields", std::move(expected)}});
  }
  const auto parent = parent_of(org, from, sent);
  if (!parent && !sent.contains("Parent_Id") && from.size() != 3)
    return error_row("MANDATORY_NOT_FOUND", "required field not found", {{"api_name", "Parent_Id"}, {"json_path", path(row, "Parent_Id")}});
  if (!parent) return error_row("INVALID_DATA", "the id given seems to be invalid", {{"api_name", "id"}, {"json_path", path(row, "Parent_Id.id")}});
  auto& made = notes.add(org.next_id++, from.now);
  made.values = std::move(values);
  made.values["Parent_Id"] = {{"module", {{"api_name", parent->first}}}, {"id", parent->second}};
  return {{"code", "SUCCESS"}, {"details", written(org, made)}, {"message", "record added"}, {"status", "success"}};
}

}  // namespace

response handle_notes(organization& org, const call& from) {
  auto& notes = *org.find_module("Notes");
  if (from.is("POST")) {
    const auto* rows = from.rows();
    if (!rows || rows->empty()) return bad_data();
    if (rows->size() > 100) return refuse(400, "LIMIT_EXCEEDED", "count of records in your request exceeds the limit", {{"maximum_length", 100}, {"api_name", "data"}});
    json::array out;
    for (std::size_t i = 0; i < rows->size(); ++i) out.push_back(write(org, notes, from, i, (*rows)[i]));
    return batch_answer(org, std::move(out), 201);
  }
  if (!from.is("GET") || from.size() != 3) return handle_records(org, notes, from);
  const auto fields = from.raw.parameter("fields").value_or("");
  if (fields.empty()) return refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", {{"param_name", "fields"}});
  if (!org.find_module(from.segment(0))->find(from.segment(1))) return bad_id();
  json::array rows;
  for (const auto& one : notes.records)
    if (!one.deleted && one.values.at("Parent_Id").at("id") == json::value(from.segment(1)))
      rows.push_back(shown(org, notes, one, {"Note_Title", "Note_Content"}));
  if (rows.empty()) return nothing();
  const auto count = rows.size();
  return ok(json::object{{"data", std::move(rows)}, {"info", {{"per_page", 200}, {"count", count}, {"page", 1}, {"more_records", false}}}});
}

response handle_tags(organization& org, module& of, const call& from) {
  if (!from.is("POST")) return wrong_method();
  const auto* body = from.body.if_object();
  const auto* tags = body ? body->if_contains("tags") : nullptr;
  const auto* ids = body ? body->if_contains("ids") : nullptr;
  if (!tags || !tags->is_array() || !ids || !ids->is_array()) return bad_data();
  json::array rows, shown_tags;
  for (const auto& tag : tags->get_array()) {
    const auto name = tag.is_object() ? text_member(tag.get_object(), "name") : "";
    if (name.size() > 25)
      return refuse(400, "INVALID_DATA", "invalid data", {{"maximum_length", 25}, {"api_name", "name"}, {"json_path", "$.tags[0].name"}});
    shown_tags.push_back({{"name", name}, {"id", org.new_id()}, {"color_code", nullptr}});
  }
  std::int64_t locked = 0;
  for (const auto& id : ids->get_array()) {
    auto* one = id.is_string() ? of.find(std::string_view(id.get_string())) : nullptr;
    if (!one) {
      rows.push_back(error_row("INVALID_DATA", "the id given seems to be invalid", {{"id", id}}));
      continue;
    }
    locked += one->locked;
    if (one->locked) {
      rows.push_back(error_row("RECORD_LOCKED", "Sorry, you cannot perform this operation as the record is locked.", {{"action", "record_locking"}, {"id", id}}));
      continue;
    }
    for (const auto& tag : tags->get_array()) {
      const std::string name(text_member(tag.get_object(), "name"));
      if (std::find(one->tags.begin(), one->tags.end(), name) == one->tags.end()) one->tags.push_back(name);
    }
    rows.push_back({{"code", "SUCCESS"}, {"details", {{"id", id}, {"affected_data", nullptr}, {"tags", shown_tags}}},
                    {"message", "tags updated successfully"}, {"status", "success"}});
  }
  auto answer = batch_answer(org, std::move(rows), 200);
  answer.body.insert(answer.body.size() - 1, R"(,"locked_count":")" + std::to_string(locked) + "\"");
  return answer;
}

}  // namespace leadsync::simulator::zoho
