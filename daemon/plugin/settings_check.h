#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace leadsync {

/// Why an integration's settings do not fit the manifest's schema of them; empty where they do. Of JSON Schema it knows `properties` with `type` and
/// `enum`, and `required`; a setting that the schema does not name is refused, because it would be without effect.
[[nodiscard]] std::string settings_misfit(const boost::json::object& schema, std::string_view settings_json);

}  // namespace leadsync
