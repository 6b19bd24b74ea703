#pragma once

#include "base/instant.h"
#include "transport/exchange.h"
#include "transport/limit_definition.h"

#include <optional>
#include <string_view>

namespace leadsync {

[[nodiscard]] const std::string* find_header(const header_list& headers, std::string_view lower_case_name);
/// `Retry-After`, in seconds or as a date.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const header_list& headers, instant now);
[[nodiscard]] limit_report read_report(const limit_definition& of, const header_list& headers);

}  // namespace leadsync
