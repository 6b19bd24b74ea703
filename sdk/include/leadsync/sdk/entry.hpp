// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "leadsync/sdk/conversation.hpp"

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>

/// What the C contract calls a session. `fault` is set where the session could not even begin.
struct leadsync_session {
  std::unique_ptr<leadsync::sdk::detail::conversation> conversation;
  std::string fault;
};

namespace leadsync::sdk {

/// A plugin's one coroutine: from the job to its result, both JSON text.
using run_function = task<std::string> (*)(session_context context, std::string job_json);

namespace detail {

inline constexpr std::string_view out_of_memory_json = R"({"error":{"category":"PLUGIN_FAULT","message":"out of memory"}})";

inline std::string fault_json(std::string_view message) {
  std::string ascii(message);
  for (char& c : ascii)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';  // nobody promises that what() is UTF-8
  return R"({"error":{"category":"PLUGIN_FAULT","message":)" + json_quote(ascii) + "}}";
}

/// To be called in a catch block.
inline std::string fault_of_current_exception() {
  try {
    throw;
  } catch (const std::exception& failure) {
    return fault_json(failure.what());
  } catch (...) {
    return fault_json("an exception that is not a std::exception");
  }
}

inline leadsync_session& no_memory_session() {
  static leadsync_session session;
  return session;
}

template <run_function Run>
leadsync_session* open(const leadsync_host* host, leadsync_str job_json) noexcept {
  const auto session = new (std::nothrow) leadsync_session;
  if (!session) return &no_memory_session();
  try {
    session->conversation = std::make_unique<conversation>(host);
    session->conversation->start(Run(session_context(*session->conversation), std::string(to_view(job_json))));
  } catch (...) {
    session->conversation.reset();
    try {
      session->fault = fault_of_current_exception();
    } catch (...) {  // left empty: resume says that memory ran out
    }
  }
  return session;
}

inline void resume(leadsync_session* session, const leadsync_response* const* responses, std::size_t response_count,
                   leadsync_step* step) noexcept {
  const auto& talk = session->conversation;
  if (talk && session->fault.empty()) {
    try {
      talk->resume(responses, response_count, *step);
      return talk->hand_over(*step);
    } catch (...) {
      try {
        session->fault = fault_of_current_exception();
      } catch (...) {
        session->fault.clear();
      }
    }
  }
  *step = leadsync_step{step->struct_size, LEADSYNC_STEP_DONE, nullptr, 0, 0, {}, {}, {}};
  step->result_json = to_abi(session->fault.empty() ? out_of_memory_json : std::string_view(session->fault));
  try {
    if (talk) talk->hand_over(*step);
  } catch (...) {  // no memory for one closing bracket: those leads get the error instead
    step->verdicts_json = step->checkpoint = {};
  }
}

inline void close(leadsync_session* session) noexcept {
  if (session != &no_memory_session()) delete session;
}

}  // namespace detail

/// The C description of a plugin. `manifest_json` must live as long as the program.
template <run_function Run>
[[nodiscard]] leadsync_plugin define_plugin(std::string_view manifest_json) {
  leadsync_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi_major = LEADSYNC_ABI_MAJOR;
  plugin.abi_minor = LEADSYNC_ABI_MINOR;
  plugin.manifest_json = detail::to_abi(manifest_json);
  plugin.open = &detail::open<Run>;
  plugin.resume = &detail::resume;
  plugin.close = &detail::close;
  return plugin;
}

}  // namespace leadsync::sdk

/// Defines the library's one exported symbol. `manifest`: an expression that gives text with static lifetime; `run`: a run_function.
#define LEADSYNC_DEFINE_PLUGIN(manifest, run)                                                    \
  extern "C" LEADSYNC_EXPORT const leadsync_plugin* leadsync_plugin_entry(void) {                \
    try {                                                                                        \
      static const leadsync_plugin plugin = leadsync::sdk::define_plugin<&run>(manifest);        \
      return &plugin;                                                                            \
    } catch (...) {                                                                              \
      return nullptr; /* the daemon lists the plugin with an error */                            \
    }                                                                                            \
  }
