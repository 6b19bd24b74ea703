#include "plugin/catalog.h"
#include "tests/unit/plugin/plugin_files.h"

#include <gmock/gmock.h>

#include <fstream>

namespace leadsync {
namespace {

using testing::HasSubstr;

struct CrashBook : testing::Test {
  scratch_folder scratch;
  std::filesystem::path file = scratch.path() / "plugin-crashes";

  /// Each in a process of its own, as it were.
  void crash(const std::string& plugin, const std::string& sha256, int times) const {
    for (int i = 0; i < times; ++i) {
      auto book = crash_book::open(file).value();
      ASSERT_TRUE(book.add({.plugin = plugin, .sha256 = sha256, .run_id = 7, .signal = 11}));
    }
  }
  [[nodiscard]] bool disables(const std::string& sha256) const { return crash_book::open(file).value().disabling(sha256) != nullptr; }
};

TEST_F(CrashBook, DisablesAPluginAtItsThirdCrash) {
  crash("acme", "aa", 2);
  EXPECT_FALSE(disables("aa"));
  crash("acme", "aa", 1);
  EXPECT_TRUE(disables("aa"));
}

TEST_F(CrashBook, CountsEachPluginForItself) {
  crash("acme", "aa", 2);
  crash("other crm", "bb", 2);
  EXPECT_FALSE(disables("aa"));
  crash("other crm", "bb", 1);
  EXPECT_FALSE(disables("aa"));
  const auto book = crash_book::open(file).value();
  ASSERT_NE(book.disabling("bb"), nullptr);
  EXPECT_EQ(book.disabling("bb")->plugin, "other crm");
}

TEST_F(CrashBook, BeginsAnewWithAnotherFile) {
  crash("acme", "aa", 3);
  EXPECT_FALSE(disables("a2"));
  crash("acme", "a2", 2);
  EXPECT_FALSE(disables("a2"));
}

TEST_F(CrashBook, KnowsOfNoCrashWhereItsFileIsAbsentOrGarbage) {
  EXPECT_FALSE(disables("aa"));
  std::ofstream(file) << "aa\naa many acme\n\n";
  EXPECT_FALSE(disables("aa"));
  crash("acme", "aa", 3);
  EXPECT_TRUE(disables("aa"));
}

TEST_F(CrashBook, ListsADisabledPluginWithWhatToDoAndRunsNothingOfIt) {
  const auto plugin = scratch.path() / "toy.so";
  std::filesystem::copy_file(toy_plugin(), plugin);
  std::filesystem::permissions(plugin, std::filesystem::perms::owner_all);
  crash("toy", plugin_library::digest_of(plugin).value(), 3);

  const auto disabled = plugin_catalog::scan({scratch.path()}, crash_book::open(file).value());
  ASSERT_EQ(disabled.entries().size(), 1u);
  EXPECT_EQ(disabled.entries()[0].library, nullptr);
  const auto asked = disabled.find("toy");
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, errc::unavailable);
  EXPECT_THAT(asked.error().context, HasSubstr("toy.so: disabled, because it crashed leadsyncd 3 times: install another version"));
  EXPECT_THAT(asked.error().context, HasSubstr("remove " + file.string()));

  std::ofstream(plugin, std::ios::app) << "another version";
  EXPECT_TRUE(plugin_catalog::scan({scratch.path()}, crash_book::open(file).value()).find("toy"));
}

}  // namespace
}  // namespace leadsync
