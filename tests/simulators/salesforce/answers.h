#pragma once

#include "http/message.h"
#include "salesforce/writer.h"

#include <boost/json.hpp>

namespace leadsync::simulator::salesforce {

/// One request on its way through the API; `path` begins after /services/data/vXX.X.
struct call {
  const request& raw;
  std::vector<std::string> path;
  std::string version;  ///< "62.0"
  instant now;
  json::value body;  ///< null where the request has none

  [[nodiscard]] bool is(std::string_view method) const;
  [[nodiscard]] std::string_view segment(std::size_t index) const { return index < path.size() ? std::string_view(path[index]) : std::string_view(); }
  [[nodiscard]] write_terms terms() const;
};

[[nodiscard]] response ok(const json::value& body, int status = 200);
/// `[{"message":…,"errorCode":…}]`
[[nodiscard]] response refuse(int status, std::string_view code, std::string_view message);
[[nodiscard]] inline response not_found() { return refuse(404, "NOT_FOUND", "The requested resource does not exist"); }
[[nodiscard]] response method_not_allowed(const call& from, std::string_view allowed);
/// A value that cannot be read fails the whole call; its place in the body is told.
[[nodiscard]] response unreadable(const call& from, const row_result& why);
/// 401, 500 and the like in Salesforce's words; status 0 for a kind that is not a whole answer.
[[nodiscard]] response fault_body(std::string_view kind);

[[nodiscard]] std::string_view text_member(const json::object& from, std::string_view name);

// One function per area of the API.
[[nodiscard]] response handle_collections(org& account, const call& from);  ///< composite/sobjects
[[nodiscard]] response handle_composite(org& account, const call& from);    ///< composite
[[nodiscard]] response handle_records(org& account, const call& from);      ///< sobjects
[[nodiscard]] response handle_query(org& account, const call& from);
[[nodiscard]] response handle_tooling(org& account, const call& from);
[[nodiscard]] response handle_ingest(org& account, const call& from);       ///< jobs/ingest
[[nodiscard]] response handle_limits(org& account, const call& from);
[[nodiscard]] response handle_oauth(org& account, const request& raw, std::string_view what, instant now);
[[nodiscard]] response administer_org(org& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now);

}  // namespace leadsync::simulator::salesforce
