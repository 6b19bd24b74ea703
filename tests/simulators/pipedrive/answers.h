#pragma once

#include "pipedrive/company.h"

#include <charconv>
#include <optional>

namespace leadsync::simulator::pipedrive {

/// One request on its way through the API: `/api/v2/persons/7` is version 2, segments {"persons", "7"}.
struct call {
  const request& raw;
  int version = 1;
  std::vector<std::string> segments;
  instant now;
  json::value body;  ///< null where the request has none, or one of another content type

  [[nodiscard]] bool is(std::string_view method) const { return raw.method == method; }
  [[nodiscard]] std::string_view segment(std::size_t index) const { return index < segments.size() ? std::string_view(segments[index]) : std::string_view(); }
  [[nodiscard]] const json::object& object() const {
    static const json::object none;
    return body.is_object() ? body.get_object() : none;
  }
  [[nodiscard]] std::string parameter(std::string_view name) const { return raw.parameter(name).value_or(""); }
  [[nodiscard]] std::int64_t number(std::string_view name, std::int64_t otherwise) const;
};

[[nodiscard]] response ok(json::value data, json::value additional = nullptr, int status = 200);
/// v2 validation: all faults in one text.
[[nodiscard]] response invalid(const company& account, const std::vector<std::string>& faults, std::string_view field_code = {});
/// The old envelope with error_info and nulls.
[[nodiscard]] response refuse(int status, std::string_view error, std::string_view info = "Please check developers.pipedrive.com for more information about Pipedrive API.");
[[nodiscard]] response entity_not_found();
[[nodiscard]] response unknown_path();
/// 429, 401 and the like, in the CRM's words; status 0 for a kind that it does not have.
[[nodiscard]] response fault_body(const company& account, std::string_view kind);

/// v2: without a fraction of a second.
[[nodiscard]] std::string v2_time(instant at);
/// v1: "2019-12-09 13:59:21".
[[nodiscard]] std::string v1_time(instant at);

/// A page by opaque cursor; `rows` are all that match.
[[nodiscard]] response cursor_page(const call& from, json::array rows, std::int64_t most = 500);
/// A page by start and limit.
[[nodiscard]] response offset_page(const call& from, json::array rows);

}  // namespace leadsync::simulator::pipedrive
