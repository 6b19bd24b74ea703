#include "hubspot/association_types.h"

#include "hubspot/write.h"

#include <algorithm>
#include <array>

namespace leadsync::simulator::hubspot {
namespace {

constexpr std::size_t most_links = 10'000;

constexpr std::array<association_type, 24> known = {{
    {279, "contacts", "companies", false, "contact_to_company_unlabeled"},
    {1, "contacts", "companies", true, "contact_to_company"},
    {280, "companies", "contacts", false, "company_to_contact_unlabeled"},
    {2, "companies", "contacts", true, "company_to_contact"},
    {201, "contacts", "notes", false, "contact_to_note"},
    {202, "notes", "contacts", false, "note_to_contact"},
    {189, "companies", "notes", false, "company_to_note"},
    {190, "notes", "companies", false, "note_to_company"},
    {855, "notes", "leads", false, "note_to_lead"},
    {854, "leads", "notes", false, "lead_to_note"},
    {203, "contacts", "tasks", false, "contact_to_task"},
    {204, "tasks", "contacts", false, "task_to_contact"},
    {191, "companies", "tasks", false, "company_to_task"},
    {192, "tasks", "companies", false, "task_to_company"},
    {647, "tasks", "leads", false, "task_to_lead"},
    {646, "leads", "tasks", false, "lead_to_task"},
    {609, "contacts", "leads", false, "contact_to_lead"},
    {579, "contacts", "leads", true, "contact_to_primary_lead"},
    {608, "leads", "contacts", false, "lead_to_contact"},
    {578, "leads", "contacts", true, "lead_to_primary_contact"},
    {611, "companies", "leads", false, "company_to_lead"},
    {581, "companies", "leads", true, "company_to_primary_lead"},
    {610, "leads", "companies", false, "lead_to_company"},
    {580, "leads", "companies", true, "lead_to_primary_company"},
}};

const association_type* find(std::string_view from, std::string_view to, bool primary) {
  const auto* found = std::find_if(known.begin(), known.end(), [&](const association_type& one) { return one.from == from && one.to == to && one.primary == primary; });
  return found == known.end() ? nullptr : found;
}

link* find_link(record& from, const object_type& to_type, std::uint64_t to_id) {
  for (auto& one : from.links)
    if (one.to_type == &to_type && one.to_id == to_id) return &one;
  return nullptr;
}

void add_half(record& from, const object_type& to_type, std::uint64_t to_id, const std::vector<int>& kinds) {
  link* present = find_link(from, to_type, to_id);
  if (!present) present = &from.links.emplace_back(link{&to_type, to_id, {}});
  for (const int kind : kinds)
    if (std::find(present->kinds.begin(), present->kinds.end(), kind) == present->kinds.end()) present->kinds.push_back(kind);
}

/// A Lead object without a primary association is deleted.
void archive_orphan(object_type& type, record& one) {
  if (type.name() != "leads" || one.archived) return;
  for (const auto& link : one.links)
    for (const int kind : link.kinds)
      if (find_association_type(kind)->primary) return;
  type.archive(one, one.updated_at);
}

failure invalid_links(const char* key, std::string text) {
  failure out;
  out.message = "One or more associations are invalid";
  out.context[key] = json::array{json::string(text)};
  return out;
}

}  // namespace

const association_type* find_association_type(int id) {
  const auto* found = std::find_if(known.begin(), known.end(), [&](const association_type& one) { return one.id == id; });
  return found == known.end() ? nullptr : found;
}

const association_type* default_association(std::string_view from, std::string_view to) { return find(from, to, false); }
const association_type* primary_association(std::string_view from, std::string_view to) { return find(from, to, true); }

std::vector<const association_type*> associations_between(std::string_view from, std::string_view to) {
  std::vector<const association_type*> out;
  for (const auto& one : known)
    if (one.from == from && one.to == to) out.push_back(&one);
  return out;
}

std::optional<failure> read_links(portal& account, const object_type& from, const json::value& source, std::vector<link_request>& out) {
  if (source.is_null()) return std::nullopt;
  const auto wrong_shape = [] { return failure{.message = "Invalid input JSON on line 1, column 1: Cannot deserialize value of member `associations`"}; };
  if (!source.is_array()) return wrong_shape();
  for (const auto& entry : source.get_array()) {
    const auto* object = entry.if_object();
    const auto* to = object ? object->if_contains("to") : nullptr;
    const auto* types = object ? object->if_contains("types") : nullptr;
    if (!to || !to->is_object() || !types || !types->is_array() || types->get_array().empty()) return wrong_shape();
    const auto id = id_member(to->get_object(), "id");
    link_request made{nullptr, 0, {}};
    for (const auto& type : types->get_array()) {
      const auto* number = type.is_object() ? type.get_object().if_contains("associationTypeId") : nullptr;
      if (!number || !number->is_int64()) return wrong_shape();
      const auto* kind = find_association_type(static_cast<int>(number->get_int64()));
      if (!kind) return invalid_links("INVALID_ASSOCIATION_TYPE", "Association type " + std::to_string(number->get_int64()) + " is not valid");
      auto* expected = account.find_type(kind->from);
      if (expected != &from)
        return failure{.message = "invalid from object type " + from.type_id() + " for associations to be created. expected: " + expected->type_id()};
      made.to_type = account.find_type(kind->to);
      made.kinds.push_back(kind->id);
    }
    const record* other = made.to_type->find_live(id);
    if (!other) return invalid_links("INVALID_OBJECT_IDS", made.to_type->upper() + "=" + id + " is not valid");
    made.to_id = other->id;
    out.push_back(std::move(made));
  }
  return std::nullopt;
}

bool add_link(object_type& from_type, record& from, object_type& to_type, record& to, const std::vector<int>& kinds) {
  std::vector<int> there = kinds;
  std::vector<int> back;
  const auto* plain = default_association(from_type.name(), to_type.name());
  const auto* primary = primary_association(from_type.name(), to_type.name());
  const auto same_type = [&](const link& one) { return one.to_type == &to_type; };
  if (static_cast<std::size_t>(std::count_if(from.links.begin(), from.links.end(), same_type)) >= most_links && !find_link(from, to_type, to.id)) return false;
  const auto& one_side = from_type.name() == "companies" ? to : from;
  const auto* one_target = from_type.name() == "companies" ? &from_type : &to_type;
  const bool first = std::none_of(one_side.links.begin(), one_side.links.end(), [&](const link& one) { return one.to_type == one_target; });
  if (primary && first && (from_type.name() == "contacts" || to_type.name() == "contacts") && from_type.name() != "leads" && to_type.name() != "leads") there.push_back(primary->id);
  if (plain) there.push_back(plain->id);
  for (const int kind : there) {
    const auto* type = find_association_type(kind);
    const auto* reverse = type && type->primary ? primary_association(to_type.name(), from_type.name()) : default_association(to_type.name(), from_type.name());
    if (reverse) back.push_back(reverse->id);
  }
  add_half(from, to_type, to.id, there);
  add_half(to, from_type, from.id, back);
  return true;
}

void remove_link(object_type& from_type, record& from, object_type& to_type, record& to) {
  std::erase_if(from.links, [&](const link& one) { return one.to_type == &to_type && one.to_id == to.id; });
  std::erase_if(to.links, [&](const link& one) { return one.to_type == &from_type && one.to_id == from.id; });
  archive_orphan(from_type, from);
  archive_orphan(to_type, to);
}

}  // namespace leadsync::simulator::hubspot
