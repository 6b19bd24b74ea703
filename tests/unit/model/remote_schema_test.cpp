#include "model/remote_schema.h"

#include "model/rendered.h"

#include <gtest/gtest.h>

namespace leadsync {
namespace {

constexpr auto described = R"({"objects": [{"name": "contact", "title": "Contact", "key_field": null, "fields": [
  {"name": "email", "label": "E-mail", "type": "email", "unique": true, "semantic": "email"},
  {"name": "timeline", "type": "option", "restricted": true, "max_length": 12, "length_unit": "utf16", "updatable": false,
   "options": [{"value": "q1", "label": "This quarter"}, {"value": "q2", "active": false}], "later": {"unknown": 1}}]}]})";

TEST(RemoteSchema, ReadsADescriptionAndItsOwnText) {
  const auto schema = parse_remote_schema(described).value();
  const auto* timeline = schema.find("contact")->find("timeline");
  ASSERT_NE(timeline, nullptr);
  EXPECT_EQ(timeline->type, value_type::option);
  EXPECT_EQ(timeline->unit, length_unit::utf16);
  EXPECT_EQ(timeline->label, "timeline");
  EXPECT_FALSE(timeline->updatable);
  EXPECT_FALSE(timeline->find_option("q2")->active);
  EXPECT_EQ(timeline->find_option("q3"), nullptr);
  const auto again = parse_remote_schema(to_json(schema)).value();
  EXPECT_EQ(to_json(again), to_json(schema));
}

TEST(RemoteSchema, TheFingerprintIgnoresOrderAndSeesChanges) {
  const auto schema = parse_remote_schema(described).value();
  auto shuffled = schema;
  std::swap(shuffled.objects[0].fields[0], shuffled.objects[0].fields[1]);
  std::swap(shuffled.objects[0].fields[0].options[0], shuffled.objects[0].fields[0].options[1]);
  EXPECT_EQ(fingerprint(shuffled), fingerprint(schema));
  shuffled.objects[0].fields[0].options[0].active = true;
  EXPECT_NE(fingerprint(shuffled), fingerprint(schema));
}

TEST(RemoteSchema, RefusalsPointToTheMember) {
  EXPECT_EQ(parse_remote_schema(R"({"objects": [{"name": "c", "fields": [{"name": "f", "type": "colour"}]}]})").error().context,
            "/objects/0/fields/0/type is not a type of the protocol");
  EXPECT_EQ(parse_remote_schema(R"({"objects": [{"name": "c", "fields": [{"name": "f", "type": "text", "max_length": -1}]}]})")
                .error().context.substr(0, 31),
            "/objects/0/fields/0/max_length ");
}

TEST(Rendered, FieldsAreWrittenAsTheProtocolSays) {
  rendered_object object{"contact",
                         {{"email", value_type::email, "a@b.c", {}, write_mode::overwrite},
                          {"opt_in", value_type::boolean, "true", {}, write_mode::if_empty},
                          {"interests", value_type::options, "", {"a", "b\""}, write_mode::overwrite},
                          {"owner", value_type::reference, "user:7", {}, write_mode::overwrite}}};
  std::string out;
  append_fields_json(out, object);
  EXPECT_EQ(out, R"({"email":{"type":"email","value":"a@b.c","mode":"overwrite"},)"
                 R"("opt_in":{"type":"boolean","value":true,"mode":"if_empty"},)"
                 R"("interests":{"type":"options","value":["a","b\""],"mode":"overwrite"},)"
                 R"("owner":{"type":"reference","value":{"object":"user","id":"7"},"mode":"overwrite"}})");
}

}  // namespace
}  // namespace leadsync
