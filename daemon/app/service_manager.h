#pragma once

#include "base/error.h"

#include <chrono>
#include <optional>
#include <string>

/// What systemd is told, and what it gives. All of it does nothing where no service manager started us.
namespace leadsync::service_manager {

void notify_starting(const std::string& status);  ///< asks for time: a migration may take minutes
void notify_ready(const std::string& status);
void notify_status(const std::string& status);
void notify_reloading();
void notify_stopping();

/// How often it wants to hear `ping_watchdog`; nothing where it does not care.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval();
void ping_watchdog();

/// The listening socket named "api", or the only one. Nothing where none was passed.
[[nodiscard]] result<std::optional<int>> passed_socket();

}  // namespace leadsync::service_manager
