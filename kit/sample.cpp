#include "sample.h"

#include "model/lead.h"
#include "model/remote_schema.h"
#include "runtime/sync_job.h"

#include <boost/json.hpp>

#include <algorithm>
#include <stdexcept>

namespace leadsync::kit {
namespace {

namespace json = boost::json;

const instant sample_time = from_millis(1'764'063'000'000);  // 2025-11-25T09:30:00Z

/// Every field of the default mapping, as text that takes anything.
remote_schema made_up_schema(const plugin_manifest& about) {
  remote_schema made;
  for (const auto& object : about.objects) {
    auto& described = made.objects.emplace_back();
    described.name = object.name;
    described.title = object.title;
    for (const auto& field : about.default_mapping) {
      if (field.object != object.name) continue;
      remote_field one{.name = field.remote_field, .label = field.remote_field};
      if (field.source == "email") one.type = value_type::email;
      described.fields.push_back(std::move(one));
    }
  }
  return made;
}

claimed_delivery sample_lead(std::int64_t number) {
  struct person {
    const char *first, *last, *email, *company, *domain;
  };
  static constexpr person people[] = {{"Ada", "Lovelace", "ada@analytical.example", "Analytical Engines", "analytical.example"},
                                      {"Charles", "Babbage", "charles@analytical.example", "Analytical Engines", "analytical.example"},
                                      {"Grace", "O'Hopper \"Amazing\"", "grace@cobol.example", "COBOL & Söhne", "cobol.example"},
                                      {"Alan", "Turing", "alan.turing@gmail.com", "", ""}};
  const auto& one = people[std::size_t(number - 1) % std::size(people)];
  lead_document lead;
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"first_name", one.first}, {"last_name", one.last}, {"email", one.email}, {"company", one.company}, {"company_domain", one.domain},
           {"phone", "+442071234567"}, {"job_title", "Engineer"}, {"city", "London"}, {"country", "GB"}, {"notes", "Wants a demo\nnext week."},
           {"event_name", "Expo 2026"}, {"captured_at", "2025-11-25T09:00:00Z"}})
    if (*value) lead.set_field(name, value);
  claimed_delivery made;
  made.delivery = delivery_id{number};
  made.lead = lead_id{number};
  made.lead_revision = 1;
  made.document_json = to_json(lead);
  made.company_key = company_key_of(lead);
  return made;
}

const json::object& object_in(const json::value* value) {
  static const json::object none;
  return value && value->is_object() ? value->get_object() : none;
}

const json::array& list_in(const json::object& from, std::string_view name) {
  static const json::array none;
  const auto* found = from.if_contains(name);
  return found && found->is_array() ? found->get_array() : none;
}

/// As the daemon demands: phases of the objects that the lead has, and what ties it to its company.
std::vector<std::string> demanded(const plugin_manifest& about, const json::object& lead, bool has_company) {
  std::vector<std::string> made;
  const auto& objects = object_in(lead.if_contains("objects"));
  for (const auto& phase : about.phases) {
    const auto object = std::find_if(about.objects.begin(), about.objects.end(), [&](const auto& each) { return each.phase == phase.name; });
    if (object != about.objects.end()) {
      if (object->per == plugin_manifest::per::company ? has_company : objects.contains(object->name)) made.push_back(phase.name);
      continue;
    }
    const bool ties = std::any_of(phase.needs.begin(), phase.needs.end(), [&](const auto& need) {
      return std::any_of(about.objects.begin(), about.objects.end(),
                         [&](const auto& each) { return each.phase == need && each.per == plugin_manifest::per::company; });
    });
    if (ties && has_company) made.push_back(phase.name);
  }
  return made;
}

}  // namespace

sample_job read_job(const plugin_manifest& about, std::string text) {
  boost::system::error_code failure;
  const auto parsed = json::parse(text, failure);
  if (failure || !parsed.is_object()) throw std::runtime_error("a job is a JSON object");
  const auto& job = parsed.get_object();
  sample_job made;
  const auto* kind = job.if_contains("kind");
  if (!kind || !kind->is_string()) throw std::runtime_error("a job has a kind");
  made.kind = kind->get_string();
  made.companies = list_in(job, "companies").size();
  for (const auto& each : list_in(job, "leads")) {
    const auto& lead = object_in(&each);
    auto& entry = made.entries.emplace_back();
    if (const auto* company = lead.if_contains("company"); company && company->is_int64()) entry.company = std::uint32_t(company->get_int64());
    for (const auto& phase : list_in(lead, "phases_done"))
      if (phase.is_string()) entry.phases_done.emplace_back(phase.get_string());
    entry.demanded = demanded(about, lead, entry.company.has_value());
  }
  made.json = std::move(text);
  return made;
}

sample_job sample_sync_job(const plugin_manifest& about, const std::string& schema_json, const std::string& api_base,
                           const std::string& settings_json, const std::string& account_json) {
  auto described = made_up_schema(about);
  if (!schema_json.empty()) {
    auto parsed = parse_remote_schema(schema_json);
    if (!parsed) throw std::runtime_error("the result of describe: " + parsed.error().context);
    described = std::move(*parsed);
  }
  opened_run run;
  for (std::int64_t number = 1; number <= 4; ++number) run.deliveries.push_back(sample_lead(number));
  const auto schema = std::make_shared<const remote_schema>(std::move(described));
  const auto fields = std::make_shared<const mapping>(default_mapping_of(about, *schema));
  const rendering how{fields, schema, 1, compiled_mapping(fields, schema, render_options_of(about))};
  const job_frame frame{.api_base = api_base, .settings_json = settings_json, .account_json = account_json, .installation = "sample"};
  auto batch = prepare_batch(run, how, about, frame, sample_time, 7);
  if (batch.job_json.empty()) {
    std::string why;
    for (const auto& each : batch.problems)
      if (each && why.empty()) why = each->message;
    throw std::runtime_error("no sample lead passes the default mapping onto what describe says: " + why);
  }
  return read_job(about, std::move(batch.job_json));
}

sample_job sample_simple_job(const plugin_manifest& about, const std::string& kind, const std::string& credential, const std::string& api_base,
                             const std::string& settings_json) {
  const job_frame frame{.api_base = api_base, .settings_json = settings_json, .account_json = {}, .installation = "sample"};
  auto text = begin_job(kind, frame, sample_time, 7);
  if (kind == "authorize") {
    text += ",\"credential\":" + json::serialize(json::string(credential)) + ",\"grant\":\"refresh\"";
  } else if (kind != "check") {
    json::array names;
    for (const auto& each : about.objects) names.emplace_back(each.name);
    text += ",\"objects\":" + json::serialize(names);
  }
  return read_job(about, text + "}");
}

sample_job in_doubt(const plugin_manifest& about, const sample_job& job) {
  auto document = json::parse(job.json).as_object();
  for (const auto* list : {"companies", "leads"}) {
    if (!document.contains(list)) continue;
    for (auto& each : document[list].as_array()) each.as_object()["ambiguous"] = true;
  }
  return read_job(about, json::serialize(document));
}

}  // namespace leadsync::kit
