#include "store/migrations.h"

#include "store_fixture.h"

#include <array>

namespace leadsync {
namespace {

class Migrations : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_.path() / "leadsync.db"; }
  scratch_folder folder_;
};

constexpr std::array<migration, 2> two = {{{1, "one", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (7);"},
                                           {2, "two", "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 5;"}}};

std::string value_of(connection& db, const char* sql) {
  auto row = db.use(sql);
  return row.step() ? row.text(0) : std::string();
}

TEST_F(Migrations, GoForwardFromWhereTheFileIs) {
  connection db(file(), connection_kind::writer);
  ASSERT_TRUE(migrate(db, file(), std::span(two).first(1)));
  ASSERT_TRUE(migrate(db, file(), two));
  EXPECT_EQ(value_of(db, "SELECT x + y FROM a"), "12");
  EXPECT_EQ(value_of(db, "PRAGMA user_version"), "2");
}

TEST_F(Migrations, CopyAnExistingFileFirstAndANewOneNot) {
  connection db(file(), connection_kind::writer);
  ASSERT_TRUE(migrate(db, file(), std::span(two).first(1)));
  EXPECT_FALSE(std::filesystem::exists(file().string() + ".before-0001"));
  ASSERT_TRUE(migrate(db, file(), two));
  connection copy(file().string() + ".before-0002", connection_kind::reader);
  EXPECT_EQ(value_of(copy, "PRAGMA user_version"), "1");
  EXPECT_EQ(value_of(copy, "SELECT x FROM a"), "7");
}

TEST_F(Migrations, LeaveTheFileAsItWasWhereOneFails) {
  constexpr std::array<migration, 2> broken = {{two[0], {2, "broken", "CREATE TABLE b (x INTEGER); SELECT nonsense;"}}};
  connection db(file(), connection_kind::writer);
  ASSERT_TRUE(migrate(db, file(), std::span(broken).first(1)));
  const auto outcome = migrate(db, file(), broken);
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().context.find("migration 2 (broken)"), std::string::npos);
  EXPECT_EQ(value_of(db, "PRAGMA user_version"), "1");
  EXPECT_EQ(value_of(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), "0");
}

TEST_F(Migrations, RefuseANewerFile) {
  {
    connection db(file(), connection_kind::writer);
    db.execute("PRAGMA user_version = 9999");
  }
  const auto opened = open_sqlite_store({folder_.path()});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::not_permitted);
}

TEST_F(Migrations, RefuseWhatIsNoDatabase) {
  std::FILE* out = std::fopen(file().c_str(), "w");
  for (int i = 0; i < 2000; ++i) std::fputs("not a database ", out);
  std::fclose(out);
  const auto opened = open_sqlite_store({folder_.path()});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, errc::corrupted);
}

}  // namespace
}  // namespace leadsync
