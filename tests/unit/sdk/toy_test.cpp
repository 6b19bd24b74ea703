// The template is the first code that an author of a plugin copies, so it is held to what it shows.
#include <leadsync/testkit.hpp>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <cstdlib>

namespace {

namespace json = boost::json;
namespace testkit = leadsync::testkit;

const leadsync_plugin* toy() {
  static const auto* plugin = testkit::load(std::string(std::getenv("LEADSYNC_BUILD")) + "/lib/leadsync/plugins/toy.so");
  return plugin;
}

constexpr auto two_leads = R"({"kind": "sync", "protocol": 1, "leads": [
  {"lead": 0, "phases_done": [], "objects": {"person": {"fields": {
    "email": {"type": "email", "value": "ada@example.test", "mode": "overwrite"},
    "timeline": {"type": "option", "value": "Soon", "mode": "overwrite"}}}}},
  {"lead": 1, "phases_done": [], "objects": {"person": {"fields": {
    "email": {"type": "email", "value": "bob@example.test", "mode": "overwrite"},
    "name": {"type": "text", "value": "Bob", "mode": "if_empty"}}}}}]})";

TEST(Toy, DeliversEachLeadAndReadsBeforeItWritesIfEmpty) {
  testkit::session talk(toy(), two_leads);
  EXPECT_EQ(talk.expect(0, "POST", "/people").body, R"({"email":"ada@example.test","timeline":"Soon"})");
  EXPECT_EQ(talk.requests()[0].effect, LEADSYNC_EFFECT_KEYED_WRITE);
  talk.expect(1, "GET", "/people/bob%40example.test");
  talk.answer({testkit::json(201, R"({"id":"7"})"), testkit::json(200, R"({"id":"8","name":"Robert"})")});
  EXPECT_EQ(talk.expect("POST", "/people").body, R"({"email":"bob@example.test"})");
  talk.answer(testkit::json(200, R"({"id":"8"})"));
  talk.expect_done();

  const auto verdicts = json::parse(talk.verdicts_json()).as_array();
  ASSERT_EQ(verdicts.size(), 2u);
  EXPECT_EQ(verdicts[0].at("remote_id"), "7");
  EXPECT_EQ(verdicts[1].at("lead"), 1);
  EXPECT_EQ(verdicts[1].at("request"), 2);
}

TEST(Toy, SaysWhyALeadCouldNotGetIn) {
  testkit::session talk(toy(), two_leads);
  talk.answer({testkit::json(422, R"({"code":"INVALID_OPTION","message":"Soon is not an option","field":"timeline"})"),
               testkit::fault(LEADSYNC_NOT_SENT, "connection refused")});
  talk.expect_done();
  EXPECT_EQ(json::parse(talk.verdicts_json()), json::parse(R"([
    {"lead":0,"phase":"person","status":"failed","category":"DATA_VALUE_VALIDATION","request":0,"crm_code":"INVALID_OPTION",
     "message":"Soon is not an option","locus":{"object":"person","remote_field":"timeline"}},
    {"lead":1,"phase":"person","status":"failed","category":"CONNECTION","request":1,"message":"connection refused"}])"));
}

TEST(Toy, TakesASuccessWithoutARecordForAFailure) {
  testkit::session talk(toy(), two_leads);
  talk.run([](const testkit::request& request) {
    return request.method == "GET" ? testkit::json(404, "") : testkit::json(200, "<html>");
  });
  const auto verdicts = json::parse(talk.verdicts_json()).as_array();
  EXPECT_EQ(verdicts[0].at("status"), "failed");
  EXPECT_EQ(verdicts[1].at("category"), "UNEXPECTED");
}

}  // namespace
