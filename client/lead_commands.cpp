#include "commands.h"

#include <boost/json/serialize.hpp>

namespace leadsync::client {
namespace {

namespace json = boost::json;

void print_lead(session& run, const answer& given) {
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  const auto& lead = object_of(document);
  table shown({"field", "value"});
  for (const auto* name : {"id", "revision", "external_id", "event", "accepted_at", "changed_at"})
    if (const auto value = text_of(lead, name); !value.empty()) shown.add({name, value});
  for (const auto& entry : object_of(lead, "fields")) shown.add({std::string(entry.key()), text_of(object_of(lead, "fields"), entry.key())});
  for (const auto& entry : object_of(lead, "qualifiers")) {
    std::string values;
    for (const auto& value : array_of(object_of(lead, "qualifiers"), entry.key()))
      if (value.is_string()) values += (values.empty() ? "" : "; ") + std::string(value.get_string());
    shown.add({"qualifier:" + std::string(entry.key()), values});
  }
  for (const auto& entry : array_of(lead, "deliveries")) {
    const auto& delivery = object_of(entry);
    const auto category = text_of(delivery, "category");
    shown.add({"in " + text_of(delivery, "integration"), text_of(delivery, "state") + (category.empty() ? "" : ", " + category)});
  }
  shown.print(run.out(), run.how());
}

/// "qualifier:Timeline=This quarter; Next quarter" gives several values.
json::array values_of(std::string_view text) {
  json::array values;
  while (!text.empty()) {
    const auto end = text.find(';');
    auto part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    if (!part.empty()) values.push_back(json::string(part));
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  return values;
}

void edit_lead(session& run, const std::string& id, const std::vector<std::string>& changes) {
  json::object fields, qualifiers;
  for (const std::string_view change : changes) {
    const auto equals = change.find('=');
    if (equals == change.npos || equals == 0)
      throw failure(exit_code::usage, "\"" + std::string(change) + "\" is no FIELD=VALUE", "such as email=ada@example.com, or \"qualifier:Timeline=This quarter\"");
    const auto name = change.substr(0, equals);
    const auto value = change.substr(equals + 1);
    constexpr std::string_view prefix = "qualifier:";
    if (name.starts_with(prefix)) qualifiers[name.substr(prefix.size())] = values_of(value);
    else fields[name] = value.empty() ? json::value(nullptr) : json::value(json::string(value));
  }
  const auto body = json::serialize(json::object{{"fields", std::move(fields)}, {"qualifiers", std::move(qualifiers)}});
  print_lead(run, run.daemon().send({.method = "PATCH", .path = "/v1/leads/" + percent_encoded(id), .body = body}));
}

void list_events(session& run) {
  const auto document = run.get("/v1/events");
  if (run.printed_as_json(document)) return;
  table shown({"event", "leads", "first seen"});
  shown.align_right(1);
  for (const auto& entry : array_of(object_of(document), "events"))
    shown.add({text_of(object_of(entry), "name"), text_of(object_of(entry), "leads"), short_time(text_of(object_of(entry), "first_seen"))});
  shown.print(run.out(), run.how());
}

}  // namespace

void add_lead_commands(CLI::App& app, session& run) {
  auto* lead = app.add_subcommand("lead", "A lead as it was captured")->require_subcommand(1);
  auto id = std::make_shared<std::string>();
  auto changes = std::make_shared<std::vector<std::string>>();
  auto* show = lead->add_subcommand("show", "Its fields and answers");
  show->add_option("id", *id, "The lead")->required();
  show->callback([&run, id] {
    call request;
    request.path = "/v1/leads/" + percent_encoded(*id);
    print_lead(run, run.daemon().send(request));
  });
  auto* edit = lead->add_subcommand("edit", "Change it; it is sent again where its data was the reason, or where it was sent before");
  edit->add_option("id", *id, "The lead")->required();
  edit->add_option("changes", *changes, "FIELD=VALUE, \"qualifier:NAME=A; B\"; nothing after = clears")->required();
  edit->callback([&run, id, changes] { edit_lead(run, *id, *changes); });

  app.add_subcommand("events", "Events that leads were captured at")->callback([&run] { list_events(run); });
}

}  // namespace leadsync::client
