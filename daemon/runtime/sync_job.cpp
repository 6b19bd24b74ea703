#include "runtime/sync_job.h"

#include "base/text.h"
#include "mapping/default_mapping.h"
#include "model/json_text.h"

#include <algorithm>
#include <unordered_map>

namespace leadsync {
namespace {

const plugin_manifest::object* find_object(const plugin_manifest& about, std::string_view name) {
  const auto found = std::find_if(about.objects.begin(), about.objects.end(), [&](const auto& each) { return each.name == name; });
  return found == about.objects.end() ? nullptr : &*found;
}

/// Phases that must come to a verdict: those of the objects rendered, and what ties a person to a company.
std::vector<std::string> demanded_phases(const plugin_manifest& about, const rendered_lead& lead, bool has_company) {
  std::vector<std::string> demanded;
  for (const auto& phase : about.phases) {
    const auto object = std::find_if(about.objects.begin(), about.objects.end(), [&](const auto& each) { return each.phase == phase.name; });
    if (object != about.objects.end()) {
      const bool there = object->per == plugin_manifest::per::company ? has_company : lead.find(object->name) != nullptr;
      if (there) demanded.push_back(phase.name);
      continue;
    }
    const bool ties_company = std::any_of(phase.needs.begin(), phase.needs.end(), [&](const auto& need) {
      return std::any_of(about.objects.begin(), about.objects.end(), [&](const auto& each) {
        return each.phase == need && each.per == plugin_manifest::per::company;
      });
    });
    if (ties_company && has_company) demanded.push_back(phase.name);
  }
  return demanded;
}

void append_objects(std::string& out, const plugin_manifest& about, const rendered_lead& lead, plugin_manifest::per which) {
  out += "\"objects\":{";
  bool first = true;
  for (const auto& object : lead.objects) {
    const auto* declared = find_object(about, object.object);
    if (!declared || declared->per != which) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, object.object);
    out += ":{\"fields\":";
    append_fields_json(out, object);
    out += '}';
  }
  out += '}';
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += ",\"";
  out += name;
  out += "\":";
  append_json_string(out, text);
}

void append_nullable(std::string& out, std::string_view name, std::string_view text) {
  if (!text.empty()) return append_member(out, name, text);
  out += ",\"";
  out += name;
  out += "\":null";
}

void append_strings(std::string& out, const std::vector<std::string>& texts) {
  out += '[';
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i) out += ',';
    append_json_string(out, texts[i]);
  }
  out += ']';
}

/// Stable over retries and unique to this installation. The company's is hashed: a CRM's key field may be short.
std::string company_key_text(const std::string& installation, const std::string& key) {
  return "ls-" + installation + "-c-" + sha256_hex(key).substr(0, 24);
}

struct company_entry {
  const claimed_delivery* first = nullptr;
  rendered_lead rendered;
  lead_document document;
  bool ambiguous = false;
};

}  // namespace

render_options render_options_of(const plugin_manifest& about) {
  render_options options;
  for (const auto& object : about.objects) {
    if (object.per != plugin_manifest::per::lead) continue;
    if (options.main_object.empty()) options.main_object = object.name;
    if (!object.match_keys.empty()) options.match_keys[object.name] = object.match_keys;
  }
  return options;
}

mapping default_mapping_of(const plugin_manifest& about, const remote_schema& schema) {
  std::vector<field_mapping> wanted;
  for (const auto& each : about.default_mapping) {
    field_mapping made{.object = each.object, .remote_field = each.remote_field, .source = each.source};
    made.mode = each.only_if_empty ? write_mode::if_empty : write_mode::overwrite;
    wanted.push_back(std::move(made));
  }
  return make_default_mapping(wanted, schema);
}

std::vector<phase_rule> phase_rules_of(const plugin_manifest& about) {
  std::vector<phase_rule> rules;
  for (const auto& phase : about.phases) {
    phase_rule rule{.name = phase.name, .needs = phase.needs};
    for (const auto& object : about.objects) {
      if (object.phase != phase.name) continue;
      rule.object = object.name;
      rule.per_company = object.per == plugin_manifest::per::company;
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

std::string begin_job(std::string_view kind, const job_frame& frame, instant now, std::uint64_t seed) {
  std::string out = "{\"protocol\":1";
  append_member(out, "kind", kind);
  append_member(out, "now", to_rfc3339(now));
  append_member(out, "seed", std::to_string(seed));
  append_member(out, "api_base", frame.api_base);
  out += ",\"settings\":" + frame.settings_json;
  if (!frame.account_json.empty()) out += ",\"account\":" + frame.account_json;
  return out;
}

prepared_batch prepare_batch(const opened_run& run, const rendering& how, const plugin_manifest& about, const job_frame& frame,
                             instant now, std::uint64_t seed) {
  prepared_batch made;
  made.warnings.resize(run.deliveries.size());
  made.problems.resize(run.deliveries.size());
  const auto has_company_object = [&](const rendered_lead& lead) {
    return std::any_of(about.objects.begin(), about.objects.end(), [&](const auto& each) {
      return each.per == plugin_manifest::per::company && lead.find(each.name);
    });
  };

  std::unordered_map<std::string_view, const remote_id*> known;
  for (const auto& company : run.companies) known[company.key] = &company.id;

  std::unordered_map<std::string_view, std::uint32_t> ordinals;
  std::vector<company_entry> companies;
  std::string leads;
  for (std::size_t i = 0; i < run.deliveries.size(); ++i) {
    const auto& delivery = run.deliveries[i];
    auto document = parse_lead_document(delivery.document_json);
    if (!document) {
      made.problems[i] = problem{category::unexpected, {}, "the stored lead cannot be read: " + document.error().context};
      made.any_problem = true;
      continue;
    }
    const auto lead_text = to_string(delivery.lead);
    auto rendered = how.compiled.render({*document, delivery.event_name, lead_text});
    made.warnings[i] = std::move(rendered.warnings);
    if (!rendered.problems.empty()) {
      made.problems[i] = std::move(rendered.problems.front());
      made.any_problem = true;
      continue;
    }

    book_entry entry{.phases_done = delivery.phases_done};
    if (!delivery.company_key.empty() && has_company_object(rendered)) {
      const auto [at, fresh] = ordinals.try_emplace(delivery.company_key, std::uint32_t(companies.size()));
      if (fresh) companies.push_back({&delivery, rendered, *document, false});
      companies[at->second].ambiguous |= delivery.ambiguous;
      entry.company = at->second;
    }
    entry.demanded = demanded_phases(about, rendered, entry.company.has_value());

    leads += leads.empty() ? "{\"lead\":" : ",{\"lead\":";
    leads += std::to_string(made.entries.size());
    append_member(leads, "key", "ls-" + frame.installation + "-d-" + to_string(delivery.delivery));
    leads += ",\"company\":" + (entry.company ? std::to_string(*entry.company) : "null");
    leads += delivery.ambiguous ? ",\"ambiguous\":true,\"remote_ids\":{" : ",\"ambiguous\":false,\"remote_ids\":{";
    bool first = true;
    for (const auto& id : delivery.remote_ids) {
      const auto* object = find_object(about, id.object);
      if (!object || object->per != plugin_manifest::per::lead) continue;
      if (!first) leads += ',';
      first = false;
      append_json_string(leads, id.object);
      leads += ':';
      append_json_string(leads, id.id);
    }
    leads += "},\"phases_done\":";
    append_strings(leads, delivery.phases_done);
    leads += ',';
    append_objects(leads, about, rendered, plugin_manifest::per::lead);
    leads += '}';
    made.entries.push_back(std::move(entry));
    made.delivery_of.push_back(i);
  }
  if (made.entries.empty()) return made;

  auto& out = made.job_json;
  out = begin_job("sync", frame, now, seed);
  out += ",\"key_fields\":{";
  bool first = true;
  for (const auto& object : how.schema->objects) {
    if (object.key_field.empty()) continue;
    if (!first) out += ',';
    first = false;
    append_json_string(out, object.name);
    out += ':';
    append_json_string(out, object.key_field);
  }
  out += '}';
  if (!run.checkpoint.empty()) append_member(out, "checkpoint", run.checkpoint);
  out += ",\"companies\":[";
  for (std::size_t i = 0; i < companies.size(); ++i) {
    const auto& entry = companies[i];
    const auto& key = entry.first->company_key;
    made.company_keys.push_back(key);
    out += i ? ",{\"company\":" : "{\"company\":";
    out += std::to_string(i);
    append_member(out, "key", company_key_text(frame.installation, key));
    append_nullable(out, "domain", company_domain_of(entry.document));
    append_nullable(out, "name", entry.document.field_value("company"));
    const auto id = known.find(key);
    append_nullable(out, "remote_id", id == known.end() ? "" : std::string_view(id->second->id));
    out += entry.ambiguous ? ",\"ambiguous\":true," : ",\"ambiguous\":false,";
    append_objects(out, about, entry.rendered, plugin_manifest::per::company);
    out += '}';
  }
  out += "],\"leads\":[";
  out += leads;
  out += "]}";
  return made;
}

}  // namespace leadsync
