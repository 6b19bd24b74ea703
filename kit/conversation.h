#pragma once

#include "contract.h"

#include "plugin/library.h"

#include <functional>
#include <memory>

namespace leadsync::kit {

/// Answers a request; `number` counts them from 0 within the session.
using responder = std::function<plugin_response(const plugin_request&, std::size_t number)>;

/// Plays a session to its end, as the daemon would, and holds each step to the contract: throws a finding.
[[nodiscard]] played play(const std::shared_ptr<const plugin_library>& plugin, const sample_job& job, const responder& answer);

/// Plays until `turns` steps with requests or waits were answered, then closes the session where it is.
void play_and_close(const std::shared_ptr<const plugin_library>& plugin, const sample_job& job, const responder& answer, std::size_t turns);

/// "POST /people", its body and its effect, for comparing.
[[nodiscard]] std::string text_of(const plugin_request& request);

}  // namespace leadsync::kit
