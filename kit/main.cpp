#include "child.h"
#include "fuzz.h"
#include "recorder.h"
#include "suite.h"

#include "leadsync/plugin.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>

namespace {

using namespace leadsync;
using namespace leadsync::kit;

struct choices {
  std::filesystem::path plugin, transcripts, findings = ".";
  std::string only, fuzz;
  std::uint64_t seed = 1;
  bool list = false;
  recording record;
  std::filesystem::path record_to;
};

void tell_failure(const std::string& what, const std::string& rule) {
  std::cout << "     ";
  for (const char c : what) std::cout << c << (c == '\n' ? "     " : "");
  std::cout << "\n";
  if (!rule.empty()) std::cout << "     The rule: " << rule << "\n";
}

/// The manifest's text, which a child reads: no code of the plugin runs here.
plugin_manifest manifest_of(const std::filesystem::path& file) {
  const auto loaded = in_child(
      [&] {
        const auto& text = load(file)->entry().manifest_json;
        return std::string(text.data, text.size);
      },
      std::chrono::seconds(20));
  if (!loaded.passed) {
    std::cout << "FAIL file.loads\n";
    tell_failure(loaded.what, loaded.rule);
    std::cout << "0 passed, 1 failed, 0 skipped\n";
    std::exit(1);
  }
  return *parse_manifest(loaded.output);
}

/// 60s, 5m, 90.
std::chrono::seconds duration_of(const std::string& text) {
  std::size_t used = 0;
  const auto number = std::stoll(text, &used);
  const auto unit = text.substr(used);
  if (number < 1 || (!unit.empty() && unit != "s" && unit != "m")) throw CLI::ValidationError("--fuzz", "a time such as 60s or 5m");
  return std::chrono::seconds(unit == "m" ? number * 60 : number);
}

int run_cases(const choices& chosen, const plugin_manifest& about, const std::vector<transcript>& recorded, const std::vector<transcript>& bases) {
  int passed = 1, failed = 0, skipped = 0;
  std::cout << "ok   file.loads\n";
  for (const auto& each : cases_for(chosen.plugin, about, recorded, bases)) {
    if (each.name.find(chosen.only) == std::string::npos) {
      ++skipped;
      continue;
    }
    const auto end = in_child(
        [&] {
          each.run();
          return std::string();
        },
        std::chrono::seconds(120));
    std::cout << (end.passed ? "ok   " : "FAIL ") << each.name << std::endl;
    if (!end.passed) tell_failure(end.what, end.rule);
    ++(end.passed ? passed : failed);
  }
  if (!chosen.fuzz.empty()) {
    const auto end = fuzz([&] { return load(chosen.plugin); }, bases, duration_of(chosen.fuzz), chosen.seed, chosen.findings);
    std::cout << (end.passed ? "ok   " : "FAIL ") << "fuzz (" << end.plays << " conversations)\n";
    if (!end.passed) tell_failure(end.what + "\n     Again: --fuzz 1s --seed " + std::to_string(end.seed), end.rule);
    ++(end.passed ? passed : failed);
  }
  std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped\n";
  return failed == 0 ? 0 : 1;
}

void describe(CLI::App& app, choices& chosen) {
  app.add_option("plugin", chosen.plugin, "The plugin: NAME.so")->required()->check(CLI::ExistingFile);
  app.add_option("--transcripts", chosen.transcripts, "Transcripts to replay, a file or a folder of *.json")->check(CLI::ExistingPath);
  app.add_option("--only", chosen.only, "Only cases whose name holds this");
  app.add_flag("--list", chosen.list, "Name the cases");
  app.add_option("--fuzz", chosen.fuzz, "Then change answers for so long: 60s, 5m");
  app.add_option("--seed", chosen.seed, "Where fuzzing begins");
  app.add_option("--findings", chosen.findings, "Where fuzzing leaves the conversations that it found")->check(CLI::ExistingDirectory);
  app.add_option("--record", chosen.record_to, "Instead: hold conversations with a server, and write them to this folder");
  app.add_option("--base-url", chosen.record.base_url, "The server, for --record");
  app.add_option("--credential", chosen.record.credential, "Kind of credential, for --record (the manifest's first)");
  app.add_option("--secret", chosen.record.secrets, "NAME=VALUE, for --record; never written down");
  app.add_option("--setting", chosen.record.settings, "NAME=VALUE, for --record");
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app("Tests a plugin of leadsync: whether it keeps the contract, whatever its CRM answers.", "leadsync-plugin-test");
  app.set_version_flag("--version", LEADSYNC_VERSION);
  choices chosen;
  describe(app, chosen);
  try {
    app.parse(count, arguments);
    if (!chosen.fuzz.empty()) (void)duration_of(chosen.fuzz);
  } catch (const CLI::ParseError& failure) {
    const int code = app.exit(failure);
    return code == 0 ? 0 : 2;
  } catch (const std::exception&) {
    std::cerr << "--fuzz: a time such as 60s or 5m is needed\n";
    return 2;
  }
  try {
    const auto about = manifest_of(chosen.plugin);
    if (!chosen.record_to.empty()) return record(load(chosen.plugin), chosen.record, chosen.record_to);
    const auto recorded = chosen.transcripts.empty() ? std::vector<transcript>() : read_transcripts(about, chosen.transcripts);
    const auto bases = bases_of(about, recorded);
    if (!chosen.list) return run_cases(chosen, about, recorded, bases);
    for (const auto& each : cases_for(chosen.plugin, about, recorded, bases)) std::cout << each.name << "\n";
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "leadsync-plugin-test: " << failure.what() << "\n";
    return 2;
  }
}
