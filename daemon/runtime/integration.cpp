#include "runtime/integration.h"

#include "plugin/settings_check.h"
#include "runtime/account_setup.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace leadsync {

using boost::asio::awaitable;

namespace {

/// Why the configuration does not fit the plugin; empty where it does.
std::string misfit(const integration_settings& settings, const plugin_manifest& about) {
  const auto* credential = find_credential(about, settings.credential_kind);
  if (!credential) {
    std::string known;
    for (const auto& each : about.credentials) known += (known.empty() ? "" : ", ") + each.kind;
    return settings.file.string() + ": the plugin has no credential \"" + settings.credential_kind + "\"; it has " + known;
  }
  if (!settings.secrets_problem.empty()) return settings.secrets_problem;
  for (const auto& name : credential->secrets)
    if (!settings.secrets.contains(name))
      return settings.file.string() + ": credential \"" + credential->kind + "\" needs `" + name + "`";
  for (const auto& ceiling : settings.limits)
    if (std::none_of(about.limits.begin(), about.limits.end(), [&](const auto& each) { return each.id == ceiling.first; }))
      return settings.file.string() + ": the plugin has no limit `" + ceiling.first + "`";
  const auto why = settings_misfit(about.settings, settings.settings_json);
  return why.empty() ? why : settings.file.string() + ": " + why;
}

}  // namespace

integration::integration(runtime_context& context, integration_settings settings, integration_record record,
                         result<std::shared_ptr<const plugin_library>> plugin)
    : context_(context),
      settings_(std::move(settings)),
      record_(std::move(record)),
      breaker_({record_.breaker, record_.breaker_category, record_.breaker_message}, now()),
      last_tick_(now()),
      claims_(context.executor),
      upkeep_(context.executor),
      refreshed_(context.executor),
      pauses_(context.executor),
      work_(context.executor) {
  if (!plugin) {
    problem_ = plugin.error().context;
    return;
  }
  plugin_ = std::move(*plugin);
  problem_ = misfit(settings_, plugin_->manifest());
  if (problem_.empty()) make_account();
}

account_options integration::make_account_options() const {
  auto options = account_options_of(plugin_->manifest(), settings_.base_url, settings_.credential_kind);
  options.name = settings_.name;
  options.shared_limits = context_.limits;
  options.realm = settings_.plugin + ' ' + settings_.base_url;
  options.secrets = settings_.secrets;
  options.ca_file = settings_.ca_file;
  options.proxy = settings_.proxy;
  options.user_agent = "leadsync/" + context_.settings.version;
  for (auto& each : options.limits)
    if (const auto ceiling = settings_.limits.find(each.id); ceiling != settings_.limits.end()) each.amount = ceiling->second;
  return options;
}

void integration::make_account() {
  account_callbacks callbacks;
  callbacks.authorize = [this] { return authorize(); };
  callbacks.persist = [this](std::vector<token_value> tokens) {
    std::vector<stored_secret> secrets;
    for (auto& each : tokens) secrets.push_back({each.name, each.value, each.expires_at});
    return context_.data.save_secrets(record_.id, std::move(secrets));
  };
  callbacks.persist_usage = [this](std::string usage) { return context_.data.save_usage(settings_.name, std::move(usage)); };
  account_ = std::make_unique<account_transport>(context_.executor, context_.client, make_account_options(), std::move(callbacks));
}

/// Of `account_json_`.
remote_account integration::known_account() const {
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(account_json_, failure);
  if (failure || !parsed.is_object()) return {};
  const auto text = [&](const char* name) {
    const auto* found = parsed.get_object().if_contains(name);
    return found && found->is_string() ? std::string(found->get_string()) : std::string();
  };
  return {text("id"), text("time_zone")};
}

awaitable<result<authorization_result>> integration::authorize() {
  auto ended = co_await run_simple_job("authorize", ",\"credential\":\"" + settings_.credential_kind + "\",\"grant\":\"refresh\"", true);
  if (ended.failure) {
    const bool refused = ended.failure->what == category::authentication || ended.failure->what == category::permission;
    co_return make_error(refused ? errc::not_permitted : errc::unavailable, ended.failure->message);
  }
  co_return authorization_result_of(ended.result_json);
}

awaitable<result<>> integration::restore() {
  auto schema = co_await context_.data.load_schema(record_.id);
  if (!schema) co_return schema.error();
  if (*schema) {
    account_json_ = (*schema)->account_json;
    schema_fetched_at_ = (*schema)->fetched_at;
    auto parsed = parse_remote_schema((*schema)->schema_json);
    if (parsed) schema_ = std::make_shared<const remote_schema>(std::move(*parsed));
  }
  auto saved = co_await context_.data.load_mapping(record_.id, 0);
  if (!saved) co_return saved.error();
  if (*saved) {
    auto parsed = parse_mapping((*saved)->json);
    if (!parsed) co_return with_context(parsed.error(), "stored mapping of " + settings_.name);
    mapping_ = std::move(*parsed);
    record_.mapping_revision = (*saved)->revision;
  }
  auto secrets = co_await context_.data.load_secrets(record_.id);
  if (!secrets) co_return secrets.error();
  auto usage = co_await context_.data.load_usage(settings_.name);
  if (!usage) co_return usage.error();
  for (auto& each : *secrets) stored_tokens_.push_back({each.name, each.value, each.expires_at});
  if (account_) {
    account_->identify(known_account());
    account_->restore(stored_tokens_, *usage);
  }
  if (schema_ && mapping_) co_return co_await use_mapping();
  co_return result<>();
}

awaitable<result<>> integration::hold_ambiguous_companies() {
  auto held = co_await context_.data.ambiguous_companies(record_.id);
  if (!held) co_return held.error();
  for (auto& each : *held) {
    busy_.companies.insert(each.key);
    held_companies_[std::move(each.key)] = each.not_before;
  }
  co_return result<>();
}

void integration::start() {
  if (!problem_.empty()) {
    spdlog::error("integration={} is not usable: {}", settings_.name, problem_);
    return;
  }
  work_.spawn(upkeep_loop());
  work_.spawn(claim_loop());
  for (auto& run : std::exchange(adopted_, {})) work_.spawn(resume(std::move(run)));
}

awaitable<void> integration::stop() {
  stopping_ = true;
  if (account_) account_->stop();
  claims_.signal();
  upkeep_.signal();
  refreshed_.signal();
  pauses_.break_off();
  co_await work_.wait();
  if (!account_) co_return;
  auto usage = account_->usage();
  auto saved = co_await context_.data.save_usage(settings_.name, std::move(usage));
  if (!saved) log_failure("storing what was used of the limits", saved.error());
}

job_frame integration::frame() const {
  return {.api_base = settings_.base_url.empty() ? plugin_->manifest().api_base : settings_.base_url,
          .settings_json = settings_.settings_json,
          .account_json = account_json_,
          .installation = context_.data.installation_id()};
}

std::string integration::problem() const {
  if (problem_.empty() && plugin_) return plugin_->quarantine_reason();
  return problem_;
}

hold_view integration::view(instant) const {
  return {.usable = problem().empty(),
          .mode = record_.mode,
          .breaker_open = breaker_.open(),
          .breaker = breaker_.current().state,
          .next_probe = breaker_.next_probe(),
          .probing = probing_,
          .has_schema = schema_ != nullptr,
          .has_mapping = rendering_ != nullptr,
          .when = &settings_.when,
          .tick = tick_};
}

integration_status integration::status() const {
  const auto at = now();
  const auto gate = admit(view(at), at);
  integration_status made;
  made.id = record_.id;
  made.name = settings_.name;
  made.plugin = settings_.plugin;
  made.mode = record_.mode;
  made.schedule = to_text(settings_.when);
  made.next_tick = next_tick(settings_.when, at);
  made.breaker = breaker_.current().state;
  made.breaker_category = breaker_.current().what;
  made.breaker_message = breaker_.current().message;
  made.breaker_since = record_.breaker_since;
  made.hold = gate.reason;
  made.problem = problem();
  if (made.problem.empty() && !schema_ && !last_refresh_) made.problem = last_refresh_.error().context;
  made.in_flight = std::int64_t(taken_.size());
  made.mapping_revision = record_.mapping_revision;
  made.schema_fetched_at = schema_fetched_at_;
  made.account_json = account_json_;
  made.limits_json = account_ ? account_->limits_json() : "{}";
  return made;
}

void integration::leads_changed() {
  window_stale_ = true;
  claims_.signal();
}

awaitable<result<>> integration::set_mode(sync_mode mode, principal by) {
  auto stored = co_await context_.data.set_sync_mode(record_.id, mode, std::move(by));
  if (!stored) co_return stored;
  record_.mode = mode;
  leads_changed();
  upkeep_.signal();
  co_return result<>();
}

awaitable<result<>> integration::reconnect(integration_settings reread, principal) {
  if (!plugin_ || plugin_->quarantined()) co_return make_error(errc::unavailable, problem());
  settings_.secrets = std::move(reread.secrets);
  settings_.secrets_problem = std::move(reread.secrets_problem);
  const bool was_unusable = !problem_.empty();
  problem_ = misfit(settings_, plugin_->manifest());
  if (!problem_.empty()) co_return make_error(errc::invalid_input, problem_);
  auto cleared = co_await context_.data.clear_secrets(record_.id);
  if (!cleared) co_return cleared;
  if (!account_) make_account();
  account_->replace_secrets(settings_.secrets);
  account_checked_ = false;
  if (was_unusable) start();
  breaker_.probe_now(now());
  co_return co_await refresh_schema();
}

awaitable<result<std::int64_t>> integration::save_mapping(mapping fields, std::int64_t expected_revision, principal by) {
  auto saved = co_await context_.data.save_mapping(record_.id, to_json(fields), expected_revision, std::move(by));
  if (!saved) co_return saved;
  mapping_ = std::move(fields);
  record_.mapping_revision = *saved;
  if (schema_) {
    auto used = co_await use_mapping();
    if (!used) co_return used.error();
  }
  leads_changed();
  co_return saved;
}

void integration::report(connection_report run) {
  if (!breaker_.report(run, now(), context_.random())) return;
  const auto& current = breaker_.current();
  record_.breaker_since = breaker_.open() ? std::optional(now()) : std::nullopt;
  if (breaker_.open()) spdlog::warn("integration={} holds its leads: {} ({})", settings_.name, to_text(current.state), current.message);
  else spdlog::info("integration={} is connected again", settings_.name);
  work_.spawn(store_breaker());
}

awaitable<void> integration::store_breaker() {
  const auto current = breaker_.current();
  auto stored = co_await context_.data.set_breaker(record_.id, current.state, current.what, current.message);
  if (!stored) log_failure("storing the breaker", stored.error());
}

void integration::log_failure(std::string_view what, const error& why) const {
  spdlog::error("integration={} {}: {}: {}", settings_.name, what, to_text(why.code), why.context);
}

}  // namespace leadsync
