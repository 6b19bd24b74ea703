#include "tests/unit/transport/http_fixture.h"
#include "tests/unit/transport/scripted_server.h"
#include "transport/account_transport.h"

namespace leadsync {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using test::answer;
using test::received_request;
using test::scripted_reply;
using test::scripted_server;

struct AccountTransport : test::http_fixture {
  account_options options;
  std::unique_ptr<account_transport> account;
  int authorized = 0;
  std::vector<token_value> stored;
  std::string stored_usage;

  static asio::awaitable<result<authorization_result>> authorize(AccountTransport* self) {
    ++self->authorized;
    outgoing_request request;
    request.method = "POST";
    request.url = "/token";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = "client_secret={{secret:client_secret}}";
    auto sent = co_await self->account->send_authorize(std::move(request));
    const auto& last = sent.exchanges.back();
    EXPECT_EQ(last.response_body.find("live-token"), std::string::npos) << "the plugin sees " << last.response_body;
    if (last.outcome != transport_result::ok || last.status >= 500) co_return make_error(errc::unavailable, "the token endpoint fails");
    if (last.status >= 400) co_return make_error(errc::not_permitted, "invalid_grant");
    co_return authorization_result{};
  }
  static asio::awaitable<result<>> persist(AccountTransport* self, std::vector<token_value> values) {
    for (auto& each : values) self->stored.push_back(std::move(each));
    co_return result<>();
  }
  static asio::awaitable<result<>> persist_usage(AccountTransport* self, std::string usage) {
    self->stored_usage = std::move(usage);
    co_return result<>();
  }

  void connect(const scripted_server& crm, bool authorizes) {
    options.name = "test";
    options.api_base = crm.url("");
    options.authorization_header = "Authorization";
    options.authorization_value = "Bearer {{secret:access_token}}";
    options.authorizes = authorizes;
    options.token_members = {"access_token"};
    options.secrets = {{"client_secret", secret("very&secret")}};
    if (!authorizes) options.secrets["access_token"] = secret("static-token");
    options.deadline = 5s;
    account_callbacks callbacks;
    callbacks.authorize = [this] { return authorize(this); };
    callbacks.persist = [this](std::vector<token_value> values) { return persist(this, std::move(values)); };
    callbacks.persist_usage = [this](std::string usage) { return persist_usage(this, std::move(usage)); };
    account = std::make_unique<account_transport>(io.get_executor(), client, options, callbacks);
  }

  static outgoing_request request(std::string url = "/contacts", std::string body = "{}") {
    outgoing_request out;
    out.method = "POST";
    out.url = std::move(url);
    out.headers = {{"Content-Type", "application/json"}};
    out.body = std::move(body);
    out.effect = request_effect::blind_write;
    return out;
  }
};

scripted_reply token_answer_of(const received_request& request) {
  return answer(200, "{\"access_token\":\"live-token-" + std::to_string(request.number) + "\",\"expires_in\":1800}");
}

TEST_F(AccountTransport, AddsAuthorizationAndRecordsNone) {
  scripted_server crm([](const received_request&) { return answer(200, "you are static-token"); });
  connect(crm, false);
  const auto sent = await(account->send(request("/contacts", "{\"s\":\"{{secret:client_secret}}\"}")));
  ASSERT_EQ(sent.exchanges.size(), 1u);
  EXPECT_TRUE(crm.requests()[0].has("Authorization: Bearer static-token\r\n"));
  EXPECT_EQ(crm.requests()[0].body, "{\"s\":\"very&secret\"}");
  const auto& shown = sent.exchanges[0];
  EXPECT_EQ(shown.request_headers.size(), 1u);
  EXPECT_EQ(shown.request_body, "{\"s\":\"{{secret:client_secret}}\"}");
  EXPECT_EQ(shown.response_body, "you are {{secret:access_token}}");
  EXPECT_EQ(shown.url, crm.url("/contacts"));
}

TEST_F(AccountTransport, RefusesHostsAndSecretsThatAreNotItsOwn) {
  scripted_server crm([](const received_request&) { return answer(200, ""); });
  connect(crm, false);
  EXPECT_EQ(await(account->send(request("https://evil.test/"))).exchanges.at(0).outcome, transport_result::refused_host);
  const auto unknown = await(account->send(request("/x", "{{secret:other}}")));
  EXPECT_EQ(unknown.exchanges.at(0).outcome, transport_result::not_sent);
  EXPECT_NE(unknown.exchanges.at(0).transport_error.find("other"), std::string::npos);
  auto own = request();
  own.headers.emplace_back("authorization", "Bearer mine");
  EXPECT_EQ(await(account->send(own)).exchanges.at(0).outcome, transport_result::not_sent);
  EXPECT_TRUE(crm.requests().empty());
}

TEST_F(AccountTransport, RenewsOnceForAHundredUnauthorizedRequests) {
  scripted_server crm([](const received_request& received) {
    if (received.has("POST /token")) return answer(200, "{\"access_token\":\"live-token-2\"}");
    return received.has("Bearer live-token-2") ? answer(200, "x") : answer(401, "expired");
  });
  connect(crm, true);
  std::vector<token_value> old(1);
  old[0].name = "access_token";
  old[0].value = secret("live-token-1");
  account->restore(old, "");
  std::vector<asio::awaitable<sent_request>> work;
  for (int i = 0; i < 100; ++i) work.push_back(account->send(request()));
  for (const auto& sent : await_all(std::move(work))) {
    EXPECT_FALSE(sent.token);
    ASSERT_EQ(sent.exchanges.size(), 2u);
    EXPECT_EQ(sent.exchanges[0].status, 401);
    EXPECT_EQ(sent.exchanges[1].status, 200);
  }
  EXPECT_EQ(authorized, 1);
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].value.reveal(), "live-token-2");
}

TEST_F(AccountTransport, ObtainsATokenFirstAndStoresIt) {
  scripted_server crm([](const received_request& received) { return received.has("POST /token") ? token_answer_of(received) : answer(200, "x"); });
  connect(crm, true);
  EXPECT_EQ(await(account->send(request())).exchanges.at(0).status, 200);
  EXPECT_EQ(crm.requests().at(0).body, "client_secret=very%26secret");
  EXPECT_TRUE(crm.requests().at(1).has("Bearer live-token-1"));
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_TRUE(stored[0].expires_at);
}

TEST_F(AccountTransport, ConfirmsAFailureWhereAFreshTokenIsRefused) {
  scripted_server crm([](const received_request& received) { return received.has("POST /token") ? token_answer_of(received) : answer(401, "no"); });
  connect(crm, true);
  const auto sent = await(account->send(request()));
  ASSERT_TRUE(sent.token);
  EXPECT_TRUE(sent.token->confirmed);
  EXPECT_EQ(authorized, 2);
  EXPECT_EQ(sent.exchanges.size(), 2u);
}

TEST_F(AccountTransport, TellsAPassingFaultOfTheTokenEndpointFromARefusal) {
  for (const int status : {503, 400}) {
    scripted_server crm([status](const received_request&) { return answer(status, "{}"); });
    connect(crm, true);
    const auto sent = await(account->send(request()));
    ASSERT_TRUE(sent.token);
    EXPECT_EQ(sent.token->confirmed, status == 400);
    EXPECT_TRUE(sent.exchanges.empty());
  }
}

TEST_F(AccountTransport, SendsAgainAfterTheWaitThatA429Asks) {
  scripted_server crm([](const received_request& received) { return received.number == 1 ? answer(429, "slow", "Retry-After: 0.2\r\n") : answer(200, "x"); });
  connect(crm, false);
  const auto began = std::chrono::steady_clock::now();
  const auto sent = await(account->send(request()));
  ASSERT_EQ(sent.exchanges.size(), 2u);
  EXPECT_EQ(sent.exchanges[0].status, 429);
  EXPECT_EQ(sent.exchanges[1].status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
}

TEST_F(AccountTransport, GivesUpAfterFive429s) {
  scripted_server crm([](const received_request&) { return answer(429, "slow", "Retry-After: 0\r\n"); });
  connect(crm, false);
  EXPECT_EQ(await(account->send(request())).exchanges.size(), 5u);
}

TEST_F(AccountTransport, GivesBackWhatWouldWaitTooLong) {
  scripted_server crm([](const received_request&) { return answer(429, "tomorrow", "Retry-After: 3939\r\n"); });
  options.longest_wait = 2s;
  connect(crm, false);
  const auto first = await(account->send(request()));
  EXPECT_EQ(first.exchanges.size(), 1u);
  ASSERT_TRUE(first.not_before);
  EXPECT_GT(*first.not_before, now() + 3900s);
  const auto second = await(account->send(request()));
  EXPECT_TRUE(second.exchanges.empty()) << "the hold is the account's";
  EXPECT_TRUE(second.not_before);
  EXPECT_EQ(crm.requests().size(), 1u);
}

TEST_F(AccountTransport, TriesAgainWhereNoConnectionCameToBe) {
  std::string base;
  {
    scripted_server gone([](const received_request&) { return answer(200, ""); });
    connect(gone, false);
  }
  const auto sent = await(account->send(request()));
  EXPECT_EQ(sent.exchanges.size(), 3u);
  for (const auto& each : sent.exchanges) EXPECT_EQ(each.outcome, transport_result::not_sent);
}

TEST_F(AccountTransport, DoesNotSendAgainWhatMayHaveBeenCarriedOut) {
  scripted_server crm([](const received_request&) { return scripted_reply{"", scripted_reply::close}; });
  connect(crm, false);
  const auto sent = await(account->send(request()));
  ASSERT_EQ(sent.exchanges.size(), 1u);
  EXPECT_EQ(sent.exchanges[0].outcome, transport_result::sent_no_answer);
  EXPECT_EQ(crm.requests().size(), 1u);
}

TEST_F(AccountTransport, AnswersTheWaitingWhenItStopsAndLetsTheSentFinish) {
  limit_definition one;
  one.id = "parallel";
  one.kind = limit_kind::concurrency;
  one.amount = 1;
  one.by_default = true;
  options.limits = {one};
  scripted_server crm([this](const received_request&) {
    asio::post(io, [this] { account->stop(); });
    return answer(200, "done");
  });
  connect(crm, false);
  std::vector<asio::awaitable<sent_request>> work;
  work.push_back(account->send(request()));
  work.push_back(account->send(request()));
  const auto sent = await_all(std::move(work));
  // The answer and the stop race; what left is answered either way.
  EXPECT_EQ(sent[0].exchanges.at(0).status, 200);
  EXPECT_EQ(account->admissible(), 0u);
  EXPECT_EQ(await(account->send(request())).exchanges.at(0).outcome, transport_result::not_sent);
}

TEST_F(AccountTransport, KeepsADailyLimitOverARestart) {
  limit_definition day;
  day.id = "daily";
  day.kind = limit_kind::daily;
  day.amount = 2;
  day.by_default = true;
  options.limits = {day};
  scripted_server crm([](const received_request&) { return answer(200, "x"); });
  connect(crm, false);
  EXPECT_EQ(account->admissible(), 2u);
  await(account->send(request()));
  await(account->send(request()));
  EXPECT_FALSE(stored_usage.empty());
  const auto usage = account->usage();
  connect(crm, false);
  account->restore({}, usage);
  const auto sent = await(account->send(request()));
  EXPECT_TRUE(sent.exchanges.empty());
  ASSERT_TRUE(sent.not_before);
  EXPECT_EQ(sent.limit, "daily");
}

}  // namespace
}  // namespace leadsync
