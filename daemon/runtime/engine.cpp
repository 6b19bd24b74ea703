#include "runtime/engine.h"

#include "model/json_text.h"
#include "plugin/crash_note.h"
#include "plugin/host.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace leadsync {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

void log_plugin_line(plugin_log_line line) {
  const auto level = line.severity == plugin_severity::error     ? spdlog::level::err
                     : line.severity == plugin_severity::warning ? spdlog::level::warn
                     : line.severity == plugin_severity::info    ? spdlog::level::info
                                                                 : spdlog::level::debug;
  spdlog::log(level, "plugin={} run={} {}", line.plugin, line.run_id, line.text);
}

/// Deliveries that an operation moves in one commit: small enough that intake does not wait long behind it.
constexpr int operation_chunk = 10'000;

/// How long a blind write of a plugin that is not usable now may take to arrive and to be found.
constexpr auto unknown_settle = 5min;

}  // namespace

engine::engine(boost::asio::any_io_executor executor, store& data, engine_settings settings)
    : context_{executor, data, std::make_shared<worker_pool>(settings.plugin_threads), std::make_shared<http_client>(executor),
               std::make_shared<account_limits>(executor), settings, std::mt19937_64(std::random_device()())},
      housekeeping_(executor),
      work_(executor) {}

engine::~engine() = default;

awaitable<result<>> engine::start() {
  set_plugin_log(log_plugin_line);
  const auto crashed_run = note_crashes();
  catalog_ = plugin_catalog::scan(context_.settings.plugin_folders, crashes_);
  for (const auto& each : catalog_.entries())
    if (!each.error.empty()) spdlog::error("plugin {} is not usable: {}", each.path.string(), each.error);

  std::vector<integration_seed> seeds;
  for (const auto& each : context_.settings.integrations) seeds.push_back({each.name, each.plugin, each.events, each.mode});
  auto records = co_await context_.data.register_integrations(std::move(seeds));
  if (!records) co_return records.error();
  for (std::size_t i = 0; i < records->size(); ++i) {
    const auto& settings = context_.settings.integrations[i];
    integrations_.push_back(std::make_unique<class integration>(context_, settings, (*records)[i], catalog_.find(settings.plugin)));
    auto restored = co_await integrations_.back()->restore();
    if (!restored) co_return with_context(restored.error(), "integration " + settings.name);
  }
  auto recovered = co_await recover(crashed_run);
  if (!recovered) co_return recovered;
  for (auto& each : integrations_) {
    auto held = co_await each->hold_ambiguous_companies();
    if (!held) co_return held;
  }
  auto unfinished = co_await context_.data.unfinished_operations();
  if (!unfinished) co_return unfinished.error();
  for (auto& each : *unfinished)
    if (each.state == "applying") work_.spawn(apply_operation(std::move(each)));
  for (auto& each : integrations_) each->start();
  work_.spawn(housekeeping());
  co_return result<>();
}

/// The run on which the last process worked when a plugin crashed it; 0 where none did. Before any plugin is loaded: that may crash, too.
std::int64_t engine::note_crashes() {
  const auto& folder = context_.settings.state_folder;
  auto book = crash_book::open(folder / "plugin-crashes");
  if (book) crashes_ = std::move(*book);
  else spdlog::error("earlier crashes of plugins are not known: {}", book.error().context);
  auto note = read_and_clear_crash_note(folder / "crash-note");
  if (!note) spdlog::warn("the crash note cannot be read: {}", note.error().context);
  auto installed = install_crash_note(folder / "crash-note");
  if (!installed) spdlog::warn("crashes inside plugins will not be noted: {}", installed.error().context);
  if (!note || !*note) return 0;
  const auto& crash = **note;
  spdlog::error("plugin={} run={} crashed the last process with signal {}", crash.plugin, crash.run_id, crash.signal);
  auto counted = crashes_.add(crash);
  if (!counted) spdlog::error("the crash of plugin {} is not counted: {}", crash.plugin, counted.error().context);
  return crash.run_id;
}

/// A run that is still open is what the last process had in flight. Where a blind write was announced it is looked up before anything
/// is sent again, and no earlier than it could still arrive and be found.
awaitable<result<>> engine::recover(std::int64_t crashed_run) {
  auto runs = co_await context_.data.interrupted_runs();
  if (!runs) co_return runs.error();
  for (const auto& run : *runs) {
    const auto found = std::find_if(integrations_.begin(), integrations_.end(), [&](const auto& each) { return each->id() == run.integration; });
    auto* owner = found != integrations_.end() && (*found)->plugin() ? found->get() : nullptr;
    std::chrono::milliseconds wait = run.blind_write ? unknown_settle : 0ms;
    if (owner && run.blind_write) wait = owner->plugin()->manifest().deadline + owner->plugin()->manifest().settle;
    const bool crashed = crashed_run == run.run.value;
    if (owner && !crashed) {
      auto adopted = co_await owner->adopt_run(run, now() + wait);
      if (!adopted) co_return adopted.error();
      if (*adopted) continue;
    }
    auto recovered = co_await context_.data.recover_run(run.run, now() + wait, crashed);
    if (!recovered) co_return recovered;
  }
  if (!runs->empty()) spdlog::info("recovered {} runs that the last process left open", runs->size());
  co_return result<>();
}

awaitable<void> engine::stop_integration(class integration* each) { co_await each->stop(); }

awaitable<void> engine::stop() {
  stopping_ = true;
  housekeeping_.signal();
  gate stops(context_.executor);
  for (auto& each : integrations_) stops.spawn(stop_integration(each.get()));
  co_await stops.wait();
  co_await work_.wait();
  context_.client->stop();
}

awaitable<void> engine::housekeeping() {
  while (!stopping_) {
    co_await housekeeping_.wait_until(std::chrono::steady_clock::now() + 10min);
    for (bool more = true; more && !stopping_;) {
      const auto at = now();
      auto pruned = co_await context_.data.prune(at - context_.settings.body_retention, at - context_.settings.attempt_retention);
      if (!pruned) spdlog::error("pruning failed: {}", pruned.error().context);
      more = pruned && *pruned;
    }
  }
}

integration* engine::find(std::string_view name) const {
  const auto found = std::find_if(integrations_.begin(), integrations_.end(), [&](const auto& each) { return each->name() == name; });
  return found == integrations_.end() ? nullptr : found->get();
}

error engine::unknown(std::string_view name) const {
  std::string known;
  for (const auto& each : integrations_) known += (known.empty() ? "" : ", ") + each->name();
  return make_error(errc::not_found, "no integration \"" + std::string(name) + "\"; there is " + (known.empty() ? "none" : known));
}

awaitable<void> engine::audit(std::string action, std::string name, principal by, std::string detail_json) {
  audit_record record{.at = now(), .by = std::move(by), .action = std::move(action), .integration = std::move(name),
                      .detail_json = std::move(detail_json)};
  auto added = co_await context_.data.add_audit(std::move(record));
  if (!added) spdlog::error("audit: {}", added.error().context);
}

std::vector<plugin_listing> engine::plugins() const {
  std::vector<plugin_listing> made;
  for (const auto& each : catalog_.entries())
    made.push_back({each.name, each.title, each.version, each.path.string(), each.sha256,
                    each.library ? each.library->quarantine_reason() : each.error});
  return made;
}

std::vector<integration_status> engine::integrations() const {
  std::vector<integration_status> made;
  for (const auto& each : integrations_) made.push_back(each->status());
  return made;
}

result<integration_status> engine::integration(std::string_view name) const {
  const auto* found = find(name);
  if (!found) return unknown(name);
  return found->status();
}

commands::task<> engine::set_sync_mode(std::string name, sync_mode mode, principal by) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  auto set = co_await found->set_mode(mode, by);
  if (!set) co_return set;
  co_await audit("set_sync_mode", name, by, "{\"sync_mode\":\"" + std::string(to_text(mode)) + "\"}");
  co_return set;
}

commands::task<check_report> engine::check(std::string name) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  co_return co_await found->check();
}

commands::task<> engine::reconnect(std::string name, principal by) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  const auto& configured = context_.settings.integrations;
  const auto at = std::find_if(configured.begin(), configured.end(), [&](const auto& each) { return each.name == name; });
  auto reread = context_.settings.reread_secrets ? context_.settings.reread_secrets(*at) : *at;
  co_await audit("reconnect", name, by, "{}");
  co_return co_await found->reconnect(std::move(reread), by);
}

commands::task<remote_schema> engine::schema(std::string name) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  const auto cached = found->current_schema();
  if (!cached)
    co_return make_error(errc::unavailable, "the CRM of " + name + " has not been described yet; see `leadsync integrations check " + name + "`");
  co_return *cached;
}

commands::task<remote_schema> engine::refresh_schema(std::string name) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  auto refreshed = co_await found->refresh_schema();
  if (!refreshed) co_return refreshed.error();
  co_return *found->current_schema();
}

commands::task<std::vector<std::string>> engine::provision(std::string name, principal by) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  co_await audit("provision", name, by, "{}");
  co_return co_await found->provision();
}

commands::task<std::int64_t> engine::save_mapping(std::string name, mapping fields, std::int64_t expected_revision, principal by) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  auto saved = co_await found->save_mapping(std::move(fields), expected_revision, by);
  if (!saved) co_return saved;
  co_await audit("save_mapping", name, by,
                 "{\"revision\":" + std::to_string(*saved) + ",\"before\":" + std::to_string(expected_revision) + "}");
  co_return saved;
}

commands::task<mapping> engine::default_mapping(std::string name) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  if (!found->plugin() || !found->current_schema())
    co_return make_error(errc::unavailable, "the CRM of " + name + " has not been described yet");
  co_return default_mapping_of(found->plugin()->manifest(), *found->current_schema());
}

commands::task<operation_record> engine::start_operation(std::string name, operation_kind kind, delivery_filter filter, principal by) {
  auto* found = find(name);
  if (!found) co_return unknown(name);
  operation_seed seed{.integration = found->id(), .kind = kind, .filter = std::move(filter), .by = by};
  auto created = co_await context_.data.create_operation(std::move(seed));
  if (!created) co_return created;
  constexpr const char* actions[] = {"retry", "release", "backfill"};
  co_await audit(actions[int(kind)], name, by,
                 "{\"operation\":\"" + to_string(created->id) + "\",\"total\":" + std::to_string(created->total) + "}");
  work_.spawn(apply_operation(*created));
  co_return created;
}

awaitable<void> engine::apply_operation(operation_record operation) {
  while (operation.state == "applying" && !stopping_) {
    auto advanced = co_await context_.data.advance_operation(operation.id, operation_chunk);
    if (advanced) {
      operation = std::move(*advanced);
      leads_changed();
      continue;
    }
    spdlog::error("operation={} {}", operation.id.value, advanced.error().context);
    co_await sleep_for(1s);
  }
}

commands::task<operation_record> engine::cancel_operation(operation_id operation, principal by) {
  auto cancelled = co_await context_.data.cancel_operation(operation, by);
  if (!cancelled) co_return cancelled;
  co_await audit("cancel_operation", "", by, "{\"operation\":\"" + to_string(operation) + "\"}");
  leads_changed();
  co_return cancelled;
}

commands::task<operation_record> engine::wait_for_operation(operation_id operation, std::chrono::milliseconds longest_wait) {
  const auto until = std::chrono::steady_clock::now() + longest_wait;
  for (;;) {
    auto found = co_await context_.data.find_operation(operation);
    if (!found || found->finished_at || std::chrono::steady_clock::now() >= until || stopping_) co_return found;
    co_await sleep_for(100ms);
  }
}

void engine::leads_changed() {
  for (auto& each : integrations_) each->leads_changed();
}

}  // namespace leadsync
