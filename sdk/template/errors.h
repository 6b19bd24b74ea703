// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <leadsync/plugin.hpp>

#include <boost/json.hpp>

/// What an answer that is not a success means, as members of a verdict or of a job's error: category, message, crm_code, locus, …
boost::json::object explain(const leadsync::sdk::answer& answer);
