#pragma once

#include "app/config/secret_source.h"
#include "base/error.h"
#include "runtime/settings.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace leadsync {

/// One file of integrations.d: the integration is named after the file where it has no `name`. Secrets are read at once; one that cannot be
/// read is no error of the file: the integration says so in `secrets_problem`, and is held.
[[nodiscard]] result<integration_settings> parse_integration(std::string_view text, const std::filesystem::path& file);
[[nodiscard]] result<integration_settings> load_integration(const std::filesystem::path& file);

/// At most 1 MiB.
[[nodiscard]] result<std::string> read_text_file(const std::filesystem::path& file);

}  // namespace leadsync
