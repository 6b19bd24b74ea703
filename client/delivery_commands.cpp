#include "commands.h"

namespace leadsync::client {
namespace {

namespace json = boost::json;

void print_group(session& run, const json::object& group) {
  const auto& how = run.how();
  run.out() << how.paint(text_of(group, "title"), colour::bold) << "  " << how.paint(text_of(group, "code"), colour::dim) << "  "
            << how.paint(counted(number_of(group, "count"), "lead", "leads"), colour::red) << ", "
            << short_time(text_of(group, "first_seen")) << " to " << short_time(text_of(group, "last_seen")) << "\n"
            << text_of(group, "sentence") << "\n→ " << text_of(group, "action") << "\n\n";
}

/// Groups; with a category, its sub-groups.
void show_failed(session& run, const std::string& category, const std::string& event) {
  const auto document = run.get(run.path("/reconciliation" + query_of({{"event", event}})));
  if (run.printed_as_json(document)) return;
  const auto& groups = array_of(object_of(object_of(document), "failed"), "groups");
  if (category.empty()) {
    if (groups.empty() && run.how().terminal) {
      run.out() << run.how().paint("Nothing has failed.", colour::green) << '\n';
      return;
    }
    table shown({"category", "leads", "title", "first seen", "last seen", "fixer"});
    shown.align_right(1);
    for (const auto& entry : groups) {
      const auto& group = object_of(entry);
      shown.add({text_of(group, "code"), text_of(group, "count"), text_of(group, "title"), short_time(text_of(group, "first_seen")),
                 short_time(text_of(group, "last_seen")), text_of(group, "fixer")});
    }
    shown.print(run.out(), run.how());
    return;
  }
  for (const auto& entry : groups) {
    const auto& group = object_of(entry);
    if (text_of(group, "code") != category) continue;
    if (run.how().terminal) print_group(run, group);
    table shown({"leads", "where", "object", "remote field", "lead field", "value", "last seen"});
    shown.align_right(0);
    for (const auto& part : array_of(group, "sub_groups")) {
      const auto& sub_group = object_of(part);
      const auto& locus = object_of(sub_group, "locus");
      shown.add({text_of(sub_group, "count"), text_of(sub_group, "text"), text_of(locus, "object"), text_of(locus, "remote_field"),
                 text_of(locus, "lead_field"), text_of(locus, "value"), short_time(text_of(sub_group, "last_seen"))});
    }
    shown.print(run.out(), run.how());
    return;
  }
  throw failure(exit_code::not_found, "no lead has failed with " + category, "", "leadsync failed");
}

struct list_options {
  std::string state, category, object, remote_field, lead_field, value, event, text, since, until, format;
  bool warnings = false;
  std::int64_t limit = 100;
};

std::string state_of(const json::object& delivery) {
  const auto state = text_of(delivery, "state");
  if (state != "pre_sync") return state;
  const auto reason = text_of(delivery, "reason");
  return text_of(delivery, "condition") + (reason.empty() ? "" : ": " + reason);
}

std::string list_query(const list_options& options, std::int64_t limit, const std::string& cursor) {
  return query_of({{"state", options.state},
                   {"category", options.category},
                   {"object", options.object},
                   {"remote_field", options.remote_field},
                   {"lead_field", options.lead_field},
                   {"value", options.value},
                   {"event", options.event},
                   {"q", options.text},
                   {"since", options.since},
                   {"until", options.until},
                   {"warning", options.warnings ? "true" : ""},
                   {"limit", limit ? std::to_string(limit) : ""},
                   {"cursor", cursor}});
}

void list_deliveries(session& run, const list_options& options) {
  if (!options.format.empty()) {
    call request;
    request.path = run.path("/deliveries" + list_query(options, 0, ""));
    request.headers.emplace_back("Accept", options.format == "csv" ? "text/csv" : "application/x-ndjson");
    run.daemon().download(request, [&run](std::string_view bytes) { run.out() << bytes; });
    return;
  }
  table shown({"lead", "name", "e-mail", "company", "event", "state", "category", "where", "message"});
  std::string cursor;
  for (std::int64_t left = options.limit; left > 0;) {
    const auto document = run.get(run.path("/deliveries" + list_query(options, std::min<std::int64_t>(left, 500), cursor)));
    if (run.printed_as_json(document)) return;
    const auto& page = array_of(object_of(document), "deliveries");
    for (const auto& entry : page) {
      const auto& delivery = object_of(entry);
      shown.add({text_of(delivery, "lead"), text_of(delivery, "name"), text_of(delivery, "email"), text_of(delivery, "company"),
                 text_of(delivery, "event"), state_of(delivery), text_of(delivery, "category"), text_of(delivery, "text"),
                 text_of(delivery, "message")});
    }
    left -= std::int64_t(page.size());
    cursor = text_of(object_of(document), "next_cursor");
    if (cursor.empty()) break;
  }
  shown.print(run.out(), run.how());
  if (!cursor.empty() && run.how().terminal) run.out() << run.how().paint("There are more: --limit, or --export csv for all.", colour::dim) << '\n';
}

}  // namespace

void add_delivery_commands(CLI::App& app, session& run) {
  auto* failed = app.add_subcommand("failed", "Failed leads by category; with a category, by where they failed");
  auto category = std::make_shared<std::string>();
  auto event = std::make_shared<std::string>();
  failed->add_option("category", *category, "Such as NO_TAG_MAPPING");
  failed->add_option("--event", *event, "Only leads of this event");
  failed->callback([&run, category, event] { show_failed(run, *category, *event); });

  auto* deliveries = app.add_subcommand("deliveries", "Leads and where they are")->require_subcommand(1);
  auto* list = deliveries->add_subcommand("list", "Find them");
  auto options = std::make_shared<list_options>();
  list->add_option("--state", options->state, "pre_sync, held, queued, syncing, failed, cleared or dismissed");
  list->add_option("--category", options->category, "Such as NO_TAG_MAPPING");
  list->add_option("--object", options->object, "Where it failed: the CRM's object");
  list->add_option("--remote-field", options->remote_field, "Where it failed: the CRM's field");
  list->add_option("--lead-field", options->lead_field, "Where it failed: the lead's field");
  list->add_option("--value", options->value, "Where it failed: the value");
  list->add_option("--event", options->event, "Only leads of this event");
  list->add_option("-q,--text", options->text, "Part of name or e-mail");
  list->add_option("--since", options->since, "Accepted since (RFC 3339, or a day)");
  list->add_option("--until", options->until, "Accepted before");
  list->add_flag("--warnings", options->warnings, "Only those that a policy changed");
  list->add_option("--limit", options->limit, "At most so many")->check(CLI::Range(1, 1000000));
  list->add_option("--export", options->format, "All of them, as csv or ndjson")->check(CLI::IsMember({"csv", "ndjson"}));
  list->callback([&run, options] { list_deliveries(run, *options); });
}

}  // namespace leadsync::client
