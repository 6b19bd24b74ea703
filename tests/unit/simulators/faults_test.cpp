#include "account.h"

namespace leadsync::simulator {
namespace {

constexpr auto path = "/crm/v3/objects/contacts";
constexpr auto body = R"({"properties":{"lastname":"x"}})";
constexpr auto batch = R"({"inputs":[{"properties":{"lastname":"a"},"objectWriteTraceId":"1"},{"properties":{"lastname":"b"},"objectWriteTraceId":"2"}]})";

void fault(account& crm, const std::string& description) {
  const auto answer = crm.post("/_simulator/faults", description);
  ASSERT_EQ(answer.status, 201) << answer.text;
}

TEST(Faults, CutBeforeTheWriteChangesNothingAndAfterItEverything) {
  account crm;
  fault(crm, R"({"kind":"cut_before"})");
  EXPECT_EQ(crm.post(path, body).how, delivery::cut);
  EXPECT_EQ(crm.count("contacts"), "0");
  fault(crm, R"({"kind":"cut_after"})");
  EXPECT_EQ(crm.post(path, body).how, delivery::cut);
  EXPECT_EQ(crm.count("contacts"), "1");
  EXPECT_EQ(crm.post(path, body).how, delivery::whole) << "each was for one request";
  EXPECT_EQ(crm.get("/_simulator/requests").at("/requests/0/status/cut"), "2");
}

TEST(Faults, Answer524HidesAWriteThatHappened) {
  account crm;
  fault(crm, R"({"kind":"524_after"})");
  EXPECT_EQ(crm.post(path, body).status, 524);
  EXPECT_EQ(crm.count("contacts"), "1");
}

TEST(Faults, BefallOnlyTheNextRequestsThatMatch) {
  account crm;
  fault(crm, R"({"kind":"503","method":"POST","path":"/crm/v3/objects/contacts","skip":1,"count":2})");
  EXPECT_EQ(crm.get(path).status, 200);
  EXPECT_EQ(crm.post(path, body).status, 201) << "skipped";
  EXPECT_EQ(crm.post("/crm/v3/objects/companies", R"({"properties":{"name":"x"}})").status, 201);
  EXPECT_EQ(crm.post(path, body).status, 503);
  EXPECT_EQ(crm.post(path, body).status, 503);
  EXPECT_EQ(crm.post(path, body).status, 201);
  EXPECT_EQ(crm.get("/_simulator/faults").at("/faults/0/fired"), "2");
}

TEST(Faults, SpeakTheCrmsOwnWords) {
  account crm;
  const auto answer = [&](const std::string& kind) {
    fault(crm, R"({"kind":")" + kind + R"(","retry_after":7})");
    auto out = crm.post(path, body);
    EXPECT_EQ(out.header("Retry-After"), "7");
    return out;
  };
  EXPECT_EQ(answer("429_burst").at("/policyName"), "TEN_SECONDLY_ROLLING");
  EXPECT_EQ(answer("429_daily").at("/policyName"), "DAILY");
  EXPECT_EQ(answer("429_search").at("/policyName"), "SECONDLY");
  EXPECT_EQ(answer("429_search_alt").at("/category"), "RATE_LIMITS");
  EXPECT_EQ(answer("500").at("/category"), "INTERNAL_ERROR");
  EXPECT_EQ(answer("500_empty").text, "");
  EXPECT_EQ(answer("423").status, 423);
  EXPECT_EQ(answer("477").status, 477);
  EXPECT_TRUE(answer("403_html").text.starts_with("<html>"));
  EXPECT_TRUE(answer("502_html").text.starts_with("<html>"));
  EXPECT_EQ(answer("401_expired").at("/category"), "EXPIRED_AUTHENTICATION");
  EXPECT_EQ(crm.count("contacts"), "0");
}

TEST(Faults, SilentRowIsNeitherWrittenNorAnswered) {
  account crm;
  fault(crm, R"({"kind":"silent_row"})");
  const auto answer = crm.post("/crm/v3/objects/contacts/batch/create", batch);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.size("/results"), 1u);
  EXPECT_EQ(crm.count("contacts"), "1");
}

TEST(Faults, HiddenRowIsWrittenAndNotAnswered) {
  account crm;
  fault(crm, R"({"kind":"hidden_row"})");
  EXPECT_EQ(crm.post("/crm/v3/objects/contacts/batch/create", batch).size("/results"), 1u);
  EXPECT_EQ(crm.count("contacts"), "2");
}

TEST(Faults, SameSeedDrawsTheSameFaults) {
  const auto drawn = [] {
    account crm;
    fault(crm, R"({"kind":"500","probability":0.3})");
    std::string out;
    for (int i = 0; i < 200; ++i) out += crm.get(path).status == 500 ? 'x' : '.';
    return out;
  };
  const auto first = drawn();
  EXPECT_EQ(first, drawn());
  EXPECT_NEAR(static_cast<double>(std::count(first.begin(), first.end(), 'x')), 60, 25);
}

TEST(Faults, LatencyStaysWithinItsBounds) {
  account crm;
  (void)crm.put("/_simulator/latency", R"({"min_ms":20,"max_ms":40})");
  fault(crm, R"({"kind":"latency","min_ms":1000,"path":"/crm/v3/owners","count":1})");
  for (int i = 0; i < 50; ++i) {
    const auto delay = crm.get(path).delay.count();
    EXPECT_GE(delay, 20);
    EXPECT_LE(delay, 40);
  }
  EXPECT_GE(crm.get("/crm/v3/owners").delay.count(), 1020);
}

TEST(Faults, UnknownKindIsRefusedWithTheKnownOnes) {
  account crm;
  const auto answer = crm.post("/_simulator/faults", R"({"kind":"explode"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.at("/error").find("cut_after"), std::string::npos);
}

TEST(Admin, ResetIsANewAccount) {
  account crm;
  (void)crm.create("contacts", R"({"email":"a@x.example"})");
  (void)crm.put("/_simulator/limits", R"({"burst":{"amount":1}})");
  (void)crm.send("DELETE", "/_simulator/properties/contacts/timeline");
  EXPECT_EQ(crm.post("/_simulator/reset", "").status, 200);
  EXPECT_EQ(crm.count("contacts"), "0");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(crm.get("/crm/v3/properties/contacts/timeline").status, 200);
}

TEST(Admin, DuplicatesReportFindsTheSameNoteTwice) {
  account crm;
  const auto contact = crm.create("contacts", R"({"lastname":"x"})");
  const auto note = R"({"properties":{"hs_timestamp":"2026-11-12T15:48:22Z","hs_note_body":"Met"},"associations":[{"to":{"id":)" + contact +
                    R"(},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":202}]}]})";
  (void)crm.post("/crm/v3/objects/notes", note);
  EXPECT_EQ(crm.get("/_simulator/duplicates").at("/count"), "0");
  (void)crm.post("/crm/v3/objects/notes", note);
  EXPECT_EQ(crm.get("/_simulator/duplicates").at("/notes/0/contact"), contact);
}

}  // namespace
}  // namespace leadsync::simulator
