#include "model/lead.h"

#include "base/text.h"
#include "model/free_mail.h"
#include "model/json_text.h"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>

#include <algorithm>

namespace leadsync {
namespace {

namespace json = boost::json;

template <class Entries>
auto lower_bound(Entries& entries, std::string_view name) {
  // Readers and header plans deliver in order: the end is the common place.
  if (entries.empty() || entries.back().first < name) return entries.end();
  return std::lower_bound(entries.begin(), entries.end(), name,
                          [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
}

template <class Entries>
auto find(Entries& entries, std::string_view name) {
  const auto at = lower_bound(entries, name);
  return at != entries.end() && at->first == name ? at : entries.end();
}

std::string_view host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != url.npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto user = url.rfind('@'); user != url.npos) url.remove_prefix(user + 1);
  return url.substr(0, url.find(':'));
}

bool looks_like_domain(std::string_view host) {
  const auto dot = host.find('.');
  return dot != host.npos && dot > 0 && host.back() != '.' && host.find_first_of(" \t,;\"") == host.npos;
}

std::string domain_of(std::string_view website, std::string_view email) {
  if (auto host = ascii_lower(host_of(trim(website))); !host.empty()) {
    if (host.starts_with("www.")) host.erase(0, 4);
    if (looks_like_domain(host)) return host;
  }
  const auto at = email.rfind('@');
  if (at == email.npos) return {};
  auto domain = ascii_lower(trim(email.substr(at + 1)));
  if (!looks_like_domain(domain) || is_free_mail(domain)) return {};
  return domain;
}

/// "Ada Lovelace" and "Lovelace, Ada". A single word is taken as the last name, which CRMs require.
std::pair<std::string_view, std::string_view> split_name(std::string_view full) {
  if (const auto comma = full.find(','); comma != full.npos)
    return {trim(full.substr(comma + 1)), trim(full.substr(0, comma))};
  const auto blank = full.rfind(' ');
  if (blank == full.npos) return {{}, full};
  return {trim(full.substr(0, blank)), full.substr(blank + 1)};
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [lower](char a, char b) { return lower(a) == lower(b); });
}

void append_strings(std::string& out, const std::vector<std::string>& values) {
  out += '[';
  for (const auto& value : values) {
    if (&value != &values.front()) out += ',';
    append_json_string(out, value);
  }
  out += ']';
}

}  // namespace

std::string_view lead_document::stored(std::string_view name) const {
  const auto at = leadsync::find(fields_, name);
  return at == fields_.end() ? std::string_view() : std::string_view(at->second);
}

std::string_view lead_document::field_value(std::string_view name) const {
  if (const auto value = stored(name); !value.empty()) return value;
  if (name == "full_name") return full_name_;
  if (name == "company_domain") return company_domain_;
  if (name == "first_name") return split_name(stored("full_name")).first;
  if (name == "last_name") return split_name(stored("full_name")).second;
  return {};
}

const std::vector<std::string>* lead_document::qualifier_values(std::string_view question) const {
  if (const auto at = leadsync::find(qualifiers_, question); at != qualifiers_.end()) return &at->second;
  // Exports of one event spell a question "Timeline" and "timeline"; a mapping names it once.
  for (const auto& [name, values] : qualifiers_)
    if (equal_ignoring_case(name, question)) return &values;
  return nullptr;
}

void lead_document::set_field(std::string_view name, std::string_view value) {
  value = trim(value);
  const auto at = lower_bound(fields_, name);
  const bool found = at != fields_.end() && at->first == name;
  if (value.empty() && !found) return;
  if (value.empty()) fields_.erase(at);
  else if (found) at->second = value;
  else fields_.emplace(at, name, value);
  derive(name);
}

void lead_document::derive(std::string_view changed) {
  if (changed == "email" || changed == "website") {
    company_domain_ = domain_of(stored("website"), stored("email"));
  } else if (changed == "first_name" || changed == "last_name") {
    full_name_ = stored("first_name");
    const auto last = stored("last_name");
    if (!full_name_.empty() && !last.empty()) full_name_ += ' ';
    full_name_ += last;
  }
}

void lead_document::set_qualifier(std::string_view question, std::vector<std::string> values) {
  question = trim(question);
  std::vector<std::string> kept;
  for (auto& value : values) {
    const auto text = trim(value);
    if (text.empty() || std::find(kept.begin(), kept.end(), text) != kept.end()) continue;
    if (text.size() == value.size()) kept.push_back(std::move(value));
    else kept.emplace_back(text);
  }
  const auto at = lower_bound(qualifiers_, question);
  const bool found = at != qualifiers_.end() && at->first == question;
  if (question.empty() || (kept.empty() && !found)) return;
  if (kept.empty()) qualifiers_.erase(at);
  else if (found) at->second = std::move(kept);
  else qualifiers_.emplace(at, std::string(question), std::move(kept));
}

std::string to_json(const lead_document& lead) {
  std::string out;
  out.reserve(512);
  out += "{\"fields\":{";
  for (const auto& [name, value] : lead.fields()) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
  }
  out += "},\"qualifiers\":{";
  for (const auto& [question, values] : lead.qualifiers()) {
    if (out.back() != '{') out += ',';
    append_json_string(out, question);
    out += ':';
    append_strings(out, values);
  }
  out += "}}";
  return out;
}

result<lead_document> parse_lead_document(std::string_view text) {
  json::monotonic_resource memory;
  const auto document = parse_json(text, &memory);
  if (!document) return document.error();
  member_reader members(*document, "");
  const auto* fields = members.object("fields");
  const auto* qualifiers = members.object("qualifiers");
  if (!members.ok()) return members.failure();

  lead_document lead;
  if (fields)
    for (const auto& entry : *fields) {
      const auto* value = entry.value().if_string();
      if (!value) return make_error(errc::invalid_input, pointer_to("/fields", entry.key()) + " must be a string");
      lead.set_field(entry.key(), *value);
    }
  if (qualifiers)
    for (const auto& entry : *qualifiers) {
      const auto* array = entry.value().if_array();
      std::vector<std::string> values;
      for (std::size_t i = 0; array && i < array->size(); ++i) {
        const auto* value = (*array)[i].if_string();
        if (!value) array = nullptr;
        else values.emplace_back(*value);
      }
      if (!array)
        return make_error(errc::invalid_input, pointer_to("/qualifiers", entry.key()) + " must be an array of strings");
      lead.set_qualifier(entry.key(), std::move(values));
    }
  return lead;
}

lead_document merged(lead_document stored, const lead_document& incoming) {
  for (const auto& [name, value] : incoming.fields()) stored.set_field(name, value);
  for (const auto& [question, values] : incoming.qualifiers()) stored.set_qualifier(question, values);
  return stored;
}

std::string identity_of(const captured_lead& lead) {
  std::string identity;
  if (const auto id = trim(lead.external_id); !id.empty()) {
    identity += "id:";
    identity += id;
    return identity;
  }
  const auto keyed = [&](std::string_view kind, std::string_view value) {
    identity += kind;
    identity += fold(value);
    identity += "|event:";
    identity += fold(lead.event);
    return identity;
  };
  if (const auto badge = lead.document.field_value("badge"); !badge.empty()) return keyed("badge:", badge);
  if (const auto email = lead.document.field_value("email"); !email.empty()) return keyed("email:", email);
  identity += "row:";
  identity += std::to_string(hash64(to_json(lead.document) + fold(lead.event)));
  return identity;
}

std::int64_t person_key_of(const lead_document& lead) {
  if (const auto email = lead.field_value("email"); !email.empty()) return hash64("email:" + fold(email));
  return hash64("name:" + fold(lead.field_value("full_name")) + "|company:" + fold(lead.field_value("company")));
}

std::string company_key_of(const lead_document& lead) {
  auto domain = company_domain_of(lead);
  if (!domain.empty()) return domain;
  const auto company = lead.field_value("company");
  return company.empty() ? std::string() : "name:" + fold(company);
}

std::string company_domain_of(const lead_document& lead) { return std::string(lead.field_value("company_domain")); }

}  // namespace leadsync
