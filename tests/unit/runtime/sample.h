#pragma once

#include "runtime/sync_job.h"

#include <memory>
#include <string>

namespace leadsync::sample {

/// A CRM with people, companies and notes.
inline plugin_manifest manifest() {
  plugin_manifest made;
  made.name = "sample";
  made.objects = {{"contact", "Contact", plugin_manifest::per::lead, "person", {"email"}},
                  {"company", "Company", plugin_manifest::per::company, "company", {}},
                  {"note", "Note", plugin_manifest::per::lead, "note", {}}};
  made.phases = {{"company", {}}, {"person", {}}, {"association", {"company", "person"}}, {"note", {"person"}}};
  made.batch_size = 100;
  return made;
}

inline std::shared_ptr<const remote_schema> schema() {
  remote_schema made;
  remote_field email{.name = "email", .label = "Email", .type = value_type::email, .semantic = "email"};
  remote_field timeline{.name = "timeline", .label = "Timeline", .type = value_type::option};
  timeline.options = {{"soon", "Soon", true}};
  timeline.restricted = true;
  made.objects = {{"contact", "Contact", "our_key", {email, timeline}},
                  {"company", "Company", "", {remote_field{.name = "name", .label = "Name"}}},
                  {"note", "Note", "", {remote_field{.name = "body", .label = "Body"}}}};
  return std::make_shared<const remote_schema>(std::move(made));
}

inline std::shared_ptr<const mapping> fields() {
  mapping made;
  made.fields = {{.object = "contact", .remote_field = "email", .source = "email"},
                 {.object = "contact", .remote_field = "timeline", .source = "qualifier:Timeline"},
                 {.object = "company", .remote_field = "name", .source = "company"},
                 {.object = "note", .remote_field = "body", .source = "notes"}};
  return std::make_shared<const mapping>(std::move(made));
}

inline rendering rendering_of() {
  const auto mapped = fields();
  const auto described = schema();
  return {mapped, described, 1, compiled_mapping(mapped, described, render_options_of(manifest()))};
}

inline claimed_delivery delivery(std::int64_t id, const std::string& email, const std::string& company = {}) {
  lead_document lead;
  lead.set_field("email", email);
  lead.set_field("company", company);
  claimed_delivery made;
  made.delivery = delivery_id{id};
  made.lead = lead_id{id};
  made.lead_revision = 1;
  made.document_json = to_json(lead);
  made.company_key = company_key_of(lead);
  return made;
}

}  // namespace leadsync::sample
