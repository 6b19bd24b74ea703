#include "hubspot/batch.h"
#include "hubspot/endpoints.h"
#include "hubspot/record_writer.h"

#include "base/text.h"

#include <algorithm>

namespace leadsync::simulator::hubspot {
namespace {

std::vector<std::string> list_parameter(const call& from, std::string_view name) {
  std::vector<std::string> out;
  std::string_view query = from.raw.query;
  while (!query.empty()) {  // `properties=a,b` and `properties=a&properties=b`
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (const auto value = form_value(pair, name))
      for (const auto part : split(*value, ','))
        if (!part.empty()) out.emplace_back(part);
  }
  return out;
}

/// `,"associations":{"companies":{"results":[...]}}` for the types that were asked for.
std::string associations_of(portal& account, const object_type& type, const record& shown, const std::vector<std::string>& names) {
  json::object out;
  for (const auto& name : names) {
    const auto* to = account.find_type(name);
    if (!to) continue;
    json::array rows;
    for (const auto& link : shown.links)
      if (link.to_type == to)
        for (const int kind : link.kinds) rows.push_back({{"id", std::to_string(link.to_id)}, {"type", find_association_type(kind)->name}});
    if (!rows.empty()) out[to->name()] = {{"results", rows}};
  }
  (void)type;
  return out.empty() ? std::string() : ",\"associations\":" + json::serialize(out);
}

response create_one(portal& account, object_type& type, const call& from) {
  input one;
  if (auto refused = read_input(account, type, write_kind::create, from, from.body, one)) return std::move(*refused);
  if (const auto wrong = check(account, type, write_kind::create, one, from.body, nullptr)) return to_response(account, *wrong);
  const record& made = apply(account, type, one, from.now);
  response out{201};
  record_writer(account, type).append(out.body, made, {{}, true});
  return out;
}

/// By id, or by `?idProperty=`.
record* resolve(portal& account, object_type& type, const call& from, std::optional<response>& refused) {
  const auto name = from.raw.parameter("idProperty").value_or("");
  if (name.empty() || name == "hs_object_id") return type.find_live(from.segment(1));
  refused = refuse_id_property(account, type, name, write_kind::upsert);
  if (refused && name == "email" && type.email_property()) refused.reset();
  return refused ? nullptr : type.find_by(*type.find_property(name), from.segment(1));
}

response update_one(portal& account, object_type& type, const call& from) {
  std::optional<response> refused;
  record* target = resolve(account, type, from, refused);
  if (refused) return std::move(*refused);
  if (!target) return not_found(account);
  const auto* body = from.body.if_object();
  const auto* properties = body ? body->if_contains("properties") : nullptr;
  if (!properties) return missing_member(account, "properties");
  if (properties->is_object() && properties->get_object().empty()) return invalid(account, "No properties found to update, please provide at least one.");
  input one;
  if (auto wrong = read_input(account, type, write_kind::create, from, from.body, one)) return std::move(*wrong);
  one.id = std::to_string(target->id);
  if (const auto wrong = check(account, type, write_kind::update, one, from.body, nullptr)) return to_response(account, *wrong);
  const record& written = apply(account, type, one, from.now);
  response out{200};
  record_writer(account, type).append(out.body, written, select_written(type, one.what.fields));
  return out;
}

response read_one(portal& account, object_type& type, const call& from) {
  std::optional<response> refused;
  const record* found = resolve(account, type, from, refused);
  if (refused) return std::move(*refused);
  if (from.raw.parameter("archived") == "true") {
    found = type.find(std::strtoull(from.segment(1).c_str(), nullptr, 10));
    if (found && !found->archived) found = nullptr;
  }
  if (!found) return not_found(account);
  response out{200};
  const auto extra = associations_of(account, type, *found, list_parameter(from, "associations"));
  record_writer(account, type).append(out.body, *found, select_properties(type, list_parameter(from, "properties")), extra);
  return out;
}

response list_page(portal& account, object_type& type, const call& from) {
  const auto limit = std::clamp<std::size_t>(std::strtoull(from.raw.parameter("limit").value_or("10").c_str(), nullptr, 10), 1, 100);
  const auto after = std::strtoull(from.raw.parameter("after").value_or("0").c_str(), nullptr, 10);
  const auto which = select_properties(type, list_parameter(from, "properties"));
  const auto associations = list_parameter(from, "associations");
  const bool archived = from.raw.parameter("archived") == "true";
  record_writer writer(account, type);
  response out{200, R"({"results":[)"};
  std::size_t count = 0;
  std::uint64_t next = 0;
  for (const auto& one : type.records()) {
    if (one.id < after || one.archived != archived) continue;
    if (count++ == limit) {
      next = one.id;
      break;
    }
    if (count > 1) out.body += ',';
    writer.append(out.body, one, which, associations_of(account, type, one, associations));
  }
  out.body += ']';
  if (next) out.body += R"(,"paging":{"next":{"after":")" + std::to_string(next) + R"("}})";
  out.body += '}';
  return out;
}

response merge(portal& account, object_type& type, const call& from) {
  const auto* body = from.body.if_object();
  if (!body) return missing_member(account, "primaryObjectId, objectIdToMerge");
  record* into = type.find_live(id_member(*body, "primaryObjectId"));
  record* gone = type.find_live(id_member(*body, "objectIdToMerge"));
  if (!into || !gone || into == gone) return not_found(account);
  type.merge(*into, *gone, from.now);
  response out{200};
  record_writer(account, type).append(out.body, *into, {{}, true});
  return out;
}

response erase(portal& account, object_type& type, const call& from) {
  const auto* body = from.body.if_object();
  if (!body) return missing_member(account, "objectId");
  const auto id = id_member(*body, "objectId");
  record* found = text_member(*body, "idProperty") == "email" && type.email_property() ? type.find_by(*type.email_property(), id) : type.find_live(id);
  if (!found) return not_found(account);
  type.archive(*found, from.now);
  found->values.clear();
  return {204};
}

}  // namespace

response handle_objects(portal& account, const call& from) {
  if (from.size() == 0) return unknown_path();
  object_type* type = account.find_type(from.segment(0));
  if (!type) return unknown_object_type(account, from.segment(0));
  if (type->name() == "leads" && !account.options.leads_enabled) return refuse(account, 403, "MISSING_PERMISSIONS", "unauthorized request");
  const auto& action = from.segment(1);
  if (from.size() >= 3 && from.segment(2) == "associations") return handle_record_associations(account, *type, from);
  if (from.size() == 1) {
    if (from.is("POST")) return create_one(account, *type, from);
    return from.is("GET") ? list_page(account, *type, from) : method_not_allowed();
  }
  if (action == "batch" && from.size() == 3) {
    const auto& what = from.segment(2);
    if (!from.is("POST")) return method_not_allowed();
    if (what == "create") return write_batch(account, *type, write_kind::create, from);
    if (what == "update") return write_batch(account, *type, write_kind::update, from);
    if (what == "upsert") return write_batch(account, *type, write_kind::upsert, from);
    if (what == "read") return read_batch(account, *type, from);
    if (what == "archive") return archive_batch(account, *type, from);
    return unknown_path();
  }
  if (from.size() != 2) return unknown_path();
  if (from.is("POST")) {
    if (action == "search") return handle_search(account, *type, from);
    if (action == "merge") return merge(account, *type, from);
    if (action == "gdpr-delete" && type->name() == "contacts") return erase(account, *type, from);
    return unknown_path();
  }
  if (from.is("GET")) return read_one(account, *type, from);
  if (from.is("PATCH")) return update_one(account, *type, from);
  if (!from.is("DELETE")) return method_not_allowed();
  if (record* found = type->find_live(from.segment(1))) type->archive(*found, from.now);
  return {204};
}

}  // namespace leadsync::simulator::hubspot
