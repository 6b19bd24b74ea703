#include "hubspot/hubspot.h"

#include "hubspot/endpoints.h"

namespace leadsync::simulator::hubspot {
namespace {

constexpr std::size_t arena_size = 1024 * 1024;

/// The document, or where it is malformed.
std::optional<response> parse_body(const portal& account, const request& raw, const json::storage_ptr& storage, json::value& out) {
  json::parser parser(storage);
  boost::system::error_code failure;
  const auto read = parser.write(raw.body, failure);
  if (!failure) {
    out = parser.release();
    return std::nullopt;
  }
  std::size_t line = 1;
  std::size_t column = 1;
  for (std::size_t i = 0; i < std::min(read, raw.body.size()); ++i) {
    column = raw.body[i] == '\n' ? 1 : column + 1;
    if (raw.body[i] == '\n') ++line;
  }
  return invalid(account, "Invalid input JSON on line " + std::to_string(line) + ", column " + std::to_string(column) + ": Unexpected character or end of input");
}

void add_quota_headers(portal& account, instant now, header_list& out) {
  auto& burst = account.quotas.at("burst");
  auto& daily = account.quotas.at("daily");
  if (daily.enabled()) {
    out.emplace_back("X-HubSpot-RateLimit-Daily", std::to_string(daily.amount()));
    out.emplace_back("X-HubSpot-RateLimit-Daily-Remaining", std::to_string(daily.remaining(now)));
  }
  if (burst.enabled()) {
    out.emplace_back("X-HubSpot-RateLimit-Interval-Milliseconds", std::to_string(burst.window().count()));
    out.emplace_back("X-HubSpot-RateLimit-Max", std::to_string(burst.amount()));
    out.emplace_back("X-HubSpot-RateLimit-Remaining", std::to_string(burst.remaining(now)));
  }
}

/// Search has a quota of its own and no headers.
std::optional<response> refuse_quota(portal& account, const call& from, bool search) {
  if (search) return account.quotas.at("search").take(from.now) ? std::nullopt : std::optional(fault_body(account, "429_search", from.now));
  auto& daily = account.quotas.at("daily");
  if (daily.enabled() && daily.remaining(from.now) == 0) {
    (void)daily.take(from.now);  // counts as rejected
    return fault_body(account, "429_daily", from.now);
  }
  if (!account.quotas.at("burst").take(from.now)) return fault_body(account, "429_burst", from.now);
  (void)daily.take(from.now);
  return std::nullopt;
}

response dispatch(portal& account, const call& from) {
  const auto& area = from.where.area;
  if (area == "objects") return handle_objects(account, from);
  if (area == "associations") return handle_associations(account, from);
  if (area == "properties") return handle_properties(account, from);
  if (area == "property-validations") return handle_property_validations(account, from);
  if (area == "schemas") return handle_schemas(account, from);
  if (area == "lists") return handle_lists(account, from);
  if (area == "owners") return handle_owners(account, from);
  return handle_account_info(account, from);
}

response answer(portal& account, const request& raw, instant now, const json::storage_ptr& storage) {
  const auto where = parse_route(raw.path);
  if (!where) return unknown_path();
  call from{raw, *where, now, json::value(storage)};
  if (where->area == "oauth") return handle_oauth(account, from);
  if (auto refused = refuse_caller(account, from)) return std::move(*refused);
  const bool search = where->area == "objects" && from.segment(1) == "search";
  if (auto refused = refuse_quota(account, from, search)) {
    if (!search) add_quota_headers(account, now, refused->headers);
    return std::move(*refused);
  }
  std::optional<response> out;
  if (!raw.body.empty()) out = parse_body(account, raw, storage, from.body);
  if (!out) out = dispatch(account, from);
  if (!search) add_quota_headers(account, now, out->headers);
  return std::move(*out);
}

}  // namespace

hubspot_crm::hubspot_crm(std::uint64_t seed, std::vector<std::string> tokens) : seed_(seed), tokens_(std::move(tokens)), arena_(arena_size) { reset(); }

void hubspot_crm::reset() {
  account_ = std::make_unique<portal>(seed_);
  for (const auto& token : tokens_) account_->tokens.add_private(token);
}

response hubspot_crm::handle(const request& call, instant now) {
  account_->correlation_id = account_->uuid();
  json::monotonic_resource memory(arena_.data(), arena_.size());
  response out = answer(*account_, call, now, &memory);
  out.headers.emplace_back("x-hubspot-correlation-id", account_->correlation_id);
  return out;
}

response hubspot_crm::fault_answer(std::string_view kind, const request&, instant now) {
  account_->correlation_id = account_->uuid();
  response out = fault_body(*account_, kind, now);
  if (out.status == 429 && kind != "429_search" && kind != "429_search_alt") add_quota_headers(*account_, now, out.headers);
  out.headers.emplace_back("x-hubspot-correlation-id", account_->correlation_id);
  return out;
}

std::string hubspot_crm::path_template(const request& call) const { return call.method + " " + template_of(call.path); }

response hubspot_crm::administer(const request& call, const std::vector<std::string>& segments, const json::value& body, instant now) {
  return administer_portal(*account_, call, segments, body, now);
}

}  // namespace leadsync::simulator::hubspot
