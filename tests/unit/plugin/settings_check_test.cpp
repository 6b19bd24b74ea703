#include "plugin/settings_check.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace leadsync {
namespace {

std::string misfit(std::string_view settings) {
  static const auto schema = boost::json::parse(R"({"type": "object", "required": ["region"], "properties": {
    "list_id": {"type": "string"}, "region": {"type": "string", "enum": ["eu", "us"]}, "size": {"type": "integer"}}})");
  return settings_misfit(schema.get_object(), settings);
}

TEST(SettingsCheck, TakesWhatTheSchemaDescribes) { EXPECT_EQ(misfit(R"({"region": "eu", "list_id": "7", "size": 3})"), ""); }

TEST(SettingsCheck, RefusesAMisspelledSetting) {
  EXPECT_EQ(misfit(R"({"region": "eu", "list_idd": "7"})"), "the plugin has no setting `list_idd`; it has list_id, region, size");
}

TEST(SettingsCheck, AsksForQuotesAroundANumberThatIsAText) {
  EXPECT_EQ(misfit(R"({"region": "eu", "list_id": 7})"), "`settings.list_id` must be of type string; quote it");
  EXPECT_EQ(misfit(R"({"region": "eu", "size": "3"})"), "`settings.size` must be of type integer");
}

TEST(SettingsCheck, NamesTheChoicesAndWhatIsMissing) {
  EXPECT_EQ(misfit(R"({"region": "mars"})"), R"(`settings.region` must be one of ["eu","us"])");
  EXPECT_EQ(misfit("{}"), "`settings.region` is missing; the plugin needs it");
}

TEST(SettingsCheck, SaysThatAPluginHasNone) { EXPECT_EQ(settings_misfit({}, R"({"a": 1})"), "the plugin has no setting `a`; it has none"); }

}  // namespace
}  // namespace leadsync
