#pragma once

#include "model/category.h"
#include "model/locus.h"
#include "runtime/commands.h"
#include "store/records.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::api {

// How records look in JSON. Ids are strings, times RFC 3339 UTC, what does not apply is null.

[[nodiscard]] boost::json::value to_view(const std::optional<instant>& at);
[[nodiscard]] boost::json::value text_or_null(std::string_view text);
/// Stored JSON text; null where there is none, or where it cannot be read.
[[nodiscard]] boost::json::value parsed_or_null(std::string_view text);

[[nodiscard]] std::string_view to_text(actor who);
[[nodiscard]] std::string_view to_text(disposition what);
[[nodiscard]] boost::json::object to_view(const category_info& info);
[[nodiscard]] boost::json::value category_or_null(category what);

[[nodiscard]] boost::json::object to_view(const locus& where);
[[nodiscard]] boost::json::value locus_or_null(const locus& where);
/// `Timeline "Within 6 months" → contact.timeline`; empty for an empty locus.
[[nodiscard]] std::string text_of(const locus& where);

[[nodiscard]] boost::json::object to_view(const principal& by);
[[nodiscard]] boost::json::object to_view(const plugin_listing& plugin);
[[nodiscard]] boost::json::object to_view(const integration_status& status);
[[nodiscard]] boost::json::object to_view(const check_report& report);
[[nodiscard]] boost::json::object to_view(const operation_record& operation, const std::vector<integration_status>& integrations);
[[nodiscard]] boost::json::object to_view(const import_record& record);
[[nodiscard]] boost::json::object to_view(const lead_record& lead);
[[nodiscard]] boost::json::object to_view(const event_record& event);
[[nodiscard]] boost::json::object to_view(const audit_record& record);

}  // namespace leadsync::api
