"""The conformance kit finds each broken plugin out, by the right case and in words with which its author can do something."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["LEADSYNC_BUILD"])
PLUGINS = BUILD / "lib/leadsync/broken_plugins"

# What is broken: the case that must fail, and what it must say.
BROKEN = {
    "two_symbols": ("file.exports_one_symbol", "exports more than leadsync_plugin_entry: helper_of_broken"),
    "omits_a_verdict": ("plain_sync.keeps_the_contract", 'lead 3 has no verdict for phase "person"'),
    "undeclared_host": ("plain_sync.keeps_the_contract", 'goes to host "collector.example", which the manifest does not name'),
    "nonsense": ("plain_sync.keeps_the_contract", "its verdicts cannot be read: "),
    "aborts": ("plain_sync.keeps_the_contract", "ended by signal 6"),
    "exits": ("plain_sync.keeps_the_contract", "the plugin ended the process, with exit status 3"),
    "never_ends": ("plain_sync.keeps_the_contract", "the session does not end"),
    "get_writes": ("plain_sync.keeps_the_contract", "GET /people says that it writes"),
    "authorization": ("plain_sync.keeps_the_contract", "sets the header authorization"),
    "clock": ("plain_sync.says_the_same_twice", "played twice with the same answers, request 0 is once"),
    "opens_a_file": ("plain_sync.opens_no_file_and_no_socket", "the plugin called openat"),
    "leaks": ("plain_sync.closes_anywhere", "a session leaves memory behind"),
    "ok_without_answer": ("plain_sync.survives.sent_no_answer", "is ok by POST /people, which had no answer"),
    "blind": ("plain_sync.looks_up_before_blind_writes", "writes it blindly: no read has looked for it before"),
}


def kit(*arguments):
    environment = {**os.environ, "ASAN_OPTIONS": "abort_on_error=0:handle_abort=0"}
    done = subprocess.run([BUILD / "bin/leadsync-plugin-test", *map(str, arguments)], capture_output=True, text=True, timeout=240, env=environment)
    return done.returncode, done.stdout, done.stderr


class Broken(unittest.TestCase):
    def test_each_is_found_out(self):
        for name, (case, sentence) in BROKEN.items():
            with self.subTest(name):
                status, output, _ = kit(PLUGINS / f"{name}.so", "--only", case)
                self.assertEqual(status, 1, output)
                told = re.search(rf"^FAIL {re.escape(case)}\n +(.*?)\n +The rule: .+$", output, re.M | re.S)
                self.assertTrue(told, output)
                self.assertIn(sentence, told.group(1))

    def test_what_is_right_passes(self):
        status, output, _ = kit(PLUGINS / "nothing.so")
        self.assertEqual(status, 0, output)
        self.assertRegex(output.splitlines()[-1], r"^\d+ passed, 0 failed, 0 skipped$")

    def test_fuzzing_leaves_a_conversation_that_fails_again(self):
        with tempfile.TemporaryDirectory() as folder:
            arguments = (PLUGINS / "ok_without_answer.so", "--only", "no such case", "--findings", folder)
            status, output, _ = kit(*arguments, "--fuzz", "20s")
            self.assertEqual(status, 1, output)
            seed = re.search(r"Again: --fuzz 1s --seed (\d+)", output).group(1)
            self.assertTrue((pathlib.Path(folder) / f"finding-{seed}.json").is_file(), output)
            status, again, _ = kit(*arguments, "--fuzz", "1s", "--seed", seed)
            self.assertEqual(status, 1, again)
            status, replayed, _ = kit(PLUGINS / "ok_without_answer.so", "--transcripts", folder, "--only", "keeps_the_contract")
            self.assertEqual(status, 1, replayed)

    def test_bad_input_says_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "not_a_library.so").write_text("hello")
            self.assertEqual(kit(path / "not_a_library.so")[0], 1)
            self.assertIn("no transcript (*.json) is in this folder", kit(PLUGINS / "nothing.so", "--transcripts", folder)[2])
            (path / "half.json").write_text('{"transcript": 1, "job"')
            status, _, errors = kit(PLUGINS / "nothing.so", "--transcripts", path / "half.json")
            self.assertEqual(status, 2)
            self.assertIn("half.json: is no transcript", errors)
            self.assertEqual(kit(PLUGINS / "nothing.so", "--fuzz", "soon")[0], 2)
            self.assertIn("--base-url", kit(PLUGINS / "nothing.so", "--record", folder)[2])


if __name__ == "__main__":
    unittest.main()
