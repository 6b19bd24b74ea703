#include "jobs.h"

namespace leadsync::zoho {

/// Credits are of the organization and of a rolling day; the header, which comes once half is used, is the truth. Calls in flight are
/// of the application. A write of more than ten records, and a query, also count against the smaller pool of heavy calls.
const std::string_view manifest_json = R"json({
"protocol": 1, "name": "zoho", "title": "Zoho CRM", "version": "0.1.0",
"api_base": "https://www.zohoapis.com",
"hosts": ["accounts.zoho.com", "accounts.zoho.eu", "accounts.zoho.in", "accounts.zoho.com.au", "accounts.zoho.jp", "accounts.zoho.com.cn",
  "accounts.zoho.sa", "accounts.zohocloud.ca", "*.zohoapis.com", "*.zohoapis.eu", "*.zohoapis.in", "*.zohoapis.com.au", "*.zohoapis.jp",
  "*.zohoapis.com.cn", "*.zohoapis.sa", "*.zohoapis.ca"],
"authorization": {"header": "Authorization", "value": "Zoho-oauthtoken {{secret:access_token}}"},
"credentials": [{"kind": "oauth", "title": "OAuth client (Self Client or server-based)",
  "secrets": ["client_id", "client_secret", "refresh_token"], "authorize": true}],
"token_members": ["access_token"],
"settings": {"type": "object", "properties": {
  "data_center": {"type": "string", "enum": ["us", "eu", "in", "au", "jp", "cn", "sa", "ca"], "title": "Data centre of the account (default us)"},
  "module": {"type": "string", "enum": ["Leads", "Contacts"], "title": "What a person becomes (default Leads)"},
  "tag": {"type": "string", "title": "Tag that each person gets, at most 25 characters"},
  "run_workflows": {"type": "boolean", "title": "Let workflows and approvals of the CRM run on what is written (default false)"},
  "read_back": {"type": "boolean", "title": "Read what was written, as Zoho drops unknown fields without a word (default true)"}}},
"jobs": ["check", "authorize", "describe", "sync", "provision"],
"objects": [
  {"name": "person", "title": "Lead or contact", "per": "lead", "phase": "person", "match_keys": []},
  {"name": "account", "title": "Account", "per": "company", "phase": "company", "match_keys": ["Account_Name"]},
  {"name": "note", "title": "Note", "per": "lead", "phase": "note"}],
"phases": [
  {"name": "company"}, {"name": "person"}, {"name": "association", "needs": ["company", "person"]},
  {"name": "note", "needs": ["person"]}, {"name": "tag", "needs": ["person"]}],
"default_mapping": [
  {"object": "person", "remote_field": "Email", "source": "email"},
  {"object": "person", "remote_field": "First_Name", "source": "first_name"},
  {"object": "person", "remote_field": "Last_Name", "source": "last_name"},
  {"object": "person", "remote_field": "Company", "source": "company"},
  {"object": "person", "remote_field": "Phone", "source": "phone"},
  {"object": "person", "remote_field": "Designation", "source": "job_title"}, {"object": "person", "remote_field": "Title", "source": "job_title"},
  {"object": "person", "remote_field": "Website", "source": "website"},
  {"object": "person", "remote_field": "Street", "source": "street"}, {"object": "person", "remote_field": "Mailing_Street", "source": "street"},
  {"object": "person", "remote_field": "City", "source": "city"}, {"object": "person", "remote_field": "Mailing_City", "source": "city"},
  {"object": "person", "remote_field": "State", "source": "region"}, {"object": "person", "remote_field": "Mailing_State", "source": "region"},
  {"object": "person", "remote_field": "Zip_Code", "source": "postal_code"}, {"object": "person", "remote_field": "Mailing_Zip", "source": "postal_code"},
  {"object": "person", "remote_field": "Country", "source": "country"}, {"object": "person", "remote_field": "Mailing_Country", "source": "country"},
  {"object": "account", "remote_field": "Account_Name", "source": "company"},
  {"object": "account", "remote_field": "Website", "source": "company_domain", "write_mode": "if_empty"},
  {"object": "note", "remote_field": "Note_Content", "source": "notes"}],
"batch_size": 100, "settle_ms": 5000, "deadline_ms": 30000, "max_response_bytes": 8388608,
"limits": [
  {"id": "credits", "amount": 50000, "kind": "daily", "zone": "UTC", "scope": "account", "default": true,
    "headers": {"remaining": "x-api-credits-remaining"}},
  {"id": "calls", "amount": 5, "kind": "concurrency", "scope": "token", "default": true},
  {"id": "heavy_calls", "amount": 3, "kind": "concurrency", "scope": "token"}],
"help": {
  "MANDATORY_NOT_FOUND": "The field is mandatory in the module or its layout. Map it, or give it a default.",
  "FIELD_DROPPED": "Zoho accepts unknown fields and drops them. The field was deleted or renamed: map to another one, or clear the mapping.",
  "DUPLICATE_DATA": "Another record has this unique value. Link the lead to it.",
  "INVALID_MODULE": "The module is hidden from the user behind the token, or not in this edition.",
  "OAUTH_SCOPE_MISMATCH": "Connect again with all scopes that the README lists.",
  "NO_PERMISSION": "The profile of the user behind the token lacks a right. Have an admin grant it.",
  "RECORD_LOCKED": "The record is locked in Zoho. It is tried again.",
  "NOT_APPROVED": "The record waits for an approval in Zoho. It is tried again.",
  "LICENSE_LIMIT_EXCEEDED": "The edition's limit of records or tags is reached.",
  "invalid_code": "The refresh token was revoked, or is of another data centre than `data_center` says. Connect again.",
  "invalid_client": "The client id is wrong, or the client is not enabled in this data centre."}
})json";
}  // namespace leadsync::zoho
