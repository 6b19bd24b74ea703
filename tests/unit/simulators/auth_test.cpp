#include "account.h"

namespace leadsync::simulator {
namespace {

using namespace std::chrono_literals;

constexpr auto any_call = "/crm/v3/objects/contacts";

answered refresh(account& crm, const std::string& token, const std::string& secret = "simulator-secret", const std::string& version = "v1") {
  return crm.send("POST", "/oauth/" + version + "/token",
                  "grant_type=refresh_token&client_id=simulator-client&client_secret=" + secret + "&refresh_token=" + token, "application/x-www-form-urlencoded;charset=utf-8");
}

TEST(Auth, UnknownAndRevokedTokensReadTheSame) {
  account crm;
  (void)crm.put("/_simulator/tokens", R"({"add":["pat-two"],"revoke":["pat-two"]})");
  for (const auto* token : {"pat-two", "mistyped", ""}) {
    crm.token = token;
    const auto answer = crm.get(any_call);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.at("/category"), "INVALID_AUTHENTICATION");
    EXPECT_TRUE(answer.at("/message").starts_with("Authentication credentials not found. This API supports OAuth 2.0"));
  }
}

TEST(Auth, AccessTokenExpiresAfterItsLifetime) {
  account crm;
  const auto granted = refresh(crm, "simulator-refresh");
  EXPECT_EQ(granted.at("/expires_in"), "1800");
  EXPECT_EQ(granted.at("/token_type"), "bearer");
  crm.token = granted.at("/access_token");
  crm.now += 1799s;
  EXPECT_EQ(crm.get(any_call).status, 200);
  crm.now += 6s;
  const auto answer = crm.get(any_call);
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(answer.at("/category"), "EXPIRED_AUTHENTICATION");
  EXPECT_EQ(answer.at("/message"), "The OAuth token used to make this call expired 5 second(s) ago.");
  EXPECT_EQ(answer.at("/context/expire time/0"), "2025-11-25T20:30:00.000Z");
}

TEST(Auth, AdminCanExpireWhatWasIssuedAndPrivateTokensLiveOn) {
  account crm;
  const auto oauth = refresh(crm, "simulator-refresh").at("/access_token");
  (void)crm.put("/_simulator/tokens", R"({"expire_all":true})");
  EXPECT_EQ(crm.get(any_call).status, 200);
  crm.token = oauth;
  EXPECT_EQ(crm.get(any_call).at("/category"), "EXPIRED_AUTHENTICATION");
}

TEST(Auth, RotatedRefreshTokenDiesWithItsGrace) {
  account crm;
  (void)crm.put("/_simulator/tokens", R"({"rotation":true,"grace_seconds":10})");
  const auto next = refresh(crm, "simulator-refresh").at("/refresh_token");
  EXPECT_NE(next, "simulator-refresh");
  crm.now += 9s;
  EXPECT_EQ(refresh(crm, "simulator-refresh").at("/refresh_token"), next) << "within the grace";
  crm.now += 1s;
  const auto answer = refresh(crm, "simulator-refresh");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.at("/status"), "BAD_REFRESH_TOKEN");
  EXPECT_EQ(answer.at("/error"), "invalid_grant");
  EXPECT_EQ(answer.at("/message"), "refresh token is invalid, expired or revoked");
  EXPECT_EQ(refresh(crm, next).status, 200);
}

TEST(Auth, TokenEndpointTellsClientsFromGrants) {
  account crm;
  const auto client = refresh(crm, "simulator-refresh", "wrong");
  EXPECT_EQ(client.at("/error") + " " + client.at("/status"), "invalid_client BAD_CLIENT_SECRET");
  EXPECT_EQ(refresh(crm, "other").at("/status"), "BAD_REFRESH_TOKEN");
  (void)crm.put("/_simulator/tokens", R"({"hub_gone":true})");
  EXPECT_EQ(refresh(crm, "simulator-refresh").text, R"({"status":"BAD_HUB","message":"missing or unknown hub id","error":"access_denied"})");
  EXPECT_EQ(crm.post("/oauth/v1/token", "{}").status, 415);
}

TEST(Auth, NewerTokenEndpointSaysWhichAccount) {
  account crm;
  const auto answer = refresh(crm, "simulator-refresh", "simulator-secret", "2026-09");
  EXPECT_EQ(answer.at("/hub_id"), "44237313");
  EXPECT_GT(answer.size("/scopes"), 5u);
}

TEST(Auth, MissingScopeIsNamed) {
  account crm;
  (void)crm.put("/_simulator/scopes", R"({"remove":["crm.objects.contacts.write"]})");
  EXPECT_EQ(crm.get(any_call).status, 200);
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts/batch/read", R"({"inputs":[]})").status, 200) << "a read, though a POST";
  const auto answer = crm.post("/crm/v3/objects/notes", R"({"properties":{}})");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.at("/category"), "MISSING_SCOPES");
  EXPECT_EQ(answer.at("/errors/0/context/requiredGranularScopes/0"), "crm.objects.contacts.write");
}

}  // namespace
}  // namespace leadsync::simulator
