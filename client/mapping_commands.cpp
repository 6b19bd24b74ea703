#include "commands.h"
#include "mapping_session.h"

#include "model/json_text.h"

#include <boost/json/serialize.hpp>

namespace leadsync::client {
namespace {

namespace json = boost::json;

constexpr int tries_against_others = 3;

struct read_mapping {
  json::object mapping;
  std::string etag;
};

read_mapping read(session& run) {
  call request;
  request.path = run.path("/mapping");
  const auto given = run.daemon().send(request);
  const auto document = given.document();
  return {object_of(object_of(document), "mapping"), given.etag};
}

answer save(session& run, const json::value& mapping, const std::string& etag) {
  call request;
  request.method = "PUT";
  request.path = run.path("/mapping");
  request.headers.emplace_back("If-Match", etag);
  request.body = json::serialize(mapping);
  return run.daemon().try_send(request);
}

void print_mapping(session& run, const json::object& mapping) {
  table shown({"remote field", "from", "default", "mode", "truncate", "values"});
  for (const auto& entry : array_of(mapping, "fields")) {
    const auto& field = object_of(entry);
    std::string values;
    for (const auto& value : object_of(field, "values"))
      values += (values.empty() ? "" : ", ") + std::string(value.key()) + "=" + (value.value().is_string() ? std::string(value.value().get_string()) : "");
    shown.add({text_of(field, "object") + "." + text_of(field, "remote_field"), text_of(field, "source"), text_of(field, "default"),
               text_of(field, "write_mode"), flag_of(field, "truncate") ? "yes" : "", values});
  }
  shown.print(run.out(), run.how());
}

void show_mapping(session& run) {
  const auto document = run.get(run.path("/mapping"));
  if (run.printed_as_json(document)) return;
  const auto& record = object_of(document);
  if (run.how().terminal) {
    const auto saved_by = text_of(object_of(record, "saved_by"), "name");
    run.out() << "Revision " << text_of(record, "revision")
              << (saved_by.empty() ? ", the plugin's defaults" : ", saved " + short_time(text_of(record, "saved_at")) + " by " + saved_by) << '\n';
  }
  print_mapping(run, object_of(record, "mapping"));
}

json::value parse_file(const std::string& name) {
  auto document = parse_json(read_file(name));
  if (!document)
    throw failure(exit_code::failed, name + " holds no mapping", document.error().context, "leadsync mapping show --json gives a mapping to start from");
  return std::move(*document);
}

/// A file that came from `mapping show --json` knows its revision: saving it must not undo what others saved since.
void set_mapping(session& run, const std::string& file) {
  const auto document = parse_file(file);
  const auto revision = text_of(object_of(document), "revision");
  const auto etag = revision.empty() ? read(run).etag : "\"" + revision + "\"";
  const auto given = save(run, document, etag);
  if (given.status >= 400) fail_with_problem(given);
  if (run.printed_as_json(given)) return;
  const auto saved = given.document();
  run.out() << "Saved as revision " << text_of(object_of(saved), "revision") << ".\n";
}

void list_revisions(session& run) {
  const auto document = run.get(run.path("/mapping/revisions"));
  if (run.printed_as_json(document)) return;
  table shown({"revision", "saved", "by", "fields"});
  for (const auto& entry : array_of(object_of(document), "revisions")) {
    const auto& record = object_of(entry);
    shown.add({text_of(record, "revision"), short_time(text_of(record, "saved_at")), text_of(object_of(record, "saved_by"), "name"),
               std::to_string(array_of(object_of(record, "mapping"), "fields").size())});
  }
  shown.print(run.out(), run.how());
}

void show_schema(session& run, bool refresh) {
  call request;
  request.method = refresh ? "POST" : "GET";
  request.path = run.path(refresh ? "/schema/refresh" : "/schema");
  const auto given = run.daemon().send(request);
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  if (run.how().terminal) run.out() << "As described " << short_time(text_of(object_of(document), "fetched_at")) << '\n';
  table shown({"field", "label", "type", "required", "writable", "length", "options"});
  for (const auto& entry : array_of(object_of(document), "objects")) {
    const auto& object = object_of(entry);
    for (const auto& part : array_of(object, "fields")) {
      const auto& field = object_of(part);
      std::string options;
      for (const auto& option : array_of(field, "options")) options += (options.empty() ? "" : ", ") + text_of(object_of(option), "value");
      const auto length = number_of(field, "max_length");
      shown.add({text_of(object, "name") + "." + text_of(field, "name"), text_of(field, "label"), text_of(field, "type"),
                 flag_of(field, "required") ? "yes" : "", flag_of(field, "creatable") || flag_of(field, "updatable") ? "yes" : "no",
                 length ? std::to_string(length) : "", options});
    }
  }
  shown.print(run.out(), run.how());
}

}  // namespace

json::object current_mapping(session& run) { return read(run).mapping; }

std::string change_mapping(session& run, const std::function<void(json::object& mapping)>& change) {
  for (int attempt = 1;; ++attempt) {
    auto current = read(run);
    change(current.mapping);
    const auto given = save(run, current.mapping, current.etag);
    if (given.status == 412 && attempt < tries_against_others) continue;
    if (given.status >= 400) fail_with_problem(given);
    const auto saved = given.document();
    return text_of(object_of(saved), "revision");
  }
}

void preview_mapping(session& run, const json::object& mapping, const std::string& category) {
  json::object body{{"mapping", mapping}};
  if (!category.empty()) body["category"] = category;
  const auto given = run.daemon().send({.method = "POST", .path = run.path("/mapping/preview"), .body = json::serialize(body)});
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  const auto& report = object_of(document);
  run.out() << text_of(report, "text") << '\n';
  if (const auto changed = number_of(report, "cleared_changed"))
    run.out() << grouped(changed) << " that are in the CRM already would look different; they are not sent again.\n";
}

void add_mapping_commands(CLI::App& app, session& run) {
  auto* mapping = app.add_subcommand("mapping", "Which field of a lead goes where")->require_subcommand(1);
  mapping->add_subcommand("show", "The mapping in use")->callback([&run] { show_mapping(run); });
  mapping->add_subcommand("revisions", "Earlier mappings, newest first")->callback([&run] { list_revisions(run); });
  auto file = std::make_shared<std::string>();
  auto category = std::make_shared<std::string>();
  auto* set = mapping->add_subcommand("set", "Save a mapping from a JSON file");
  set->add_option("file", *file, "The file; - is standard input")->required();
  set->callback([&run, file] { set_mapping(run, *file); });
  auto* preview = mapping->add_subcommand("preview", "What a mapping would do to the leads that failed");
  preview->add_option("file", *file, "The file; - is standard input")->required();
  preview->add_option("--category", *category, "Only leads of this category");
  preview->callback([&run, file, category] {
    const auto document = parse_file(*file);
    const auto& outer = object_of(document);
    preview_mapping(run, outer.contains("mapping") ? object_of(outer, "mapping") : outer, *category);
  });

  auto* schema = app.add_subcommand("schema", "The CRM's objects, fields and options")->require_subcommand(1);
  schema->add_subcommand("show", "As last described")->callback([&run] { show_schema(run, false); });
  schema->add_subcommand("refresh", "Ask the CRM again")->callback([&run] { show_schema(run, true); });
}

}  // namespace leadsync::client
