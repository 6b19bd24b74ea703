#include "commands.h"
#include "mapping_edit.h"
#include "mapping_session.h"

#include "base/text.h"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace leadsync::client {
namespace {

namespace json = boost::json;

constexpr std::string_view value_categories[] = {"NO_TAG_MAPPING", "DATA_VALUE_VALIDATION"};

struct values_options {
  std::string field;
  std::vector<std::string> pairs;
  bool preview = false;
  bool retry = false;
};

/// The sub-groups of failed leads that a change of these values is about.
std::vector<json::object> failed_with(session& run, const json::object& field, const std::vector<value_pair>& values) {
  std::vector<json::object> bodies;
  const auto document = run.get(run.path("/reconciliation"));
  for (const auto& entry : array_of(object_of(object_of(document), "failed"), "groups")) {
    const auto code = text_of(object_of(entry), "code");
    if (std::find(std::begin(value_categories), std::end(value_categories), code) == std::end(value_categories)) continue;
    for (const auto& part : array_of(object_of(entry), "sub_groups")) {
      const auto& locus = object_of(object_of(part), "locus");
      const auto value = fold(text_of(locus, "value"));
      const bool ours = text_of(locus, "object") == text_of(field, "object") && text_of(locus, "remote_field") == text_of(field, "remote_field") &&
                        std::any_of(values.begin(), values.end(), [&value](const value_pair& pair) { return fold(pair.first) == value; });
      if (ours) bodies.push_back(json::object{{"category", code}, {"locus", locus}});
    }
  }
  return bodies;
}

void map_values_of(session& run, const values_options& options) {
  std::vector<value_pair> values;
  for (const auto& text : options.pairs) values.push_back(parse_value_pair(text));
  if (options.preview) {
    auto mapping = current_mapping(run);
    map_values(find_field(mapping, options.field), values);
    preview_mapping(run, mapping, "");
    return;
  }
  json::object field;
  const auto revision = change_mapping(run, [&](json::object& mapping) {
    auto& found = find_field(mapping, options.field);
    map_values(found, values);
    field = found;
  });
  if (!run.json) run.out() << "Saved as mapping revision " << revision << ".\n";
  const auto affected = failed_with(run, field, values);
  if (options.retry) {
    for (const auto& body : affected) start_operation(run, "retries", json::serialize(body), true);
    if (affected.empty() && !run.json) run.out() << "No failed lead has one of these values.\n";
  } else if (!affected.empty() && !run.json) {
    run.out() << "→ leadsync retry --category " << text_of(affected.front(), "category") << '\n';
  }
}

void show_values(session& run, const std::string& name) {
  auto mapping = current_mapping(run);
  const auto& field = find_field(mapping, name);
  const auto document = run.get(run.path("/schema"));
  if (run.json) {
    static_cast<void>(run.printed_as_json(json::value(field)));
    return;
  }
  table shown({"the lead's value", "the CRM's option", "label"});
  const json::array* options = nullptr;
  for (const auto& entry : array_of(object_of(document), "objects"))
    if (text_of(object_of(entry), "name") == text_of(field, "object"))
      for (const auto& part : array_of(object_of(entry), "fields"))
        if (text_of(object_of(part), "name") == text_of(field, "remote_field")) options = &array_of(object_of(part), "options");
  const auto label_of = [options](std::string_view value) -> std::string {
    if (options)
      for (const auto& option : *options)
        if (text_of(object_of(option), "value") == value) return text_of(object_of(option), "label");
    return options && !options->empty() ? "(the CRM has no such option)" : "";
  };
  for (const auto& entry : object_of(field, "values")) {
    const auto value = text_of(object_of(field, "values"), entry.key());
    shown.add({std::string(entry.key()), value, label_of(value)});
  }
  if (options)
    for (const auto& option : *options) {
      const auto value = text_of(object_of(option), "value");
      const auto& mapped = object_of(field, "values");
      const bool used = std::any_of(mapped.begin(), mapped.end(), [&](const auto& entry) { return text_of(mapped, entry.key()) == value; });
      if (!used) shown.add({"", value, text_of(object_of(option), "label")});
    }
  shown.print(run.out(), run.how());
}

struct field_options {
  std::string name, target;
  field_change change;
  bool preview = false;
};

void change_fields(session& run, const field_options& options, const std::function<void(json::object&)>& change) {
  if (options.preview) {
    auto mapping = current_mapping(run);
    change(mapping);
    preview_mapping(run, mapping, "");
    return;
  }
  const auto revision = change_mapping(run, change);
  if (!run.json) run.out() << "Saved as mapping revision " << revision << ".\n";
}

}  // namespace

void add_value_commands(CLI::App& app, session& run) {
  auto* values = app.add_subcommand("values", "Which option of the CRM a lead's value becomes")->require_subcommand(1);
  auto options = std::make_shared<values_options>();
  auto* map = values->add_subcommand("map", "Map values: FIELD FROM=TO...; FROM= takes a mapping away");
  map->add_option("field", options->field, "object.field of the CRM, or the lead's field")->required();
  map->add_option("values", options->pairs, "\"Within 6 months=next_quarter\"")->required();
  map->add_flag("--preview", options->preview, "Only say what it would do");
  map->add_flag("--retry", options->retry, "Then retry the leads that failed for these values");
  map->callback([&run, options] { map_values_of(run, *options); });
  auto* show = values->add_subcommand("show", "The values mapped, and the options that there are");
  show->add_option("field", options->field, "object.field of the CRM, or the lead's field")->required();
  show->callback([&run, options] { show_values(run, options->field); });

  auto* fields = app.add_subcommand("fields", "Change which field goes where")->require_subcommand(1);
  auto chosen = std::make_shared<field_options>();
  auto* remap = fields->add_subcommand("remap", "Let a field's source write to another field of the CRM");
  remap->add_option("field", chosen->name, "object.field, as mapped now")->required();
  remap->add_option("target", chosen->target, "object.field, where it goes instead")->required();
  remap->add_flag("--preview", chosen->preview, "Only say what it would do");
  remap->callback([&run, chosen] {
    change_fields(run, *chosen, [chosen](json::object& mapping) { remap_field(mapping, chosen->name, chosen->target); });
  });
  auto* clear = fields->add_subcommand("clear", "Map nothing to a field any more");
  clear->add_option("field", chosen->name, "object.field")->required();
  clear->add_flag("--preview", chosen->preview, "Only say what it would do");
  clear->callback([&run, chosen] {
    change_fields(run, *chosen, [chosen](json::object& mapping) { clear_field(mapping, chosen->name); });
  });
  auto* set = fields->add_subcommand("set", "Map a field, or change how it is mapped");
  set->add_option("field", chosen->name, "object.field of the CRM")->required();
  set->add_option("--from", chosen->change.source, "The lead's field: email, qualifier:Timeline, custom:NAME");
  set->add_option("--default", chosen->change.default_value, "Where the lead has no value");
  set->add_flag("--truncate", chosen->change.truncate, "Cut to the field's length, and leave a warning");
  set->add_flag("--if-empty", chosen->change.if_empty, "Do not overwrite what the CRM has");
  set->add_flag("--overwrite", chosen->change.overwrite, "Overwrite what the CRM has");
  set->add_flag("--preview", chosen->preview, "Only say what it would do");
  set->callback([&run, chosen] {
    change_fields(run, *chosen, [chosen](json::object& mapping) { set_field(mapping, chosen->name, chosen->change); });
  });
}

}  // namespace leadsync::client
