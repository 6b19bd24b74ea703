#include "plugin/catalog.h"

#include "tests/unit/plugin/plugin_files.h"

#include <gmock/gmock.h>

#include <fstream>

namespace leadsync {
namespace {

using testing::HasSubstr;

TEST(Catalog, ListsBrokenPluginsBesideTheWorkingOnes) {
  const auto catalog = plugin_catalog::scan({bad_plugin("").parent_path()});
  std::vector<std::string> usable;
  for (const auto& entry : catalog.entries()) {
    EXPECT_EQ(entry.error.empty(), entry.library != nullptr);
    if (entry.library) usable.push_back(entry.name + " " + entry.version);
  }
  EXPECT_EQ(usable, std::vector<std::string>{"misbehaving 0.1"});
  EXPECT_EQ(catalog.entries().size(), 7u);
  EXPECT_THAT(catalog.find("wrong_abi").error().context, HasSubstr("is built for plugin ABI 2"));
  EXPECT_THAT(catalog.find("hubspto").error().context, HasSubstr("there is no plugin \"hubspto\"; there are: misbehaving"));
}

TEST(Catalog, LetsTheFirstOfTwoWithOneNameWin) {
  const scratch_folder first, second;
  for (const auto& file : {first.path() / "z.so", second.path() / "a.so"}) {
    std::filesystem::copy_file(toy_plugin(), file);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }
  std::ofstream(first.path() / "README") << "not a plugin";
  const auto catalog = plugin_catalog::scan({first.path(), second.path()});
  ASSERT_EQ(catalog.entries().size(), 2u);
  EXPECT_EQ(catalog.find("toy").value()->path(), first.path() / "z.so");
  EXPECT_EQ(catalog.entries()[1].name, "toy");
  EXPECT_THAT(catalog.entries()[1].error, HasSubstr((first.path() / "z.so").string() + " has the same name \"toy\""));
}

TEST(Catalog, ListsADirectoryThatIsNotThere) {
  const auto catalog = plugin_catalog::scan({"/nowhere/plugins"});
  ASSERT_EQ(catalog.entries().size(), 1u);
  EXPECT_THAT(catalog.entries()[0].error, HasSubstr("/nowhere/plugins: plugins cannot be looked for: No such file"));
}

}  // namespace
}  // namespace leadsync
