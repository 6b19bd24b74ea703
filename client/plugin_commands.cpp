#include "commands.h"
#include "plugin_template.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace leadsync::client {
namespace {

/// A plugin's name is a file's, a C++ identifier's and a manifest's.
bool is_name(const std::string& name) {
  const auto is_part = [](unsigned char c) { return std::islower(c) || std::isdigit(c) || c == '_'; };
  return !name.empty() && name.size() <= 40 && std::islower(static_cast<unsigned char>(name.front())) && std::all_of(name.begin(), name.end(), is_part);
}

std::string with_case(std::string name, int (*change)(int), std::size_t letters) {
  for (std::size_t i = 0; i < std::min(letters, name.size()); ++i) name[i] = static_cast<char>(change(static_cast<unsigned char>(name[i])));
  return name;
}

/// The template's own name becomes the new one, in each case in which it is written.
std::string renamed(std::string_view text, const std::string& name) {
  const std::pair<std::string_view, std::string> words[] = {
      {"toy", name}, {"Toy", with_case(name, std::toupper, 1)}, {"TOY", with_case(name, std::toupper, name.size())}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto word = std::find_if(std::begin(words), std::end(words), [&](const auto& each) { return text.substr(at).starts_with(each.first); });
    if (word == std::end(words)) {
      out += text[at++];
    } else {
      out += word->second;
      at += word->first.size();
    }
  }
  return out;
}

void write_project(session& run, const std::string& name, std::filesystem::path folder) {
  if (!is_name(name))
    throw failure(exit_code::usage, "\"" + name + "\" cannot be a plugin's name", "it needs 1 to 40 lower-case letters, digits and underscores, and begins with a letter",
                  "leadsync plugin new acme");
  if (folder.empty()) folder = name;
  std::error_code ignored;
  if (std::filesystem::exists(folder, ignored))
    throw failure(exit_code::conflict, folder.string() + " is there already", "nothing was written", "choose another place: leadsync plugin new " + name + " --folder FOLDER");
  for (const auto& each : plugin_template()) {
    const auto file = folder / renamed(each.path, name);
    std::filesystem::create_directories(file.parent_path(), ignored);
    std::ofstream out(file, std::ios::binary);
    out << renamed(each.text, name);
    out.close();
    if (!out) throw failure(exit_code::failed, file.string() + " cannot be written", "", "choose a folder that is yours: --folder FOLDER");
  }
  run.out() << "wrote " << folder.string() << ", a plugin that builds, passes its tests and syncs to `leadsync-simulator --crm rest`\n"
            << "  → cd " << folder.string() << " && cmake -G Ninja -S . -B build && cmake --build build && ctest --test-dir build\n"
            << "  → its README.md says what is where, and how to sync with the simulated CRM\n";
}

}  // namespace

void add_plugin_commands(CLI::App& app, session& run) {
  auto* plugin = app.add_subcommand("plugin", "For authors of plugins");
  plugin->require_subcommand(1);
  auto* fresh = plugin->add_subcommand("new", "Write a project for a plugin of your own; needs no daemon");
  auto name = std::make_shared<std::string>();
  auto folder = std::make_shared<std::string>();
  fresh->add_option("name", *name, "Its name: lower-case letters, digits, underscores")->required();
  fresh->add_option("--folder", *folder, "Where (a folder of its name)");
  fresh->callback([&run, name, folder] { write_project(run, *name, *folder); });
}

}  // namespace leadsync::client
