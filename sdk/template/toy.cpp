// SPDX-License-Identifier: Apache-2.0
//
// A plugin for "Toy CRM", to copy. The CRM has people, who are identified by their e-mail address (POST /people creates or updates one), and notes
// on them (POST /people/{id}/notes makes another one each time).
#include "errors.h"

#include <leadsync/boost_json.hpp>
#include <leadsync/plugin.hpp>

#include <string>
#include <vector>

namespace json = boost::json;
using namespace leadsync::sdk;
using namespace leadsync::sdk::reading;  // what an answer lacks reads as empty

namespace {

constexpr auto manifest = R"json({
  "protocol": 1, "name": "toy", "title": "Toy CRM", "version": "1.0.0",
  "api_base": "https://api.toy.example", "hosts": ["api.toy.example"],
  "authorization": {"header": "Authorization", "value": "Bearer {{secret:token}}"},
  "credentials": [{"kind": "token", "title": "API token", "secrets": ["token"]}],
  "settings": {"type": "object", "properties": {}},
  "jobs": ["check", "describe", "sync"],
  "objects": [
    {"name": "person", "title": "Person", "per": "lead", "phase": "person", "match_keys": ["email"]},
    {"name": "note", "title": "Note", "per": "lead", "phase": "note"}],
  "phases": [{"name": "person"}, {"name": "note", "needs": ["person"]}],
  "default_mapping": [
    {"object": "person", "remote_field": "email", "source": "email", "write_mode": "overwrite"},
    {"object": "person", "remote_field": "name", "source": "full_name", "write_mode": "if_empty"},
    {"object": "person", "remote_field": "company", "source": "company"},
    {"object": "person", "remote_field": "phone", "source": "phone"},
    {"object": "person", "remote_field": "job_title", "source": "job_title"},
    {"object": "note", "remote_field": "text", "source": "notes"}],
  "batch_size": 20, "settle_ms": 0, "deadline_ms": 10000, "max_response_bytes": 1048576,
  "limits": [{"id": "burst", "amount": 50, "window_ms": 1000, "kind": "rolling", "scope": "account", "default": true,
    "headers": {"amount": "x-ratelimit-limit", "remaining": "x-ratelimit-remaining"}}],
  "help": {"INVALID_OPTION": "Add the option in Toy CRM, or map the value to another one."}
})json";

std::string failed_job(const answer& answer) {
  json::object result;
  result["error"] = explain(answer);
  return json::serialize(result);
}

task<std::string> check() {
  const auto answered = co_await http.get("/account");
  const auto account = parsed(answered.body());
  json::object told;
  told["id"] = id_of(account, "id");
  told["name"] = text_of(account, "name");
  if (!answered.ok() || id_of(account, "id").empty()) co_return failed_job(answered);
  json::object result;
  result["account"] = std::move(told);
  co_return json::serialize(result);
}

/// A field in the words of the protocol. Toy CRM's types are those of the protocol already; those of another CRM would be translated here.
json::object described_field(const json::object& from) {
  json::object field;
  field["name"] = text_of(from, "name");
  field["label"] = text_of(from, "label");
  field["type"] = text_of(from, "type");
  for (const auto* flag : {"creatable", "updatable", "required", "restricted", "unique"}) field[flag] = flag_of(from, flag);
  if (const auto longest = number_of(from, "max_length"); longest > 0) field["max_length"] = longest;
  if (const auto meaning = text_of(from, "semantic"); !meaning.empty()) field["semantic"] = meaning;
  auto& options = field["options"].emplace_array();
  for (const auto& each : list_of(from, "options")) {
    const auto& option = as_object(each);
    if (text_of(option, "value").empty()) continue;
    json::object one{{"value", text_of(option, "value")}, {"label", text_of(option, "label")}, {"active", flag_of(option, "active")}};
    options.push_back(std::move(one));
  }
  return field;
}

bool is_known_type(std::string_view type) {
  for (const auto* known : {"text", "email", "phone", "url", "decimal", "boolean", "date", "instant", "option", "options"})
    if (type == known) return true;
  return false;
}

constexpr const char* object_names[] = {"person", "note"};

task<std::string> describe() {
  json::object result;
  auto& objects = result["objects"].emplace_array();
  for (const std::string name : object_names) {
    const auto answered = co_await http.get("/fields/" + name);
    const auto document = parsed_value(answered.body());
    if (!answered.ok() || !document.is_array()) co_return failed_job(answered);
    json::object described;
    described["name"] = name;
    described["title"] = name == "person" ? "Person" : "Note";
    auto& fields = described["fields"].emplace_array();
    for (const auto& each : document.get_array()) {
      const auto& field = as_object(each);
      if (!text_of(field, "name").empty() && is_known_type(text_of(field, "type"))) fields.push_back(described_field(field));
    }
    objects.push_back(std::move(described));
  }
  co_return json::serialize(result);
}

/// A verdict to be completed. It says "failed" until something says better.
json::object begin_verdict(std::uint32_t lead, std::string_view phase) {
  json::object verdict;
  verdict["lead"] = lead;
  verdict["phase"] = phase;
  verdict["status"] = "failed";
  return verdict;
}

void report_failure(session_context context, json::object verdict, const answer& answer) {
  const auto object = verdict.at("phase").as_string();  // each phase writes the object of its name
  for (const auto& [name, value] : explain(answer, object)) verdict[name] = value;
  context.report(json::serialize(verdict));
}

void report_ok(session_context context, json::object verdict, const answer& answer, const std::string& id) {
  verdict["status"] = "ok";
  verdict["request"] = answer.number();
  verdict["remote_id"] = id;
  context.report(json::serialize(verdict));
}

/// Fields in the CRM's own form; here the canonical values are. `known` is what the CRM has: a field with mode `if_empty` is left out where it has a
/// value there.
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

const json::object* fields_of(const json::object& lead, std::string_view object) {
  const auto* found = lead.at("objects").as_object().if_contains(object);
  return found ? &found->at("fields").as_object() : nullptr;
}

bool is_done(const json::object& lead, std::string_view phase) {
  for (const auto& done : lead.at("phases_done").as_array())
    if (done.as_string() == phase) return true;
  return false;
}

/// The person's id; empty where the phase failed.
task<std::string> write_person(session_context context, json::object lead) {
  const auto ordinal = lead.at("lead").to_number<std::uint32_t>();
  if (is_done(lead, "person")) co_return id_of(object_of(lead, "remote_ids"), "person");
  auto verdict = begin_verdict(ordinal, "person");
  const auto* fields = fields_of(lead, "person");
  const std::string email(fields ? text_of(object_of(*fields, "email"), "value") : "");
  if (email.empty()) {
    verdict["category"] = "NOT_ENOUGH_DATA";
    verdict["message"] = "Toy CRM knows people by their e-mail address, and this lead has none";
    context.report(json::serialize(verdict));
    co_return "";
  }
  json::object known;
  if (reads_before_writing(*fields)) {
    const auto found = co_await http.get("/people/" + percent_encode(email)).phase("person").lead(ordinal);
    known = parsed(found.body());
    if (!found.ok() && found.status() != 404) {
      report_failure(context, std::move(verdict), found);
      co_return "";
    }
  }
  // The address is the CRM's own key, so sending it again changes nothing: a keyed write.
  const auto saved = co_await http.post("/people").phase("person").lead(ordinal).keyed_write().json(json::serialize(body_of(*fields, known)));
  const auto id = saved.ok() ? id_of(parsed(saved.body()), "id") : std::string();
  if (id.empty()) report_failure(context, std::move(verdict), saved);
  else report_ok(context, std::move(verdict), saved, id);
  co_return id;
}

/// The id of the person's note with this text; empty where there is none.
std::string find_note(const json::object& list, std::string_view text) {
  for (const auto& each : list_of(list, "items"))
    if (text_of(as_object(each), "text") == text) return id_of(as_object(each), "id");
  return {};
}

task<> write_note(session_context context, json::object lead, std::string person) {
  const auto* fields = fields_of(lead, "note");
  if (!fields || is_done(lead, "note")) co_return;
  const auto ordinal = lead.at("lead").to_number<std::uint32_t>();
  auto verdict = begin_verdict(ordinal, "note");
  const auto path = "/people/" + percent_encode(person) + "/notes";
  const auto body = body_of(*fields, json::object());
  // An earlier request may have written it, and its answer was lost: look before writing again.
  if (lead.at("ambiguous").as_bool()) {
    const auto listed = co_await http.get(path).phase("note").lead(ordinal);
    const auto there = find_note(parsed(listed.body()), text_of(body, "text"));
    if (!listed.ok()) co_return report_failure(context, std::move(verdict), listed);
    if (!there.empty()) co_return report_ok(context, std::move(verdict), listed, there);
  }
  // Nothing tells the CRM that this is the same note again: a blind write.
  const auto saved = co_await http.post(path).phase("note").lead(ordinal).blind_write().json(json::serialize(body));
  const auto id = saved.ok() ? id_of(parsed(saved.body()), "id") : std::string();
  if (id.empty()) report_failure(context, std::move(verdict), saved);
  else report_ok(context, std::move(verdict), saved, id);
}

task<> deliver(session_context context, json::object lead) {
  auto person = co_await write_person(context, lead);
  if (person.empty()) co_return;  // the note needs a person: without a verdict it counts as skipped
  co_await write_note(context, std::move(lead), std::move(person));
}

task<std::string> sync(session_context context, json::object job) {
  std::vector<task<>> deliveries;
  for (auto& lead : job.at("leads").as_array()) deliveries.push_back(deliver(context, lead.as_object()));
  co_await all(std::move(deliveries));
  co_return "{}";
}

task<std::string> run(session_context context, std::string job_json) {
  auto job = json::parse(job_json).as_object();
  const auto kind = std::string(job.at("kind").as_string());
  if (kind == "check") co_return co_await check();
  if (kind == "describe") co_return co_await describe();
  if (kind == "sync") co_return co_await sync(context, std::move(job));
  json::object unknown{{"error", {{"category", "PLUGIN_FAULT"}, {"message", "no job of kind " + kind}}}};
  co_return json::serialize(unknown);
}

}  // namespace

LEADSYNC_DEFINE_PLUGIN(manifest, run)
