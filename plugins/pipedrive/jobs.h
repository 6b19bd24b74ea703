#pragma once
#include "json.h"

#include <leadsync/plugin.hpp>

namespace leadsync::pipedrive {

/// The name of the field that `provision` makes.
inline constexpr std::string_view key_label = "leadsync key";

/// One coroutine per kind of job; each gives its result as JSON text. `job` outlives it.
sdk::task<std::string> check(const json::object* job);
sdk::task<std::string> authorize(const json::object* job);
sdk::task<std::string> describe(const json::object* job);
sdk::task<std::string> provision(const json::object* job);
sdk::task<std::string> synchronize(sdk::session_context context, const json::object* job);

/// Every page of a v2 list, or the answer that is none of its pages.
struct listing {
  json::array rows;
  sdk::answer refused;
  bool complete = false;
};
sdk::task<listing> list_fields(const json::object* job, std::string path);

/// The result of a job that an answer ended.
std::string error_result(const sdk::answer& answer);
}  // namespace leadsync::pipedrive
