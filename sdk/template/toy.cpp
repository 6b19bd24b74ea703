// SPDX-License-Identifier: Apache-2.0
//
// A plugin for "Toy CRM", to copy. The CRM has people, who are identified by email: POST /people creates or updates one.
#include "errors.h"

#include <leadsync/plugin.hpp>

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace json = boost::json;
using namespace leadsync::sdk;

namespace {

constexpr auto manifest = R"json({
  "protocol": 1, "name": "toy", "title": "Toy CRM", "version": "1.0.0",
  "api_base": "https://api.toy.example", "hosts": ["api.toy.example"],
  "authorization": {"header": "Authorization", "value": "Bearer {{secret:token}}"},
  "credentials": [{"kind": "token", "title": "API token", "secrets": ["token"]}],
  "settings": {"type": "object", "properties": {}},
  "jobs": ["check", "describe", "sync"],
  "objects": [{"name": "person", "title": "Person", "per": "lead", "phase": "person", "match_keys": ["email"]}],
  "phases": [{"name": "person"}],
  "default_mapping": [
    {"object": "person", "remote_field": "email", "source": "email", "write_mode": "overwrite"},
    {"object": "person", "remote_field": "name", "source": "full_name", "write_mode": "if_empty"}],
  "batch_size": 20, "settle_ms": 0, "deadline_ms": 10000, "max_response_bytes": 1048576,
  "limits": [{"id": "burst", "amount": 50, "window_ms": 1000, "kind": "rolling", "scope": "account", "default": true}],
  "help": {"INVALID_OPTION": "Add the option in Toy CRM, or map the value to another one."}
})json";

std::string failed_job(const answer& answer) {
  json::object result;
  result["error"] = explain(answer);
  return json::serialize(result);
}

task<std::string> check() {
  const auto account = co_await http.get("/account");
  if (!account.ok()) co_return failed_job(account);
  json::object result;
  result["account"] = json::parse(account.body());
  co_return json::serialize(result);
}

/// GET /fields answers in the shape that the protocol wants; another CRM's answer would be translated here.
task<std::string> describe() {
  const auto fields = co_await http.get("/fields");
  if (!fields.ok()) co_return failed_job(fields);
  json::object person;
  person["name"] = "person";
  person["title"] = "Person";
  person["fields"] = json::parse(fields.body());
  json::object result;
  result["objects"].emplace_array().push_back(std::move(person));
  co_return json::serialize(result);
}

/// The body of POST /people. `known` is what the CRM has: a field with mode `if_empty` is left out where it has a value there.
json::object body_of(const json::object& fields, const json::object& known) {
  json::object body;
  for (const auto& [name, field] : fields) {
    const auto* there = known.if_contains(name);
    if (field.at("mode") == "if_empty" && there && !there->is_null()) continue;
    body[name] = field.at("value");
  }
  return body;
}

bool reads_before_writing(const json::object& fields) {
  for (const auto& [name, field] : fields)
    if (field.at("mode") == "if_empty") return true;
  return false;
}

std::string with_reason(json::object verdict, const answer& answer) {
  for (const auto& [name, value] : explain(answer)) verdict[name] = value;
  return json::serialize(verdict);
}

task<> deliver(session_context context, json::object lead) {
  const auto ordinal = lead.at("lead").to_number<std::uint32_t>();
  json::object verdict;
  verdict["lead"] = ordinal;
  verdict["phase"] = "person";
  verdict["status"] = "failed";

  const auto fields = lead.at("objects").at("person").at("fields").as_object();
  const std::string email(fields.at("email").at("value").as_string());
  json::object known;
  if (reads_before_writing(fields)) {
    const auto found = co_await http.get("/people/" + percent_encode(email)).phase("person").lead(ordinal);
    if (found.ok()) {
      known = json::parse(found.body()).as_object();
    } else if (found.status() != 404) {
      context.report(with_reason(std::move(verdict), found));
      co_return;
    }
  }

  // The email is the CRM's own key, so sending it again changes nothing: a keyed write.
  const auto saved =
      co_await http.post("/people").phase("person").lead(ordinal).keyed_write().json(json::serialize(body_of(fields, known)));
  json::error_code failure;
  const auto record = json::parse(saved.body(), failure);
  if (saved.ok() && !failure && record.is_object() && record.get_object().contains("id")) {
    verdict["status"] = "ok";
    verdict["request"] = saved.number();
    verdict["remote_id"] = record.at("id");
    verdict["url"] = "https://toy.example/people/" + std::string(record.at("id").as_string());
    context.report(json::serialize(verdict));
  } else {
    context.report(with_reason(std::move(verdict), saved));
  }
}

task<std::string> sync(session_context context, json::object job) {
  std::vector<task<>> deliveries;
  for (auto& lead : job.at("leads").as_array())
    if (lead.at("phases_done").as_array().empty()) deliveries.push_back(deliver(context, lead.as_object()));
  co_await all(std::move(deliveries));
  co_return "{}";
}

task<std::string> run(session_context context, std::string job_json) {
  auto job = json::parse(job_json).as_object();
  const auto kind = std::string(job.at("kind").as_string());
  if (kind == "check") co_return co_await check();
  if (kind == "describe") co_return co_await describe();
  if (kind == "sync") co_return co_await sync(context, std::move(job));
  throw std::invalid_argument("no job of kind " + kind);
}

}  // namespace

LEADSYNC_DEFINE_PLUGIN(manifest, run)
