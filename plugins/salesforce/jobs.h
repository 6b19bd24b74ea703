#pragma once
#include "errors.h"
#include "values.h"

namespace leadsync::salesforce {

/// One coroutine per kind of job; each gives its result as JSON text. `job` outlives it.
sdk::task<std::string> check(const json::object* job);
sdk::task<std::string> authorize(const json::object* job);
sdk::task<std::string> describe(const json::object* job);
sdk::task<std::string> provision(const json::object* job);
sdk::task<std::string> synchronize(sdk::session_context context, const json::object* job);

/// `{"error": …}`
std::string error_result(const failure& why, std::size_t request);
/// What the job asks for, and the strategy has.
std::vector<sobject> wanted_objects(const json::object& job);
std::string describe_url(const sobject& kind);
/// Unique and usable as match key.
bool has_key_field(const json::object& described);
}  // namespace leadsync::salesforce
