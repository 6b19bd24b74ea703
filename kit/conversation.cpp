#include "conversation.h"

#include "finding.h"

#include "plugin/session.h"
#include "runtime/sync_job.h"

#include <boost/json.hpp>

namespace leadsync::kit {
namespace {

constexpr std::size_t most_turns = 5'000;
constexpr auto step_limit = std::chrono::seconds(5);

/// What the daemon itself would call a fault of the plugin.
void check_fault(const plugin_library& plugin, const plugin_step& step) {
  if (step.kind != plugin_step::kind::done) return;
  auto failure = parse_job_failure(step.result_json);
  const auto ours = "plugin " + plugin.manifest().name + " " + plugin.manifest().version + ": ";
  if (failure && *failure && (*failure)->message.starts_with(ours))
    throw finding((*failure)->message.substr(ours.size()), "sdk/plugin.h: nothing is thrown, and a step holds what its comments say");
}

plugin_step advance(plugin_session& session, const plugin_library& plugin, const std::vector<plugin_response>& responses) {
  const auto begun = std::chrono::steady_clock::now();
  auto step = session.resume(responses);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  if (took > step_limit)
    throw finding("a step took " + std::to_string(took.count()) + " ms; leadsyncd abandons a session after 5 s", "sdk/plugin.h, leadsync_plugin.resume");
  check_fault(plugin, step);
  return step;
}

plugin_run run_of(const sample_job& job) { return {.run_id = 1, .lead_count = std::uint32_t(job.entries.size())}; }

}  // namespace

std::string text_of(const plugin_request& request) {
  static constexpr const char* effects[] = {"read", "keyed_write", "blind_write"};
  auto text = request.method + " " + request.url + " (" + effects[int(request.effect)] + ")";
  for (const auto& header : request.headers) text += "\n" + header.name + ": " + header.value;
  return text + "\n" + request.body;
}

played play(const std::shared_ptr<const plugin_library>& plugin, const sample_job& job, const responder& answer) {
  const auto& about = plugin->manifest();
  attempt_book book(phase_rules_of(about), job.entries, job.companies);
  auto session = plugin_session::open(plugin, job.json, run_of(job));
  played made;
  std::vector<plugin_response> responses;
  std::size_t sent = 0;
  for (std::size_t turns = 0;; ++turns) {
    if (turns == most_turns)
      throw finding("the session does not end: " + std::to_string(most_turns) + " steps so far", "sdk/plugin.h, leadsync_step_kind: DONE ends a session");
    auto step = advance(session, *plugin, responses);
    for (auto& each : check_verdicts(book, step.verdicts_json, sent)) made.verdicts.push_back(std::move(each));
    if (step.kind == plugin_step::kind::done) {
      made.result_json = std::move(step.result_json);
      break;
    }
    responses.clear();
    auto& turn = made.turns.emplace_back();
    turn.wait = step.wait;
    for (auto& request : step.requests) {
      check_request(about, job, request);
      responses.push_back(answer(request, sent++));
      turn.exchanges.push_back({std::move(request), responses.back()});
    }
  }
  check_end(about, job, book, made);
  return made;
}

void play_and_close(const std::shared_ptr<const plugin_library>& plugin, const sample_job& job, const responder& answer, std::size_t turns) {
  auto session = plugin_session::open(plugin, job.json, run_of(job));
  std::vector<plugin_response> responses;
  std::size_t sent = 0;
  for (std::size_t turn = 0; turn <= turns; ++turn) {
    const auto step = advance(session, *plugin, responses);
    if (step.kind == plugin_step::kind::done) return;
    responses.clear();
    for (const auto& request : step.requests) responses.push_back(answer(request, sent++));
  }
}

}  // namespace leadsync::kit
