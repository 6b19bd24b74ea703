#include "jobs.h"

namespace leadsync::salesforce {

/// The allocation is of a rolling day and of the whole org; its header says "api-usage=used/amount". A call of two hundred records is one.
/// Calls at the same time wait for the locks of their accounts, so few are sent side by side.
const std::string_view manifest_json = R"json({
"protocol": 1, "name": "salesforce", "title": "Salesforce", "version": "0.1.0",
"api_base": "https://login.salesforce.com", "hosts": ["login.salesforce.com", "test.salesforce.com", "*.salesforce.com"],
"authorization": {"header": "Authorization", "value": "Bearer {{secret:access_token}}"},
"credentials": [
  {"kind": "client_credentials", "title": "Connected app with a run-as user", "secrets": ["client_id", "client_secret"], "authorize": true},
  {"kind": "jwt", "title": "Connected app with a certificate (JWT bearer)", "secrets": ["client_id", "username", "private_key"], "authorize": true},
  {"kind": "oauth", "title": "Connected app with a refresh token", "secrets": ["client_id", "client_secret", "refresh_token"], "authorize": true}],
"token_members": ["access_token", "refresh_token"],
"settings": {"type": "object", "properties": {
  "sandbox": {"type": "boolean", "default": false, "title": "The org is a sandbox: signed tokens are for test.salesforce.com"},
  "strategy": {"type": "string", "enum": ["leads", "accounts_and_contacts"], "default": "leads", "title": "What a person becomes"},
  "match": {"type": "string", "enum": ["email", "key"], "default": "email", "title": "Which existing record a person is: that of the same e-mail address, else of our key; or of our key alone"},
  "campaign_id": {"type": "string", "title": "Id of the campaign that each person joins"},
  "campaign_member_status": {"type": "string", "title": "Status of its members; default: the campaign's own"},
  "allow_duplicates": {"type": "boolean", "default": false, "title": "Pass the alerts of duplicate rules"},
  "strict_picklists": {"type": "boolean", "default": true, "title": "Refuse values that a picklist does not have, where Salesforce would store them"}}},
"jobs": ["check", "authorize", "describe", "sync", "provision"],
"objects": [
  {"name": "person", "title": "Lead or contact", "per": "lead", "phase": "person"},
  {"name": "account", "title": "Account", "per": "company", "phase": "company", "match_keys": ["Website", "Name"]},
  {"name": "task", "title": "Task with the notes", "per": "lead", "phase": "note"}],
"phases": [
  {"name": "company"}, {"name": "person"}, {"name": "association", "needs": ["company", "person"]},
  {"name": "campaign", "needs": ["person"]}, {"name": "note", "needs": ["person"]}],
"default_mapping": [
  {"object": "person", "remote_field": "FirstName", "source": "first_name"}, {"object": "person", "remote_field": "LastName", "source": "last_name"},
  {"object": "person", "remote_field": "Company", "source": "company"}, {"object": "person", "remote_field": "Email", "source": "email"},
  {"object": "person", "remote_field": "Phone", "source": "phone"}, {"object": "person", "remote_field": "Title", "source": "job_title"},
  {"object": "person", "remote_field": "Website", "source": "website"}, {"object": "person", "remote_field": "Street", "source": "street"},
  {"object": "person", "remote_field": "City", "source": "city"}, {"object": "person", "remote_field": "State", "source": "region"},
  {"object": "person", "remote_field": "PostalCode", "source": "postal_code"}, {"object": "person", "remote_field": "Country", "source": "country"},
  {"object": "person", "remote_field": "MailingStreet", "source": "street"}, {"object": "person", "remote_field": "MailingCity", "source": "city"},
  {"object": "person", "remote_field": "MailingState", "source": "region"},
  {"object": "person", "remote_field": "MailingPostalCode", "source": "postal_code"},
  {"object": "person", "remote_field": "MailingCountry", "source": "country"},
  {"object": "account", "remote_field": "Name", "source": "company", "write_mode": "if_empty"},
  {"object": "account", "remote_field": "Website", "source": "company_domain", "write_mode": "if_empty"},
  {"object": "task", "remote_field": "Description", "source": "notes"}, {"object": "task", "remote_field": "Subject", "source": "event_name"},
  {"object": "task", "remote_field": "ActivityDate", "source": "captured_at"}],
"batch_size": 200, "settle_ms": 2000, "deadline_ms": 60000, "max_response_bytes": 8388608,
"limits": [
  {"id": "daily", "amount": 100000000, "kind": "daily", "zone": "UTC", "scope": "account", "default": true, "headers": {"remaining": "sforce-limit-info"}},
  {"id": "concurrent", "amount": 5, "kind": "concurrency", "scope": "account", "default": true}],
"help": {
  "INVALID_FIELD": "The field was deleted or renamed, or field-level security hides it from the integration user. Grant access, remap or clear it.",
  "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": "Add the value to the picklist (and to the record type), or map it to one that is there.",
  "FIELD_CUSTOM_VALIDATION_EXCEPTION": "A validation rule in the words of your admin. Complete the lead, or have the rule changed.",
  "DUPLICATES_DETECTED": "A duplicate rule found a similar record. Link the lead to it, or set allow_duplicates (rules that block stay).",
  "CANNOT_UPDATE_CONVERTED_LEAD": "The lead was converted in Salesforce. Write to the contact that it became, or dismiss it here.",
  "ENTITY_IS_LOCKED": "An approval process locks the record. Retry when it has ended.",
  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": "A trigger in the org failed. Give its text to your admin.",
  "NOT_FOUND": "Our key field is gone or hidden. Run `leadsync integrations provision`, or restore it.",
  "STORAGE_LIMIT_EXCEEDED": "The org's data storage is full. Free some, then retry.",
  "invalid_grant": "The refresh token was revoked, the user is inactive, or the app has no run-as user. Connect again.",
  "unsupported_grant_type": "Client credentials work at the org's own address alone: set base_url to https://DOMAIN.my.salesforce.com."}
})json";
}  // namespace leadsync::salesforce
