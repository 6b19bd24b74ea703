#include "mapping/render_value.h"

#include "base/text.h"
#include "mapping/convert.h"
#include "mapping/country.h"

#include <algorithm>

namespace leadsync {
namespace {

enum class meaning { plain, email, phone, url, domain, country };

meaning meaning_of(const remote_field& field) {
  if (field.semantic == "domain") return meaning::domain;
  if (field.type == value_type::email || field.semantic == "email") return meaning::email;
  if (field.type == value_type::phone || field.semantic == "phone") return meaning::phone;
  if (field.type == value_type::url || field.semantic == "url") return meaning::url;
  return field.semantic == "country" ? meaning::country : meaning::plain;
}

/// What the CRM calls the field: "contact.timeline".
std::string name_of(const field_plan& plan) { return plan.from->object + "." + plan.from->remote_field; }

std::size_t length_in(length_unit unit, std::string_view text) {
  if (unit == length_unit::bytes) return text.size();
  return unit == length_unit::utf16 ? utf16_length(text) : code_point_count(text);
}

std::string_view cut(std::string_view text, length_unit unit, std::size_t limit) {
  if (unit == length_unit::code_points) return prefix_of(text, limit);
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto size = prefix_of(text.substr(i), 1).size();
    used += length_in(unit, text.substr(i, size));
    if (used > limit) return text.substr(0, i);
    i += size;
  }
  return text;
}

/// One rendering of one field. Its members are what every step needs.
struct renderer {
  const field_plan& plan;
  std::string_view country;
  std::vector<problem>& problems;
  std::vector<warning>& warnings;

  void fail(category what, std::string message, std::string_view option_value = {}) {
    problems.push_back({what, plan.where(option_value), std::move(message)});
  }
  void warn(std::string code, std::string message) {
    warnings.push_back({std::move(code), plan.from->object, plan.from->remote_field, std::move(message)});
  }

  /// What the value map makes of it; nothing where it has no entry.
  std::optional<std::string_view> mapped(std::string_view value) const {
    if (plan.mapped_values.empty()) return std::nullopt;
    auto found = plan.mapped_values.find(value);
    if (found == plan.mapped_values.end()) found = plan.mapped_values.find(fold(value));
    if (found == plan.mapped_values.end()) return std::nullopt;
    return found->second;
  }

  const remote_option* option_called(std::string_view value) const {
    if (const auto exact = plan.option_values.find(value); exact != plan.option_values.end() && exact->second->active)
      return exact->second;
    if (const auto named = plan.option_names.find(fold(value)); named != plan.option_names.end()) return named->second;
    if (plan.to->semantic != "country") return nullptr;
    const auto* known = find_country(value);
    if (!known) return nullptr;
    for (const auto name : {known->name, known->iso2, known->iso3})
      if (const auto named = plan.option_names.find(fold(name)); named != plan.option_names.end()) return named->second;
    for (const auto alias : split(known->aliases, '|'))
      if (const auto named = plan.option_names.find(fold(alias)); named != plan.option_names.end()) return named->second;
    return nullptr;
  }

  bool option(std::string_view value, std::string& out) {
    const auto known = mapped(value);
    if (known && known->empty()) {
      warn("LEFT_OUT", "\"" + std::string(value) + "\" is mapped to nothing");
      return false;
    }
    if (const auto* option = option_called(known.value_or(value))) {
      out = option->value;
      return true;
    }
    if (!plan.to->restricted) {
      out = known.value_or(value);
      return true;
    }
    const auto quoted = "\"" + std::string(value) + "\"";
    if (known)
      fail(category::data_value_validation,
           quoted + " is mapped to \"" + std::string(*known) + "\", which is no active option of " + name_of(plan), value);
    else if (plan.kind == field_plan::source_kind::qualifier)
      fail(category::no_tag_mapping, quoted + " is not mapped to an option of " + name_of(plan), value);
    else
      fail(category::data_value_validation, quoted + " is not an option of " + name_of(plan), value);
    return false;
  }

  /// A plain text may hold several values, unless as a whole it is one.
  std::vector<std::string_view> items_of(const raw_value& raw) const {
    std::vector<std::string_view> items;
    if (raw.many) {
      items.assign(raw.many->begin(), raw.many->end());
      return items;
    }
    if (mapped(raw.text) || option_called(raw.text)) return {raw.text};
    auto rest = raw.text;
    const auto separators = rest.find_first_of(";|") != rest.npos ? ";|" : ",";
    for (;;) {
      const auto at = rest.find_first_of(separators);
      if (const auto item = trim(rest.substr(0, at)); !item.empty()) items.push_back(item);
      if (at == rest.npos) return items;
      rest.remove_prefix(at + 1);
    }
  }

  bool options(const raw_value& raw, std::vector<std::string>& out) {
    const auto problems_before = problems.size();
    for (const auto item : items_of(raw)) {
      std::string value;
      if (option(item, value) && std::find(out.begin(), out.end(), value) == out.end()) out.push_back(std::move(value));
    }
    return problems.size() == problems_before && !out.empty();
  }

  std::optional<converted> convert(std::string_view text) const {
    switch (plan.to->type) {
      case value_type::decimal: return to_decimal(text);
      case value_type::date: return to_date_text(text);
      case value_type::instant: return to_instant_text(text);
      case value_type::boolean:
        if (const auto value = to_boolean(text)) return converted{*value ? "true" : "false"};
        return std::nullopt;
      default: break;
    }
    switch (meaning_of(*plan.to)) {
      case meaning::email: return to_email(text);
      case meaning::phone: return to_phone(text, country);
      case meaning::url: return to_url(text);
      case meaning::domain: {
        auto url = to_url(text);
        if (!url) return std::nullopt;
        keep_host(url->text);
        return url;
      }
      case meaning::country: {
        const auto* known = find_country(text);
        return converted{std::string(known ? known->name : text)};
      }
      case meaning::plain: break;
    }
    return converted{std::string(text)};
  }

  static void keep_host(std::string& url) {
    std::string_view host = url;
    if (const auto scheme = host.find("://"); scheme != host.npos) host.remove_prefix(scheme + 3);
    host = host.substr(0, host.find_first_of("/?#:"));
    auto lower = ascii_lower(host);
    url = lower.starts_with("www.") ? lower.substr(4) : lower;
  }

  std::string_view form() const {
    switch (meaning_of(*plan.to)) {
      case meaning::email: return expected_form(value_type::email);
      case meaning::phone: return expected_form(value_type::phone);
      case meaning::url:
      case meaning::domain: return expected_form(value_type::url);
      default: return expected_form(plan.to->type);
    }
  }

  bool fits(std::string& text) {
    const auto& field = *plan.to;
    if (field.max_length == 0 || text.size() <= field.max_length) return true;  // bytes are the longest unit
    const auto length = length_in(field.unit, text);
    if (length <= field.max_length) return true;
    const auto lengths = std::to_string(length) + " where " + std::to_string(field.max_length) + " are admitted";
    if (!plan.from->truncate || field.type != value_type::text || meaning_of(field) != meaning::plain) {
      fail(category::data_too_long, name_of(plan) + " would have a length of " + lengths);
      return false;
    }
    text.resize(cut(text, field.unit, field.max_length).size());
    warn("TRUNCATED", "had a length of " + lengths);
    return true;
  }

  bool scalar(std::string_view value, std::string& out) {
    const auto known = mapped(value);
    if (known && known->empty()) {
      warn("LEFT_OUT", "the value is mapped to nothing");
      return false;
    }
    auto result = convert(trim(known.value_or(value)));
    if (!result) {
      fail(category::data_format_validation, "the value for " + name_of(plan) + " is not " + std::string(form()));
      return false;
    }
    if (result->coerced) warn("COERCED", "read as " + result->text);
    out = std::move(result->text);
    const bool sized = plan.to->type == value_type::text || plan.to->type == value_type::email ||
                       plan.to->type == value_type::phone || plan.to->type == value_type::url;
    return !sized || fits(out);
  }
};

}  // namespace

field_plan::field_plan(const field_mapping& mapped, const remote_field* remote) : from(&mapped), to(remote) {
  const std::string_view source = mapped.source;
  constexpr std::string_view qualifier = "qualifier:";
  source_name = source;
  if (source.starts_with(qualifier)) {
    kind = source_kind::qualifier;
    source_name.remove_prefix(qualifier.size());
  } else if (source == "event_name") {
    kind = source_kind::event_name;
  } else if (source == "lead_id") {
    kind = source_kind::lead_id;
  } else if (!source.empty()) {
    kind = source_kind::field;
  }
  for (const auto& [value, target] : mapped.values) mapped_values.emplace(value, target);
  for (const auto& [value, target] : mapped.values) mapped_values.emplace(fold(value), target);
  if (!to) return;
  for (const auto& option : to->options) option_values.emplace(option.value, &option);
  // Two options may share a label; a value is the stronger name.
  for (const auto& option : to->options)
    if (option.active) option_names.emplace(fold(option.value), &option);
  for (const auto& option : to->options)
    if (option.active) option_names.emplace(fold(option.label), &option);
}

locus field_plan::where(std::string_view value) const {
  return {from->object, from->remote_field, from->source, std::string(value)};
}

std::optional<rendered_value> render_value(const field_plan& plan, const raw_value& raw, std::string_view country,
                                           std::vector<problem>& problems, std::vector<warning>& warnings) {
  renderer work{plan, country, problems, warnings};
  rendered_value value{plan.from->remote_field, plan.to->type, {}, {}, plan.from->mode};
  if (plan.to->type == value_type::options) {
    if (!work.options(raw, value.items)) return std::nullopt;
    return value;
  }
  std::string joined;
  if (raw.many && raw.many->size() > 1) joined = join(*raw.many, "; ");
  const auto text = !raw.many ? raw.text : raw.many->size() == 1 ? std::string_view(raw.many->front()) : std::string_view(joined);
  const bool done = plan.to->type == value_type::option ? work.option(text, value.text) : work.scalar(text, value.text);
  if (!done) return std::nullopt;
  return value;
}

}  // namespace leadsync
