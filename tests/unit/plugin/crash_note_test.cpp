#include "plugin/crash_note.h"

#include "plugin/session.h"
#include "tests/unit/plugin/plugin_files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

namespace leadsync {
namespace {

/// Runs `work` in a child with the handler installed; gives the child's wait status.
template <class Work>
int in_child(const std::filesystem::path& note, Work work) {
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);  // a sanitizer reports the crash
    dup2(nowhere, 2);
    if (!install_crash_note(note)) _exit(99);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

void resume_misbehaving(const std::string& job) {
  auto session = plugin_session::open(plugin_library::load(bad_plugin("misbehaving")).value(), job, {.run_id = 771, .lead_count = 1});
  static_cast<void>(session.resume());
}

class CrashNote : public testing::TestWithParam<const char*> {};

TEST_P(CrashNote, NamesPluginAndRunOfAFatalSignalInsideAPlugin) {
  const scratch_folder scratch;
  const auto file = scratch.path() / "crash";
  const int status = in_child(file, [] { std::thread(resume_misbehaving, GetParam()).join(); });
  EXPECT_NE(status, 0);
  const auto note = read_and_clear_crash_note(file);
  ASSERT_TRUE(note) << note.error().context;
  ASSERT_TRUE(note->has_value());
  EXPECT_EQ((*note)->plugin, "misbehaving");
  EXPECT_EQ((*note)->run_id, 771);
  EXPECT_EQ((*note)->sha256, plugin_library::digest_of(bad_plugin("misbehaving")).value());
  EXPECT_EQ((*note)->signal, std::string(GetParam()) == "abort" ? SIGABRT : SIGSEGV);
  EXPECT_FALSE(read_and_clear_crash_note(file)->has_value());
}

INSTANTIATE_TEST_SUITE_P(Each, CrashNote, testing::Values("segv", "abort", "overflow"),
                         [](const auto& one) { return std::string(one.param); });

TEST(CrashNoteOutside, IsNotWrittenWhereTheSignalCameInTheDaemonsOwnCode) {
  const scratch_folder scratch;
  const auto file = scratch.path() / "crash";
  const int status = in_child(file, [] {
    resume_misbehaving("well");
    raise(SIGABRT);
  });
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  EXPECT_FALSE(read_and_clear_crash_note(file)->has_value());
}

TEST(CrashNoteFile, MayBeAbsentOrGarbage) {
  const scratch_folder scratch;
  EXPECT_FALSE(read_and_clear_crash_note(scratch.path() / "absent")->has_value());
  std::ofstream(scratch.path() / "garbage") << "toy x";
  EXPECT_FALSE(read_and_clear_crash_note(scratch.path() / "garbage")->has_value());
}

}  // namespace
}  // namespace leadsync
