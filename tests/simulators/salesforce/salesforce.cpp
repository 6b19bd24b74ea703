#include "salesforce/salesforce.h"

#include "salesforce/answers.h"

namespace leadsync::simulator::salesforce {
namespace {

constexpr std::size_t longest_url_and_headers = 16'384;

response dispatch(org& account, const call& from) {
  const auto area = from.segment(0);
  if (area == "composite" && from.path.size() == 1) return handle_composite(account, from);
  if (area == "composite" && from.segment(1) == "sobjects") return handle_collections(account, from);
  if (area == "sobjects") return handle_records(account, from);
  if (area == "jobs") return handle_ingest(account, from);
  if (area == "ui-api") return handle_picklists(account, from);
  if (area == "query") return handle_query(account, from);
  if (area == "tooling") return handle_tooling(account, from);
  if (area == "limits") return handle_limits(account, from);
  return not_found();
}

std::size_t size_of_head(const request& raw) {
  auto size = raw.path.size() + raw.query.size();
  for (const auto& [name, value] : raw.headers) size += name.size() + value.size();
  return size;
}

/// Everything under /services/data/vXX.X
response answer(org& account, const request& raw, std::vector<std::string> segments, instant now) {
  const auto header = raw.header("authorization");
  if (header.empty() || !header.starts_with("Bearer ")) return refuse(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  if (!account.tokens.works(header.substr(7), now)) return refuse(401, "INVALID_SESSION_ID", "Session expired or invalid");
  if (!account.quotas.at("daily").take(now)) return refuse(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  ++account.calls;
  if (size_of_head(raw) > longest_url_and_headers) return {414, "<html><head><title>URI Too Long</title></head></html>", "text/html"};
  call from{raw, {segments.begin() + 3, segments.end()}, segments[2].substr(1), now, nullptr};
  const bool upload = from.segment(0) == "jobs" && from.segment(3) == "batches";
  if (raw.body.empty() || upload) return dispatch(account, from);
  if (!raw.header("content-type").starts_with("application/json")) return refuse(415, "UNSUPPORTED_MEDIA_TYPE", "The request content type is unsupported");
  boost::system::error_code malformed;
  from.body = json::parse(raw.body, malformed);
  if (malformed) return refuse(400, "JSON_PARSER_ERROR", "Unexpected character or end of input at [line:1, column:1]");
  return dispatch(account, from);
}

bool is_known_version(std::string_view segment) {
  return segment.size() == 5 && segment.front() == 'v' && segment.substr(3) == ".0" && segment >= "v46.0" && segment <= "v68.0";
}

}  // namespace

salesforce_crm::salesforce_crm(std::uint64_t seed, std::vector<std::string> tokens) : seed_(seed), tokens_(std::move(tokens)) { reset(); }

void salesforce_crm::reset() {
  account_ = std::make_unique<org>(seed_);
  for (const auto& token : tokens_) account_->tokens.add_static(token);
}

void salesforce_crm::add_usage(response& out, instant now) {
  auto& daily = account_->quotas.at("daily");
  const auto amount = daily.enabled() ? daily.amount() : 5'000'000;
  const auto used = daily.enabled() ? daily.used_in_window(now) : account_->calls;
  out.headers.emplace_back("Sforce-Limit-Info", "api-usage=" + std::to_string(used) + "/" + std::to_string(amount));
}

response salesforce_crm::handle(const request& call, instant now) {
  advance_jobs(*account_, now);
  auto segments = path_segments(call.path);
  if (segments.size() == 3 && segments[0] == "services" && segments[1] == "oauth2") return handle_oauth(*account_, call, segments[2], now);
  if (segments.size() < 2 || segments[0] != "services" || segments[1] != "data") return {404, "<html><head><title>Not Found</title></head></html>", "text/html"};
  if (segments.size() == 2) return ok(json::array{{{"version", "62.0"}, {"label", "Winter '25"}, {"url", "/services/data/v62.0"}}});
  if (!is_known_version(segments[2])) return not_found();
  auto out = answer(*account_, call, std::move(segments), now);
  if (out.status != 401) add_usage(out, now);
  return out;
}

response salesforce_crm::fault_answer(std::string_view kind, const request&, instant) { return fault_body(kind); }

/// Objects and fixed words stay, ids and values do not.
std::string salesforce_crm::path_template(const request& call) const {
  std::string out = call.method + " ";
  const auto segments = path_segments(call.path);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool value = i == 6 && segments[3] == "sobjects";
    out += looks_like_id(segments[i]) && i > 3 ? "/{id}" : value ? "/{value}" : "/" + segments[i];
  }
  return out;
}

response salesforce_crm::administer(const request& call, const std::vector<std::string>& segments, const json::value& body, instant now) {
  advance_jobs(*account_, now);
  return administer_org(*account_, call, segments, body, now);
}

}  // namespace leadsync::simulator::salesforce
