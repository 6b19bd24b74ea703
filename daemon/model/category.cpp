#include "model/category.h"

#include <array>
#include <cstddef>

namespace leadsync {
namespace {

constexpr std::array<category_info, 26> table{{
    {category::none, "NONE", "No failure", "Nothing has failed.", disposition::retry, actor::nobody, "", ""},
    {category::no_tag_mapping, "NO_TAG_MAPPING", "Value has no mapping",
     "The lead answers a qualifier with a value that no option of the CRM field is mapped to.", disposition::config,
     actor::operator_, "Fix Value Mapping", "Map the value to one of the field's options, then retry."},
    {category::data_value_validation, "DATA_VALUE_VALIDATION", "Value is not accepted",
     "The CRM field does not accept this value: it is not one of its options, or the CRM refused it.", disposition::data,
     actor::operator_, "Fix Value Mapping",
     "Map the value to an accepted one, correct the lead, or add the option in the CRM; then retry the group."},
    {category::missing_remote_field, "MISSING_REMOTE_FIELD", "Mapped field does not exist",
     "The mapping names a field or an object that the CRM does not have, or that this account may not see.",
     disposition::config, actor::operator_, "Fix Missing Field Mapping",
     "Map the source to an existing field, clear the mapping, or create the field in the CRM and refresh the schema."},
    {category::required_field_missing, "REQUIRED_FIELD_MISSING", "Required field is not mapped",
     "The CRM requires a field that the mapping does not fill.", disposition::config, actor::operator_,
     "Fix Required Field", "Map a source to the field, give it a default, or make it optional in the CRM."},
    {category::field_not_writable, "FIELD_NOT_WRITABLE", "Field is read-only",
     "The mapping writes to a field that the CRM calculates or that this account may not write.", disposition::config,
     actor::operator_, "Fix Missing Field Mapping", "Map the source to a writable field, or clear the mapping."},
    {category::data_format_validation, "DATA_FORMAT_VALIDATION", "Value has the wrong format",
     "The value cannot be read as what the field holds, such as a number, a date or an e-mail address.",
     disposition::config, actor::operator_, "Fix Data Format Mapping",
     "Map the source to a field of a fitting type, clear the mapping, or correct the lead."},
    {category::data_too_long, "DATA_TOO_LONG", "Value is too long",
     "The value is longer than the CRM field admits.", disposition::config, actor::operator_, "Fix Field Length",
     "Map the source to a longer field, clear the mapping, or let the mapping truncate it, which leaves a warning."},
    {category::not_enough_data, "NOT_ENOUGH_DATA", "Lead lacks a value",
     "A required field, or every field that the record is matched by, has no value on this lead.", disposition::data,
     actor::operator_, "Edit Lead", "Complete the lead, give the field a default, or wait for enrichment."},
    {category::ambiguous_match, "AMBIGUOUS_MATCH", "Several records match",
     "The match key finds more than one record in the CRM, and choosing one is not ours to do.", disposition::park,
     actor::operator_, "Choose Record", "Link the lead to the right record, or merge the records in the CRM."},
    {category::duplicate_blocked, "DUPLICATE_BLOCKED", "Duplicate rule refused it",
     "A duplicate rule of the CRM refused to create the record.", disposition::config, actor::operator_,
     "Resolve Duplicate", "Link the lead to the existing record, or allow the duplicate."},
    {category::target_gone, "TARGET_GONE", "Record is gone",
     "The CRM record that this lead was linked to has been deleted or merged into another.", disposition::config,
     actor::operator_, "Relink", "Link the lead to another record, or create it anew."},
    {category::target_converted, "TARGET_CONVERTED", "Lead is already converted",
     "The CRM has converted the lead record; it can no longer be changed.", disposition::config, actor::operator_,
     "Relink", "Write to the contact it became, or skip the lead."},
    {category::crm_rule, "CRM_RULE", "A rule of the CRM refused it",
     "A validation rule, trigger or workflow inside the CRM refused the record.", disposition::park, actor::crm_admin,
     "Show CRM Message", "Read the CRM's own text; correct the lead, or ask the CRM's administrator to change the rule."},
    {category::owner_invalid, "OWNER_INVALID", "Owner cannot own records",
     "The owner that the mapping names is inactive, or unknown to the CRM.", disposition::config, actor::operator_,
     "Fix Owner", "Map an active owner, or reactivate the user in the CRM."},
    {category::campaign_unavailable, "CAMPAIGN_UNAVAILABLE", "Campaign or list is not available",
     "The campaign or list that leads are added to is archived, deleted or of the wrong kind.", disposition::config,
     actor::operator_, "Fix Campaign", "Choose another campaign or list, or restore it in the CRM."},
    {category::authentication, "AUTHENTICATION", "Sign-in is refused",
     "The CRM no longer accepts the stored credentials.", disposition::reconnect, actor::operator_, "Connect",
     "Connect the integration again; its leads are held meanwhile and go out afterwards."},
    {category::permission, "PERMISSION", "Permission is missing",
     "The connected account may not do this in the CRM: a scope or a right on the object is missing.",
     disposition::reconnect, actor::crm_admin, "Connect",
     "Have the CRM's administrator grant the right, or connect with an account that has it."},
    {category::connection, "CONNECTION", "CRM cannot be reached",
     "The CRM could not be reached, or answered with server errors for longer than is worth waiting for.",
     disposition::retry, actor::operator_, "Connect", "Check the network, the proxy and the CRM's status page, then retry."},
    {category::throttled, "THROTTLED", "CRM asks to slow down",
     "The CRM limits the rate of requests. The lead goes out by itself at its wake-up time.", disposition::retry,
     actor::nobody, "", "Nothing to do."},
    {category::quota_exhausted, "QUOTA_EXHAUSTED", "Daily quota is used up",
     "The CRM account's quota of requests is used up. The lead goes out by itself when it is renewed.", disposition::retry,
     actor::nobody, "", "Nothing to do; a larger quota in the CRM, or fewer other programs using it, helps next time."},
    {category::remote_busy, "REMOTE_BUSY", "Record is busy",
     "The CRM record was locked, or the CRM was busy. The lead goes out by itself.", disposition::retry, actor::nobody, "",
     "Nothing to do."},
    {category::ambiguous_write, "AMBIGUOUS_WRITE", "Write may have happened",
     "The request left but no answer came, so the record may exist. It is looked up before anything is sent again.",
     disposition::retry, actor::operator_, "Choose Record",
     "Mostly nothing. Where it stays undecided, look in the CRM and link the lead to the record, or create it."},
    {category::payload_rejected, "PAYLOAD_REJECTED", "Request is refused as malformed",
     "The CRM refused the request as too large or malformed, without naming a field.", disposition::park, actor::operator_,
     "Log Bundle", "Send the log bundle to the plugin's author."},
    {category::plugin_fault, "PLUGIN_FAULT", "Plugin failed",
     "The plugin crashed, hung, or did not answer as its contract says.", disposition::park, actor::operator_, "Log Bundle",
     "Update the plugin, or send the log bundle to its author."},
    {category::unexpected, "UNEXPECTED", "Unclassified failure",
     "The CRM answered with a failure that the plugin does not know.", disposition::park, actor::operator_, "Log Bundle",
     "Read the CRM's own text; send the log bundle to the plugin's author, so that it is classified."},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (std::size_t(table[i].id) != i) return false;
  return true;
}
static_assert(in_order() && table.back().id == category::unexpected);

}  // namespace

std::span<const category_info> all_categories() { return std::span(table).subspan(1); }

const category_info& info_of(category id) { return table[std::size_t(id)]; }

std::string_view code_of(category id) { return info_of(id).code; }

std::optional<category> parse_category(std::string_view code) {
  for (const auto& entry : table)
    if (entry.code == code) return entry.id;
  return std::nullopt;
}

bool waits_without_cap(category id) {
  return id == category::throttled || id == category::quota_exhausted || id == category::remote_busy;
}

}  // namespace leadsync
