#include "jobs.h"

namespace leadsync::pipedrive {

/// The daily budget is counted in tokens and depends on plan and seats, so its amount here only bounds what the headers say. Search has a
/// window of its own. No authorization: an API token goes into another header than an OAuth token, so each request names its own.
const std::string_view manifest_json = R"json({
"protocol": 1, "name": "pipedrive", "title": "Pipedrive", "version": "0.1.0",
"api_base": "https://api.pipedrive.com", "hosts": ["api.pipedrive.com", "oauth.pipedrive.com", "*.pipedrive.com"],
"credentials": [
  {"kind": "token", "title": "API token", "secrets": ["access_token"]},
  {"kind": "oauth", "title": "OAuth app", "secrets": ["client_id", "client_secret", "refresh_token"], "authorize": true}],
"token_members": ["access_token", "refresh_token"],
"settings": {"type": "object", "properties": {
  "authentication": {"type": "string", "enum": ["token", "oauth"], "title": "How requests are authorized: the credential's kind"},
  "currency": {"type": "string", "title": "Currency of amounts, such as EUR"},
  "several_matches": {"type": "string", "enum": ["oldest", "park"], "title": "What to do where several records match"}}},
"jobs": ["check", "authorize", "describe", "sync", "provision"],
"objects": [
  {"name": "person", "title": "Person", "per": "lead", "phase": "person", "match_keys": ["email", "name"]},
  {"name": "organization", "title": "Organization", "per": "company", "phase": "company", "match_keys": ["name"]},
  {"name": "lead", "title": "Lead", "per": "lead", "phase": "lead"},
  {"name": "note", "title": "Note", "per": "lead", "phase": "note"}],
"phases": [
  {"name": "company"}, {"name": "person"}, {"name": "association", "needs": ["company", "person"]},
  {"name": "lead", "needs": ["person"]}, {"name": "note", "needs": ["lead"]}],
"default_mapping": [
  {"object": "person", "remote_field": "name", "source": "full_name"},
  {"object": "person", "remote_field": "email", "source": "email"},
  {"object": "person", "remote_field": "phone", "source": "phone"},
  {"object": "person", "remote_field": "job_title", "source": "job_title"},
  {"object": "organization", "remote_field": "name", "source": "company", "write_mode": "if_empty"},
  {"object": "organization", "remote_field": "website", "source": "company_domain", "write_mode": "if_empty"},
  {"object": "lead", "remote_field": "title", "source": "full_name", "write_mode": "if_empty"},
  {"object": "note", "remote_field": "content", "source": "notes"},
  {"object": "note", "remote_field": "add_time", "source": "captured_at"}],
"batch_size": 20, "settle_ms": 5000, "deadline_ms": 30000, "max_response_bytes": 8388608,
"limits": [
  {"id": "burst", "amount": 20, "window_ms": 2000, "kind": "rolling", "scope": "token", "default": true,
    "headers": {"amount": "x-ratelimit-limit", "remaining": "x-ratelimit-remaining"}},
  {"id": "search", "amount": 10, "window_ms": 2000, "kind": "rolling", "scope": "token",
    "headers": {"amount": "x-ratelimit-limit", "remaining": "x-ratelimit-remaining"}},
  {"id": "daily", "amount": 10000000, "kind": "daily", "zone": "UTC", "scope": "account", "default": true,
    "headers": {"amount": "x-daily-ratelimit-token-limit", "remaining": "x-daily-ratelimit-token-remaining"}}],
"help": {
  "ERR_SCHEMA_VALIDATION_FAILED": "Pipedrive does not take a field or a value. Refresh the schema, then correct the mapping or the lead.",
  "ERR_UNKNOWN": "Pipedrive failed without a reason; often a value of a wrong shape. Retry once, then look at what was sent.",
  "VALUE_NOT_KEPT": "Pipedrive took the lead without this value. Refresh the schema and map the field anew, then retry.",
  "RECORD_GONE": "The record was deleted, merged, or (a lead) converted to a deal. Relink the lead, or have it created again.",
  "CLOUDFLARE": "Pipedrive's gateway blocks this machine for a while, as too many requests were sent. Lower the burst limit.",
  "feature_capping_deals_limit": "The plan's number of open deals and leads is used up. Close some, or change the plan."}
})json";
}  // namespace leadsync::pipedrive
