#pragma once

#include "session.h"

#include <boost/json/object.hpp>

#include <functional>
#include <string>

namespace leadsync::client {

/// Reads the mapping, changes it, and saves it; begins again where somebody saved in between. The saved revision.
std::string change_mapping(session& run, const std::function<void(boost::json::object& mapping)>& change);

/// What the mapping would do to the leads that have failed; nothing is saved.
void preview_mapping(session& run, const boost::json::object& mapping, const std::string& category);

[[nodiscard]] boost::json::object current_mapping(session& run);

}  // namespace leadsync::client
