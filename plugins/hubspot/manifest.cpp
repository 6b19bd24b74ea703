#include "jobs.h"

namespace leadsync::hubspot {

/// Every call counts against the burst and the daily limit; a search takes from its own limit as well, and its answer has no headers.
/// The burst is of each app, the other two are of the account.
/// The daily limit resets at midnight of the account's own time zone; a public OAuth app has none, and no headers of it.
const std::string_view manifest_json = R"json({
"protocol": 1, "name": "hubspot", "title": "HubSpot", "version": "0.1.0",
"api_base": "https://api.hubapi.com", "hosts": ["api.hubapi.com"],
"authorization": {"header": "Authorization", "value": "Bearer {{secret:access_token}}"},
"credentials": [
  {"kind": "token", "title": "Private app token", "secrets": ["access_token"]},
  {"kind": "oauth", "title": "OAuth app", "secrets": ["client_id", "client_secret", "refresh_token"], "authorize": true}],
"token_members": ["access_token", "refresh_token"],
"settings": {"type": "object", "properties": {"list_id": {"type": "string", "title": "Id of the static list that each person joins"}}},
"jobs": ["check", "authorize", "describe", "sync", "provision"],
"objects": [
  {"name": "contact", "title": "Contact", "per": "lead", "phase": "person", "match_keys": ["email"]},
  {"name": "company", "title": "Company", "per": "company", "phase": "company", "match_keys": ["domain", "name"]},
  {"name": "note", "title": "Note", "per": "lead", "phase": "note"}],
"phases": [
  {"name": "company"}, {"name": "person"}, {"name": "association", "needs": ["company", "person"]},
  {"name": "note", "needs": ["person"]}, {"name": "list", "needs": ["person"]}],
"default_mapping": [
  {"object": "contact", "remote_field": "email", "source": "email"},
  {"object": "contact", "remote_field": "firstname", "source": "first_name"},
  {"object": "contact", "remote_field": "lastname", "source": "last_name"},
  {"object": "contact", "remote_field": "phone", "source": "phone"},
  {"object": "contact", "remote_field": "jobtitle", "source": "job_title"},
  {"object": "contact", "remote_field": "company", "source": "company"}, {"object": "contact", "remote_field": "city", "source": "city"},
  {"object": "contact", "remote_field": "zip", "source": "postal_code"},
  {"object": "contact", "remote_field": "country", "source": "country"},
  {"object": "contact", "remote_field": "address", "source": "street"}, {"object": "contact", "remote_field": "state", "source": "region"},
  {"object": "contact", "remote_field": "website", "source": "website"},
  {"object": "company", "remote_field": "name", "source": "company", "write_mode": "if_empty"},
  {"object": "company", "remote_field": "domain", "source": "company_domain", "write_mode": "if_empty"},
  {"object": "note", "remote_field": "hs_note_body", "source": "notes"},
  {"object": "note", "remote_field": "hs_timestamp", "source": "captured_at"}],
"batch_size": 100, "settle_ms": 10000, "deadline_ms": 30000, "max_response_bytes": 8388608,
"limits": [
  {"id": "burst", "amount": 100, "window_ms": 10000, "kind": "rolling", "scope": "token", "default": true, "headers": {"amount":
    "x-hubspot-ratelimit-max", "remaining": "x-hubspot-ratelimit-remaining", "window_ms": "x-hubspot-ratelimit-interval-milliseconds"}},
  {"id": "daily", "amount": 250000, "kind": "daily", "zone": "account", "scope": "account", "default": true, "headers": {
    "amount": "x-hubspot-ratelimit-daily", "remaining": "x-hubspot-ratelimit-daily-remaining"}},
  {"id": "search", "amount": 4, "window_ms": 1000, "kind": "rolling", "scope": "account"}],
"help": {
  "PROPERTY_DOESNT_EXIST": "The property was deleted or renamed in HubSpot. Map the field to another property, or clear the mapping.",
  "READ_ONLY_VALUE": "HubSpot calculates this property. Map the field to another one.",
  "INVALID_OPTION": "Add the option to the property in HubSpot, or map the value to an option that it has.",
  "INVALID_OWNER_ID": "The owner is deactivated, or a user id was given. Choose an owner that HubSpot lists.",
  "INVALID_EMAIL": "HubSpot does not take this e-mail address. Correct it on the lead.",
  "CONTAINS_URL": "HubSpot refuses names that contain a web address. Correct the lead.",
  "MAX_LENGTH": "A validation rule of the property limits its length. Map the field to a longer property, or allow truncation.",
  "CONFLICT": "Another record has this unique value. Link the lead to it.",
  "OBJECT_NOT_FOUND": "The record was deleted or merged in HubSpot. Relink the lead, or have it created again.",
  "MISSING_SCOPES": "Tick the missing scopes in the private app (or reconnect the OAuth app), then check the integration.",
  "USER_DOES_NOT_HAVE_PERMISSION": "The user behind the private app has lost rights in HubSpot. Have an admin restore them.",
  "BAD_REFRESH_TOKEN": "The app was uninstalled or its access revoked. Connect again.",
  "ASSOCIATION_LIMIT_EXCEEDED": "One record has 10,000 associations of this kind; HubSpot takes no more."}
})json";
}  // namespace leadsync::hubspot
