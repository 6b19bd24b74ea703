#include "jobs.h"

#include "calls.h"
#include "errors.h"
#include "leadsync_manifest.hpp"
#include "values.h"

#include <algorithm>

namespace leadsync::pipedrive {
namespace {
/// The code of our field, empty where it was not made yet.
std::string key_code(const json::array& fields) {
  for (const auto& entry : fields) {
    const auto& field = as_object(entry);
    if (text_of(field, "field_name") == key_label && text_of(field, "field_type") == "varchar" && flag_of(field, "is_custom_field"))
      return std::string(text_of(field, "field_code"));
  }
  return {};
}

bool is_pipedrive(std::string_view base) {
  const auto host = base.substr(std::min(base.find("://") + 3, base.size()));
  return host.substr(0, host.find_first_of("/:")).ends_with(".pipedrive.com");
}

json::object problem_of(const failure& why) { return {{"category", why.category}, {"message", why.message}}; }
}  // namespace

std::string error_result(const sdk::answer& answer) {
  const auto why = classify(answer, asked::read);
  json::object error{{"category", why.category}, {"message", why.message}, {"crm_code", why.crm_code}, {"request", answer.number()}};
  if (why.retry_after_ms > 0) error["retry_after_ms"] = why.retry_after_ms;
  return json::serialize(json::object{{"error", std::move(error)}});
}

sdk::task<std::string> check(const json::object* job) {
  const calls api(*job);
  const auto me = co_await api.get("/v1/users/me", 2);
  const auto user = record_of(me);
  const auto company = id_of(user, "company_id");
  if (company.empty()) co_return error_result(me);
  std::vector<sdk::request> requests;
  requests.push_back(api.get("/v1/leadLabels", 10));
  requests.push_back(api.get("/api/v2/personFields?limit=1", 10));
  const auto answers = co_await sdk::http.all(std::move(requests));
  json::array problems;
  for (const auto& answer : answers) {
    if (!success_of(answer).empty()) continue;
    const auto why = classify(answer, asked::read);
    if (why.category != "PERMISSION") co_return error_result(answer);
    problems.push_back(problem_of(why));
  }
  const std::string name(text_of(user, "company_name")), domain(text_of(user, "company_domain"));
  json::object account{{"id", company}, {"name", name.empty() ? "Pipedrive company " + company : name}};
  if (!domain.empty()) account["url"] = "https://" + domain + ".pipedrive.com";
  co_return json::serialize(json::object{{"account", std::move(account)}, {"problems", std::move(problems)}});
}

sdk::task<std::string> authorize(const json::object* job) {
  const auto base = text_of(*job, "api_base");
  const std::string url = is_pipedrive(base) ? "https://oauth.pipedrive.com/oauth/token" : "/oauth/token";
  const std::string form = "grant_type=refresh_token&client_id={{secret:client_id}}&client_secret={{secret:client_secret}}"
                           "&refresh_token={{secret:refresh_token}}";
  const auto answer = co_await sdk::http.post(url).keyed_write().form(form);
  const auto granted = answer.ok() ? parsed(answer.body()) : json::object{};
  if (text_of(granted, "access_token").empty()) {
    const auto why = classify(answer, asked::token);
    co_return json::serialize(json::object{{"error", {{"category", why.category}, {"message", why.message}, {"crm_code", why.crm_code},
                                                      {"retry_after_ms", why.retry_after_ms}, {"request", answer.number()}}}});
  }
  json::object result;
  if (const auto* lifetime = granted.if_contains("expires_in"); lifetime && lifetime->is_int64()) result["expires_in"] = *lifetime;
  // Only the company's own host has all of the API; an operator's other base stays.
  const auto domain = text_of(granted, "api_domain");
  if (is_pipedrive(base) && is_pipedrive(domain)) result["api_base"] = domain;
  co_return json::serialize(result);
}

sdk::task<listing> list_fields(const json::object* job, std::string path) {
  const calls api(*job);
  listing all;
  std::string cursor;
  for (int page = 0; page < 50; ++page) {
    const auto url = path + "?limit=500" + (cursor.empty() ? "" : "&cursor=" + sdk::percent_encode(cursor));
    const auto answer = co_await api.get(url, 10);
    const auto document = success_of(answer);
    all.refused = answer;
    if (!document.contains("data")) co_return all;
    for (const auto& row : list_of(document, "data")) all.rows.push_back(row);
    cursor = id_of(object_of(document, "additional_data"), "next_cursor");
    all.complete = cursor.empty();
    if (all.complete) co_return all;
  }
  co_return all;
}

/// Leads have a key of their own, and notes none.
sdk::task<std::string> provision(const json::object* job) {
  const calls api(*job);
  json::array created;
  const auto& wanted = list_of(*job, "objects");
  for (const auto* kind : {&persons, &organizations}) {
    if (std::find(wanted.begin(), wanted.end(), json::value(kind->name)) == wanted.end()) continue;
    const std::string path = "/api/v2/" + std::string(kind->name) + "Fields";
    const auto fields = co_await list_fields(job, path);
    if (!fields.complete) co_return error_result(fields.refused);
    if (!key_code(fields.rows).empty()) continue;
    const json::object definition{{"field_name", key_label}, {"field_type", "varchar"}};
    auto request = api.write("POST", path, definition, 5).blind_write();
    const auto answer = co_await std::move(request);
    if (text_of(record_of(answer), "field_code").empty()) co_return error_result(answer);
    created.push_back(json::value(std::string(kind->name) + "." + std::string(key_label)));
  }
  co_return json::serialize(json::object{{"created", std::move(created)}});
}

sdk::task<std::string> run(sdk::session_context context, std::string job_json) {
  const auto document = parsed(job_json);
  const auto* job = &document;
  const auto kind = text_of(*job, "kind");
  if (kind == "sync") co_return co_await synchronize(context, job);
  if (kind == "check") co_return co_await check(job);
  if (kind == "authorize") co_return co_await authorize(job);
  if (kind == "describe") co_return co_await describe(job);
  if (kind == "provision") co_return co_await provision(job);
  co_return R"({"error":{"category":"PLUGIN_FAULT","message":"this is no job that the manifest offers"}})";
}
}  // namespace leadsync::pipedrive

LEADSYNC_DEFINE_PLUGIN(leadsync_manifest, leadsync::pipedrive::run)
