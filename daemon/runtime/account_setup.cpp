#include "runtime/account_setup.h"

#include <boost/json.hpp>

#include <algorithm>

namespace leadsync {
namespace {

limit_kind kind_of(plugin_manifest::limit_kind kind) {
  switch (kind) {
    case plugin_manifest::limit_kind::rolling: return limit_kind::rolling;
    case plugin_manifest::limit_kind::fixed: return limit_kind::fixed;
    case plugin_manifest::limit_kind::daily: return limit_kind::daily;
    case plugin_manifest::limit_kind::concurrency: break;
  }
  return limit_kind::concurrency;
}

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  auto rest = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.starts_with('[')) return std::string(rest.substr(0, rest.find(']') + 1));
  return std::string(rest.substr(0, rest.find(':')));
}

}  // namespace

const plugin_manifest::credential* find_credential(const plugin_manifest& about, std::string_view kind) {
  const auto found = std::find_if(about.credentials.begin(), about.credentials.end(), [&](const auto& each) { return each.kind == kind; });
  return found == about.credentials.end() ? nullptr : &*found;
}

account_options account_options_of(const plugin_manifest& about, const std::string& base_url, std::string_view credential_kind) {
  account_options options;
  options.api_base = base_url.empty() ? about.api_base : base_url;
  while (options.api_base.ends_with('/')) options.api_base.pop_back();
  options.hosts = about.hosts;
  if (!base_url.empty()) options.hosts.push_back(host_of(base_url));
  options.authorization_header = about.authorization_header;
  options.authorization_value = about.authorization_value;
  options.authorizes = find_credential(about, credential_kind)->authorize;
  options.token_members = about.token_members;
  options.deadline = about.deadline;
  options.max_response_bytes = std::size_t(about.max_response_bytes);
  for (const auto& each : about.limits)
    options.limits.push_back({.id = each.id, .amount = each.amount, .kind = kind_of(each.kind), .window = each.window, .zone = each.zone,
                              .account_zone = each.account_zone, .per_token = each.scope == plugin_manifest::limit_scope::token,
                              .by_default = each.is_default, .amount_header = each.headers.amount,
                              .remaining_header = each.headers.remaining, .window_header = each.headers.window_ms});
  return options;
}

authorization_result authorization_result_of(std::string_view result_json) {
  authorization_result made;
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(result_json, failure);
  if (failure || !parsed.is_object()) return made;
  if (const auto* seconds = parsed.get_object().if_contains("expires_in"); seconds && seconds->is_int64())
    made.expires_in = std::chrono::seconds(seconds->get_int64());
  if (const auto* base = parsed.get_object().if_contains("api_base"); base && base->is_string()) made.api_base = base->get_string().c_str();
  return made;
}

}  // namespace leadsync
