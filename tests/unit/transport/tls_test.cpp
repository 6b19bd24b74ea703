#include "tests/unit/transport/http_fixture.h"
#include "tests/unit/transport/scripted_server.h"

namespace leadsync {
namespace {

using test::received_request;
using test::scripted_server;

struct Tls : test::http_fixture {
  test::certificate authority = test::make_authority();
  std::string authority_file = test::write_temporary(authority.certificate_pem);

  http_answer send_to(const scripted_server& crm, bool trusting) {
    auto request = post(crm.url(), "{}");
    if (trusting) request.ca_file = authority_file;
    return await(client->send(request));
  }
  ~Tls() override { std::remove(authority_file.c_str()); }
};

scripted_server::script ok() {
  return [](const received_request&) { return test::answer(200, "safe"); };
}

TEST_F(Tls, TrustsTheConfiguredAuthority) {
  const auto identity = test::issue(authority, "IP:127.0.0.1");
  scripted_server crm(ok(), &identity);
  const auto got = send_to(crm, true);
  EXPECT_EQ(got.outcome, transport_result::ok) << got.error;
  EXPECT_EQ(got.body, "safe");
}

TEST_F(Tls, KeepsConnectionsOpen) {
  const auto identity = test::issue(authority, "IP:127.0.0.1");
  scripted_server crm(ok(), &identity);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send_to(crm, true).outcome, transport_result::ok);
  EXPECT_EQ(crm.connections(), 1);
}

TEST_F(Tls, SendsNothingToAStranger) {
  const auto stranger = test::make_authority();
  const auto unknown = test::issue(stranger, "IP:127.0.0.1");
  const auto other_host = test::issue(authority, "DNS:api.acme.test");
  const auto expired = test::issue(authority, "IP:127.0.0.1", -1);
  for (const auto* identity : {&unknown, &other_host, &expired}) {
    scripted_server crm(ok(), identity);
    const auto got = send_to(crm, true);
    EXPECT_EQ(got.outcome, transport_result::not_sent) << got.error;
    EXPECT_FALSE(got.never_connected) << "trying again soon does not help";
    EXPECT_TRUE(crm.requests().empty());
  }
  const auto fine = test::issue(authority, "IP:127.0.0.1");
  scripted_server crm(ok(), &fine);
  EXPECT_EQ(send_to(crm, false).outcome, transport_result::not_sent) << "not an authority of this system";
}

TEST_F(Tls, DoesNotSpeakPlainTextToATlsUrl) {
  scripted_server plain(ok());
  auto request = post("https" + plain.url().substr(4), "{}");
  EXPECT_EQ(await(client->send(request)).outcome, transport_result::not_sent);
  EXPECT_TRUE(plain.requests().empty());
}

}  // namespace
}  // namespace leadsync
