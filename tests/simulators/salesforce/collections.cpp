#include "salesforce/answers.h"

#include <algorithm>
#include <set>

namespace leadsync::simulator::salesforce {
namespace {

constexpr std::size_t most_records = 200;

std::optional<response> refuse_list(const json::array* records) {
  if (!records || records->empty()) return refuse(400, "REQUIRED_FIELD_MISSING", "At least 1 record is required");
  if (records->size() > most_records)
    return refuse(400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this operation");
  return std::nullopt;
}

row_result refused(std::string code, std::string message) {
  row_result out;
  out.errors.push_back({std::move(code), std::move(message), {}});
  return out;
}

object_type* type_of(org& account, const json::object& given) {
  const auto* attributes = given.if_contains("attributes");
  return account.find_type(attributes && attributes->is_object() ? text_member(attributes->get_object(), "type") : std::string_view());
}

row_result unreadable_in(org& account, const json::value& entry, object_type* upserted, const field* key) {
  row_result out;
  if (!entry.is_object()) {
    out.unreadable = "Cannot deserialize instance of sobject from VALUE_STRING value " + json::serialize(entry);
    return out;
  }
  const auto* type = upserted ? upserted : type_of(account, entry.get_object());
  if (!type) return out;
  auto checked = check_values(account, *type, entry.get_object(), write::create, key ? std::string_view(key->name) : std::string_view());
  out.unreadable = std::move(checked.unreadable);
  out.unreadable_field = std::move(checked.unreadable_field);
  return out;
}

/// One record of the list, by the call's method and path.
row_result write_one(org& account, const call& from, const json::object& given, object_type* upserted, const field* key, std::set<std::string>& keys) {
  const auto terms = from.terms();
  if (upserted) {
    const auto* sent = given.if_contains(key->name);
    const auto value = sent && sent->is_string() ? std::string(sent->get_string()) : std::string();
    if (value.empty()) return refused("MISSING_ARGUMENT", key->name + " not specified");
    if (!keys.insert(folded(value)).second) return refused("DUPLICATE_VALUE", "Duplicate external id specified: " + value);
    return upsert_record(account, *upserted, *key, value, given, terms);
  }
  auto* type = type_of(account, given);
  if (!type) return refused("INVALID_TYPE", "sObject type is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name.");
  if (from.is("POST")) return create_record(account, *type, given, terms);
  const auto id = text_member(given, given.contains("id") ? "id" : "Id");
  if (id.empty()) return refused("MISSING_ARGUMENT", "Id not specified in an update call");
  return update_record(account, *type, id, given, terms);
}

response write_all(org& account, const call& from, const json::array& records, object_type* upserted, const field* key) {
  const auto* all = from.body.get_object().if_contains("allOrNone");
  const bool all_or_none = all && all->is_bool() && all->get_bool();
  // Nothing is written where one value cannot be read, or where one record fails and all must pass.
  for (const auto& entry : records)
    if (auto why = unreadable_in(account, entry, upserted, key); !why.unreadable.empty()) return unreadable(from, why);
  std::optional<std::deque<object_type>> before;
  if (all_or_none) before = account.types;
  std::vector<row_result> results;
  std::set<std::string> keys;
  for (const auto& entry : records) results.push_back(write_one(account, from, entry.get_object(), upserted, key, keys));
  const bool any_failed = std::any_of(results.begin(), results.end(), [](const row_result& one) { return !one.success; });
  if (all_or_none && any_failed) {
    account.types = std::move(*before);
    for (auto& one : results)
      if (one.success) one = refused("ALL_OR_NONE_OPERATION_ROLLED_BACK", "Record rolled back because not all records were valid and the request was using AllOrNone header");
  }
  json::array rows;
  for (const auto& one : results) rows.push_back(to_row(one, upserted != nullptr));
  const bool all_failed = std::none_of(results.begin(), results.end(), [](const row_result& one) { return one.success; });
  if (account.options.hide_rows > 0 && !rows.empty()) --account.options.hide_rows, rows.pop_back();
  return ok(rows, all_failed && account.options.all_failed_is_400 ? 400 : 200);
}

response delete_all(org& account, const call& from) {
  json::array rows;
  const auto ids = from.raw.parameter("ids").value_or("");
  for (std::size_t begin = 0; begin < ids.size();) {
    const auto end = std::min(ids.find(',', begin), ids.size());
    row_result one;
    one.id = ids.substr(begin, end - begin);
    if (auto why = delete_record(account, one.id)) one.errors.push_back(std::move(*why));
    one.success = one.errors.empty();
    rows.push_back(to_row(one, false));
    begin = end + 1;
  }
  return ok(rows);
}

}  // namespace

response handle_collections(org& account, const call& from) {
  if (from.is("DELETE")) return delete_all(account, from);
  if (!from.is("POST") && !from.is("PATCH")) return method_not_allowed(from, "DELETE,PATCH,POST");
  if (from.raw.body.empty()) return refuse(400, "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body.");
  if (!from.body.is_object()) return refuse(400, "JSON_PARSER_ERROR", "Unexpected character or end of input at [line:1, column:1]");
  const auto* found = from.body.get_object().if_contains("records");
  const auto* records = found ? found->if_array() : nullptr;
  if (auto refusal = refuse_list(records)) return std::move(*refusal);
  if (from.path.size() == 2) return write_all(account, from, *records, nullptr, nullptr);
  auto* type = account.find_type(from.segment(2));
  if (!type || !from.is("PATCH") || from.path.size() != 4) return not_found();
  const auto* key = type->find_field(from.segment(3));
  if (!key || (!key->external_id && !key->id_lookup))
    return refuse(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + std::string(from.segment(3)));
  return write_all(account, from, *records, type, key);
}

}  // namespace leadsync::simulator::salesforce
