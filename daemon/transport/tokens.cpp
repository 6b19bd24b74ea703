#include "transport/tokens.h"

#include "base/failpoint.h"

#include <boost/asio/co_spawn.hpp>

namespace leadsync {

namespace asio = boost::asio;
using namespace std::chrono;

namespace {

constexpr auto failed_refresh_pause = seconds(1);        ///< where no valid token is left
constexpr auto background_refresh_pause = seconds(30);   ///< where there still is one
constexpr auto restored_margin = minutes(2);             ///< of a stored token the lifetime is not known

}  // namespace

tokens::tokens(asio::any_io_executor executor, options options, authorize_function authorize, persist_function persist)
    : executor_(executor),
      options_(std::move(options)),
      authorize_(std::move(authorize)),
      persist_(std::move(persist)),
      secrets_(options_.secrets),
      refreshed_(executor) {}

void tokens::restore(std::vector<token_value> stored) {
  for (auto& each : stored) {
    secrets_[each.name] = each.value;
    if (each.name != options_.access_token_name) continue;
    ++generation_;
    expires_at_ = each.expires_at;
    refresh_at_.reset();
    if (expires_at_) refresh_at_ = *expires_at_ - restored_margin;
  }
}

void tokens::replace_secrets(secret_map secrets) {
  secrets_ = std::move(secrets);
  ++generation_;
  ++epoch_;
  expires_at_.reset();
  refresh_at_.reset();
  failure_.reset();
  unsaved_.clear();
  try_again_at_ = {};
}

void tokens::stop() {
  stopped_ = true;
  refreshed_.notify();
}

bool tokens::has_valid_token() const {
  const auto found = secrets_.find(options_.access_token_name);
  if (found == secrets_.end() || found->second.empty()) return false;
  return !expires_at_ || now() < *expires_at_;
}

asio::awaitable<std::optional<token_failure>> tokens::ready() {
  if (!options_.authorizes) co_return std::nullopt;
  const bool valid = has_valid_token();
  const bool due = !valid || (refresh_at_ && now() >= *refresh_at_);
  if (due && !refreshing_) {
    if (steady_clock::now() >= try_again_at_)
      start_refresh();
    else if (!valid)
      co_return failure_;
  }
  if (valid) co_return std::nullopt;
  co_return co_await finished_refresh();
}

asio::awaitable<std::optional<token_failure>> tokens::renew(std::uint64_t used_generation) {
  if (generation_ != used_generation) co_return std::nullopt;
  if (!refreshing_) start_refresh();
  co_return co_await finished_refresh();
}

void tokens::start_refresh() {
  refreshing_ = true;
  asio::co_spawn(executor_, run_refresh(shared_from_this()), [](std::exception_ptr broken) {
    if (broken) std::rethrow_exception(broken);  // only a bug of ours gets here
  });
}

asio::awaitable<std::optional<token_failure>> tokens::finished_refresh() {
  const auto self = shared_from_this();
  while (refreshing_ && !stopped_) co_await refreshed_.wait();
  if (stopped_) {
    token_failure stopping;
    stopping.message = "the daemon is stopping";
    co_return stopping;
  }
  co_return failure_;
}

asio::awaitable<void> tokens::run_refresh(std::shared_ptr<tokens> self) {
  const auto epoch = self->epoch_;
  auto failure = co_await self->refresh_once();
  self->refreshing_ = false;
  if (self->epoch_ == epoch) {
    const auto pause = self->has_valid_token() ? steady_clock::duration(background_refresh_pause) : steady_clock::duration(failed_refresh_pause);
    self->try_again_at_ = failure ? steady_clock::now() + pause : steady_clock::time_point{};
    self->failure_ = std::move(failure);
  } else {
    // Asked with secrets that were replaced meanwhile.
    self->failure_ = token_failure{false, "the credentials were replaced while a token was asked for"};
  }
  self->refreshed_.notify();
}

asio::awaitable<std::optional<token_failure>> tokens::refresh_once() {
  token_failure failure;
  const auto generation = generation_;
  if (!unsaved_.empty()) {
    auto values = unsaved_;
    auto saved = co_await save(std::move(values));
    if (saved && generation_ != generation) co_return std::nullopt;
    if (!saved) {
      failure.message = saved.error().context;
      co_return failure;
    }
  }
  auto granted = co_await call_authorize();
  if (!granted) {
    failure.confirmed = granted.error().code == errc::not_permitted;
    failure.message = granted.error().context;
    co_return failure;
  }
  if (generation_ == generation) {
    failure.message = unsaved_.empty() ? "the authorize job gave no new " + options_.access_token_name
                                       : "the new token could not be stored";
    co_return failure;
  }
  if (!granted->api_base.empty() && change_base_) {
    if (auto changed = change_base_(granted->api_base); !changed) {
      failure.message = "the token's API base: " + changed.error().context;
      co_return failure;
    }
  }
  if (granted->expires_in && !expires_at_) {
    token_value dated;
    dated.name = options_.access_token_name;
    dated.value = secrets_[dated.name];
    dated.expires_at = now() + *granted->expires_in;
    expires_at_ = dated.expires_at;
    refresh_at_ = now() + duration_cast<milliseconds>(*granted->expires_in) * 4 / 5;
    std::vector<token_value> values;
    values.push_back(std::move(dated));
    // Without it a restart would only find out by a 401.
    static_cast<void>(co_await call_persist(std::move(values)));
  }
  co_return std::nullopt;
}

asio::awaitable<result<authorization_result>> tokens::call_authorize() {
  std::string what;
  try {
    if (authorize_) co_return co_await authorize_();
    what = "no authorize job";
  } catch (const std::exception& broken) {
    what = broken.what();
  }
  co_return make_error(errc::unavailable, "asking for a token: " + what);
}

asio::awaitable<result<>> tokens::call_persist(std::vector<token_value> values) {
  std::string what;
  try {
    if (!persist_) co_return result<>();
    co_return co_await persist_(std::move(values));
  } catch (const std::exception& broken) {
    what = broken.what();
  }
  co_return make_error(errc::io, "storing a token: " + what);
}

asio::awaitable<result<>> tokens::keep(token_answer answer, std::uint64_t asked_in_epoch) {
  const auto self = shared_from_this();
  if (answer.values.empty()) co_return result<>();
  if (asked_in_epoch != epoch_) co_return make_error(errc::cancelled, "the credentials were replaced while a token was asked for");
  std::vector<token_value> values;
  for (auto& [name, text] : answer.values) {
    token_value each;
    each.name = name;
    each.value = secret(std::move(text));
    if (name == options_.access_token_name && answer.expires_in) each.expires_at = now() + *answer.expires_in;
    values.push_back(std::move(each));
  }
  unsaved_ = values;
  co_return co_await save(std::move(values));
}

asio::awaitable<result<>> tokens::save(std::vector<token_value> values) {
  const auto epoch = epoch_;
  failpoint("token_received");
  auto copy = values;
  auto stored = co_await call_persist(std::move(copy));
  if (!stored) co_return with_context(stored.error(), "a new token could not be stored and is not used");
  failpoint("token_persisted");
  if (epoch != epoch_) co_return make_error(errc::cancelled, "the credentials were replaced while a token was stored");
  unsaved_.clear();
  adopt(values);
  co_return result<>();
}

void tokens::adopt(const std::vector<token_value>& values) {
  for (const auto& each : values) {
    secrets_[each.name] = each.value;
    if (each.name != options_.access_token_name) continue;
    ++generation_;
    expires_at_ = each.expires_at;
    refresh_at_.reset();
    if (expires_at_) refresh_at_ = now() + (*expires_at_ - now()) * 4 / 5;
  }
}

}  // namespace leadsync
