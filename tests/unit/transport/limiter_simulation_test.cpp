#include "tests/unit/transport/quota_server.h"
#include "transport/limiter.h"

#include <gtest/gtest.h>

#include <map>

namespace leadsync {
namespace {

using namespace std::chrono;
using test::quota_model;

enum class counted { anywhere, at_once, at_the_end };

struct conditions {
  quota_model server;
  milliseconds network{0};  ///< round trip of the bare network: counting happens between
  counted when = counted::anywhere;
  milliseconds shortest{50}, longest{400};
  int transports = 1;  ///< of one account, each with its token
};

struct outcome {
  double used = 0;  ///< of what the server would have allowed us
  int refused = 0;
  double foreign = 1;  ///< what the other client got of what it wanted
  std::map<int, int> sent;  ///< by transport
};

/// 600 s of a backlog that never ends.
outcome simulate(const conditions& given, unsigned seed) {
  struct event {
    microseconds at;
    enum { wake, arrival, answer } kind;
    limiter::ticket request = 0;
    microseconds way_back{};
    std::optional<int> remaining = {};
    bool operator<(const event& other) const { return at > other.at; }
  };
  limit_definition definition;
  definition.id = "burst";
  definition.amount = static_cast<std::uint32_t>(given.server.amount);
  definition.window = duration_cast<milliseconds>(given.server.window);
  definition.by_default = true;
  definition.amount_header = "x-max";
  definition.remaining_header = "x-remaining";
  limiter limits;
  for (int each = 0; each < given.transports; ++each) limits.join(std::to_string(each), {definition}, {});
  limits.set_path_delay(given.network);

  test::quota_server server(given.server, seed);
  std::mt19937 random(seed * 7919);
  std::priority_queue<event> events;
  events.push({microseconds(0), event::wake});
  outcome out;
  bool begun = false;
  std::map<limiter::ticket, int> transport_of;
  const auto ask = [&](int transport, moment now) {
    transport_of[limits.enqueue({}, limiter::place::back, now, hours(1), std::to_string(transport))] = transport;
  };
  microseconds next_wake{-1};
  while (!events.empty() && events.top().at <= 600s) {
    auto next = events.top();
    events.pop();
    const moment now{steady_instant(hours(1)) + next.at, instant(hours(24 * 20000)) + floor<milliseconds>(next.at)};
    if (next.kind == event::arrival) {
      next.remaining = server.call(next.at);
      next.at += next.way_back;
      next.kind = event::answer;
      events.push(next);
      continue;
    }
    if (next.kind == event::answer) {
      out.refused += next.remaining ? 0 : 1;
      limits.answered(next.request, now, next.remaining ? 200 : 429,
                      {{"x-max", std::to_string(given.server.amount)}, {"x-remaining", std::to_string(next.remaining.value_or(0))}});
    }
    for (int i = 0; i < 8 * given.transports && !begun; ++i) ask(i % given.transports, now);
    begun = true;
    for (bool progress = true; progress;) {
      const auto round = limits.poll(now);
      progress = !round.admitted.empty();
      for (const auto request : round.admitted) {
        const auto transport = transport_of.extract(request).mapped();
        ++out.sent[transport];
        ask(transport, now);
        const microseconds whole(std::uniform_int_distribution<long>(microseconds(given.shortest).count(), microseconds(given.longest).count())(random));
        const auto free_part = whole - given.network;
        const auto share = given.when == counted::at_once ? 0.0 : given.when == counted::at_the_end ? 1.0 : std::uniform_real_distribution<>(0, 1)(random);
        const auto there = microseconds(given.network) / 2 + microseconds(static_cast<long>(static_cast<double>(free_part.count()) * share));
        events.push({next.at + there, event::arrival, request, whole - there, {}});
      }
      if (progress || !round.wake) continue;
      const auto at = std::max(next.at + microseconds(100), ceil<microseconds>(*round.wake - steady_instant(hours(1))));
      if (next_wake > next.at && next_wake <= at) continue;
      next_wake = at;
      events.push({at, event::wake});
    }
  }
  const double windows = 600e6 / static_cast<double>(given.server.window.count());
  const double allowed = given.server.amount * windows;
  out.used = server.ours() / (allowed * (1 - given.server.foreign_share));
  if (given.server.foreign_share > 0) out.foreign = server.foreign() / (allowed * given.server.foreign_share);
  return out;
}

std::string describe(const conditions& given, unsigned seed, const outcome& got) {
  return std::to_string(given.server.amount) + (given.server.slides ? " sliding" : " fixed") + ", counted " +
         std::to_string(static_cast<int>(given.when)) + ", network " + std::to_string(given.network.count()) + " ms, seed " +
         std::to_string(seed) + ": used " + std::to_string(got.used) + ", refused " + std::to_string(got.refused) + ", foreign " +
         std::to_string(got.foreign);
}

template <class Check>
void for_all(double foreign_share, Check check) {
  for (const bool slides : {true, false})
    for (const int amount : {100, 190})
      for (const auto when : {counted::anywhere, counted::at_once, counted::at_the_end})
        for (const auto network : {0ms, 50ms}) {
          if (network != 0ms && when != counted::anywhere) continue;
          const unsigned seed = network == 0ms ? 1 : 2;
          conditions given;
          given.server.slides = slides;
          given.server.amount = amount;
          given.server.foreign_share = foreign_share;
          given.server.phase = milliseconds((700 + 3100 * seed) % 10000);
          given.network = network;
          given.when = when;
          const auto got = simulate(given, seed);
          SCOPED_TRACE(describe(given, seed, got));
          check(given, got);
        }
}

TEST(LimiterSimulation, UsesTheQuotaAndIsNeverRefused) {
  for_all(0, [](const conditions& given, const outcome& got) {
    EXPECT_EQ(got.refused, 0);
    EXPECT_GE(got.used, given.server.slides ? 0.98 : 0.995);
  });
}

TEST(LimiterSimulation, LetsTwoTransportsOfOneAccountUseItsQuotaTogetherAndNeverExceedIt) {
  for (const bool slides : {true, false}) {
    conditions given;
    given.server.slides = slides;
    given.transports = 2;
    const auto got = simulate(given, 3);
    SCOPED_TRACE(describe(given, 3, got));
    EXPECT_EQ(got.refused, 0);
    EXPECT_GE(got.used, 0.98);
    EXPECT_LT(std::abs(got.sent.at(0) - got.sent.at(1)), given.server.amount / 10) << "first come, first served";
  }
}

TEST(LimiterSimulation, LeavesAnotherClientItsShareAndUsesTheRest) {
  int refused = 0, runs = 0;
  for_all(0.3, [&](const conditions& given, const outcome& got) {
    EXPECT_GE(got.used, 0.95);
    EXPECT_LE(got.refused, given.server.slides ? 3 : 8);  // a fixed window is taken for a sliding one until it has turned
    EXPECT_GE(got.foreign, given.server.slides ? 0.9 : 0.65);
    refused += got.refused;
    ++runs;
  });
  EXPECT_LE(refused, 2 * runs);
}

TEST(LimiterSimulation, IsNotRefusedWhereAnswersTakeLongerThanAFifthOfTheWindow) {
  for (const bool slides : {true, false}) {
    conditions given;
    given.server = {.slides = slides, .amount = 20, .window = 2s, .phase = 300ms};
    const auto got = simulate(given, 5);
    SCOPED_TRACE(describe(given, 5, got));
    EXPECT_EQ(got.refused, 0);
    EXPECT_GE(got.used, slides ? 0.88 : 0.98);
  }
}

}  // namespace
}  // namespace leadsync
