#include "transport/tokens.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

namespace leadsync {
namespace {

namespace asio = boost::asio;
using namespace std::chrono;

/// A token endpoint and a store whose answers the test chooses.
struct endpoint {
  asio::io_context io{1};
  std::shared_ptr<tokens> subject;
  int asked = 0, stored = 0;
  std::optional<error> refuses, store_refuses;
  std::optional<seconds> lifetime = seconds(1800);
  std::string used_when_stored;  ///< the token in use at the moment of storing

  endpoint() {
    tokens::options options;
    options.access_token_name = "access_token";
    options.authorizes = true;
    options.members = {"access_token", "refresh_token"};
    options.secrets = {{"client_secret", secret("hidden-secret")}};
    subject = std::make_shared<tokens>(
        io.get_executor(), options, [this] { return authorize(this); },
        [this](std::vector<token_value> values) { return persist(this, std::move(values)); });
  }

  static asio::awaitable<result<authorization_result>> authorize(endpoint* self) {
    ++self->asked;
    const auto epoch = self->subject->epoch();
    co_await asio::post(self->io, asio::use_awaitable);  // an answer takes its time
    if (self->refuses) co_return *self->refuses;
    token_answer answer;
    answer.values["access_token"] = "token-" + std::to_string(self->asked);
    answer.expires_in = self->lifetime;
    auto kept = co_await self->subject->keep(std::move(answer), epoch);
    static_cast<void>(kept);
    co_return authorization_result{};
  }
  static asio::awaitable<result<>> persist(endpoint* self, std::vector<token_value>) {
    self->used_when_stored = self->token();
    if (self->store_refuses) co_return *self->store_refuses;
    ++self->stored;
    co_return result<>();
  }

  [[nodiscard]] std::string token() const {
    const auto found = subject->secrets().find("access_token");
    return found == subject->secrets().end() ? "" : found->second.reveal();
  }

  static asio::awaitable<void> wait_ready(endpoint* self, std::vector<std::optional<token_failure>>* out) {
    auto failure = co_await self->subject->ready();
    out->push_back(std::move(failure));
  }
  static asio::awaitable<void> wait_renewed(endpoint* self, std::uint64_t generation, std::vector<std::optional<token_failure>>* out) {
    auto failure = co_await self->subject->renew(generation);
    out->push_back(std::move(failure));
  }
  std::vector<std::optional<token_failure>> ready(int times = 1) {
    std::vector<std::optional<token_failure>> out;
    for (int i = 0; i < times; ++i) asio::co_spawn(io, wait_ready(this, &out), asio::detached);
    io.restart();
    io.run();
    return out;
  }
  std::vector<std::optional<token_failure>> renew(std::uint64_t generation, int times = 1) {
    std::vector<std::optional<token_failure>> out;
    for (int i = 0; i < times; ++i) asio::co_spawn(io, wait_renewed(this, generation, &out), asio::detached);
    io.restart();
    io.run();
    return out;
  }
  void restore(std::optional<instant> expires_at) {
    std::vector<token_value> stored_values(1);
    stored_values[0].name = "access_token";
    stored_values[0].value = secret("stored-token");
    stored_values[0].expires_at = expires_at;
    subject->restore(std::move(stored_values));
  }
};

TEST(Tokens, AreAskedForOnceByAllWhoWait) {
  endpoint crm;
  const auto got = crm.ready(100);
  EXPECT_EQ(got.size(), 100u);
  for (const auto& each : got) EXPECT_FALSE(each);
  EXPECT_EQ(crm.asked, 1);
  EXPECT_EQ(crm.token(), "token-1");
}

TEST(Tokens, AreStoredBeforeTheyAreUsed) {
  endpoint crm;
  crm.ready();
  EXPECT_EQ(crm.stored, 1);
  EXPECT_EQ(crm.used_when_stored, "") << "not in use when the store was asked";
}

TEST(Tokens, AreRenewedOnceForAHundredRefusedRequests) {
  endpoint crm;
  crm.ready();
  const auto generation = crm.subject->generation();
  for (const auto& each : crm.renew(generation, 100)) EXPECT_FALSE(each);
  EXPECT_EQ(crm.asked, 2);
  crm.renew(generation);
  EXPECT_EQ(crm.asked, 2) << "the token changed since that request left";
}

TEST(Tokens, AreRefreshedInTheBackgroundBeforeTheyEnd) {
  endpoint crm;
  crm.restore(now() + seconds(90));
  EXPECT_FALSE(crm.ready()[0]);
  EXPECT_EQ(crm.asked, 1);
  EXPECT_EQ(crm.token(), "token-1");
  crm.ready();
  EXPECT_EQ(crm.asked, 1);
}

TEST(Tokens, ThatStillLiveSurviveAPassingFault) {
  endpoint crm;
  crm.restore(now() + seconds(90));
  crm.refuses = make_error(errc::unavailable, "503");
  EXPECT_FALSE(crm.ready()[0]);
  EXPECT_EQ(crm.token(), "stored-token");
  crm.ready();
  EXPECT_EQ(crm.asked, 1) << "not asked again at once";
}

TEST(Tokens, FailForGoodOnlyWhereTheEndpointRefuses) {
  endpoint crm;
  crm.refuses = make_error(errc::unavailable, "503");
  const auto passing = crm.ready();
  ASSERT_TRUE(passing[0]);
  EXPECT_FALSE(passing[0]->confirmed);

  endpoint other;
  other.refuses = make_error(errc::not_permitted, "invalid_grant");
  const auto refused = other.ready(3);
  ASSERT_TRUE(refused[0]);
  EXPECT_TRUE(refused[0]->confirmed);
  EXPECT_EQ(refused[0]->message, "invalid_grant");
  EXPECT_EQ(other.asked, 1);
}

TEST(Tokens, ThatCouldNotBeStoredAreStoredBeforeAnotherIsAskedFor) {
  endpoint crm;
  crm.store_refuses = make_error(errc::io, "disk full");
  const auto failed = crm.ready();
  ASSERT_TRUE(failed[0]);
  EXPECT_FALSE(failed[0]->confirmed);
  EXPECT_EQ(crm.token(), "");
  crm.store_refuses.reset();
  EXPECT_FALSE(crm.renew(crm.subject->generation())[0]);
  EXPECT_EQ(crm.token(), "token-1") << "its refresh token may be the only valid one";
  EXPECT_EQ(crm.asked, 1);
}

TEST(Tokens, OfReplacedCredentialsAreForgotten) {
  endpoint crm;
  crm.ready();
  crm.subject->replace_secrets({{"client_secret", secret("other-secret")}});
  EXPECT_EQ(crm.token(), "");
  EXPECT_FALSE(crm.ready()[0]);
  EXPECT_EQ(crm.token(), "token-2");
}

}  // namespace
}  // namespace leadsync
