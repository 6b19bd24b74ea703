#include "intake/lead_builder.h"

#include "base/text.h"

#include <algorithm>

namespace leadsync {
namespace {

bool needs_scrubbing(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return !ascii && !is_valid_utf8(text);
}

}  // namespace

std::vector<std::string> split_values(std::string_view text) {
  std::vector<std::string> values;
  for (;;) {
    const auto at = text.find_first_of(";|");
    if (const auto value = trim(text.substr(0, at)); !value.empty()) values.emplace_back(value);
    if (at == text.npos) return values;
    text.remove_prefix(at + 1);
  }
}

bool is_damaged_number(std::string_view text) {
  const auto exponent = text.find_first_of("eE");
  if (exponent == text.npos || exponent == 0 || exponent + 2 >= text.size() || text[exponent + 1] != '+') return false;
  const auto numeric = [](std::string_view part) { return part.find_first_not_of("0123456789.,") == part.npos; };
  return numeric(text.substr(0, exponent)) && numeric(text.substr(exponent + 2));
}

void lead_builder::field(std::string_view name, std::string_view header, std::string_view value) {
  value = trim(value);
  if (value.empty()) return;
  if ((name == "phone" || name == "mobile_phone" || name == "badge") && is_damaged_number(value))
    return custom(std::string(name) + "_damaged", value);
  if (needs_scrubbing(value)) return field(name, header, scrub_utf8(value));
  const auto present = lead_.document.field_value(name);
  const bool derivable = name == "first_name" || name == "last_name";
  if (present.empty() || derivable) return lead_.document.set_field(name, value);
  if (present != value) custom(header, value);
}

void lead_builder::custom(std::string_view name, std::string_view value) {
  value = trim(value);
  if (value.empty()) return;
  std::string full = "custom:";
  full += name;
  for (int i = 2; !lead_.document.field_value(full).empty(); ++i) {
    if (lead_.document.field_value(full) == value) return;
    full = "custom:" + std::string(name) + " (" + std::to_string(i) + ")";
  }
  if (needs_scrubbing(value)) lead_.document.set_field(full, scrub_utf8(value));
  else lead_.document.set_field(full, value);
}

void lead_builder::qualifier(std::string_view question, std::vector<std::string> values) {
  for (auto& value : values)
    if (needs_scrubbing(value)) value = scrub_utf8(value);
  if (const auto* present = lead_.document.qualifier_values(question)) values.insert(values.begin(), present->begin(), present->end());
  lead_.document.set_qualifier(question, std::move(values));
}

void lead_builder::id(std::string_view value) {
  value = trim(value);
  if (value.empty()) return;
  if (is_damaged_number(value)) return custom("id_damaged", value);
  if (lead_.external_id.empty()) lead_.external_id = scrub_utf8(value);
}

void lead_builder::row_number(std::string_view value) {
  numbered_ = lead_.external_id.empty();
  id(value);
}

void lead_builder::event(std::string_view value) {
  if (lead_.event.empty()) lead_.event = scrub_utf8(trim(value));
}

void lead_builder::captured(std::string_view date, std::string_view time) {
  if (trim(date).empty() && trim(time).empty()) return;
  if (const auto at = clock_.read(date, time)) return field("captured_at", "captured_at", *at);
  std::string raw(trim(date));
  if (!raw.empty() && !trim(time).empty()) raw += ' ';
  raw += trim(time);
  custom("captured_at", raw);
}

result<captured_lead> lead_builder::finish() {
  auto& document = lead_.document;
  const bool identified = !lead_.external_id.empty() || !document.field_value("email").empty() || !document.field_value("badge").empty() ||
                          !document.field_value("full_name").empty();
  if (!identified)
    return make_error(errc::invalid_input, "no e-mail, badge, name or id: fill in one of them, or delete the row");
  if (lead_.event.empty()) lead_.event = options_.event;
  if (lead_.event.empty())
    return make_error(errc::invalid_input, "no event: add an event column, or name the event of the whole import");
  if (numbered_) lead_.external_id = lead_.event + "/" + lead_.external_id;
  if (!options_.source.empty()) custom("source", options_.source);
  return std::move(lead_);
}

}  // namespace leadsync
