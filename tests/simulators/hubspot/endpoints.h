#pragma once

#include "hubspot/answers.h"

namespace leadsync::simulator::hubspot {

// One function per area of the API; `call.where.segments` begin after the area.

[[nodiscard]] response handle_objects(portal& account, const call& from);
[[nodiscard]] response handle_search(portal& account, object_type& type, const call& from);
[[nodiscard]] response handle_record_associations(portal& account, object_type& type, const call& from);
[[nodiscard]] response handle_associations(portal& account, const call& from);
[[nodiscard]] response handle_properties(portal& account, const call& from);
[[nodiscard]] response handle_property_validations(portal& account, const call& from);
[[nodiscard]] response handle_schemas(portal& account, const call& from);
[[nodiscard]] response handle_lists(portal& account, const call& from);
[[nodiscard]] response handle_owners(portal& account, const call& from);
[[nodiscard]] response handle_account_info(portal& account, const call& from);
[[nodiscard]] response handle_oauth(portal& account, const call& from);

/// The 401 or 403 of a call that may not be made.
[[nodiscard]] std::optional<response> refuse_caller(portal& account, const call& from);

/// `/_simulator/...`; status 0 for paths of others.
[[nodiscard]] response administer_portal(portal& account, const request& raw, const std::vector<std::string>& segments, const json::value& body, instant now);

}  // namespace leadsync::simulator::hubspot
