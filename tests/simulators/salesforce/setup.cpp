#include "salesforce/answers.h"

namespace leadsync::simulator::salesforce {

/// The Tooling API, as far as custom text fields go. A new field is visible to nobody until a permission set has it.
response handle_tooling(org& account, const call& from) {
  if (from.segment(1) != "sobjects" || from.segment(2) != "CustomField") return not_found();
  if (!from.is("POST") || !from.body.is_object()) return method_not_allowed(from, "POST");
  const auto full_name = text_member(from.body.get_object(), "FullName");
  const auto dot = full_name.find('.');
  const auto* metadata = from.body.get_object().if_contains("Metadata");
  if (dot == full_name.npos || !metadata || !metadata->is_object()) return refuse(400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [FullName, Metadata]");
  const auto owner = full_name.substr(0, dot);
  auto* type = account.find_type(owner == "Activity" ? "Task" : owner);
  if (!type) return refuse(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id");
  const auto& wanted = metadata->get_object();
  field made;
  made.name = full_name.substr(dot + 1);
  made.label = text_member(wanted, "label");
  made.custom = made.hidden = true;
  if (text_member(wanted, "type") != "Text") return refuse(400, "FIELD_INTEGRITY_EXCEPTION", "only text fields can be made in this simulator");
  if (!made.name.ends_with("__c")) return refuse(400, "FIELD_INTEGRITY_EXCEPTION", "The custom field's name must end with __c");
  if (type->any_field(made.name))
    return refuse(400, "DUPLICATE_DEVELOPER_NAME", "There is already a field named " + made.name.substr(0, made.name.size() - 3) + " on " + type->label() + ".");
  const auto* length = wanted.if_contains("length");
  made.length = length && length->is_int64() ? static_cast<int>(length->get_int64()) : 255;
  const auto flag = [&](const char* name) {
    const auto* found = wanted.if_contains(name);
    return found && found->is_bool() && found->get_bool();
  };
  made.external_id = made.id_lookup = flag("externalId");
  made.unique = flag("unique");
  made.nillable = !flag("required");
  type->fields().push_back(std::move(made));
  return ok({{"id", make_id("00N", type->fields().size())}, {"success", true}, {"errors", json::array()}, {"warnings", json::array()}, {"infos", json::array()}}, 201);
}

response handle_limits(org& account, const call& from) {
  auto& daily = account.quotas.at("daily");
  const std::size_t amount = daily.enabled() ? daily.amount() : 5'000'000;
  const auto remaining = daily.enabled() ? daily.remaining(from.now) : amount - account.calls;
  return ok({{"DailyApiRequests", {{"Max", amount}, {"Remaining", remaining}}}, {"DataStorageMB", {{"Max", 1024}, {"Remaining", 1000}}}});
}

}  // namespace leadsync::simulator::salesforce
