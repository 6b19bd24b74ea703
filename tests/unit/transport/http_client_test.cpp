#include "tests/unit/transport/http_fixture.h"
#include "tests/unit/transport/scripted_server.h"
#include "transport/limiter.h"

#include <zlib.h>

namespace leadsync {
namespace {

using namespace std::chrono_literals;
using test::answer;
using test::received_request;
using test::scripted_reply;
using test::scripted_server;

using HttpClient = test::http_fixture;

TEST_F(HttpClient, CarriesARequestAndItsAnswer) {
  scripted_server crm([](const received_request&) { return answer(201, "{\"id\":1}", "X-Custom-Name:  some value \r\n"); });
  auto request = post(crm.url("/v3/contacts?a=1"), "{\"n\":2}");
  request.headers.emplace_back("X-Empty", "");
  request.user_agent = "leadsync/0.1";
  const auto got = await(client->send(request));
  EXPECT_EQ(got.outcome, transport_result::ok) << got.error;
  EXPECT_EQ(got.status, 201);
  EXPECT_EQ(got.body, "{\"id\":1}");
  EXPECT_EQ(*find_header(got.headers, "x-custom-name"), "some value");
  ASSERT_TRUE(got.sent_at && got.received_at);
  EXPECT_LE(*got.sent_at, *got.received_at);
  const auto seen = crm.requests().at(0);
  EXPECT_TRUE(seen.has("POST /v3/contacts?a=1 HTTP/1.1\r\n"));
  EXPECT_TRUE(seen.has("Content-Type: application/json\r\n"));
  EXPECT_TRUE(seen.has("User-Agent: leadsync/0.1\r\n"));
  EXPECT_TRUE(seen.has("X-Empty:"));
  EXPECT_FALSE(seen.has("Expect"));
  EXPECT_EQ(seen.body, "{\"n\":2}");
}

TEST_F(HttpClient, SendsEachMethodAsItIs) {
  scripted_server crm([](const received_request&) { return answer(200, "x"); });
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
    for (const char* body : {"", "{}"}) {
      auto request = post(crm.url(), body);
      request.method = method;
      const auto got = await(client->send(request));
      EXPECT_EQ(got.outcome, transport_result::ok) << method << got.error;
      EXPECT_TRUE(crm.requests().back().has(std::string(method) + " / HTTP/1.1")) << crm.requests().back().head;
      EXPECT_EQ(crm.requests().back().body, body);
    }
}

TEST_F(HttpClient, KeepsConnectionsOpen) {
  scripted_server crm([](const received_request&) { return answer(200, "x"); });
  for (int i = 0; i < 5; ++i) EXPECT_EQ(await(client->send(post(crm.url(), "{}"))).outcome, transport_result::ok);
  EXPECT_EQ(crm.connections(), 1);
}

TEST_F(HttpClient, CarriesManyRequestsAtOnce) {
  const std::string large(60000, 'x');
  scripted_server crm([](const received_request& request) { return answer(200, request.body); });
  std::vector<boost::asio::awaitable<http_answer>> work;
  for (int i = 0; i < 50; ++i) work.push_back(client->send(post(crm.url(), large + std::to_string(i))));
  const auto got = await_all(std::move(work));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(got[static_cast<std::size_t>(i)].body, large + std::to_string(i));
}

TEST_F(HttpClient, SaysNotSentWhereNobodyListens) {
  std::string url;
  {
    scripted_server gone([](const received_request&) { return answer(200, ""); });
    url = gone.url();
  }
  const auto got = await(client->send(post(url, "{}")));
  EXPECT_EQ(got.outcome, transport_result::not_sent);
  EXPECT_TRUE(got.never_connected);
  EXPECT_FALSE(got.sent_at);
  EXPECT_FALSE(got.error.empty());
}

TEST_F(HttpClient, SaysNotSentWhereTheNameDoesNotExist) {
  auto request = post("https://does-not-exist.invalid/", "{}");
  request.deadline = 500ms;  // also where a resolver does not answer at all
  const auto got = await(client->send(request));
  EXPECT_EQ(got.outcome, transport_result::not_sent);
}

TEST_F(HttpClient, SaysSentNoAnswerWhereTheConnectionIsCutBeforeOne) {
  for (const auto how : {scripted_reply::close, scripted_reply::reset}) {
    scripted_server crm([how](const received_request&) { return scripted_reply{"", how}; });
    const auto got = await(client->send(post(crm.url(), "{}")));
    EXPECT_EQ(got.outcome, transport_result::sent_no_answer) << got.error;
    EXPECT_EQ(got.status, 0);
    EXPECT_TRUE(got.sent_at);
    EXPECT_EQ(crm.requests().size(), 1u);
  }
}

TEST_F(HttpClient, SaysSentNoAnswerWhereOnlyHalfTheHeadersArrive) {
  scripted_server crm([](const received_request&) { return scripted_reply{"HTTP/1.1 200 OK\r\nContent-Le", scripted_reply::close}; });
  EXPECT_EQ(await(client->send(post(crm.url(), "{}"))).outcome, transport_result::sent_no_answer);
}

TEST_F(HttpClient, SaysTruncatedWhereTheBodyBreaksOff) {
  for (const char* head : {"Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"}) {
    scripted_server crm([head](const received_request&) {
      return scripted_reply{std::string("HTTP/1.1 207 X\r\n") + head + "\r\n5\r\nhalf ", scripted_reply::close};
    });
    const auto got = await(client->send(post(crm.url(), "{}")));
    EXPECT_EQ(got.outcome, transport_result::truncated) << got.error;
    EXPECT_EQ(got.status, 207);
  }
}

/// The kept connection dies after the second request was read: it may have been carried out.
TEST_F(HttpClient, NeverWritesARequestTwiceOnItsOwn) {
  for (const char* body : {"{}", ""}) {
    scripted_server crm([](const received_request& request) {
      return request.number == 1 ? answer(200, "x") : scripted_reply{"", scripted_reply::close};
    });
    EXPECT_EQ(await(client->send(post(crm.url(), "{}"))).outcome, transport_result::ok);
    const auto got = await(client->send(post(crm.url(), body)));
    EXPECT_EQ(got.outcome, transport_result::sent_no_answer) << got.error;
    EXPECT_EQ(crm.requests().size(), 2u);
  }
}

TEST_F(HttpClient, RepeatsWhatMayBeRepeatedOnADeadKeptConnection) {
  scripted_server crm([](const received_request& request) {
    return request.number == 2 ? scripted_reply{"", scripted_reply::close} : answer(200, "x");
  });
  EXPECT_EQ(await(client->send(get(crm.url()))).outcome, transport_result::ok);
  EXPECT_EQ(await(client->send(get(crm.url()))).outcome, transport_result::ok);
  EXPECT_EQ(crm.requests().size(), 3u);
}

TEST_F(HttpClient, KeepsTheDeadline) {
  for (const char* begin : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"}) {
    scripted_server crm([begin](const received_request&) { return scripted_reply{begin, scripted_reply::hold}; });
    auto request = post(crm.url(), "{}");
    request.deadline = 150ms;
    const auto began = std::chrono::steady_clock::now();
    const auto got = await(client->send(request));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 3s);
    EXPECT_EQ(got.outcome, std::string(begin).ends_with("ab") ? transport_result::truncated : transport_result::sent_no_answer);
  }
}

TEST_F(HttpClient, RefusesABodyThatIsTooLarge) {
  for (const bool announced : {true, false}) {
    scripted_server crm([announced](const received_request&) {
      if (announced) return answer(200, std::string(5000, 'x'));
      return scripted_reply{"HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'), scripted_reply::close};
    });
    auto request = post(crm.url(), "{}");
    request.max_response_bytes = 4999;
    const auto got = await(client->send(request));
    EXPECT_EQ(got.outcome, transport_result::too_large) << got.error;
    EXPECT_EQ(got.status, 200);
    EXPECT_TRUE(got.body.empty());
  }
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST_F(HttpClient, UnpacksAndCountsWhatIsUnpacked) {
  const auto packed = gzip(std::string(1'000'000, 'x'));
  ASSERT_LT(packed.size(), 5000u);
  scripted_server crm([&packed](const received_request&) { return answer(200, packed, "Content-Encoding: gzip\r\n"); });
  auto request = get(crm.url());
  EXPECT_EQ(await(client->send(request)).body.size(), 1'000'000u);
  request.max_response_bytes = 100'000;
  const auto got = await(client->send(request));
  EXPECT_EQ(got.outcome, transport_result::too_large);
  EXPECT_TRUE(got.body.empty());
}

TEST_F(HttpClient, BoundsTheHeaders) {
  scripted_server crm([](const received_request&) {
    std::string headers;
    for (int i = 0; i < 40; ++i) headers += "X-Long: " + std::string(8000, 'x') + "\r\n";
    return answer(200, "", headers);
  });
  EXPECT_EQ(await(client->send(get(crm.url()))).outcome, transport_result::too_large);
}

TEST_F(HttpClient, DoesNotFollowRedirects) {
  scripted_server crm([](const received_request&) { return answer(302, "", "Location: http://127.0.0.1:1/\r\n"); });
  const auto got = await(client->send(get(crm.url())));
  EXPECT_EQ(got.outcome, transport_result::ok);
  EXPECT_EQ(got.status, 302);
}

TEST_F(HttpClient, SkipsInterimAnswers) {
  scripted_server crm([](const received_request&) {
    return scripted_reply{"HTTP/1.1 103 Early\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"};
  });
  const auto got = await(client->send(get(crm.url())));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(find_header(got.headers, "x-early"), nullptr);
}

TEST_F(HttpClient, GoesThroughAProxy) {
  scripted_server proxy([](const received_request&) { return answer(200, "by proxy"); });
  auto request = get("http://crm.invalid/x");
  request.proxy = proxy.url("");
  EXPECT_EQ(await(client->send(request)).body, "by proxy");
  EXPECT_TRUE(proxy.requests().at(0).has("GET http://crm.invalid/x HTTP/1.1"));
}

TEST_F(HttpClient, EndsWhatIsUnderWayWhenItStops) {
  std::shared_ptr<http_client> stopping = client;
  scripted_server crm([stopping](const received_request&) {
    stopping->stop();
    return scripted_reply{"", scripted_reply::hold};
  });
  EXPECT_EQ(await(client->send(post(crm.url(), "{}"))).outcome, transport_result::sent_no_answer);
  EXPECT_EQ(await(client->send(post(crm.url(), "{}"))).outcome, transport_result::not_sent);
}

}  // namespace
}  // namespace leadsync
