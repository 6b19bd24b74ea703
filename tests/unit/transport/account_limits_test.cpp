#include "transport/account_limits.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

namespace leadsync {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct AccountLimits : testing::Test {
  asio::io_context io{1};
  std::shared_ptr<account_limits> shared = std::make_shared<account_limits>(io.get_executor());
  struct asked {
    bool done = false;
    admissions::outcome outcome;
  };

  [[nodiscard]] std::unique_ptr<account_seat> seat(const std::string& token, std::uint32_t amount = 3, const std::string& realm = "acme") const {
    limit_definition day;
    day.id = "daily";
    day.kind = limit_kind::daily;
    day.amount = amount;
    day.account_zone = true;
    day.by_default = true;
    return std::make_unique<account_seat>(shared, realm, secrets(token), std::vector<limit_definition>{day});
  }
  static std::map<std::string, secret> secrets(const std::string& token) { return {{"token", secret(token)}}; }

  std::shared_ptr<asked> ask(account_seat& at) {
    auto made = std::make_shared<asked>();
    asio::co_spawn(io, at.wait({}, limiter::place::back, 48h), [made](std::exception_ptr, admissions::outcome got) {
      made->done = true;
      made->outcome = std::move(got);
    });
    io.restart();
    io.poll();
    return made;
  }
  /// One request, answered.
  void use(account_seat& at) {
    const auto request = ask(at);
    ASSERT_TRUE(request->done);
    request->outcome.granted.answered(200, {});
  }
};

TEST_F(AccountLimits, AreSharedByThoseOfOneAccount) {
  const auto a = seat("token a"), b = seat("token b"), c = seat("token c"), elsewhere = seat("token a", 3, "other crm");
  a->identify({"12", ""});
  b->identify({"12", ""});
  c->identify({"13", ""});
  elsewhere->identify({"12", ""});
  use(*a);
  use(*a);
  EXPECT_EQ(b->admissible(), 1u);
  use(*b);
  EXPECT_EQ(a->admissible(), 0u);
  EXPECT_EQ(c->admissible(), 3u);
  EXPECT_EQ(elsewhere->admissible(), 3u);
}

TEST_F(AccountLimits, AreSharedByThoseOfTheSameCredentialsBeforeTheAccountIsKnown) {
  const auto a = seat("token a"), same = seat("token a"), other = seat("token b");
  use(*a);
  EXPECT_EQ(same->admissible(), 2u);
  EXPECT_EQ(other->admissible(), 3u);
  a->identify({"12", ""});
  use(*a);
  EXPECT_EQ(same->admissible(), 1u) << "their account is the same, though only one has asked";
}

TEST_F(AccountLimits, KeepWhatWasUsedWhereTheAccountTurnsOutToBeKnown) {
  const auto a = seat("token a", 5), b = seat("token b", 5), b2 = seat("token b", 5);
  a->identify({"12", ""});
  use(*a);
  use(*b);
  b->identify({"12", ""});
  EXPECT_EQ(a->admissible(), 3u);
  EXPECT_EQ(b2->admissible(), 3u) << "came along";
  b2->identify({"12", ""});
  EXPECT_EQ(a->admissible(), 3u) << "counted once";
}

TEST_F(AccountLimits, WaitForWhatIsUnderWayBeforeTheyBecomeThoseOfTheAccount) {
  const auto a = seat("token a"), b = seat("token b");
  a->identify({"12", ""});
  use(*a);
  const auto under_way = ask(*b);
  ASSERT_TRUE(under_way->done);
  b->identify({"12", ""});
  const auto next = ask(*b);
  EXPECT_FALSE(next->done) << "admits nothing by a count that is not whole";
  under_way->outcome.granted.answered(200, {});
  io.restart();
  io.poll();
  ASSERT_TRUE(next->done);
  EXPECT_TRUE(next->outcome.stopped) << "to be asked again, at the account's";
  EXPECT_EQ(b->admissible(), 1u);
  use(*b);
  EXPECT_EQ(a->admissible(), 0u);
}

TEST_F(AccountLimits, LetOneStopWithoutTheOthers) {
  const auto a = seat("token a"), b = seat("token b");
  for (auto* each : {a.get(), b.get()}) each->identify({"12", ""});
  for (int i = 0; i < 3; ++i) use(*a);
  const auto of_a = ask(*a), of_b = ask(*b);
  a->stop();
  io.restart();
  io.poll();
  EXPECT_TRUE(of_a->done && of_a->outcome.stopped);
  EXPECT_FALSE(of_b->done);
  b->stop();
  io.restart();
  io.poll();
}

TEST_F(AccountLimits, AreThoseOfTheNewAccountAfterNewCredentials) {
  const auto a = seat("token a"), b = seat("token b");
  a->identify({"12", ""});
  b->identify({"13", ""});
  use(*a);
  use(*b);
  use(*b);
  a->change_credentials(secrets("token c"));
  EXPECT_EQ(a->admissible(), 3u) << "not known yet";
  a->identify({"13", ""});
  EXPECT_EQ(a->admissible(), 1u);
}

TEST_F(AccountLimits, OutlastNewCredentialsOfTheSameAccount) {
  const auto a = seat("token a");
  a->identify({"12", ""});
  use(*a);
  use(*a);
  a->change_credentials(secrets("token b"));
  a->identify({"12", ""});
  EXPECT_EQ(a->admissible(), 1u);
}

TEST_F(AccountLimits, EndTheDayInTheAccountsZone) {
  const auto a = seat("token a");
  const auto utc = a->limits_json();
  a->identify({"12", "Pacific/Kiritimati"});
  const auto kiritimati = a->limits_json();
  EXPECT_NE(utc.find("T00:00:00.000Z"), std::string::npos) << utc;
  EXPECT_NE(kiritimati.find("T10:00:00.000Z"), std::string::npos) << kiritimati;
}

}  // namespace
}  // namespace leadsync
