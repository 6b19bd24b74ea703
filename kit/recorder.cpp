#include "recorder.h"

#include "transcript.h"

#include "runtime/account_setup.h"
#include "runtime/job_runner.h"
#include "transport/http_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace leadsync::kit {
namespace {

namespace json = boost::json;
using boost::asio::awaitable;

std::pair<std::string, std::string> pair_of(const std::string& text) {
  const auto sign = text.find('=');
  if (sign == text.npos || sign == 0) throw std::runtime_error("\"" + text + "\": NAME=VALUE is needed");
  return {text.substr(0, sign), text.substr(sign + 1)};
}

/// true, false and numbers as such, all else as text.
std::string settings_json(const std::vector<std::string>& pairs) {
  json::object made;
  for (const auto& each : pairs) {
    const auto [name, text] = pair_of(each);
    boost::system::error_code failure;
    auto value = json::parse(text, failure);
    if (failure || !(value.is_bool() || value.is_number())) value = text;
    made[name] = std::move(value);
  }
  return json::serialize(made);
}

class recorder {
 public:
  recorder(std::shared_ptr<const plugin_library> plugin, const recording& how, std::filesystem::path folder, boost::asio::io_context& context)
      : plugin_(std::move(plugin)), about_(plugin_->manifest()), folder_(std::move(folder)), workers_(std::make_shared<worker_pool>(1)) {
    credential_ = how.credential.empty() && !about_.credentials.empty() ? about_.credentials.front().kind : how.credential;
    const auto known = std::find_if(about_.credentials.begin(), about_.credentials.end(), [&](const auto& each) { return each.kind == credential_; });
    if (known == about_.credentials.end()) throw std::runtime_error("the manifest has no credential of kind \"" + credential_ + "\"");
    settings_ = settings_json(how.settings);
    auto options = account_options_of(about_, how.base_url, credential_);
    api_base_ = options.api_base;
    for (const auto& each : how.secrets) {
      auto [name, value] = pair_of(each);
      options.secrets.insert_or_assign(name, secret(value));
    }
    for (const auto& name : known->secrets)
      if (!options.secrets.contains(name)) throw std::runtime_error("--secret " + name + "=VALUE is needed for credential \"" + credential_ + "\"");
    account_callbacks callbacks;
    callbacks.authorize = [this] { return authorize(); };
    callbacks.persist = [](std::vector<token_value>) -> awaitable<result<>> { co_return result<>(); };
    callbacks.persist_usage = [](std::string) -> awaitable<result<>> { co_return result<>(); };
    account_ = std::make_unique<account_transport>(context.get_executor(), std::make_shared<http_client>(context.get_executor()), std::move(options),
                                                   std::move(callbacks));
  }

  awaitable<void> run() {
    std::string account;
    if (about_.offers("check")) {
      const auto checked = co_await play("check");
      account = member_of(checked, "account");
    }
    if (about_.offers("provision")) co_await play("provision");
    std::string schema;
    if (about_.offers("describe")) schema = co_await play("describe");
    auto job = sample_sync_job(about_, schema, api_base_, settings_, account);
    co_await play_job(std::move(job), "sync");
    account_->stop();
  }

 private:
  static std::string member_of(const std::string& text, std::string_view name) {
    boost::system::error_code failure;
    const auto parsed = json::parse(text, failure);
    const auto* found = parsed.is_object() ? parsed.get_object().if_contains(name) : nullptr;
    return found ? json::serialize(*found) : std::string();
  }

  awaitable<std::string> play(std::string kind) {
    auto job = sample_simple_job(about_, kind, credential_, api_base_, settings_);
    auto result = co_await play_job(std::move(job), kind);
    co_return result;
  }

  awaitable<result<authorization_result>> authorize() {
    const auto ended = co_await play("authorize");
    co_return authorization_result_of(ended);
  }

  awaitable<std::string> play_job(sample_job job, std::string name) {
    auto seen = std::make_shared<played>();
    auto flat = std::make_shared<std::vector<std::pair<std::size_t, std::size_t>>>();
    job_hooks hooks;
    const bool authorizing = name == "authorize";
    hooks.send = [this, authorizing](outgoing_request request) {
      return authorizing ? account_->send_authorize(std::move(request)) : account_->send(std::move(request));
    };
    hooks.before = [seen, flat](std::shared_ptr<const plugin_step> step) -> awaitable<result<>> { return note_step(seen, flat, std::move(step)); };
    hooks.after = [seen, flat](std::uint32_t number, const plugin_request&, const sent_request& sent) {
      const auto [turn, index] = (*flat)[number];
      seen->turns[turn].exchanges[index].response = response_of(sent);
    };
    const plugin_run about{.run_id = 1, .lead_count = std::uint32_t(job.entries.size())};
    auto ended = co_await run_job(workers_, plugin_, job.json, std::move(hooks), about);
    seen->result_json = ended.result_json;
    const auto file = folder_ / (name + ".json");
    std::ofstream out(file, std::ios::binary);
    out << to_json(about_, job, *seen);
    out.close();
    if (!out) throw std::runtime_error(file.string() + ": cannot be written");
    std::cout << file.string() << ": " << flat->size() << " requests" << std::endl;
    const auto failure = parse_job_failure(ended.result_json);
    if (failure && *failure) throw std::runtime_error("the " + name + " job failed: " + (*failure)->message);
    co_return ended.result_json;
  }

  static awaitable<result<>> note_step(std::shared_ptr<played> seen, std::shared_ptr<std::vector<std::pair<std::size_t, std::size_t>>> flat,
                                       std::shared_ptr<const plugin_step> step) {
    if (step->kind == plugin_step::kind::done) co_return result<>();
    auto& turn = seen->turns.emplace_back();
    turn.wait = step->wait;
    for (const auto& each : step->requests) {
      flat->emplace_back(seen->turns.size() - 1, turn.exchanges.size());
      turn.exchanges.push_back({each, {}});
    }
    co_return result<>();
  }

  std::shared_ptr<const plugin_library> plugin_;
  const plugin_manifest& about_;
  std::filesystem::path folder_;
  std::shared_ptr<worker_pool> workers_;
  std::unique_ptr<account_transport> account_;
  std::string credential_, settings_, api_base_;
};

}  // namespace

int record(std::shared_ptr<const plugin_library> plugin, const recording& how, const std::filesystem::path& folder) {
  if (how.base_url.empty()) {
    std::cerr << "leadsync-plugin-test: --record needs --base-url: a simulator's, or a test account's\n";
    return 2;
  }
  std::filesystem::create_directories(folder);
  boost::asio::io_context context;
  recorder one(std::move(plugin), how, folder, context);
  std::exception_ptr failure;
  boost::asio::co_spawn(context, one.run(), [&](std::exception_ptr thrown) {
    failure = thrown;
    context.stop();
  });
  context.run();
  if (!failure) return 0;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& thrown) {
    std::cerr << "leadsync-plugin-test: " << thrown.what() << "\n";
    return 1;
  }
}

}  // namespace leadsync::kit
