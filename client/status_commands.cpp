#include "commands.h"

namespace leadsync::client {
namespace {

namespace json = boost::json;

constexpr std::size_t sub_groups_shown = 3;

void print_waiting(session& run, const json::object& pre_sync) {
  const auto& how = run.how();
  if (const auto held = number_of(pre_sync, "held"))
    run.out() << "  " << how.paint("held", colour::yellow) << "  " << grouped(held) << ": " << text_of(pre_sync, "reason") << '\n';
  for (const auto& entry : array_of(pre_sync, "because")) {
    const auto& reason = object_of(entry);
    run.out() << "  " << how.paint("waiting", colour::yellow) << "  " << grouped(number_of(reason, "count")) << ": "
              << text_of(reason, "title") << " (" << text_of(reason, "category") << ")\n";
  }
}

void print_groups(session& run, const json::array& groups) {
  const auto& how = run.how();
  for (const auto& entry : groups) {
    const auto& group = object_of(entry);
    run.out() << "\n  " << how.paint(grouped(number_of(group, "count")), colour::red) << "  "
              << how.paint(text_of(group, "title"), colour::bold) << "  " << how.paint(text_of(group, "code"), colour::dim) << '\n';
    std::size_t shown = 0;
    const auto& parts = array_of(group, "sub_groups");
    for (const auto& part : parts) {
      const auto text = text_of(object_of(part), "text");
      if (text.empty()) continue;
      if (shown++ == sub_groups_shown) {
        run.out() << "      " << how.paint("and " + std::to_string(parts.size() - sub_groups_shown) + " more", colour::dim) << '\n';
        break;
      }
      run.out() << "      " << grouped(number_of(object_of(part), "count")) << "  " << printable(text) << '\n';
    }
    run.out() << "      " << how.paint(text_of(group, "action"), colour::dim) << '\n';
  }
}

void print_status(session& run, const json::object& integration, const json::object& figures) {
  const auto& how = run.how();
  const auto& pre_sync = object_of(figures, "pre_sync");
  const auto& failed = object_of(figures, "failed");
  const auto waiting = number_of(pre_sync, "total");
  const auto cleared = number_of(figures, "cleared");
  const auto failing = number_of(failed, "total");
  run.out() << how.paint(text_of(integration, "name"), colour::bold) << "  " << text_of(integration, "plugin") << ", "
            << text_of(integration, "sync_mode") << ", " << text_of(integration, "schedule") << '\n';
  for (const auto* name : {"problem", "breaker_message"})
    if (const auto text = text_of(integration, name); !text.empty()) run.out() << "  " << how.paint(printable(text), colour::red) << '\n';
  if (how.terminal) {
    const std::vector<bar_part> parts{{cleared, colour::green, "█"}, {failing, colour::red, "▓"}, {waiting, colour::yellow, "░"}};
    run.out() << "  " << bar(parts, std::min<std::size_t>(how.width - 4, 60), how) << '\n';
  }
  run.out() << "  " << how.paint("cleared " + grouped(cleared), colour::green) << "   "
            << how.paint("failed " + grouped(failing), failing ? colour::red : colour::none) << "   pre-sync " << grouped(waiting);
  if (waiting)
    run.out() << " (" << grouped(number_of(pre_sync, "held")) << " held, " << grouped(number_of(pre_sync, "queued")) << " queued, "
              << grouped(number_of(pre_sync, "syncing")) << " syncing)";
  if (const auto dismissed = number_of(figures, "dismissed")) run.out() << "   dismissed " << grouped(dismissed);
  run.out() << '\n';
  print_waiting(run, pre_sync);
  print_groups(run, array_of(failed, "groups"));
}

struct status_options {
  std::string event, since, until;
};

void show_status(session& run, const status_options& options) {
  const auto query = query_of({{"event", options.event}, {"since", options.since}, {"until", options.until}});
  if (run.json) {
    call request;
    request.path = run.path("/reconciliation" + query);
    static_cast<void>(run.printed_as_json(run.daemon().send(request)));
    return;
  }
  const auto document = run.get("/v1/integrations");
  const auto& integrations = array_of(object_of(document), "integrations");
  bool found = false;
  for (const auto& entry : integrations) {
    const auto& integration = object_of(entry);
    const auto name = text_of(integration, "name");
    if (!run.integration_name.empty() && run.integration_name != name) continue;
    if (found) run.out() << '\n';
    found = true;
    const auto figures = run.get("/v1/integrations/" + percent_encoded(name) + "/reconciliation" + query);
    print_status(run, integration, object_of(figures));
  }
  if (found) return;
  if (!run.integration_name.empty()) static_cast<void>(run.get(run.path("")));  // for its message
  run.out() << "No integration is configured: see /etc/leadsync/integrations.d\n";
}

void list_categories(session& run) {
  const auto document = run.get("/v1/categories");
  if (run.printed_as_json(document)) return;
  table shown({"category", "title", "who", "fixer", "what to do"});
  for (const auto& entry : array_of(object_of(document), "categories")) {
    const auto& info = object_of(entry);
    shown.add({text_of(info, "code"), text_of(info, "title"), text_of(info, "actor"), text_of(info, "fixer"), text_of(info, "action")});
  }
  shown.print(run.out(), run.how());
}

void list_plugins(session& run) {
  const auto document = run.get("/v1/plugins");
  if (run.printed_as_json(document)) return;
  table shown({"plugin", "version", "title", "state", "path"});
  for (const auto& entry : array_of(object_of(document), "plugins")) {
    const auto& plugin = object_of(entry);
    const auto error = text_of(plugin, "error");
    shown.add({text_of(plugin, "name"), text_of(plugin, "version"), text_of(plugin, "title"), error.empty() ? "loaded" : error, text_of(plugin, "path")});
  }
  shown.print(run.out(), run.how());
}

}  // namespace

void add_status_commands(CLI::App& app, session& run) {
  auto* status = app.add_subcommand("status", "What is cleared, what failed and why, what waits");
  auto options = std::make_shared<status_options>();
  status->add_option("--event", options->event, "Only leads of this event");
  status->add_option("--since", options->since, "Only leads accepted since (RFC 3339, or a day)");
  status->add_option("--until", options->until, "Only leads accepted before");
  status->callback([&run, options] { show_status(run, *options); });
  app.add_subcommand("categories", "Why leads fail, and what fixes each")->callback([&run] { list_categories(run); });
  app.add_subcommand("plugins", "Plugins that the daemon has found")->callback([&run] { list_plugins(run); });
}

}  // namespace leadsync::client
