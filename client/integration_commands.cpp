#include "commands.h"

#include <boost/json/serialize.hpp>

namespace leadsync::client {
namespace {

namespace json = boost::json;

void list_integrations(session& run) {
  const auto document = run.get("/v1/integrations");
  if (run.printed_as_json(document)) return;
  table shown({"integration", "plugin", "sync mode", "schedule", "state", "cleared", "failed", "pre-sync"});
  for (const std::size_t column : {5, 6, 7}) shown.align_right(column);
  for (const auto& entry : array_of(object_of(document), "integrations")) {
    const auto& integration = object_of(entry);
    const auto& counts = object_of(integration, "counts");
    const auto problem = text_of(integration, "problem");
    const auto hold = text_of(integration, "hold");
    shown.add({text_of(integration, "name"), text_of(integration, "plugin"), text_of(integration, "sync_mode"), text_of(integration, "schedule"),
               !problem.empty() ? problem : hold.empty() ? "sending" : "held: " + hold, grouped(number_of(counts, "cleared")),
               grouped(number_of(counts, "failed")), grouped(number_of(counts, "pre_sync"))});
  }
  shown.print(run.out(), run.how());
}

void print_integration(session& run, const answer& given) {
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  const auto& integration = object_of(document);
  table shown({"what", "value"});
  for (const auto* name : {"name", "plugin", "sync_mode", "schedule", "next_tick", "hold", "problem", "breaker", "breaker_category",
                           "breaker_message", "breaker_since", "mapping_revision", "schema_fetched_at", "in_flight"})
    if (const auto value = text_of(integration, name); !value.empty()) shown.add({name, value});
  const auto& account = object_of(integration, "account");
  for (const auto* name : {"name", "id", "url"})
    if (const auto value = text_of(account, name); !value.empty()) shown.add({std::string("account ") + name, value});
  for (const auto& entry : array_of(integration, "limits")) {
    const auto& limit = object_of(entry);
    shown.add({"limit " + text_of(limit, "id"), text_of(limit, "used") + " of " + text_of(limit, "amount") + " used"});
  }
  shown.print(run.out(), run.how());
}

void change_mode(session& run, const std::string& mode) {
  const auto body = json::serialize(json::object{{"sync_mode", mode}});
  print_integration(run, run.daemon().send({.method = "PATCH", .path = run.path(""), .body = body}));
}

void check(session& run) {
  const auto given = run.daemon().send({.method = "POST", .path = run.path("/check")});
  const auto document = given.document();
  const auto& report = object_of(document);
  if (!flag_of(report, "ok")) run.outcome = exit_code::failed;
  if (run.printed_as_json(given)) return;
  const auto& how = run.how();
  const auto& account = object_of(report, "account");
  run.out() << (flag_of(report, "ok") ? how.paint("ok", colour::green) : how.paint("not ok", colour::red)) << "  " << run.integration();
  if (const auto name = text_of(account, "name"); !name.empty()) run.out() << "  " << printable(name);
  if (const auto id = text_of(account, "id"); !id.empty()) run.out() << " (" << printable(id) << ")";
  run.out() << '\n';
  for (const auto& entry : array_of(report, "findings")) {
    const auto& finding = object_of(entry);
    const bool error = text_of(finding, "severity") == "error";
    run.out() << "  " << how.paint(text_of(finding, "severity"), error ? colour::red : colour::yellow) << "  "
              << printable(text_of(finding, "message")) << '\n';
  }
}

void reconnect(session& run) {
  print_integration(run, run.daemon().send({.method = "POST", .path = run.path("/reconnect")}));
}

void provision(session& run) {
  const auto given = run.daemon().send({.method = "POST", .path = run.path("/provision")});
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  const auto& created = array_of(object_of(document), "created");
  if (created.empty()) run.out() << "Nothing to make: it is all there.\n";
  for (const auto& name : created) run.out() << "made " << printable(name.as_string()) << '\n';
}

void about_one(CLI::App* command, session& run, void (*action)(session&)) {
  command->add_option("name", run.integration_name, "The integration");
  command->callback([&run, action] { action(run); });
}

struct backfill_options {
  std::string event, since, until;
  bool no_wait = false;
};

void start_backfill(session& run, const backfill_options& options) {
  json::object body;
  for (const auto& [name, value] : {std::pair("event", &options.event), std::pair("since", &options.since), std::pair("until", &options.until)})
    if (!value->empty()) body[name] = *value;
  start_operation(run, "backfill", json::serialize(body), !options.no_wait);
}

void show(session& run) {
  call request;
  request.path = run.path("");
  print_integration(run, run.daemon().send(request));
}

}  // namespace

void add_integration_commands(CLI::App& app, session& run) {
  auto* integrations = app.add_subcommand("integrations", "Connected CRMs")->require_subcommand(1);
  integrations->add_subcommand("list", "All of them")->callback([&run] { list_integrations(run); });
  about_one(integrations->add_subcommand("show", "One of them"), run, show);
  about_one(integrations->add_subcommand("check", "Whether credentials, rights, schema and mapping are in order"), run, check);
  about_one(integrations->add_subcommand("reconnect", "Read the credentials again, and try"), run, reconnect);
  about_one(integrations->add_subcommand("provision", "Make our unique key field in the CRM"), run, provision);

  auto* backfill = integrations->add_subcommand("backfill", "Send leads that were there before the integration");
  auto chosen = std::make_shared<backfill_options>();
  backfill->add_option("name", run.integration_name, "The integration");
  backfill->add_option("--event", chosen->event, "Only leads of this event");
  backfill->add_option("--since", chosen->since, "Only leads accepted since (RFC 3339)");
  backfill->add_option("--until", chosen->until, "Only leads accepted before");
  backfill->add_flag("--no-wait", chosen->no_wait, "Do not wait for the end");
  backfill->callback([&run, chosen] { start_backfill(run, *chosen); });

  auto* mode = integrations->add_subcommand("mode", "Change the sync mode: [NAME] automatic|manual|disabled");
  auto words = std::make_shared<std::vector<std::string>>();
  mode->add_option("words", *words, "[NAME] automatic|manual|disabled")->required()->expected(1, 2);
  mode->callback([&run, words] {
    if (words->size() == 2) run.integration_name = words->front();
    change_mode(run, words->back());
  });
}

}  // namespace leadsync::client
