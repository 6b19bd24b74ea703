#include "zoho/answers.h"

namespace leadsync::simulator::zoho {
namespace {

enum class method { insert, update, upsert };

/// One record of a write, while it is looked at.
struct writer {
  organization& org;
  module& of;
  const call& from;
  method how;
  std::vector<std::string> check_fields;

  [[nodiscard]] std::string path(std::size_t row, std::string_view name) const { return "$.data[" + std::to_string(row) + "]." + std::string(name); }

  [[nodiscard]] json::object invalid(std::size_t row, std::string_view name, json::object details, std::string_view message = "invalid data") const {
    details["api_name"] = name;
    details["json_path"] = path(row, name);
    return error_row("INVALID_DATA", message, std::move(details));
  }

  void check_values(std::size_t row, const json::object& sent, json::object& values, json::array& errors) const {
    for (const auto& [key, value] : sent) {
      const std::string_view name = key;
      if (name == "id" || name == "Tag" || name.starts_with("$")) continue;
      const auto* known = of.find_field(name);
      if (!known) {
        if (org.options.reject_unknown_fields) errors.push_back(invalid(row, name, {}, "the field api name given seems to be invalid"));
        continue;
      }
      if (known->read_only || !known->on_layout) continue;  // ignored with SUCCESS
      std::optional<json::value> stored;
      if (auto wrong = check(*known, value, org.options.unknown_values, stored)) errors.push_back(invalid(row, name, std::move(*wrong)));
      else if (!known->lookup.empty() && stored && stored->is_object() && !org.find_module(known->lookup)->find(text_member(stored->get_object(), "id")))
        errors.push_back(invalid(row, name, {{"expected_data_type", "lookup"}}));
      else if (stored) values[name] = std::move(*stored);
    }
  }

  /// Of an insert all mandatory fields; of an update those that would be cleared. A value that is refused is not missing as well.
  void check_mandatory(std::size_t row, const json::object& sent, bool inserts, json::array& errors) const {
    for (const auto& each : of.fields) {
      if (!each.mandatory || !each.on_layout) continue;
      const auto* value = sent.if_contains(each.api_name);
      const bool empty = value ? value->is_null() || (value->is_string() && value->get_string().empty()) : inserts;
      if (empty) errors.push_back(error_row("MANDATORY_NOT_FOUND", "required field not found", {{"api_name", each.api_name}, {"json_path", path(row, each.api_name)}}));
    }
  }

  void check_unique(std::size_t row, const json::object& values, const record* target, json::array& errors) const {
    for (const auto& each : of.fields) {
      const auto* value = each.unique ? values.if_contains(each.api_name) : nullptr;
      if (!value || value->is_null()) continue;
      for (const auto* holder : of.holders(each.api_name, *value)) {
        if (holder == target) continue;
        const auto id = std::to_string(holder->id);
        json::object existing{{"id", id}, {"Owner", {{"name", "A B"}, {"id", "111111000000031001"}, {"zuid", "11111"}}},
                              {"module", {{"api_name", of.api_name}, {"id", of.id}}}};
        errors.push_back(error_row("DUPLICATE_DATA", "duplicate data", {{"api_name", each.api_name}, {"duplicate_record", std::move(existing)},
                                   {"json_path", path(row, each.api_name)}, {"id", id}, {"more_records", false}}));
        break;
      }
    }
  }

  record* match(const json::object& values, std::string& by) const {
    for (const auto& name : check_fields) {
      const auto* value = values.if_contains(name);
      if (!value || value->is_null()) continue;
      const auto found = of.holders(name, *value);
      if (found.empty()) continue;
      by = name;
      return org.options.several_matches == "newest" ? found.back() : found.front();
    }
    return nullptr;
  }

  json::object write(std::size_t row, const json::value& entry) const {
    if (!entry.is_object()) return error_row("INVALID_DATA", "invalid data", {{"expected_data_type", "jsonobject"}, {"json_path", "$.data[" + std::to_string(row) + "]"}});
    const auto& sent = entry.get_object();
    json::object values;
    json::array errors;
    check_values(row, sent, values, errors);
    const auto id = text_member(sent, "id");
    std::string matched_by;
    record* target = id.empty() ? nullptr : of.find(id);
    if ((!id.empty() || how == method::update) && !target) {
      if (id.empty()) return error_row("MANDATORY_NOT_FOUND", "required field not found", {{"api_name", "id"}, {"json_path", path(row, "id")}});
      return error_row("INVALID_DATA", "the id given seems to be invalid", {{"api_name", "id"}, {"json_path", path(row, "id")}});
    }
    if (!target && how == method::upsert) target = match(values, matched_by);
    if (target && target->locked)
      return error_row("RECORD_LOCKED", "record is locked", {{"api_name", "id"}, {"json_path", path(row, "id")}, {"action", "record_locking"}});
    if (target && target->unapproved)
      return error_row("NOT_APPROVED", "Cannot update record that is not approved yet", {{"api_name", "id"}, {"json_path", path(row, "id")}});
    check_mandatory(row, sent, !target, errors);
    check_unique(row, values, target, errors);
    if (errors.size() == 1) return errors.front().get_object();
    if (!errors.empty()) return error_row("MULTIPLE_OR_MULTI_ERRORS", "Multiple errors in the request", {{"errors", std::move(errors)}});
    return store(sent, std::move(values), target, matched_by);
  }

  json::object store(const json::object& sent, json::object values, record* target, const std::string& matched_by) const {
    const bool inserts = !target;
    if (inserts) {
      target = &of.add(org.next_id++, from.now);
    }
    for (auto& [name, value] : values) target->values[name] = std::move(value);
    target->modified_at = from.now;
    if (const auto* tags = sent.if_contains("Tag"); tags && tags->is_array())
      for (const auto& tag : tags->get_array())
        if (tag.is_object()) target->tags.emplace_back(text_member(tag.get_object(), "name"));
    of.index(*target);
    auto details = written(org, *target);
    if (how == method::insert) details["$approval_state"] = "approved";
    json::object row{{"code", "SUCCESS"}};
    if (how == method::upsert) row["duplicate_field"] = matched_by.empty() ? json::value(nullptr) : json::value(matched_by);
    if (how == method::upsert) row["action"] = inserts ? "insert" : "update";
    row["details"] = std::move(details);
    row["message"] = inserts ? "record added" : "record updated";
    row["status"] = "success";
    return row;
  }
};

/// The fields that upsert matches by. Only the module's own and unique ones may be named.
std::optional<response> read_check_fields(module& of, const json::object& body, std::vector<std::string>& out) {
  const auto* named = body.if_contains("duplicate_check_fields");
  if (!named) {
    if (!of.system_field.empty()) out.push_back(of.system_field);
    for (const auto& each : of.fields)
      if (each.unique && each.api_name != of.system_field) out.push_back(each.api_name);
    return std::nullopt;
  }
  if (!named->is_array() || named->get_array().size() > 10)
    return refuse(400, "INVALID_DATA", "invalid data", {{"expected_data_type", "jsonarray"}, {"api_name", "duplicate_check_fields"}});
  for (const auto& name : named->get_array()) {
    const auto* known = name.is_string() ? of.find_field(name.get_string()) : nullptr;
    if (!known || !of.matches_by(*known))
      return refuse(400, "INVALID_DATA", "invalid data", {{"api_name", "duplicate_check_fields"},
                    {"json_path", "$.duplicate_check_fields[" + std::to_string(out.size()) + "]"}});
    out.emplace_back(known->api_name);
  }
  return std::nullopt;
}

}  // namespace

response handle_write(organization& org, module& of, const call& from) {
  const bool upserts = from.is("POST") && from.segment(1) == "upsert" && from.size() == 2;
  const bool updates = from.is("PUT") && from.size() <= 2;
  if (!upserts && !updates && !(from.is("POST") && from.size() == 1)) return unknown_path();
  const auto* rows = from.rows();
  if (!rows || rows->empty()) return bad_data();
  if (rows->size() > 100)
    return refuse(400, "LIMIT_EXCEEDED", "count of records in your request exceeds the limit", {{"maximum_length", 100}, {"api_name", "data"}});
  writer work{org, of, from, upserts ? method::upsert : updates ? method::update : method::insert, {}};
  if (upserts)
    if (auto refused = read_check_fields(of, from.body.get_object(), work.check_fields)) return std::move(*refused);
  json::array out;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    json::value entry = (*rows)[i];
    if (updates && from.size() == 2 && entry.is_object()) entry.get_object()["id"] = from.segment(1);
    out.push_back(work.write(i, entry));
  }
  return batch_answer(org, std::move(out), updates || upserts ? 200 : 201);
}

}  // namespace leadsync::simulator::zoho
