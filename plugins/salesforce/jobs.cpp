#include "jobs.h"

#include "leadsync_manifest.hpp"
#include "query.h"

#include <algorithm>

namespace leadsync::salesforce {
namespace {
/// https://host of an absolute URL.
std::string origin_of(std::string_view url) {
  const auto scheme = url.find("://");
  return std::string(scheme == url.npos ? std::string_view{} : url.substr(0, url.find('/', scheme + 3)));
}

/// The objects that the account must let us create, and does not.
json::array missing_rights(const json::object& listed, const json::object& job) {
  std::vector<std::string_view> needed{person_records(job).type, task_records.type};
  if (uses_accounts(job)) needed.push_back(account_records.type);
  if (!text_of(object_of(job, "settings"), "campaign_id").empty()) needed.push_back(member_records.type);
  json::array problems;
  for (const auto type : needed) {
    const auto& objects = list_of(listed, "sobjects");
    const bool may = std::any_of(objects.begin(), objects.end(), [&](const auto& entry) {
      return text_of(as_object(entry), "name") == type && flag_of(as_object(entry), "createable");
    });
    if (!may) problems.push_back(json::object{{"category", "PERMISSION"}, {"message", "the user may not create a " + std::string(type)}});
  }
  return problems;
}
}  // namespace

std::string error_result(const failure& why, std::size_t request) {
  json::object error{{"category", why.category}, {"message", why.message.empty() ? std::string(why.category) : why.message},
                     {"crm_code", why.crm_code}, {"request", request}};
  if (why.retry_after_ms > 0) error["retry_after_ms"] = why.retry_after_ms;
  return json::serialize(json::object{{"error", std::move(error)}});
}

sdk::task<std::string> check(const json::object* job) {
  std::vector<sdk::request> requests;
  const std::string soql = "SELECT Id, Name, TimeZoneSidKey FROM Organization";
  requests.push_back(sdk::http.get(std::string(api) + "/query?q=" + sdk::percent_encode(soql)));
  requests.push_back(sdk::http.get(std::string(api) + "/sobjects"));
  requests.push_back(sdk::http.get("/services/oauth2/userinfo"));
  const auto answers = co_await sdk::http.all(std::move(requests));
  const auto found = parsed_value(answers[0].body());
  const auto& rows = list_of(as_object(found), "records");
  const auto organization = rows.empty() ? json::object{} : as_object(rows.front());
  if (!answers[0].ok() || text_of(organization, "Id").empty()) co_return error_result(classify(answers[0]), answers[0].number());
  if (!answers[1].ok()) co_return error_result(classify(answers[1]), answers[1].number());
  const auto listed = parsed_value(answers[1].body());
  const auto user = parsed_value(answers[2].body());  // what it tells is used for links alone, so it may be missing
  json::object account{{"id", text_of(organization, "Id")}, {"name", text_of(organization, "Name")}};
  if (const auto zone = text_of(organization, "TimeZoneSidKey"); !zone.empty()) account["time_zone"] = zone;
  if (const auto origin = origin_of(text_of(object_of(as_object(user), "urls"), "rest")); !origin.empty()) account["url"] = origin;
  co_return json::serialize(json::object{{"account", std::move(account)}, {"problems", missing_rights(as_object(listed), *job)}});
}

/// The claims of a connected app that signs for a user: the daemon adds its id, signs, and says until when.
std::string assertion_form(std::string_view audience) {
  json::object claims{{"iss", "{{secret:client_id}}"}, {"sub", "{{secret:username}}"}, {"aud", audience}};
  return "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={{jwt:private_key:" + sdk::base64url(json::serialize(claims)) + "}}";
}

sdk::task<std::string> authorize(const json::object* job) {
  std::string form = "grant_type=client_credentials&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}";
  if (text_of(*job, "credential") == "oauth")
    form = "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}&refresh_token={{secret:refresh_token}}";
  if (text_of(*job, "credential") == "jwt") {
    const auto audience = flag_of(object_of(*job, "settings"), "sandbox") ? "https://test.salesforce.com" : "https://login.salesforce.com";
    form = assertion_form(audience);
  }
  const auto answer = co_await sdk::http.post("/services/oauth2/token").keyed_write().form(form);
  const auto document = parsed_value(answer.body());
  const auto& granted = as_object(document);
  if (!answer.ok() || text_of(granted, "access_token").empty()) co_return error_result(classify_grant(answer), answer.number());
  // https://login.salesforce.com/id/ORG/USER: a token of another org must not fill that one.
  const auto identity = text_of(granted, "id");
  const auto at = identity.find("/id/");
  const auto org = at == identity.npos ? std::string_view{} : identity.substr(at + 4, identity.find('/', at + 4) - at - 4);
  const auto known = text_of(object_of(*job, "account"), "id");
  if (!org.empty() && !known.empty() && !same_id(org, known)) {
    const failure other{"AUTHENTICATION", "OTHER_ORG", "the token is of org " + std::string(org) + ", and this integration fills " + std::string(known)};
    co_return error_result(other, answer.number());
  }
  json::object result;
  if (const auto base = text_of(granted, "instance_url"); !base.empty()) result["api_base"] = base;
  if (const auto lifetime = number_of(granted, "expires_in"); lifetime > 0) result["expires_in"] = lifetime;
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
}  // namespace leadsync::salesforce

LEADSYNC_DEFINE_PLUGIN(leadsync_manifest, leadsync::salesforce::run)
