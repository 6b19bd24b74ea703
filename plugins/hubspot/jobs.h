#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::hubspot {

/// One coroutine per kind of job; each gives its result as JSON text. `job` outlives it.
sdk::task<std::string> check();
sdk::task<std::string> authorize();
sdk::task<std::string> describe(const json::object* job);
sdk::task<std::string> provision(const json::object* job);
sdk::task<std::string> synchronize(sdk::session_context context, const json::object* job);
}  // namespace leadsync::hubspot
