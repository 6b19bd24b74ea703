// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leadsync/plugin.hpp>

#include <boost/json.hpp>

#include <string_view>

/// What an answer that is not a success means, as members of a verdict or of a job's error: category, message, crm_code, locus, … `object` is the
/// manifest's name of what was written.
boost::json::object explain(const leadsync::sdk::answer& answer, std::string_view object = {});
