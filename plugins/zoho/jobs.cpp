#include "jobs.h"

#include "errors.h"
#include "leadsync_manifest.hpp"

#include <array>

namespace leadsync::zoho {
namespace {

/// Accounts host, API host and refresh token belong together.
struct data_center {
  std::string_view name, accounts_host, api_host, web_host;
};
constexpr std::array data_centers{
    data_center{"us", "accounts.zoho.com", "www.zohoapis.com", "crm.zoho.com"},
    data_center{"eu", "accounts.zoho.eu", "www.zohoapis.eu", "crm.zoho.eu"},
    data_center{"in", "accounts.zoho.in", "www.zohoapis.in", "crm.zoho.in"},
    data_center{"au", "accounts.zoho.com.au", "www.zohoapis.com.au", "crm.zoho.com.au"},
    data_center{"jp", "accounts.zoho.jp", "www.zohoapis.jp", "crm.zoho.jp"},
    data_center{"cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn", "crm.zoho.com.cn"},
    data_center{"sa", "accounts.zoho.sa", "www.zohoapis.sa", "crm.zoho.sa"},
    data_center{"ca", "accounts.zohocloud.ca", "www.zohoapis.ca", "crm.zohocloud.ca"}};

bool is_on(std::string_view url, std::string_view host) { return url == "https://" + std::string(host); }

/// Whether it is Zoho's own, and not a base_url that the operator put in its place.
bool is_zohos(std::string_view url) {
  for (const auto& each : data_centers)
    if (is_on(url, each.api_host) || url.ends_with("." + std::string(each.api_host.substr(4)))) return true;
  return false;
}

const data_center& data_center_of(const json::object& job) {
  const auto wanted = text_of(object_of(job, "settings"), "data_center");
  for (const auto& each : data_centers)
    if (wanted.empty() ? is_on(text_of(job, "api_base"), each.api_host) : each.name == wanted) return each;
  return data_centers.front();
}
}  // namespace

std::string error_result(const sdk::answer& answer) {
  auto why = classify(answer);
  const auto document = parsed(answer.body());
  for (const auto* list : {"data", "fields"})
    if (!list_of(document, list).empty()) why = classify_row(as_object(list_of(document, list).front()));
  json::object error{{"category", why.category}, {"message", why.message}, {"crm_code", why.crm_code}, {"request", answer.number()}};
  if (why.retry_after_ms > 0) error["retry_after_ms"] = why.retry_after_ms;
  return json::serialize(json::object{{"error", std::move(error)}});
}

sdk::task<std::string> check(const json::object* job) {
  const auto answer = co_await sdk::http.get("/crm/v8/org");
  const auto document = parsed(answer.ok() ? answer.body() : std::string());
  const auto& list = list_of(document, "org");
  const auto org = list.empty() ? json::object{} : as_object(list.front());
  auto id = id_of(org, "zgid");
  if (id.empty()) id = id_of(org, "id");
  if (id.empty()) co_return error_result(answer);
  json::object account{{"id", id}, {"name", text_of(org, "company_name")}, {"time_zone", text_of(org, "time_zone")},
                       {"url", "https://" + std::string(data_center_of(*job).web_host) + "/crm/org" + id}};
  co_return json::serialize(json::object{{"account", std::move(account)}});
}

sdk::task<std::string> authorize(const json::object* job) {
  const auto base = text_of(*job, "api_base");
  const bool zohos = is_zohos(base);
  const std::string host = zohos ? "https://" + std::string(data_center_of(*job).accounts_host) : std::string(base);
  const std::string form = "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}"
                           "&refresh_token={{secret:refresh_token}}";
  const auto answer = co_await sdk::http.post(host + "/oauth/v2/token").keyed_write().form(form);
  const auto granted = parsed(answer.ok() ? answer.body() : std::string());
  if (text_of(granted, "access_token").empty()) co_return error_result(answer);  // a refusal may come with 200
  json::object result;
  if (const auto* lifetime = granted.if_contains("expires_in"); lifetime && lifetime->is_int64()) result["expires_in"] = *lifetime;
  // What the operator put in Zoho's place stays there.
  const auto domain = text_of(granted, "api_domain");
  if (!domain.empty() && (zohos || !is_zohos(domain))) result["api_base"] = domain;
  co_return json::serialize(result);
}

sdk::task<std::string> run(sdk::session_context context, std::string job_json) {
  json::monotonic_resource memory;
  boost::system::error_code malformed;
  const auto document = json::parse(job_json, malformed, &memory);
  const auto* job = &as_object(document);
  const auto kind = text_of(*job, "kind");
  if (kind == "sync") co_return co_await synchronize(context, job);
  if (kind == "check") co_return co_await check(job);
  if (kind == "authorize") co_return co_await authorize(job);
  if (kind == "describe") co_return co_await describe(job);
  if (kind == "provision") co_return co_await provision(job);
  co_return R"({"error":{"category":"PLUGIN_FAULT","message":"this is no job that the manifest offers"}})";
}
}  // namespace leadsync::zoho

LEADSYNC_DEFINE_PLUGIN(leadsync_manifest, leadsync::zoho::run)
