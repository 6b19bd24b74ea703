#include "salesforce/writer.h"

#include <algorithm>

namespace leadsync::simulator::salesforce {
namespace {

/// As the record would be.
std::string merged(const record* before, const value_map& values, std::string_view name) {
  const auto sent = values.find(name);
  if (sent == values.end()) return before ? before->text(name) : std::string();
  return record{{}, {{std::string(name), sent->second}}}.text(name);
}

void check_rules(const org& account, const object_type& type, const record* before, row_result& out, const value_map& values) {
  for (const auto& one : account.rules)
    if (one.object == type.name() && merged(before, values, one.field) == one.equals) out.errors.push_back({one.code, one.message, one.fields});
}

void check_unique(object_type& type, const record* before, row_result& out, const value_map& values) {
  for (const auto& what : type.fields()) {
    const auto sent = values.find(what.name);
    if (!what.unique || sent == values.end() || sent->second.is_null()) continue;
    for (const auto* other : type.with_value(what.name, merged(nullptr, values, what.name)))
      if (other != before)
        out.errors.push_back({"DUPLICATE_VALUE", "duplicate value found: " + what.name + " duplicates value on record with id: " + other->id.substr(0, 15), {}});
  }
  const auto repeats = [&](const char* first, const char* second) {
    const auto value = merged(nullptr, values, second);
    if (value.empty() || before) return false;
    const auto others = type.with_value(first, merged(nullptr, values, first));
    return std::any_of(others.begin(), others.end(), [&](const record* other) { return other->text(second) == value; });
  };
  if (type.name() == "CampaignMember" && (repeats("CampaignId", "LeadId") || repeats("CampaignId", "ContactId")))
    out.errors.push_back({"DUPLICATE_VALUE", "Already a campaign member.", {}});
  if (type.name() == "PermissionSetAssignment" && repeats("PermissionSetId", "AssigneeId")) out.errors.push_back({"DUPLICATE_VALUE", "duplicate value found: <unknown> duplicates value on record with id: <unknown>", {}});
  if (type.name() == "FieldPermissions" && repeats("ParentId", "Field")) out.errors.push_back({"DUPLICATE_VALUE", "duplicate value found: <unknown> duplicates value on record with id: <unknown>", {}});
}

/// A lead or contact with the e-mail address of another one.
void check_duplicate_rule(org& account, object_type& type, row_result& out, const value_map& values, const write_terms& terms) {
  const auto& mode = account.options.duplicate_rule;
  if (mode == "off" || (mode == "alert" && terms.allow_save) || (type.name() != "Lead" && type.name() != "Contact")) return;
  const auto email = merged(nullptr, values, "Email");
  if (email.empty()) return;
  for (auto* where : {&account.type("Lead"), &account.type("Contact")}) {
    const auto same = where->with_value("Email", email);
    if (same.empty()) continue;
    json::object match{{"attributes", {{"type", where->name()}, {"url", "/services/data/v62.0/sobjects/" + where->name() + "/" + same.front()->id}}}, {"Id", same.front()->id}};
    json::object hit{{"additionalInformation", json::array()}, {"fieldDiffs", json::array()}, {"matchConfidence", 100.0}, {"record", std::move(match)}};
    json::object found{{"entityType", where->name()}, {"errors", json::array()}, {"matchEngine", "ExactMatchEngine"}, {"matchRecords", json::array{std::move(hit)}},
                       {"rule", where->name() + "_MR"}, {"size", 1}, {"success", true}};
    row_error refused{"DUPLICATES_DETECTED", "Use one of these records?"};
    refused.duplicate = {{"allowSave", mode == "alert"}, {"duplicateRule", "Standard_" + type.name() + "_Duplicate_Rule"}, {"duplicateRuleEntityType", type.name()},
                         {"errorMessage", "Use one of these records?"}, {"matchResults", json::array{std::move(found)}}};
    out.errors.push_back(std::move(refused));
    return;
  }
}

bool lock_fault(org& account, row_result& out, const std::string& id) {
  if (account.options.lock_rows == 0) return false;
  --account.options.lock_rows;
  out.errors.push_back({"UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 1 records: " + (id.empty() ? "0015e00000AbCdE" : id.substr(0, 15)), {}});
  return true;
}

/// A new field is seen by those whose permission set has it.
void grant_field(org& account, const record& right) {
  auto* type = account.find_type(right.text("SobjectType"));
  const auto name = right.text("Field");
  const auto dot = name.find('.');
  if (!type || dot == name.npos || right.text("PermissionsEdit") != "true") return;
  for (const auto* assigned : account.type("PermissionSetAssignment").with_value("PermissionSetId", right.text("ParentId")))
    if (auto* what = type->any_field(name.substr(dot + 1)); what && assigned->text("AssigneeId") == account.user_id) what->hidden = false;
}

bool take(checked_values& checked, row_result& out) {
  out.errors = std::move(checked.errors);
  out.unreadable = std::move(checked.unreadable);
  out.unreadable_field = std::move(checked.unreadable_field);
  return out.errors.empty() && out.unreadable.empty();
}

row_result create_with_key(org& account, object_type& type, const json::object& given, const write_terms& terms, std::string_view key, const std::string& value) {
  row_result out;
  auto checked = check_values(account, type, given, write::create, key);
  if (!take(checked, out) || lock_fault(account, out, {})) return out;
  if (!key.empty()) checked.values[std::string(key)] = value;
  check_rules(account, type, nullptr, out, checked.values);
  if (out.errors.empty()) check_unique(type, nullptr, out, checked.values);
  if (out.errors.empty()) check_duplicate_rule(account, type, out, checked.values, terms);
  if (!out.errors.empty()) return out;
  if (type.name() == "Lead" && terms.auto_assign && !account.options.assignment_owner.empty()) checked.values["OwnerId"] = account.options.assignment_owner;
  if (type.name() == "CampaignMember" && checked.values.contains("LeadId") && checked.values.contains("ContactId")) checked.values.erase("LeadId");
  auto& made = type.insert(std::move(checked.values), terms.now);
  if (type.name() == "FieldPermissions") grant_field(account, made);
  out.id = made.id;
  out.success = out.created = true;
  return out;
}

}  // namespace

row_result create_record(org& account, object_type& type, const json::object& given, const write_terms& terms) {
  return create_with_key(account, type, given, terms, {}, {});
}

row_result update_record(org& account, object_type& type, std::string_view id, const json::object& given, const write_terms& terms) {
  row_result out;
  auto checked = check_values(account, type, given, write::update, {});
  if (!checked.unreadable.empty()) {
    static_cast<void>(take(checked, out));
    return out;
  }
  auto* found = type.find(id);
  out.id = found ? found->id : std::string(id);
  if (!looks_like_id(id)) out.errors.push_back({"MALFORMED_ID", "malformed id " + std::string(id), {}});
  else if (!found) out.errors.push_back({"INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", {}});
  else if (found->deleted) out.errors.push_back({"ENTITY_IS_DELETED", "entity is deleted", {}});
  else if (found->text("IsConverted") == "true") out.errors.push_back({"CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", {}});
  else if (found->locked) out.errors.push_back({"ENTITY_IS_LOCKED", "entity is locked for editing", {}});
  if (!out.errors.empty() || !take(checked, out) || lock_fault(account, out, found->id)) return out;
  check_rules(account, type, found, out, checked.values);
  if (out.errors.empty()) check_unique(type, found, out, checked.values);
  if (!out.errors.empty()) return out;
  type.update(*found, checked.values, terms.now);
  out.success = true;
  return out;
}

row_result upsert_record(org& account, object_type& type, const field& key, const std::string& value, const json::object& given, const write_terms& terms) {
  const auto found = type.with_value(key.name, value);
  if (found.size() > 1) {
    row_result out;
    std::string ids;
    for (const auto* one : found) {
      out.several.push_back(one->id);
      ids += (ids.empty() ? "" : ", ") + one->id;
    }
    out.errors.push_back({"DUPLICATE_EXTERNAL_ID", key.name + ": more than one record found for external id field: [" + ids + "]", {}});
    return out;
  }
  if (found.empty()) return create_with_key(account, type, given, terms, key.name, value);
  json::object rest;
  for (const auto& [name, sent] : given)
    if (std::string_view(name) != key.name) rest[name] = sent;
  return update_record(account, type, found.front()->id, rest, terms);
}

std::optional<row_error> delete_record(org& account, std::string_view id) {
  auto* type = account.type_of_id(id);
  auto* found = type ? type->find(id) : nullptr;
  if (!found) return row_error{"NOT_FOUND", "The requested resource does not exist"};
  if (found->deleted) return row_error{"ENTITY_IS_DELETED", "entity is deleted"};
  found->deleted = true;
  return std::nullopt;
}

json::object to_row(const row_result& result, bool upsert) {
  json::object row;
  if (result.success) row["id"] = result.id;
  row["success"] = result.success;
  auto& errors = row["errors"].emplace_array();
  for (const auto& one : result.errors)
    errors.push_back({{"statusCode", one.code}, {"message", one.message}, {"fields", json::value_from(one.fields)}});
  if (upsert && result.success) row["created"] = result.created;
  return row;
}

json::array to_errors(const std::vector<row_error>& errors, bool misspelt) {
  json::array out;
  for (const auto& one : errors) {
    json::object row{{"message", one.message}, {"errorCode", one.code}};
    if (!one.fields.empty()) row["fields"] = json::value_from(one.fields);
    if (!one.duplicate.empty()) row[misspelt ? "duplicateResut" : "duplicateResult"] = one.duplicate;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace leadsync::simulator::salesforce
