#pragma once

#include "salesforce/org.h"

#include <string_view>

namespace leadsync::simulator::salesforce {

/// Why a signed token (JWT bearer) of the connected app is not taken, in Salesforce's words; empty where it is.
[[nodiscard]] std::string_view assertion_refusal(const sessions& app, std::string_view token, instant now);

}  // namespace leadsync::simulator::salesforce
