#include "hubspot/write.h"

#include "hubspot/values.h"

#include "base/text.h"

#include <algorithm>
#include <array>

namespace leadsync::simulator::hubspot {
namespace {

const std::array<std::string_view, 7> stages = {"subscriber", "lead", "marketingqualifiedlead", "salesqualifiedlead", "opportunity", "customer", "evangelist"};

/// Backward writes of the stage are dropped; one has to clear it first.
bool goes_backward(std::string_view from, std::string_view to) {
  const auto* before = std::find(stages.begin(), stages.end(), from);
  const auto* after = std::find(stages.begin(), stages.end(), to);
  return before != stages.end() && after != stages.end() && after < before;
}

std::string append_options(const std::string* present, std::string_view added) {
  std::string out = present ? *present : std::string();
  for (const auto part : split(added, ';')) {
    if (part.empty()) continue;
    const auto has = split(out, ';');
    if (std::find(has.begin(), has.end(), part) != has.end()) continue;
    out.append(out.empty() ? "" : ";").append(part);
  }
  return out;
}

failure conflict_with(const record& existing, std::string_view what) {
  failure out{.status = 409, .category = "CONFLICT", .existing_id = std::to_string(existing.id)};
  out.message = std::string(what) + " already exists. Existing ID: " + out.existing_id;
  return out;
}

std::optional<failure> check_unique(const portal& account, object_type& type, const input& one, claims* taken) {
  for (const auto& written : one.what.fields) {
    if (written.value.empty() || !type.has_index(written.property)) continue;
    const record* holder = type.find_by(written.property, written.value);
    const bool email = written.property == type.email_property();
    const bool in_request = taken && !taken->insert(std::to_string(written.property) + ":" + written.value).second;
    if ((!holder || holder == one.target) && !in_request) continue;
    if (email && holder) return conflict_with(*holder, "Contact");
    if (email) return failure{.status = 409, .category = "CONFLICT", .message = "Contact already exists"};
    const auto self = one.target ? one.target->id : type.next_id();
    return failure{.message = "Cannot set PropertyValueCoordinates{portalId=" + std::to_string(account.id) + ", objectTypeId=ObjectTypeId{legacyObjectType=" + type.upper() +
                              "}, propertyName=" + type.at(written.property).name + ", value=" + written.value + "} on " + std::to_string(self) + ". " +
                              std::to_string(holder ? holder->id : type.next_id() + 1) + " already has that value."};
  }
  return std::nullopt;
}

/// The key of an upsert that creates is a value of the record, whether or not the input repeats it.
void add_key(const portal& account, const object_type& type, input& one) {
  if (value_in(one.what.fields, *one.id_property)) return;
  std::string value = one.id;
  if (auto wrong = normalise(account, type, type.at(*one.id_property), value))
    one.what.errors.push_back({wrong->message, wrong->code, type.at(*one.id_property).name});
  else
    one.what.fields.push_back({*one.id_property, std::move(value)});
}

void find_target(const portal& account, object_type& type, input& one) {
  if (!one.id_property) {
    one.target = type.find_live(one.id);
    return;
  }
  one.target = type.find_by(*one.id_property, one.id);
  if (!one.target || one.id_property != type.email_property() || account.options.secondary_email_matches) return;
  const auto* primary = value_in(one.target->values, *one.id_property);
  if (!primary || *primary != ascii_lower(trim(one.id))) one.target = nullptr;
}

/// The first company whose domain is that of the contact's address.
void join_company(portal& account, object_type& type, record& contact) {
  const auto* email = value_in(contact.values, *type.email_property());
  auto& companies = account.type("companies");
  const auto domain = companies.find_property("domain");
  if (!email || !domain) return;
  for (auto& company : companies.records()) {
    const auto* value = company.archived ? nullptr : value_in(company.values, *domain);
    if (!value || *value != email->substr(email->find('@') + 1)) continue;
    add_link(type, contact, companies, company, {});
    return;
  }
}

}  // namespace

std::optional<response> refuse_id_property(const portal& account, const object_type& type, std::string_view name, write_kind kind) {
  const auto index = type.find_property(name);
  if (!index) return refuse_properties(account, {{"Property \"" + std::string(name) + "\" does not exist", "PROPERTY_DOESNT_EXIST", std::string(name)}});
  const bool email = index == type.email_property();
  if (type.at(*index).unique || (email && kind == write_kind::upsert && account.options.upsert_by_email)) return std::nullopt;
  return invalid(account, "Unable to perform update/upsert by non-unique " + type.type_id() + " property " + std::string(name) + " in portal ID " + std::to_string(account.id));
}

std::optional<response> read_input(const portal& account, object_type& type, write_kind kind, const call& from, const json::value& source, input& out) {
  if (!source.is_object()) return bad_json(account, "Cannot construct instance of `SimplePublicObjectBatchInput`");
  const auto& object = source.get_object();
  const auto* properties = object.if_contains("properties");
  if (!properties) return missing_member(account, "properties");
  if (!properties->is_object()) return bad_json(account, "Cannot deserialize value of type `java.util.LinkedHashMap<String,String>`");
  out.trace_id = text_member(object, "objectWriteTraceId");
  if (kind != write_kind::create) {
    out.id = id_member(object, "id");
    if (out.id.empty()) return missing_member(account, "id");
    if (const auto name = text_member(object, "idProperty"); !name.empty() && name != "hs_object_id") {
      if (auto refused = refuse_id_property(account, type, name, kind)) return refused;
      out.id_property = type.find_property(name);
    }
  }
  out.what = prepare(account, type, properties->get_object(), rules_for(account, from));
  if (!out.what.bad_names.empty()) return refuse_names(account, from, out.what.bad_names);
  return std::nullopt;
}

failure record_not_found(const object_type& type, const std::vector<std::string>& ids) {
  failure out{.status = 404, .category = "OBJECT_NOT_FOUND",
              .message = "Could not get some " + type.upper() + " objects, they may be deleted or not exist. Check that ids are valid."};
  json::array list;
  for (const auto& id : ids) list.emplace_back(id);
  out.context["ids"] = std::move(list);
  return out;
}

std::optional<failure> check(portal& account, object_type& type, write_kind kind, input& one, const json::value& source, claims* taken) {
  if (kind != write_kind::create) find_target(account, type, one);
  const bool creates = kind == write_kind::create || (kind == write_kind::upsert && one.id_property && !one.target);
  if (!creates && !one.target) return record_not_found(type, {one.id});
  if (creates && one.id_property) add_key(account, type, one);
  if (!one.what.errors.empty()) return failure{.properties = one.what.errors};
  if (creates) {
    if (const auto missing = missing_required(type, one.what.fields); !missing.empty()) {
      failure out{.message = required_message(type)};
      json::array names;
      for (const auto& name : missing) names.emplace_back(name);
      out.context["properties"] = std::move(names);
      return out;
    }
    if (const auto* links = source.get_object().if_contains("associations"))
      if (auto wrong = read_links(account, type, *links, one.links)) return wrong;
    const auto primary = [](const link_request& link) { return std::find_if(link.kinds.begin(), link.kinds.end(), [](int id) { return id == 578 || id == 580; }) != link.kinds.end(); };
    if (type.name() == "leads" && std::none_of(one.links.begin(), one.links.end(), primary))
      return failure{.message = "Error creating LEAD. A lead must be associated to a contact or a company."};
  }
  return check_unique(account, type, one, taken);
}

record& apply(portal& account, object_type& type, input& one, instant now) {
  record& written = one.target ? *one.target : type.create(now);
  const auto email = type.email_property();
  const auto drop = [&](field& value) {
    const auto& what = type.at(value.property);
    const auto* present = value_in(written.values, value.property);
    if (what.multiple() && value.value.starts_with(';')) value.value = append_options(present, value.value);
    if (value.property == email && present && *present != value.value && type.find_by(*email, value.value) == &written) return true;  // a secondary address stays secondary
    return what.name == "lifecyclestage" && account.options.lifecycle_forward_only && present && goes_backward(*present, value.value);
  };
  std::erase_if(one.what.fields, drop);
  if (!one.target && type.name() == "contacts") {
    if (const auto stage = type.find_property("lifecyclestage"); stage && !value_in(one.what.fields, *stage)) one.what.fields.push_back({*stage, "lead"});
  }
  type.set(written, one.what.fields, now, std::chrono::milliseconds(account.options.search_lag_ms));
  if (account.options.auto_associate_company && email && value_in(one.what.fields, *email)) join_company(account, type, written);
  for (const auto& wanted : one.links)
    if (record* other = wanted.to_type->find(wanted.to_id)) add_link(type, written, *wanted.to_type, *other, wanted.kinds);
  return written;
}

response to_response(const portal& account, const failure& what) {
  if (!what.properties.empty()) return refuse_properties(account, what.properties);
  return refuse(account, what.status, what.category, what.message, what.context);
}

json::object to_batch_error(const failure& what, std::string_view trace_id) {
  json::object out{{"status", "error"}, {"category", what.category}, {"message", what.properties.empty() ? what.message : properties_message(what.properties)}};
  json::object context = what.context;
  if (!trace_id.empty()) context["objectWriteTraceId"] = json::array{json::string(trace_id)};
  if (!what.existing_id.empty()) context["existingId"] = json::array{json::string(what.existing_id)};
  if (!context.empty()) out["context"] = std::move(context);
  return out;
}

}  // namespace leadsync::simulator::hubspot
