#include "app/config/secret_source.h"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace leadsync {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SecretSource : public testing::Test {
 protected:
  SecretSource() {
    std::string pattern = testing::TempDir() + "leadsync-secret-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~SecretSource() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] secret_source file(std::string_view text, mode_t mode) const {
    const auto path = folder_ / "token";
    std::ofstream(path, std::ios::binary) << text;
    ::chmod(path.c_str(), mode);
    return {secret_source::kind::file, path.string()};
  }
  static std::string problem(const secret_source& source) {
    const auto read = read_secret(source);
    return read ? "none" : read.error().context;
  }

  std::filesystem::path folder_;
};

TEST_F(SecretSource, TrimsTheNewlineThatEditorsAdd) {
  EXPECT_EQ(read_secret(file("token-1\r\n", 0600))->reveal(), "token-1");
  EXPECT_EQ(read_secret(file(" a\nb ", 0400))->reveal(), " a\nb ");
}

TEST_F(SecretSource, RefusesAFileThatOthersMayReadOrChange) {
  EXPECT_THAT(problem(file("token-1", 0644)), HasSubstr("can be read by everybody (mode 0644); chmod 0600 it"));
  EXPECT_THAT(problem(file("token-1", 0660)), HasSubstr("can be changed by others (mode 0660)"));
  EXPECT_THAT(problem(file("token-1", 0644)), Not(HasSubstr("token-1\n")));
}

TEST_F(SecretSource, LetsTheGroupReadOnlyWhatRootOwns) {
  const auto source = file("token-1", 0640);
  if (::geteuid() == 0) {
    EXPECT_EQ(problem(source), "none");
    ASSERT_EQ(::chown(source.name.c_str(), 12345, 0), 0);
    EXPECT_THAT(problem(source), HasSubstr("belongs to user 12345"));
  } else {
    EXPECT_THAT(problem(source), HasSubstr("can be read by its group"));
  }
}

TEST_F(SecretSource, RefusesWhatCannotBeASecret) {
  EXPECT_THAT(problem(file("\n", 0600)), HasSubstr("is empty"));
  EXPECT_THAT(problem(file(std::string(70000, 'x'), 0600)), HasSubstr("is longer than 64 KiB"));
  EXPECT_THAT(problem(file(std::string("a\0b", 3), 0600)), HasSubstr("NUL byte"));
  EXPECT_THAT(problem({secret_source::kind::file, folder_.string()}), HasSubstr("is not a file"));
  EXPECT_THAT(problem({secret_source::kind::file, (folder_ / "none").string()}), HasSubstr("cannot be read: No such file"));
}

TEST_F(SecretSource, ReadsACredentialOfTheServiceManager) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_THAT(problem({secret_source::kind::credential, "token"}), HasSubstr("add LoadCredential=token:PATH to the unit"));
  (void)file("token-2\n", 0444);
  ::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1);
  EXPECT_EQ(read_secret({secret_source::kind::credential, "token"})->reveal(), "token-2");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

}  // namespace
}  // namespace leadsync
