#include "runtime/integration.h"
#include "sync/backoff.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace leadsync {

using boost::asio::awaitable;
using namespace std::chrono_literals;

namespace {

std::string objects_member(const plugin_manifest& about) {
  boost::json::array names;
  for (const auto& each : about.objects) names.emplace_back(each.name);
  return ",\"objects\":" + boost::json::serialize(names);
}

/// The member `name` of an object text, serialised; empty where there is none.
std::string member_text(std::string_view json, std::string_view name) {
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(json, failure);
  if (failure || !parsed.is_object()) return {};
  const auto* found = parsed.get_object().if_contains(name);
  return found ? boost::json::serialize(*found) : std::string();
}

std::vector<std::string> string_array(std::string_view json, std::string_view name) {
  std::vector<std::string> made;
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(json, failure);
  if (failure || !parsed.is_object()) return made;
  const auto* found = parsed.get_object().if_contains(name);
  if (!found || !found->is_array()) return made;
  for (const auto& each : found->get_array())
    if (each.is_string()) made.emplace_back(each.get_string());
  return made;
}

bool lacks_key_fields(const remote_schema& schema) {
  return std::any_of(schema.objects.begin(), schema.objects.end(), [](const auto& each) { return each.key_field.empty(); });
}

void add_problems(check_report& report, std::string_view result_json) {
  boost::system::error_code failure;
  const auto parsed = boost::json::parse(result_json, failure);
  if (failure || !parsed.is_object()) return;
  const auto* problems = parsed.get_object().if_contains("problems");
  if (!problems || !problems->is_array()) return;
  for (const auto& each : problems->get_array()) {
    if (!each.is_object()) continue;
    const auto* message = each.get_object().if_contains("message");
    const auto* code = each.get_object().if_contains("category");
    check_report::finding made{.severity = "error", .what = category::unexpected};
    if (message && message->is_string()) made.message = message->get_string().c_str();
    if (code && code->is_string()) made.what = parse_category(code->get_string().c_str()).value_or(category::unexpected);
    report.findings.push_back(std::move(made));
  }
}

}  // namespace

awaitable<integration::simple_job> integration::run_simple_job(std::string kind, std::string members, bool authorizing) {
  auto job = begin_job(kind, frame(), now(), context_.random());
  job += members;
  job += '}';
  job_hooks hooks;
  hooks.send = [this, authorizing](outgoing_request request) {
    return authorizing ? account_->send_authorize(std::move(request)) : account_->send(std::move(request));
  };
  const plugin_run no_run;
  auto ended = co_await run_job(context_.workers, plugin_, std::move(job), std::move(hooks), no_run);
  simple_job made;
  made.result_json = std::move(ended.result_json);
  if (ended.token) {
    made.failure.emplace();
    made.failure->what = ended.token->confirmed ? category::authentication : category::connection;
    made.failure->message = ended.token->message;
    co_return made;
  }
  if (ended.failure) {
    made.failure.emplace();
    made.failure->what = category::plugin_fault;
    made.failure->message = ended.failure->context;
    co_return made;
  }
  auto failure = parse_job_failure(made.result_json);
  if (!failure) {
    made.failure.emplace();
    made.failure->what = category::plugin_fault;
    made.failure->message = failure.error().context;
  } else {
    made.failure = std::move(*failure);
  }
  co_return made;
}

/// What a failed check or describe says of the connection, and its error for who asked.
error integration::failed_job(std::string_view kind, const job_failure& failure) {
  connection_report seen{.message = failure.message};
  const bool refused = failure.what == category::authentication || failure.what == category::permission;
  if (refused) seen.refused = failure.what;
  if (failure.what == category::connection) seen.connection_failed = true;
  report(seen);
  return make_error(refused ? errc::not_permitted : errc::unavailable,
                    std::string(kind) + " failed: " + std::string(code_of(failure.what)) + ": " + failure.message);
}

awaitable<result<>> integration::refresh_account() {
  if (!plugin_->manifest().offers("check")) co_return result<>();
  auto ended = co_await run_simple_job("check", "", false);
  if (ended.failure) co_return failed_job("check", *ended.failure);
  adopt_account(ended.result_json);
  co_return result<>();
}

void integration::adopt_account(std::string_view check_result) {
  account_json_ = member_text(check_result, "account");
  account_checked_ = true;
  account_->identify(known_account());
}

awaitable<result<>> integration::adopt_schema(remote_schema described) {
  auto adopted = std::make_shared<const remote_schema>(std::move(described));
  schema_record record{.schema_json = to_json(*adopted), .account_json = account_json_, .fingerprint = fingerprint(*adopted),
                       .fetched_at = now()};
  auto saved = co_await context_.data.save_schema(record_.id, record);
  if (!saved) co_return saved;
  schema_ = std::move(adopted);
  schema_fetched_at_ = record.fetched_at;
  if (!mapping_) {
    auto fields = default_mapping_of(plugin_->manifest(), *schema_);
    auto text = leadsync::to_json(fields);
    principal daemon{0, "leadsyncd"};
    auto revision = co_await context_.data.save_mapping(record_.id, std::move(text), 0, std::move(daemon));
    if (!revision) co_return revision.error();
    record_.mapping_revision = *revision;
    mapping_ = std::move(fields);
  }
  co_return co_await use_mapping();
}

awaitable<result<>> integration::use_mapping() {
  auto fields = std::make_shared<const mapping>(*mapping_);
  auto options = plugin_ ? render_options_of(plugin_->manifest()) : render_options{};
  rendering_ = std::make_shared<const rendering>(
      rendering{fields, schema_, record_.mapping_revision, compiled_mapping(fields, schema_, std::move(options))});
  claims_.signal();
  co_return result<>();
}

awaitable<result<>> integration::refresh_schema_once() {
  if (account_json_.empty() || !account_checked_) {
    auto checked = co_await refresh_account();
    if (!checked) co_return checked;
  }
  for (;;) {
    auto ended = co_await run_simple_job("describe", objects_member(plugin_->manifest()), false);
    if (ended.failure) co_return failed_job("describe", *ended.failure);
    auto described = parse_remote_schema(ended.result_json);
    if (!described) co_return with_context(described.error(), "the plugin's description of the CRM");
    const bool provisions = settings_.provision && !provisioned_ && plugin_->manifest().offers("provision");
    if (!provisions || !lacks_key_fields(*described)) {
      auto adopted = co_await adopt_schema(std::move(*described));
      if (adopted) report(connection_report{.any_success = true});
      co_return adopted;
    }
    // Before the first lead: what is written without a key can only be found again by a search that lags.
    provisioned_ = true;
    auto made = co_await run_simple_job("provision", objects_member(plugin_->manifest()), false);
    if (made.failure) spdlog::warn("integration={} could not make its key fields: {}", settings_.name, made.failure->message);
  }
}

awaitable<result<>> integration::refresh_schema() {
  if (auto why = problem(); !why.empty()) co_return make_error(errc::unavailable, std::move(why));
  if (refreshing_) {
    while (refreshing_ && !stopping_) co_await refreshed_.wait_until(std::chrono::steady_clock::now() + 1s);
    refreshed_.signal();  // the next of those who wait
    co_return last_refresh_;
  }
  refreshing_ = true;
  last_refresh_ = co_await refresh_schema_once();
  refreshing_ = false;
  refreshed_.signal();
  failed_refreshes_ = last_refresh_ ? 0 : failed_refreshes_ + 1;
  next_refresh_ = last_refresh_ ? now() + context_.settings.schema_refresh
                                : now() + 500ms + full_jitter(failed_refreshes_, 1s, 60s, context_.random());
  if (!last_refresh_) log_failure("describing the CRM", last_refresh_.error());
  claims_.signal();
  upkeep_.signal();
  co_return last_refresh_;
}

/// Keeps schema and account fresh. While the breaker is open a lead is the probe, where there is a schema to render it by.
awaitable<void> integration::upkeep_loop() {
  while (!stopping_) {
    const auto at = now();
    const bool may = problem().empty() && record_.mode != sync_mode::disabled && (!breaker_.open() || !schema_);
    auto due = next_refresh_;
    if (schema_fetched_at_) due = std::max(due, *schema_fetched_at_ + context_.settings.schema_refresh);
    if (!schema_ && breaker_.open()) due = std::max(due, breaker_.next_probe().value_or(at));
    if (may && due <= at) {
      co_await refresh_schema();
      continue;
    }
    const auto pause = may ? std::min<std::chrono::milliseconds>(due - at, 60s) : std::chrono::milliseconds(60s);
    co_await upkeep_.wait_until(std::chrono::steady_clock::now() + pause);
  }
}

awaitable<result<check_report>> integration::check() {
  check_report report;
  if (auto why = problem(); !why.empty()) {
    report.findings.push_back({"error", category::none, std::move(why)});
    co_return report;
  }
  if (plugin_->manifest().offers("check")) {
    auto ended = co_await run_simple_job("check", "", false);
    if (ended.failure) {
      report.findings.push_back({"error", ended.failure->what, ended.failure->message});
      co_return report;
    }
    adopt_account(ended.result_json);
    add_problems(report, ended.result_json);
  }
  report.account_json = account_json_;
  auto refreshed = co_await refresh_schema();
  if (!refreshed) {
    report.findings.push_back({"error", category::none, refreshed.error().context});
    co_return report;
  }
  for (const auto& each : mapping_->fields) {
    const auto* object = schema_->find(each.object);
    const auto* field = object ? object->find(each.remote_field) : nullptr;
    const auto name = each.object + "." + each.remote_field;
    if (!field) report.findings.push_back({"error", category::missing_remote_field, name + " is mapped and does not exist: remap or clear it"});
    else if (!field->creatable && !field->updatable)
      report.findings.push_back({"error", category::field_not_writable, name + " is mapped and read-only: remap or clear it"});
  }
  for (const auto& object : schema_->objects)
    if (object.key_field.empty() && plugin_->manifest().offers("provision"))
      report.findings.push_back({"warning", category::none,
                                 object.name + " has no key field of ours, so a write without an answer cannot always be looked up: "
                                 "set `provision: true`, or run `leadsync integrations provision " + settings_.name + "`"});
  report.ok = std::none_of(report.findings.begin(), report.findings.end(), [](const auto& each) { return each.severity == "error"; });
  co_return report;
}

awaitable<result<std::vector<std::string>>> integration::provision() {
  if (auto why = problem(); !why.empty()) co_return make_error(errc::unavailable, std::move(why));
  if (!plugin_->manifest().offers("provision"))
    co_return make_error(errc::invalid_input, "the plugin " + settings_.plugin + " has nothing to provision");
  auto ended = co_await run_simple_job("provision", objects_member(plugin_->manifest()), false);
  if (ended.failure) co_return failed_job("provision", *ended.failure);
  auto created = string_array(ended.result_json, "created");
  auto refreshed = co_await refresh_schema();
  if (!refreshed) co_return refreshed.error();
  co_return created;
}

}  // namespace leadsync
