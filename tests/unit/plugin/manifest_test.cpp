#include "plugin/manifest.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace leadsync {
namespace {

/// The example of the documentation: what authors copy must be valid.
std::string documented_manifest() {
  std::ifstream in("sdk/protocol.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto begin = text.find("```json\n") + 8;
  return text.substr(begin, text.find("```", begin) - begin);
}

TEST(Manifest, ReadsTheDocumentedExample) {
  const auto manifest = parse_manifest(documented_manifest());
  ASSERT_TRUE(manifest) << manifest.error().context;
  EXPECT_EQ(manifest->name, "acme");
  EXPECT_EQ(manifest->api_base, "https://api.acme.test");
  EXPECT_EQ(manifest->authorization_value, "Bearer {{secret:access_token}}");
  ASSERT_EQ(manifest->credentials.size(), 2u);
  EXPECT_TRUE(manifest->credentials[1].authorize);
  EXPECT_EQ(manifest->objects[1].per, plugin_manifest::per::company);
  EXPECT_EQ(manifest->phases[2].needs, (std::vector<std::string>{"company", "person"}));
  EXPECT_TRUE(manifest->default_mapping[1].only_if_empty);
  EXPECT_EQ(manifest->settle, std::chrono::seconds(5));
  ASSERT_EQ(manifest->limits.size(), 2u);
  EXPECT_EQ(manifest->limits[0].window, std::chrono::seconds(10));
  EXPECT_EQ(manifest->limits[0].headers.remaining, "x-ratelimit-remaining");
  EXPECT_EQ(manifest->limits[1].kind, plugin_manifest::limit_kind::daily);
  EXPECT_TRUE(manifest->limits[1].is_default);
  EXPECT_EQ(manifest->help.at("INVALID_OPTION"), "Add the option in the CRM, or map the value to another one.");
  EXPECT_TRUE(manifest->settings.contains("properties"));
}

TEST(Manifest, NamesTheZoneOfADayOrSaysThatItIsTheAccounts) {
  auto manifest = boost::json::parse(documented_manifest());
  auto& daily = manifest.at_pointer("/limits/1").as_object();
  const auto read = [&] { return parse_manifest(boost::json::serialize(manifest)).value().limits[1]; };
  EXPECT_EQ(read().zone, "UTC");
  daily["zone"] = "Europe/Berlin";
  EXPECT_EQ(read().zone, "Europe/Berlin");
  EXPECT_FALSE(read().account_zone);
  daily["zone"] = "account";
  EXPECT_EQ(read().zone, "UTC");
  EXPECT_TRUE(read().account_zone);
}

TEST(Manifest, AdmitsItsHostsAndNothingThatOnlyLooksLikeThem) {
  const auto manifest = parse_manifest(documented_manifest()).value();
  EXPECT_TRUE(manifest.admits_host("api.acme.test"));
  EXPECT_TRUE(manifest.admits_host("EU1.Acme.test"));
  EXPECT_FALSE(manifest.admits_host("acme.test"));
  EXPECT_FALSE(manifest.admits_host("evilacme.test"));
  EXPECT_FALSE(manifest.admits_host("api.acme.test.evil.test"));
  EXPECT_FALSE(manifest.admits_host(""));
}

struct wrong_member {
  const char* pointer;
  const char* value;
  const char* says;
};

class ManifestWithOneWrongMember : public testing::TestWithParam<wrong_member> {};

TEST_P(ManifestWithOneWrongMember, IsRefusedByTheMembersName) {
  auto manifest = boost::json::parse(documented_manifest());
  manifest.at_pointer(GetParam().pointer) = boost::json::parse(GetParam().value);
  const auto parsed = parse_manifest(boost::json::serialize(manifest));
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().context, testing::HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ManifestWithOneWrongMember,
    testing::Values(wrong_member{"/protocol", "2", "protocol: is 2, this daemon speaks 1"},
                    wrong_member{"/name", "\"../evil\"", "name: use a-z"},
                    wrong_member{"/version", "1", "version: must be a text"},
                    wrong_member{"/api_base", "\"ftp://x\"", "api_base: must begin with https://"},
                    wrong_member{"/hosts", "[\"*.com\"]", "hosts: \"*.com\" is neither"},
                    wrong_member{"/hosts", "[]", "hosts: name at least one host"},
                    wrong_member{"/jobs", "[\"sync\"]", "credentials[1].authorize: is true, but"},
                    wrong_member{"/jobs", "[\"authorize\"]", "jobs: must contain \"sync\""},
                    wrong_member{"/phases/2/needs", "[\"note\"]", "phases[2].needs: \"note\" is not an earlier phase"},
                    wrong_member{"/objects/0/phase", "\"x\"", "objects[0].phase: \"x\" is not one of the phases"},
                    wrong_member{"/objects/2/per", "\"event\"", "objects[2].per: must be"},
                    wrong_member{"/default_mapping/1/object", "\"x\"", "default_mapping[1].object: \"x\" is not"},
                    wrong_member{"/default_mapping/0/write_mode", "\"x\"", "default_mapping[0].write_mode: must be"},
                    wrong_member{"/batch_size", "0", "batch_size: must be at least 1"},
                    wrong_member{"/max_response_bytes", "33554433", "max_response_bytes: must be at most 33554432"},
                    wrong_member{"/limits/0/window_ms", "null", "limits[0].window_ms: a whole number is needed"},
                    wrong_member{"/limits/0/amount", "-1", "limits[0].amount: a whole number is needed"},
                    wrong_member{"/limits/1/id", "\"burst\"", "limits[1].id: \"burst\" is there twice"},
                    wrong_member{"/limits/1/kind", "\"weekly\"", "limits[1].kind: must be"},
                    wrong_member{"/help/INVALID_OPTION", "7", "help.INVALID_OPTION: must be a text"}));

TEST(Manifest, IsRefusedWhereItIsNotAJsonObject) {
  EXPECT_THAT(parse_manifest("{").error().context, testing::HasSubstr("is not JSON"));
  EXPECT_THAT(parse_manifest("[]").error().context, testing::HasSubstr("is not a JSON object"));
  EXPECT_THAT(parse_manifest("\"\xff\"").error().context, testing::HasSubstr("is not UTF-8"));
}

}  // namespace
}  // namespace leadsync
