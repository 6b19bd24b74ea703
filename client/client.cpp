#include "client.h"

#include "commands.h"

namespace leadsync::client {
namespace {

void print(const session& run, const failure& reason) {
  auto& err = run.err();
  err << "leadsync: " << printable(reason.what()) << '\n';
  if (!reason.why.empty()) err << "  " << printable(reason.why) << '\n';
  if (!reason.next.empty()) err << "  → " << printable(reason.next) << '\n';
}

}  // namespace

int run(std::vector<std::string> arguments, surroundings around) {
  session current(around);
  CLI::App app("Gets every lead captured at an event into the CRM, and says why when one cannot.", "leadsync");
  app.fallthrough();
  app.require_subcommand(1);
  app.set_version_flag("--version", "leadsync " LEADSYNC_VERSION);
  app.add_option("--socket", current.socket_path, "The daemon's socket (else $LEADSYNC_SOCKET, else /run/leadsync/api.sock)");
  app.add_option("-i,--integration", current.integration_name, "Which integration; may be left out where there is only one");
  app.add_flag("--json", current.json, "Print the API's answer unchanged");
  app.footer("Exit codes: 0 done, 1 failed, 2 wrong usage, 3 daemon unreachable, 4 not permitted, 5 not found, 6 conflict,\n"
             "7 done for some only, 75 try later.");
  add_status_commands(app, current);
  add_integration_commands(app, current);
  add_import_commands(app, current);
  add_delivery_commands(app, current);
  add_log_command(app, current);
  add_mapping_commands(app, current);
  add_value_commands(app, current);
  add_retry_commands(app, current);
  add_lead_commands(app, current);
  add_plugin_commands(app, current);

  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& refused) {
    const int code = app.exit(refused, around.out, around.err);
    return code == 0 ? 0 : int(exit_code::usage);
  } catch (const failure& reason) {
    print(current, reason);
    return int(reason.code);
  } catch (const std::exception& reason) {
    print(current, failure(exit_code::failed, reason.what()));
    return int(exit_code::failed);
  }
  return int(current.outcome);
}

}  // namespace leadsync::client
