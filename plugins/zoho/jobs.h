#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::zoho {

/// One coroutine per kind of job; each gives its result as JSON text. `job` outlives it.
sdk::task<std::string> check(const json::object* job);
sdk::task<std::string> authorize(const json::object* job);
sdk::task<std::string> describe(const json::object* job);
sdk::task<std::string> provision(const json::object* job);
sdk::task<std::string> synchronize(sdk::session_context context, const json::object* job);

/// The result of a job that failed as a whole.
std::string error_result(const sdk::answer& answer);
}  // namespace leadsync::zoho
