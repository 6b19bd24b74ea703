#pragma once

#include "plugin/manifest.h"
#include "transport/account_transport.h"

#include <string>
#include <string_view>

namespace leadsync {

/// Null where the plugin has none of this kind.
[[nodiscard]] const plugin_manifest::credential* find_credential(const plugin_manifest& about, std::string_view kind);

/// What a manifest says of the way to an account; `base_url` (an operator's; may be empty) replaces its api base. `credential_kind` is one of the
/// manifest's. Secrets, proxy and the like are the caller's.
[[nodiscard]] account_options account_options_of(const plugin_manifest& about, const std::string& base_url, std::string_view credential_kind);

/// Of an authorize job's result; what it lacks or misspells is taken as not said.
[[nodiscard]] authorization_result authorization_result_of(std::string_view result_json);

}  // namespace leadsync
