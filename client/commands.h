#pragma once

#include "session.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace leadsync::client {

void add_status_commands(CLI::App& app, session& run);
void add_integration_commands(CLI::App& app, session& run);
void add_import_commands(CLI::App& app, session& run);
void add_delivery_commands(CLI::App& app, session& run);
void add_log_command(CLI::App& app, session& run);
void add_mapping_commands(CLI::App& app, session& run);
void add_value_commands(CLI::App& app, session& run);
void add_retry_commands(CLI::App& app, session& run);
void add_lead_commands(CLI::App& app, session& run);
void add_plugin_commands(CLI::App& app, session& run);

/// Starts a retry, release or backfill (POST …/retries or …/backfill), waits for its end unless told not to, and says what became of it.
void start_operation(session& run, std::string_view what, const std::string& body, bool wait);

/// The whole of a file, or of standard input for "-". Throws failure that says what is wrong with it.
[[nodiscard]] std::string read_file(const std::string& name);

}  // namespace leadsync::client
