#pragma once

#include "conversation.h"

#include <filesystem>
#include <string>
#include <vector>

namespace leadsync::kit {

/// A conversation, as sdk/protocol.md ("Transcript") writes it down.
struct transcript {
  std::string name;  ///< of its file
  sample_job job;
  played session;
};

/// Every *.json of a folder, by name; or the one file. Throws std::runtime_error that names file and member.
[[nodiscard]] std::vector<transcript> read_transcripts(const plugin_manifest& about, const std::filesystem::path& from);
[[nodiscard]] std::string to_json(const plugin_manifest& about, const sample_job& job, const played& session);

/// Answers out of a transcript: what was answered to the same request, else to one of the same method and path, else something that an API may say.
[[nodiscard]] responder answers_of(const transcript& recorded);
/// 200 with an id, for whom no transcript tells better.
[[nodiscard]] plugin_response plain_answer(const plugin_request& request);

}  // namespace leadsync::kit
