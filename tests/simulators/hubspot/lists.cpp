#include "hubspot/endpoints.h"

#include "base/text.h"

#include <algorithm>

namespace leadsync::simulator::hubspot {
namespace {

json::object describe(const contact_list& one) {
  return {{"listId", std::to_string(one.id)},
          {"name", one.name},
          {"objectTypeId", one.type_id},
          {"processingType", one.processing_type},
          {"processingStatus", "COMPLETE"},
          {"listVersion", 1},
          {"size", one.members.size()},
          {"createdAt", to_rfc3339(one.created_at)},
          {"updatedAt", to_rfc3339(one.created_at)}};
}

contact_list* find_list(portal& account, std::string_view id) {
  const auto found = std::find_if(account.lists.begin(), account.lists.end(), [&](const contact_list& one) { return std::to_string(one.id) == id; });
  return found == account.lists.end() ? nullptr : &*found;
}

response list_not_found(const portal& account, std::string_view what) {
  return refuse(account, 404, "OBJECT_NOT_FOUND", "List does not exist: " + std::string(what));
}

response create_list(portal& account, const call& from) {
  const auto* body = from.body.if_object();
  std::string missing;
  for (const auto* name : {"name", "objectTypeId", "processingType"})
    if (!body || text_member(*body, name).empty()) missing.append(missing.empty() ? "" : ", ").append(name);
  if (!missing.empty()) return missing_member(account, missing);
  const std::string name(text_member(*body, "name"));
  if (std::any_of(account.lists.begin(), account.lists.end(), [&](const contact_list& one) { return one.name == name; }))
    return refuse(account, 400, "VALIDATION_ERROR", "A list with the name '" + name + "' already exists.");
  const auto* type = account.find_type(text_member(*body, "objectTypeId"));
  if (!type) return unknown_object_type(account, text_member(*body, "objectTypeId"));
  account.lists.push_back({account.lists.back().id + 1, name, type->type_id(), std::string(text_member(*body, "processingType")), {}, from.now});
  return ok({{"list", describe(account.lists.back())}});
}

struct change {
  json::array added, removed, missing;
};

void add_members(portal& account, contact_list& list, const json::value* ids, change& out) {
  auto* type = account.find_type(list.type_id);
  if (!ids || !ids->is_array()) return;
  for (const auto& id : ids->get_array()) {
    const auto text = id.is_string() ? std::string(id.get_string()) : json::serialize(id);
    const record* found = type->find_live(text);
    if (!found) out.missing.emplace_back(text);
    else if (list.members.insert(found->id).second) out.added.emplace_back(text);
  }
}

void remove_members(contact_list& list, const json::value* ids, change& out) {
  if (!ids || !ids->is_array()) return;
  for (const auto& id : ids->get_array()) {
    const auto text = id.is_string() ? std::string(id.get_string()) : json::serialize(id);
    if (list.members.erase(std::strtoull(text.c_str(), nullptr, 10)) > 0) out.removed.emplace_back(text);
  }
}

response change_members(portal& account, contact_list& list, const call& from) {
  if (list.processing_type == "DYNAMIC") return invalid(account, "List " + std::to_string(list.id) + " is DYNAMIC: its memberships cannot be changed");
  const auto& what = from.segment(2);
  change done;
  if (what == "add-and-remove") {
    const auto* body = from.body.if_object();
    if (!body) return missing_member(account, "recordIdsToAdd, recordIdsToRemove");
    add_members(account, list, body->if_contains("recordIdsToAdd"), done);
    remove_members(list, body->if_contains("recordIdsToRemove"), done);
  } else {
    if (!from.body.is_array()) return bad_json(account, "Cannot deserialize value of type `java.util.ArrayList<java.lang.Long>`");
    if (what == "add") add_members(account, list, &from.body, done);
    else if (what == "remove") remove_members(list, &from.body, done);
    else return unknown_path();
  }
  return ok({{"recordIdsRemoved", std::move(done.removed)}, {"recordsIdsAdded", std::move(done.added)}, {"recordIdsMissing", std::move(done.missing)}});
}

}  // namespace

response handle_lists(portal& account, const call& from) {
  if (from.size() == 0) return from.is("POST") ? create_list(account, from) : method_not_allowed();
  if (from.segment(0) == "object-type-id" && from.segment(2) == "name" && from.size() == 4) {
    for (const auto& one : account.lists)
      if (one.type_id == from.segment(1) && ascii_lower(one.name) == ascii_lower(from.segment(3))) return ok({{"list", describe(one)}});
    return list_not_found(account, from.segment(3));
  }
  if (from.segment(0) == "search" && from.is("POST")) {
    const auto query = from.body.is_object() ? ascii_lower(text_member(from.body.get_object(), "query")) : std::string();
    json::array rows;
    for (const auto& one : account.lists)
      if (ascii_lower(one.name).find(query) != std::string::npos) rows.push_back(describe(one));
    return ok({{"offset", rows.size()}, {"hasMore", false}, {"total", rows.size()}, {"lists", rows}});
  }
  contact_list* list = find_list(account, from.segment(0));
  if (!list) return list_not_found(account, from.segment(0));
  if (from.size() == 1) return from.is("GET") ? ok({{"list", describe(*list)}}) : method_not_allowed();
  if (from.segment(1) != "memberships") return unknown_path();
  if (from.size() == 3 && from.is("PUT")) return change_members(account, *list, from);
  if (from.size() != 2 || !from.is("GET")) return unknown_path();
  json::array rows;
  for (const auto id : list->members) rows.push_back({{"recordId", std::to_string(id)}, {"membershipTimestamp", to_rfc3339(from.now)}});
  return ok({{"results", std::move(rows)}});
}

}  // namespace leadsync::simulator::hubspot
