#include "collection.h"

namespace leadsync::salesforce {
namespace {
void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  ((out += ",\"") += name) += "\":";
  append_quoted(out, value);
}

}  // namespace

failure collection::refined(failure why, const record& subject) const {
  // A trigger quotes the error of whatever object it writes to; what we do not send is not ours to correct.
  if (why.of_automation && !subject.values.sends(why.field)) why.category = "CRM_RULE", why.field.clear();
  // The field is mapped, but this lead has nothing for it: that is the lead's fault and not the mapping's.
  if (why.category == "REQUIRED_FIELD_MISSING" && subject.values.fields->contains(why.field)) why.category = "NOT_ENOUGH_DATA";
  const bool reference = why.crm_code == "INVALID_CROSS_REFERENCE_KEY" || why.crm_code == "MALFORMED_ID" || why.crm_code == "ENTITY_IS_DELETED";
  if (reference && phase_ == "campaign") why.category = "CAMPAIGN_UNAVAILABLE";
  else if (why.crm_code == "INVALID_CROSS_REFERENCE_KEY" && subject.values.sends("OwnerId")) why.category = "OWNER_INVALID";
  else if (why.crm_code == "INVALID_CROSS_REFERENCE_KEY" && (!subject.id.empty() || !subject.values.added.empty()))
    why.category = "TARGET_GONE";  // itself, or the record that we tie it to
  else if (why.crm_code == "NOT_FOUND" && !subject.id.empty() && why.field.empty()) why.category = "TARGET_GONE";
  if (why.value.empty() && !why.field.empty()) why.value = subject.values.text(why.field);
  if (why.field.empty()) why.field = subject.values.field_with(why.value);
  return why;
}

void collection::report(const record& subject, std::string_view status, std::string_view members, const place* where) const {
  std::string text = (phase_ == "company" ? "{\"company\":" : "{\"lead\":") + std::to_string(subject.ordinal);
  append_member(text, "phase", phase_);
  append_member(text, "status", status);
  text += members;
  if (where) {
    (text += ",\"request\":") += std::to_string(where->request);
    append_member(text, "request_pointer", where->request_pointer);
    append_member(text, "response_pointer", where->response_pointer);
  }
  context_.report(text += '}');
}

void collection::succeed(record& subject, const place* where) const {
  subject.settled = subject.ok = true;
  std::string text;
  const bool has_page = phase_ != "association" && phase_ != "campaign";
  if (has_page) append_member(text, "remote_id", subject.id);
  if (has_page && !link_.empty() && !subject.id.empty())
    append_member(text, "url", link_ + "/lightning/r/" + std::string(kind_.type) + "/" + subject.id + "/view");
  if (!subject.warnings.empty()) ((text += ",\"warnings\":[") += subject.warnings) += ']';
  report(subject, "ok", text, where);
}

void collection::fail(record& subject, failure why, const place* where) const {
  subject.settled = true;
  why = refined(std::move(why), subject);
  std::string text;
  append_member(text, "category", why.category);
  append_member(text, "crm_code", why.crm_code);
  append_member(text, "message", why.message.empty() ? why.category : std::string_view(why.message));
  ((text += ",\"locus\":{\"object\":\"") += kind_.name) += '"';
  append_member(text, "remote_field", why.field);
  append_member(text, "value", why.value);
  text += '}';
  if (why.retry_after_ms > 0) (text += ",\"retry_after_ms\":") += std::to_string(why.retry_after_ms);
  report(subject, "failed", text, where);
}

void collection::skip(const record& subject, std::string_view why) const {
  std::string text;
  append_member(text, "message", why);
  report(subject, "skipped", text, nullptr);
}
}  // namespace leadsync::salesforce
