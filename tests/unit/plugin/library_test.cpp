#include "plugin/library.h"

#include "base/text.h"
#include "tests/unit/plugin/plugin_files.h"

#include <gmock/gmock.h>

#include <unistd.h>

#include <fstream>
#include <iterator>

namespace leadsync {
namespace {

using testing::HasSubstr;

std::string refusal(const std::filesystem::path& file) {
  const auto loaded = plugin_library::load(file);
  return loaded ? "loaded" : loaded.error().context;
}

TEST(Library, LoadsTheTemplateAndKnowsItsDigest) {
  const auto loaded = plugin_library::load(toy_plugin());
  ASSERT_TRUE(loaded) << loaded.error().context;
  EXPECT_EQ((*loaded)->manifest().name, "toy");
  std::ifstream in(toy_plugin(), std::ios::binary);
  EXPECT_EQ((*loaded)->sha256(), sha256_hex(std::string{std::istreambuf_iterator<char>(in), {}}));
}

TEST(Library, RefusesWhatIsNoPluginAndSaysWhatToDo) {
  EXPECT_THAT(refusal("/nowhere/x.so"), HasSubstr("/nowhere/x.so: cannot be read"));
  EXPECT_THAT(refusal("/"), HasSubstr("is not a regular file"));
  EXPECT_THAT(refusal("sdk/protocol.md"), HasSubstr("does not load"));
  EXPECT_THAT(refusal(bad_plugin("no_symbol")), HasSubstr("exports no leadsync_plugin_entry: build it with leadsync_add_plugin"));
  EXPECT_THAT(refusal(bad_plugin("no_entry")), HasSubstr("leadsync_plugin_entry returned nothing"));
  EXPECT_THAT(refusal(bad_plugin("wrong_abi")), HasSubstr("is built for plugin ABI 2; this daemon has 1"));
  EXPECT_THAT(refusal(bad_plugin("too_small")), HasSubstr("describes itself in 24 bytes"));
  EXPECT_THAT(refusal(bad_plugin("no_functions")), HasSubstr("lacks open, resume or close"));
  EXPECT_THAT(refusal(bad_plugin("bad_manifest")), HasSubstr("bad_manifest.so: manifest: name: use a-z"));
}

TEST(Library, RefusesAFileThatOthersCanWrite) {
  const scratch_folder scratch;
  const auto copy = scratch.path() / "copy.so";
  std::filesystem::copy_file(toy_plugin(), copy);
  for (const auto mode : {std::filesystem::perms::group_write, std::filesystem::perms::others_write}) {
    std::filesystem::permissions(copy, std::filesystem::perms::owner_all | mode);
    EXPECT_THAT(refusal(copy), HasSubstr("can be written by others than its owner: chmod go-w " + copy.string()));
  }
  std::filesystem::permissions(copy, std::filesystem::perms::owner_all);
  EXPECT_EQ(refusal(copy), "loaded");
}

TEST(Library, RefusesAFileOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const scratch_folder scratch;
  const auto copy = scratch.path() / "copy.so";
  std::filesystem::copy_file(toy_plugin(), copy);
  std::filesystem::permissions(copy, std::filesystem::perms::owner_all);
  ASSERT_EQ(chown(copy.c_str(), 12345, 0), 0);
  EXPECT_THAT(refusal(copy), HasSubstr("belongs to user 12345"));
}

}  // namespace
}  // namespace leadsync
