#include "transport/account_transport.h"

#include "base/text.h"
#include "transport/account_limits.h"
#include "transport/hosts.h"
#include "transport/http_client.h"
#include "transport/tokens.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <random>

namespace leadsync {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono;

namespace {

constexpr int most_throttled_tries = 5;
constexpr int most_unconnected_tries = 3;
constexpr auto unconnected_budget = seconds(2);  ///< of all tries in sum: beyond it the caller's own schedule is the better one
constexpr auto usage_interval = seconds(5);

}  // namespace

struct account_transport::state : std::enable_shared_from_this<state> {
  enum class purpose { request, authorize };

  state(asio::any_io_executor on, std::shared_ptr<http_client> http, account_options account, account_callbacks owner)
      : executor(on),
        client(std::move(http)),
        options(std::move(account)),
        callbacks(std::move(owner)),
        hosts(options.api_base, options.hosts),
        credentials(std::make_shared<tokens>(
            on, tokens::options{options.access_token_name, options.authorizes, options.token_members, options.secrets},
            callbacks.authorize, callbacks.persist)),
        seat(options.shared_limits ? options.shared_limits : std::make_shared<account_limits>(on), options.realm, options.secrets,
             options.limits) {}

  static asio::awaitable<sent_request> run(std::shared_ptr<state> self, outgoing_request request, purpose why);

  asio::awaitable<result<http_answer>> try_once(const outgoing_request& request, const std::string& url, purpose why, admissions::permit& permit);
  [[nodiscard]] exchange record(const outgoing_request& request, const std::string& url, http_answer answer) const;
  [[nodiscard]] exchange unsent(const outgoing_request& request, transport_result outcome, std::string why) const;
  asio::awaitable<void> pause(milliseconds longest);
  asio::awaitable<result<>> harvest(exchange& answer, std::uint64_t epoch);

  [[nodiscard]] std::string usage();
  void save_usage(bool at_once);
  static asio::awaitable<void> persist_usage(std::shared_ptr<state> self);

  asio::any_io_executor executor;
  std::shared_ptr<http_client> client;
  account_options options;
  account_callbacks callbacks;
  host_policy hosts;
  std::shared_ptr<tokens> credentials;
  account_seat seat;
  std::minstd_rand random{std::random_device{}()};

  bool stopped = false;
  bool usage_known = false;  ///< something about this account is stored
  bool saving_usage = false;
  steady_clock::time_point usage_saved_at{};
  std::optional<microseconds> round_trip;
};

// ---- one try

/// Errors: the request could not be built, so nothing left.
asio::awaitable<result<http_answer>> account_transport::state::try_once(const outgoing_request& request, const std::string& url, purpose why,
                                                                        admissions::permit& permit) {
  http_request wire;
  wire.method = request.method;
  wire.url = url;
  wire.headers = request.headers;
  wire.body = request.body;
  const auto& header = options.authorization_header;
  if (why == purpose::request && !header.empty()) {
    for (const auto& [name, value] : request.headers)
      if (ascii_lower(name) == ascii_lower(header)) co_return make_error(errc::invalid_input, "header \"" + name + "\" is the daemon's to set");
    wire.headers.emplace_back(header, options.authorization_value);
  }
  if (auto filled = fill(wire.headers, wire.body, credentials->secrets()); !filled) co_return filled.error();
  wire.may_repeat = request.effect != request_effect::blind_write && why == purpose::request;
  wire.deadline = request.deadline > milliseconds(0) ? request.deadline : options.deadline;
  wire.max_response_bytes = request.max_response_bytes > 0 ? request.max_response_bytes : options.max_response_bytes;
  wire.ca_file = options.ca_file;
  wire.proxy = options.proxy;
  wire.user_agent = options.user_agent;

  auto answer = co_await client->send(std::move(wire));
  if (answer.status != 0) {
    permit.answered(answer.status, answer.headers);
  } else if (answer.outcome == transport_result::not_sent) {
    permit.not_sent();
  } else {
    permit.lost();
  }
  if (answer.connect_time && (!round_trip || *answer.connect_time < *round_trip)) {
    round_trip = answer.connect_time;
    seat.set_path_delay(*round_trip);
  }
  co_return answer;
}

exchange account_transport::state::record(const outgoing_request& request, const std::string& url, http_answer answer) const {
  exchange out;
  out.method = request.method;
  out.url = url;
  out.request_headers = request.headers;
  out.request_body = request.body;
  out.outcome = answer.outcome;
  out.transport_error = std::move(answer.error);
  out.status = answer.status;
  out.response_headers = std::move(answer.headers);
  out.response_body = std::move(answer.body);
  out.sent_at = answer.sent_at;
  out.received_at = answer.received_at;
  for (auto& [name, value] : out.response_headers) {
    if (name == "set-cookie") value = "•••";
    scrub(value, credentials->secrets());
  }
  scrub(out.transport_error, credentials->secrets());
  return out;
}

exchange account_transport::state::unsent(const outgoing_request& request, transport_result outcome, std::string why) const {
  http_answer none;
  none.outcome = outcome;
  none.error = std::move(why);
  return record(request, request.url, std::move(none));
}

/// Full jitter.
asio::awaitable<void> account_transport::state::pause(milliseconds longest) {
  asio::steady_timer timer(executor);
  timer.expires_after(milliseconds(std::uniform_int_distribution<long>(0, longest.count())(random)));
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

/// Token members of a 2xx answer are made durable and replaced.
asio::awaitable<result<>> account_transport::state::harvest(exchange& answer, std::uint64_t epoch) {
  auto found = take_tokens(answer.response_body, options.token_members);
  answer.response_body = found.body;
  if (answer.outcome != transport_result::ok || answer.status / 100 != 2) co_return result<>();
  auto kept = co_await credentials->keep(std::move(found), epoch);
  co_return kept;
}

// ---- a request and its re-sends

asio::awaitable<sent_request> account_transport::state::run(std::shared_ptr<state> self, outgoing_request request, purpose why) {
  sent_request out;
  const auto give_up = [&](transport_result outcome, std::string text) {
    out.exchanges.push_back(self->unsent(request, outcome, std::move(text)));
  };
  auto place = why == purpose::authorize ? limiter::place::front : limiter::place::back;
  const auto began = steady_clock::now();
  bool renewed = false;
  int throttled = 0, unconnected = 0;

  for (;;) {
    if (self->stopped) {
      give_up(transport_result::not_sent, "the daemon is stopping");
      co_return out;
    }
    if (why == purpose::request) {
      auto failure = co_await self->credentials->ready();
      if (failure && !self->stopped) {
        out.token = std::move(failure);
        co_return out;
      }
    }
    // After the token: it may have named another base.
    const auto url = self->hosts.resolve(request.url);
    if (!url) {
      give_up(transport_result::refused_host, url.error().context);
      co_return out;
    }
    admissions::permit permit;
    if (why == purpose::request || !request.costs.empty()) {
      auto admitted = co_await self->seat.wait(request.costs, place, self->options.longest_wait);
      if (admitted.deferred) {
        out.not_before = admitted.deferred->until;
        out.limit = admitted.deferred->limit;
        co_return out;
      }
      if (admitted.stopped) continue;
      permit = std::move(admitted.granted);
    }
    const auto generation = self->credentials->generation();
    const auto epoch = self->credentials->epoch();
    self->save_usage(!self->usage_known);
    auto answer = co_await self->try_once(request, *url, why, permit);
    if (!answer) {
      permit.not_sent();
      give_up(transport_result::not_sent, answer.error().context);
      co_return out;
    }
    const bool never_connected = answer->never_connected;
    auto done = self->record(request, *url, std::move(*answer));
    if (why == purpose::authorize) {
      auto kept = co_await self->harvest(done, epoch);
      if (!kept) {
        // The plugin must not take it for granted: what the answer gave is not in use.
        done.outcome = transport_result::sent_no_answer;
        done.transport_error = kept.error().context;
      }
    }
    scrub(done.response_body, self->credentials->secrets());
    const auto outcome = done.outcome;
    const auto status = done.status;
    const auto wait = status == 429 ? retry_after(done.response_headers, now()) : std::nullopt;
    out.exchanges.push_back(std::move(done));
    self->save_usage(false);

    if (outcome == transport_result::not_sent && never_connected && ++unconnected < most_unconnected_tries &&
        steady_clock::now() - began < unconnected_budget / 2) {
      co_await self->pause(milliseconds(125 << unconnected));
      continue;
    }
    if (why == purpose::authorize || outcome == transport_result::not_sent || outcome == transport_result::sent_no_answer) co_return out;

    if (status == 401) {
      token_failure failure;
      failure.confirmed = true;
      failure.message = self->credentials->authorizes() ? "401 to a token that was just obtained" : "401 to the configured credentials";
      if (!self->credentials->authorizes() || renewed) {
        out.token = std::move(failure);
        co_return out;
      }
      renewed = true;
      auto refused = co_await self->credentials->renew(generation);
      if (refused) {
        if (!self->stopped) out.token = std::move(refused);
        co_return out;
      }
    } else if (status == 429) {
      if (wait && *wait > self->options.longest_wait) {
        out.not_before = now() + *wait;
        out.limit = "retry-after";
        co_return out;
      }
      if (++throttled >= most_throttled_tries) co_return out;
    } else {
      co_return out;
    }
    if (self->stopped) co_return out;  // the answer is the last exchange
    place = limiter::place::front;
  }
}

// ---- usage over a restart

std::string account_transport::state::usage() {
  json::object out;
  out["api_base"] = hosts.api_base() == options.api_base ? std::string() : hosts.api_base();
  out["limits"] = seat.usage();
  return json::serialize(out);
}

void account_transport::state::save_usage(bool at_once) {
  if (!callbacks.persist_usage || saving_usage || stopped) return;
  const auto at = steady_clock::now();
  const bool lasts = std::any_of(options.limits.begin(), options.limits.end(), [](const limit_definition& each) {
    return each.kind == limit_kind::daily || each.window > minutes(1);
  });
  if (!at_once && (!lasts || at - usage_saved_at < usage_interval)) return;
  usage_known = true;
  usage_saved_at = at;
  saving_usage = true;
  asio::co_spawn(executor, persist_usage(shared_from_this()), [](std::exception_ptr broken) {
    if (broken) std::rethrow_exception(broken);
  });
}

asio::awaitable<void> account_transport::state::persist_usage(std::shared_ptr<state> self) {
  auto text = self->usage();
  try {
    // A count that could not be stored is stored by the next; meanwhile the headers tell the truth.
    static_cast<void>(co_await self->callbacks.persist_usage(std::move(text)));
  } catch (const std::exception&) {
  }
  self->saving_usage = false;
}

// ---- the public face

account_transport::account_transport(asio::any_io_executor executor, std::shared_ptr<http_client> client, account_options options,
                                     account_callbacks callbacks)
    : state_(std::make_shared<state>(executor, std::move(client), std::move(options), std::move(callbacks))) {
  state_->credentials->on_api_base([weak = std::weak_ptr<state>(state_)](std::string base) -> result<> {
    const auto self = weak.lock();
    if (!self) return {};
    while (base.ends_with('/')) base.pop_back();
    if (base == self->hosts.api_base()) return {};
    auto changed = self->hosts.change_base(base);
    if (changed) self->save_usage(true);
    return changed;
  });
}

account_transport::~account_transport() { stop(); }

void account_transport::restore(std::vector<token_value> tokens, std::string usage) {
  state_->credentials->restore(std::move(tokens));
  if (usage.empty()) return;
  state_->usage_known = true;
  boost::system::error_code failed;
  const auto value = json::parse(usage, failed);
  std::string limits;
  if (!failed && value.is_object()) {
    const auto& members = value.get_object();
    if (const auto* text = members.if_contains("limits"); text && text->is_string()) limits = std::string(text->get_string());
    if (const auto* base = members.if_contains("api_base"); base && base->is_string() && !base->get_string().empty())
      static_cast<void>(state_->hosts.change_base(std::string_view(base->get_string())));
  }
  state_->seat.restore(limits);
}

void account_transport::identify(const remote_account& account) { state_->seat.identify(account); }

void account_transport::replace_secrets(std::map<std::string, secret> secrets) {
  state_->seat.change_credentials(secrets);
  state_->credentials->replace_secrets(std::move(secrets));
}

asio::awaitable<sent_request> account_transport::send(outgoing_request request) {
  return state::run(state_, std::move(request), state::purpose::request);
}

asio::awaitable<sent_request> account_transport::send_authorize(outgoing_request request) {
  return state::run(state_, std::move(request), state::purpose::authorize);
}

std::size_t account_transport::admissible() const {
  return state_->stopped ? 0 : state_->seat.admissible();
}

std::string account_transport::limits_json() const { return state_->seat.limits_json(); }

std::string account_transport::usage() const { return state_->usage(); }

void account_transport::stop() {
  state_->stopped = true;
  state_->credentials->stop();
  state_->seat.stop();
}

}  // namespace leadsync
