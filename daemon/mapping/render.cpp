#include "mapping/render.h"

#include "mapping/render_value.h"

#include <algorithm>
#include <array>

namespace leadsync {
namespace {

/// The worst first: what one change of the mapping cures for many leads, before what is about this lead.
constexpr std::array severity{category::missing_remote_field, category::field_not_writable,     category::required_field_missing,
                              category::no_tag_mapping,       category::data_value_validation,  category::data_format_validation,
                              category::data_too_long,        category::not_enough_data};

auto rank(const problem& found) { return std::find(severity.begin(), severity.end(), found.what) - severity.begin(); }

struct object_plan {
  std::string name;
  const remote_object* to = nullptr;
  std::vector<field_plan> fields;
  std::vector<const remote_field*> required_unmapped;
  const std::vector<std::string>* match_keys = nullptr;
  bool main = false;
  bool constants_only = true;  ///< no field of it tells of the lead: then its defaults alone make it
  bool match_key_mapped = false;

  [[nodiscard]] bool is_match_key(std::string_view field) const {
    return match_keys && std::find(match_keys->begin(), match_keys->end(), field) != match_keys->end();
  }
};

raw_value value_of(const field_plan& plan, const lead_view& lead) {
  switch (plan.kind) {
    case field_plan::source_kind::field: return {lead.document.field_value(plan.source_name)};
    case field_plan::source_kind::qualifier: return {{}, lead.document.qualifier_values(plan.source_name)};
    case field_plan::source_kind::event_name: return {lead.event_name};
    case field_plan::source_kind::lead_id: return {lead.lead_id};
    case field_plan::source_kind::none: break;
  }
  return {};
}

/// What stops any value for this field.
bool check_writable(const object_plan& object, const field_plan& plan, std::vector<problem>& problems) {
  if (!plan.to) {
    const auto what = object.to ? object.name + "." + plan.from->remote_field : "object " + object.name;
    problems.push_back({category::missing_remote_field, plan.where(), what + " does not exist in the CRM"});
    return false;
  }
  if (!plan.to->creatable && !plan.to->updatable) {
    problems.push_back({category::field_not_writable, plan.where(),
                        object.name + "." + plan.from->remote_field + " is read-only in the CRM"});
    return false;
  }
  return true;
}

struct object_rendering {
  rendered_object object;
  std::vector<problem> problems;
  std::vector<warning> warnings;
  bool present = false;
  bool has_match_key = false;
};

object_rendering render_fields(const object_plan& plan, const lead_view& lead, std::string_view country) {
  object_rendering work;
  work.object.object = plan.name;
  work.object.values.reserve(plan.fields.size());
  for (const auto& field : plan.fields) {
    auto raw = value_of(field, lead);
    const bool defaulted = raw.empty() && !field.from->default_value.empty();
    if (defaulted) raw = {field.from->default_value};
    if (raw.empty()) {
      if (field.to && field.to->required && field.to->creatable)
        work.problems.push_back({category::not_enough_data, field.where(),
                                 plan.name + "." + field.from->remote_field + " is required, and the lead has no " + field.from->source});
      continue;
    }
    work.present = work.present || plan.constants_only || (field.tells_of_the_lead() && !defaulted);
    work.has_match_key = work.has_match_key || plan.is_match_key(field.from->remote_field);
    if (!check_writable(plan, field, work.problems)) continue;
    if (defaulted && field.kind != field_plan::source_kind::none)
      work.warnings.push_back({"DEFAULTED", plan.name, field.from->remote_field, "the lead has no value; the mapping's default was used"});
    if (auto value = render_value(field, raw, country, work.problems, work.warnings)) work.object.values.push_back(std::move(*value));
  }
  return work;
}

void check_object(const object_plan& plan, object_rendering& work) {
  for (const auto* field : plan.required_unmapped)
    work.problems.push_back({category::required_field_missing, {plan.name, field->name, {}, {}},
                             plan.name + "." + field->name + " is required by the CRM, and nothing is mapped to it"});
  if (!plan.match_keys || plan.match_keys->empty() || work.has_match_key) return;
  const auto& key = plan.match_keys->front();
  if (!plan.match_key_mapped) {
    work.problems.push_back({category::required_field_missing, {plan.name, key, {}, {}},
                             "records of " + plan.name + " are matched by " + key + ", and nothing is mapped to it"});
    return;
  }
  const auto mapped = std::find_if(plan.fields.begin(), plan.fields.end(),
                                   [&](const field_plan& field) { return plan.is_match_key(field.from->remote_field); });
  const bool reported = std::any_of(work.problems.begin(), work.problems.end(), [&](const problem& found) {
    return found.what == category::not_enough_data && found.where.remote_field == mapped->from->remote_field;
  });
  if (!reported)
    work.problems.push_back({category::not_enough_data, mapped->where(),
                             "records of " + plan.name + " are matched by " + key + ", and the lead has no " + mapped->from->source});
}

}  // namespace

struct compiled_mapping::plan {
  std::shared_ptr<const mapping> fields;
  std::shared_ptr<const remote_schema> schema;
  render_options options;
  std::vector<object_plan> objects;
};

compiled_mapping::compiled_mapping(std::shared_ptr<const mapping> fields, std::shared_ptr<const remote_schema> schema,
                                   render_options options) {
  auto made = std::make_shared<plan>(plan{std::move(fields), std::move(schema), std::move(options), {}});
  const auto object_of = [&](const std::string& name) -> object_plan& {
    for (auto& object : made->objects)
      if (object.name == name) return object;
    auto& object = made->objects.emplace_back();
    object.name = name;
    object.to = made->schema->find(name);
    object.main = name == made->options.main_object;
    if (const auto keys = made->options.match_keys.find(name); keys != made->options.match_keys.end()) object.match_keys = &keys->second;
    return object;
  };
  if (!made->options.main_object.empty()) object_of(made->options.main_object);
  for (const auto& field : made->fields->fields) {
    auto& object = object_of(field.object);
    auto& compiled = object.fields.emplace_back(field, object.to ? object.to->find(field.remote_field) : nullptr);
    object.constants_only = object.constants_only && !compiled.tells_of_the_lead();
    object.match_key_mapped = object.match_key_mapped || object.is_match_key(field.remote_field);
  }
  for (auto& object : made->objects) {
    if (!object.to) continue;
    for (const auto& field : object.to->fields)
      if (field.required && field.creatable && !made->fields->find(object.name, field.name)) object.required_unmapped.push_back(&field);
  }
  plan_ = std::move(made);
}

rendered_lead compiled_mapping::render(const lead_view& lead) const {
  rendered_lead rendered;
  const auto country = lead.document.field_value("country");
  const bool any_main = !plan_->options.main_object.empty();
  rendered.objects.reserve(plan_->objects.size());
  for (const auto& object : plan_->objects) {
    auto work = render_fields(object, lead, country);
    if (!work.present) {
      if (!object.main) continue;
      work.problems.clear();
      if (object.fields.empty() || object.constants_only)
        work.problems.push_back({category::required_field_missing, {object.name, {}, {}, {}}, "no field of the lead is mapped to " + object.name});
      else if (object.match_key_mapped)
        check_object(object, work);
      else
        work.problems.push_back({category::not_enough_data, {object.name, {}, {}, {}}, "the lead has no value for " + object.name});
    } else {
      // A company of which only the country is known is no company.
      if (any_main && !object.main && object.match_keys && object.match_key_mapped && !work.has_match_key) {
        rendered.warnings.push_back({"LEFT_OUT", object.name, {}, "the lead has none of the values that it is matched by"});
        continue;
      }
      check_object(object, work);
    }
    std::move(work.problems.begin(), work.problems.end(), std::back_inserter(rendered.problems));
    std::move(work.warnings.begin(), work.warnings.end(), std::back_inserter(rendered.warnings));
    if (!work.object.values.empty()) rendered.objects.push_back(std::move(work.object));
  }
  std::stable_sort(rendered.problems.begin(), rendered.problems.end(),
                   [](const problem& left, const problem& right) { return rank(left) < rank(right); });
  return rendered;
}

rendered_lead render(const lead_view& lead, const mapping& fields, const remote_schema& schema, const render_options& options) {
  // Borrowed for the length of the call.
  return compiled_mapping(std::shared_ptr<const mapping>(std::shared_ptr<void>(), &fields),
                          std::shared_ptr<const remote_schema>(std::shared_ptr<void>(), &schema), options)
      .render(lead);
}

}  // namespace leadsync
