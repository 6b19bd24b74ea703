#include "commands.h"

#include <boost/json/serialize.hpp>

#include <random>

namespace leadsync::client {
namespace {

namespace json = boost::json;

struct retry_options {
  std::string lead, category, event, note;
  bool all = false, held = false, queued = false, dry_run = false, no_wait = false, undo = false;
};

json::object body_of(const retry_options& options) {
  json::object body;
  for (const auto& [name, value] : {std::pair("lead", &options.lead), std::pair("category", &options.category), std::pair("event", &options.event),
                                    std::pair("note", &options.note)})
    if (!value->empty()) body[name] = *value;
  for (const auto& [name, value] :
       {std::pair("all", options.all), std::pair("held", options.held), std::pair("queued", options.queued), std::pair("dry_run", options.dry_run)})
    if (value) body[name] = true;
  return body;
}

void add_selection(CLI::App* command, retry_options& options) {
  command->add_option("lead", options.lead, "One lead, by its id");
  command->add_option("--category", options.category, "Failed leads of this category");
  command->add_option("--event", options.event, "Leads of this event");
  command->add_flag("--all", options.all, "All failed leads");
}

std::string new_key() {
  std::random_device source;
  std::string key;
  for (int i = 0; i < 4; ++i) key += std::to_string(source()) + (i < 3 ? "-" : "");
  return key;
}

void print_count(session& run, const std::string& path, const json::object& body) {
  const auto given = run.daemon().send({.method = "POST", .path = path, .body = json::serialize(body)});
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  run.out() << counted(number_of(object_of(document), "count"), "lead", "leads") << ", about "
            << counted(number_of(object_of(document), "estimated_calls"), "call", "calls") << " of the CRM's API\n";
}

void show_operation_progress(session& run, const json::object& operation) {
  if (!run.shows_progress()) return;
  const auto done = number_of(operation, "cleared") + number_of(operation, "still_failing") + number_of(operation, "moved") +
                    number_of(operation, "skipped");
  run.err() << "\r\x1b[K" << grouped(done) << " of " << grouped(number_of(operation, "total")) << std::flush;
}

void print_operation(session& run, const json::object& operation) {
  run.out() << "Operation " << text_of(operation, "id") << " (" << text_of(operation, "kind") << ", " << text_of(operation, "state")
            << "): " << counted(number_of(operation, "total"), "lead", "leads") << ", " << grouped(number_of(operation, "cleared")) << " cleared, "
            << grouped(number_of(operation, "moved")) << " moved to another category, " << grouped(number_of(operation, "still_failing"))
            << " still failing";
  if (const auto skipped = number_of(operation, "skipped")) run.out() << ", " << grouped(skipped) << " skipped";
  run.out() << '\n';
}

void finish(session& run, const answer& given, const json::object& operation) {
  if (number_of(operation, "still_failing") + number_of(operation, "moved") > 0) run.outcome = exit_code::partial;
  if (!run.printed_as_json(given)) print_operation(run, operation);
}

void retry(session& run, const retry_options& options) {
  const auto body = body_of(options);
  if (options.dry_run) print_count(run, run.path("/retries"), body);
  else start_operation(run, "retries", json::serialize(body), !options.no_wait);
}

void dismiss(session& run, const retry_options& options) {
  call request;
  request.method = options.undo ? "DELETE" : "POST";
  request.path = run.path("/dismissals");
  request.body = json::serialize(body_of(options));
  const auto given = run.daemon().send(request);
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  run.out() << counted(number_of(object_of(document), "count"), "lead", "leads")
            << (options.dry_run ? " would be changed\n" : options.undo ? " counted again\n" : " dismissed\n");
}

void operation(session& run, const std::string& id, const char* method) {
  call request;
  request.method = method;
  request.path = "/v1/operations/" + percent_encoded(id);
  const auto given = run.daemon().send(request);
  if (run.printed_as_json(given)) return;
  const auto document = given.document();
  print_operation(run, object_of(document));
}

}  // namespace

void start_operation(session& run, std::string_view what, const std::string& body, bool wait) {
  call request;
  request.method = "POST";
  request.path = run.path("/" + std::string(what));
  request.body = body;
  request.headers.emplace_back("Idempotency-Key", new_key());
  auto given = run.daemon().send(request);
  auto document = given.document();
  const auto id = text_of(object_of(document), "id");
  const auto done = [&document] {
    const auto state = text_of(object_of(document), "state");
    return state == "done" || state == "cancelled";
  };
  while (wait && !done()) {
    show_operation_progress(run, object_of(document));
    request = call();
    request.path = "/v1/operations/" + percent_encoded(id) + "?wait=" + (run.shows_progress() ? "1s" : "30s");
    given = run.daemon().send(request);
    document = given.document();
  }
  if (wait && run.shows_progress()) run.err() << "\r\x1b[K" << std::flush;
  finish(run, given, object_of(document));
}

void add_retry_commands(CLI::App& app, session& run) {
  auto* command = app.add_subcommand("retry", "Try failed leads again, with today's mapping");
  auto options = std::make_shared<retry_options>();
  add_selection(command, *options);
  command->add_flag("--held", options->held, "Leads that are held");
  command->add_flag("--queued", options->queued, "Leads that wait for a time");
  command->add_flag("--dry-run", options->dry_run, "Only say how many");
  command->add_flag("--no-wait", options->no_wait, "Do not wait for the end");
  command->callback([&run, options] { retry(run, *options); });

  auto* release = app.add_subcommand("release", "Send leads that are held, by manual mode or a schedule");
  auto released = std::make_shared<retry_options>();
  release->add_option("lead", released->lead, "One lead, by its id; all held ones without it");
  release->add_flag("--all", released->all, "All held leads");
  release->add_option("--event", released->event, "Only leads of this event");
  release->add_flag("--dry-run", released->dry_run, "Only say how many");
  release->add_flag("--no-wait", released->no_wait, "Do not wait for the end");
  release->callback([&run, released] {
    released->all = false;  // the API's `all` means failed ones
    released->held = released->lead.empty();
    retry(run, *released);
  });

  auto* dismissal = app.add_subcommand("dismiss", "Keep failed leads, but out of the counts");
  auto dismissed = std::make_shared<retry_options>();
  add_selection(dismissal, *dismissed);
  dismissal->add_option("--note", dismissed->note, "Why");
  dismissal->add_flag("--undo", dismissed->undo, "Take dismissals back");
  dismissal->add_flag("--dry-run", dismissed->dry_run, "Only say how many");
  dismissal->callback([&run, dismissed] { dismiss(run, *dismissed); });

  auto* operations = app.add_subcommand("operations", "Retries and releases under way")->require_subcommand(1);
  auto id = std::make_shared<std::string>();
  auto* show = operations->add_subcommand("show", "How far one is");
  show->add_option("id", *id, "The operation")->required();
  show->callback([&run, id] { operation(run, *id, "GET"); });
  auto* cancel = operations->add_subcommand("cancel", "Give back what it has not begun");
  cancel->add_option("id", *id, "The operation")->required();
  cancel->callback([&run, id] { operation(run, *id, "DELETE"); });
}

}  // namespace leadsync::client
