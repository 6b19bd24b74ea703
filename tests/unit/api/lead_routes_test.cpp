#include "tests/unit/api/api_world.h"

#include <boost/json/array.hpp>

#include <gtest/gtest.h>

namespace leadsync::test {
namespace {

namespace json = boost::json;
using api::http_method;

std::string first_lead(const reply& given) {
  return std::string(given.document().at("leads").as_array().at(0).as_string());
}

TEST(LeadRoutes, AcceptOneLeadAndKnowItAgain) {
  api_world world;
  const std::string lead = R"({"id": "a1", "event": "Expo", "email": "ada@example.test", "firstName": "Ada"})";
  const auto added = world.post("/v1/leads", lead);
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_EQ(world.daemon->changes_seen, 1);
  const auto again = world.post("/v1/leads", lead);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.document().at("unchanged").as_int64(), 1);
  EXPECT_EQ(first_lead(added), first_lead(again));
  EXPECT_EQ(world.get("/v1/events").document().at("events").as_array().size(), 1u);
}

TEST(LeadRoutes, SayWhatIsWrongWithALead) {
  api_world world;
  EXPECT_EQ(world.post("/v1/leads", "").status, 400);
  EXPECT_EQ(world.post("/v1/leads", "{\"id\": }").status, 400);
  const auto no_event = world.post("/v1/leads", R"({"id": "a1", "email": "ada@example.test"})");
  EXPECT_EQ(no_event.status, 400) << no_event.body;
}

TEST(LeadRoutes, ImportAFileAndKeepWhatCannotBeRead) {
  api_world world;
  std::string csv = "First Name,Last Name,Email,Company\n";
  for (int i = 0; i < 2500; ++i) csv += "Ada,L" + std::to_string(i) + ",ada" + std::to_string(i) + "@example.test,Acme\n";
  csv += ",,,\nBroken,\"never closed,x@example.test,Acme\n";
  const auto given = world.ask(http_method::post, "/v1/leads?event=Expo&source=expo.csv", {.body = csv, .content_type = "text/csv"});
  ASSERT_EQ(given.status, 201) << given.body;
  EXPECT_GE(given.document().at("added").as_int64(), 2500);
  EXPECT_EQ(given.document().at("leads").as_array().size(), 100u);
  EXPECT_GE(world.daemon->changes_seen, 3) << "a commit per thousand";
  const auto path = given.header("Location");
  const auto import = world.get(path).document();
  EXPECT_EQ(import.at("source").as_string(), "expo.csv");
  EXPECT_EQ(import.at("by").at("name").as_string(), "ada");
  EXPECT_EQ(import.at("rejected").as_int64(), std::int64_t(import.at("rejected_rows").as_array().size()));
  EXPECT_FALSE(import.at("finished_at").is_null());
  EXPECT_EQ(world.get("/v1/imports").document().at("imports").as_array().size(), 1u);
}

TEST(LeadRoutes, AcceptArraysAndLines) {
  api_world world;
  const std::string one = R"({"event": "Expo", "email": "a@example.test"})";
  const std::string two = R"({"event": "Expo", "email": "b@example.test"})";
  EXPECT_EQ(world.post("/v1/leads", "[" + one + "," + two + "]").document().at("added").as_int64(), 2);
  const auto lines = world.ask(http_method::post, "/v1/leads", {.body = one + "\n" + two + "\n", .content_type = "application/x-ndjson"});
  EXPECT_EQ(lines.document().at("unchanged").as_int64(), 2) << lines.body;
}

TEST(LeadRoutes, EditALead) {
  api_world world;
  const auto id = first_lead(world.post("/v1/leads", R"({"id": "a1", "event": "Expo", "email": "ada@example", "qualifiers": {"Timeline": "now"}})"));
  const auto before = world.get("/v1/leads/" + id);
  ASSERT_EQ(before.status, 200) << before.body;
  const auto body = R"({"fields": {"email": "ada@example.test", "custom:Shoe": "38"}, "qualifiers": {"Timeline": null, "Budget": ["10k"]}})";
  const auto edited = world.ask(http_method::patch, "/v1/leads/" + id, {.body = body, .if_match = before.header("ETag")});
  ASSERT_EQ(edited.status, 200) << edited.body;
  EXPECT_EQ(edited.document().at("fields").at("email").as_string(), "ada@example.test");
  EXPECT_EQ(edited.document().at("fields").at("custom:Shoe").as_string(), "38");
  EXPECT_FALSE(edited.document().at("qualifiers").as_object().contains("Timeline"));
  EXPECT_EQ(edited.document().at("deliveries").as_array().size(), 1u);
  EXPECT_EQ(world.ask(http_method::patch, "/v1/leads/" + id, {.body = body, .if_match = before.header("ETag")}).status, 412);
  const auto unknown = world.ask(http_method::patch, "/v1/leads/" + id, {.body = R"({"fields": {"e-mail": "x"}})"});
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.document().at("errors").at(0).at("pointer").as_string(), "/fields/e-mail");
}

}  // namespace
}  // namespace leadsync::test
