#include "hubspot/endpoints.h"
#include "hubspot/write.h"

#include <algorithm>

namespace leadsync::simulator::hubspot {
namespace {

constexpr std::size_t most_writes = 2000;
constexpr std::size_t most_reads = 1000;

response limit_exceeded(const portal& account, const record& from, const object_type& from_type, const object_type& to_type) {
  return invalid(account, "One or more associations are invalid",
                 {{"ASSOCIATION_LIMIT_EXCEEDED", json::array{"Exceeded association limit of 10000 for portalId " + std::to_string(account.id) + ", fromObjectId " +
                                                             std::to_string(from.id) + ", associationType " + from_type.upper() + "_TO_" + to_type.upper() + "_UNLABELED"}}});
}

response invalid_object(const portal& account, const object_type& type, std::string_view id) {
  return invalid(account, "One or more associations are invalid", {{"INVALID_OBJECT_IDS", json::array{json::string(type.upper() + "=" + std::string(id) + " is not valid")}}});
}

json::object association_error(std::string_view category, std::string_view sub_category, std::string message, json::object context) {
  return {{"status", "error"}, {"category", category}, {"subCategory", sub_category}, {"message", std::move(message)}, {"context", std::move(context)}};
}

/// The types of a labelled write, or a refusal.
std::optional<response> read_kinds(portal& account, const object_type& from, const object_type& to, const json::value* types, std::vector<int>& out) {
  if (!types || !types->is_array() || types->get_array().empty()) return missing_member(account, "types");
  for (const auto& one : types->get_array()) {
    const auto* id = one.is_object() ? one.get_object().if_contains("associationTypeId") : nullptr;
    if (!id || !id->is_int64()) return missing_member(account, "associationTypeId");
    const auto* kind = find_association_type(static_cast<int>(id->get_int64()));
    if (!kind) return invalid(account, "Association type " + std::to_string(id->get_int64()) + " is not valid");
    if (kind->from != from.name() || kind->to != to.name())
      return invalid(account, "invalid from object type " + from.type_id() + " for associations to be created. expected: " + account.type(kind->from).type_id());
    out.push_back(kind->id);
  }
  return std::nullopt;
}

json::object default_row(const record& from, const record& to, const association_type& kind) {
  return {{"from", {{"id", std::to_string(from.id)}}},
          {"to", {{"id", std::to_string(to.id)}}},
          {"associationSpec", {{"associationCategory", "HUBSPOT_DEFINED"}, {"associationTypeId", kind.id}}}};
}

json::object label_row(const object_type& from_type, const record& from, const object_type& to_type, const record& to) {
  return {{"fromObjectTypeId", from_type.type_id()}, {"fromObjectId", from.id}, {"toObjectTypeId", to_type.type_id()}, {"toObjectId", to.id}, {"labels", json::array()}};
}

json::array kinds_of(const link& one) {
  json::array out;
  for (const bool primary : {true, false})
    for (const int id : one.kinds)
      if (find_association_type(id)->primary == primary)
        out.push_back({{"category", "HUBSPOT_DEFINED"}, {"typeId", id}, {"label", primary ? json::value("Primary") : json::value(nullptr)}});
  return out;
}

json::array targets_of(const record& from, const object_type& to_type) {
  json::array out;
  for (const auto& one : from.links)
    if (one.to_type == &to_type) out.push_back({{"toObjectId", one.to_id}, {"associationTypes", kinds_of(one)}});
  return out;
}

response list_targets(const call& from, const record& owner, const object_type& to_type) {
  const auto limit = std::clamp<std::size_t>(std::strtoull(from.raw.parameter("limit").value_or("500").c_str(), nullptr, 10), 1, 500);
  const auto after = static_cast<std::size_t>(std::strtoull(from.raw.parameter("after").value_or("0").c_str(), nullptr, 10));
  const auto all = targets_of(owner, to_type);
  json::array page;
  for (auto i = after; i < std::min(all.size(), after + limit); ++i) page.push_back(all[i]);
  json::object out{{"results", std::move(page)}};
  if (after + limit < all.size()) out["paging"] = {{"next", {{"after", std::to_string(after + limit)}}}};
  return ok(out);
}

struct pair_of_records {
  record* from;
  record* to;
};

response batch_link(portal& account, object_type& from_type, object_type& to_type, const call& from, bool labelled) {
  const auto* inputs = from.body.is_object() ? from.body.get_object().if_contains("inputs") : nullptr;
  if (!inputs || !inputs->is_array()) return missing_member(account, "inputs");
  if (inputs->get_array().size() > most_writes) return invalid(account, "Batch size limit exceeded");
  const auto* plain = default_association(from_type.name(), to_type.name());
  const auto* reverse = default_association(to_type.name(), from_type.name());
  if (!plain || !reverse) return invalid(account, "No association type between " + from_type.type_id() + " and " + to_type.type_id());
  std::string rows;
  json::array errors;
  const auto add_row = [&rows](const json::object& row) { rows.append(rows.empty() ? "" : ",").append(json::serialize(row)); };
  for (const auto& source : inputs->get_array()) {
    const auto* object = source.if_object();
    const auto* one = object ? object->if_contains("from") : nullptr;
    const auto* two = object ? object->if_contains("to") : nullptr;
    if (!one || !one->is_object() || !two || !two->is_object()) return missing_member(account, "from, to");
    const auto from_id = id_member(one->get_object(), "id");
    const auto to_id = id_member(two->get_object(), "id");
    std::vector<int> kinds;
    if (labelled)
      if (auto wrong = read_kinds(account, from_type, to_type, object->if_contains("types"), kinds)) return std::move(*wrong);
    const pair_of_records found{from_type.find_live(from_id), to_type.find_live(to_id)};
    if (!found.from || !found.to) {
      const auto& id = found.from ? to_id : from_id;
      errors.push_back(association_error("VALIDATION_ERROR", "crm.associations.INVALID_IDENTIFIER", id + " is not a valid ID", {{"id", json::array{json::string(id)}}}));
      continue;
    }
    if (!add_link(from_type, *found.from, to_type, *found.to, kinds)) return limit_exceeded(account, *found.from, from_type, to_type);
    if (labelled) {
      add_row(label_row(from_type, *found.from, to_type, *found.to));
    } else {
      add_row(default_row(*found.from, *found.to, *plain));
      add_row(default_row(*found.to, *found.from, *reverse));
    }
  }
  return batch_answer(labelled ? 201 : 200, std::move(rows), errors, from.now);
}

response batch_targets(portal& account, object_type& from_type, object_type& to_type, const call& from) {
  const auto* inputs = from.body.is_object() ? from.body.get_object().if_contains("inputs") : nullptr;
  if (!inputs || !inputs->is_array()) return missing_member(account, "inputs");
  if (inputs->get_array().size() > most_reads) return invalid(account, "Batch size limit exceeded");
  std::string rows;
  json::array errors;
  for (const auto& source : inputs->get_array()) {
    const auto id = source.is_object() ? id_member(source.get_object(), "id") : std::string();
    const record* found = from_type.find_live(id);
    auto targets = found ? targets_of(*found, to_type) : json::array();
    if (targets.empty()) {
      errors.push_back(association_error("OBJECT_NOT_FOUND", "crm.associations.NO_ASSOCIATIONS_FOUND",
                                         "No " + to_type.singular() + " is associated with " + from_type.singular() + " " + id + ".",
                                         {{"fromObjectId", json::array{json::string(id)}},
                                          {"fromObjectType", json::array{json::string(from_type.singular())}},
                                          {"toObjectType", json::array{json::string(to_type.singular())}}}));
      continue;
    }
    rows.append(rows.empty() ? "" : ",").append(json::serialize(json::object{{"from", {{"id", id}}}, {"to", std::move(targets)}}));
  }
  return batch_answer(200, std::move(rows), errors, from.now);
}

response batch_unlink(portal& account, object_type& from_type, object_type& to_type, const call& from) {
  const auto* inputs = from.body.is_object() ? from.body.get_object().if_contains("inputs") : nullptr;
  if (!inputs || !inputs->is_array()) return missing_member(account, "inputs");
  for (const auto& source : inputs->get_array()) {
    const auto* one = source.is_object() ? source.get_object().if_contains("from") : nullptr;
    const auto* two = source.is_object() ? source.get_object().if_contains("to") : nullptr;
    record* left = one && one->is_object() ? from_type.find_live(id_member(one->get_object(), "id")) : nullptr;
    const auto unlink = [&](const json::value& target) {
      record* right = target.is_object() ? to_type.find_live(id_member(target.get_object(), "id")) : nullptr;
      if (left && right) remove_link(from_type, *left, to_type, *right);
    };
    if (two && two->is_array()) std::for_each(two->get_array().begin(), two->get_array().end(), unlink);
    else if (two) unlink(*two);
  }
  return {204};
}

}  // namespace

/// `/objects/{from}/{id}/associations/[default/]{to}[/{toId}]`
response handle_record_associations(portal& account, object_type& type, const call& from) {
  if (from.where.version != "v4" && !from.where.dated()) return unknown_path();
  const bool plain = from.segment(3) == "default";
  const std::size_t at = plain ? 4 : 3;
  if (from.size() <= at) return unknown_path();
  object_type* to_type = account.find_type(from.segment(at));
  if (!to_type) return unknown_object_type(account, from.segment(at));
  record* owner = type.find_live(from.segment(1));
  if (from.is("GET") && from.size() == 4) return owner ? list_targets(from, *owner, *to_type) : not_found(account);
  if (from.size() != at + 2) return unknown_path();
  record* target = to_type->find_live(from.segment(at + 1));
  if (!owner) return invalid_object(account, type, from.segment(1));
  if (!target) return invalid_object(account, *to_type, from.segment(at + 1));
  if (from.is("DELETE")) {
    remove_link(type, *owner, *to_type, *target);
    return {204};
  }
  if (!from.is("PUT")) return method_not_allowed();
  std::vector<int> kinds;
  if (!plain)
    if (auto wrong = read_kinds(account, type, *to_type, &from.body, kinds)) return std::move(*wrong);
  const auto* kind = default_association(type.name(), to_type->name());
  const auto* reverse = default_association(to_type->name(), type.name());
  if (!kind || !reverse) return invalid(account, "No association type between " + type.type_id() + " and " + to_type->type_id());
  if (!add_link(type, *owner, *to_type, *target, kinds)) return limit_exceeded(account, *owner, type, *to_type);
  if (!plain) return ok(label_row(type, *owner, *to_type, *target), 201);
  return batch_answer(200, json::serialize(default_row(*owner, *target, *kind)) + "," + json::serialize(default_row(*target, *owner, *reverse)), {}, from.now);
}

/// `/associations/{from}/{to}/...`
response handle_associations(portal& account, const call& from) {
  if ((from.where.version != "v4" && !from.where.dated()) || from.size() < 3) return unknown_path();
  object_type* from_type = account.find_type(from.segment(0));
  object_type* to_type = account.find_type(from.segment(1));
  if (!from_type) return unknown_object_type(account, from.segment(0));
  if (!to_type) return unknown_object_type(account, from.segment(1));
  if (from.segment(2) == "labels" && from.is("GET")) {
    json::array rows;
    for (const auto* one : associations_between(from_type->name(), to_type->name()))
      rows.push_back({{"category", "HUBSPOT_DEFINED"}, {"typeId", one->id}, {"label", one->primary ? json::value("Primary") : json::value(nullptr)}});
    return ok({{"results", rows}});
  }
  if (from.segment(2) != "batch" || !from.is("POST")) return unknown_path();
  const auto& what = from.segment(3);
  if (what == "create") return batch_link(account, *from_type, *to_type, from, true);
  if (what == "associate" && from.segment(4) == "default") return batch_link(account, *from_type, *to_type, from, false);
  if (what == "read") return batch_targets(account, *from_type, *to_type, from);
  if (what == "archive") return batch_unlink(account, *from_type, *to_type, from);
  return unknown_path();
}

}  // namespace leadsync::simulator::hubspot
