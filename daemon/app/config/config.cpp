#include "app/config/config.h"

#include "app/config/integration_config.h"
#include "app/config/yaml_map.h"
#include "base/text.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#ifndef LEADSYNC_PLUGIN_FOLDER
#define LEADSYNC_PLUGIN_FOLDER "/usr/lib/leadsync/plugins"
#endif

namespace leadsync {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view default_integrations_folder = "integrations.d";

std::filesystem::path default_state_folder() {
  const char* folder = std::getenv("STATE_DIRECTORY");
  return folder && *folder ? folder : "/var/lib/leadsync";
}

std::filesystem::path read_path(yaml_map& map, std::string_view key, const std::filesystem::path& otherwise, const std::filesystem::path& folder) {
  const auto text = map.text(key);
  return text ? (folder / *text).lexically_normal() : otherwise;
}

void read_engine(yaml_map& map, engine_settings& engine) {
  engine.schema_refresh = map.duration("schema_refresh", 30s, 7 * 24h).value_or(engine.schema_refresh);
  engine.stop_grace = map.duration("stop_grace", 0s, 10min).value_or(engine.stop_grace);
  engine.plugin_threads = int(map.integer("plugin_threads", 1, 64).value_or(engine.plugin_threads));
  engine.retry_cap = int(map.integer("retry_cap", 1, 1000).value_or(engine.retry_cap));
  if (const auto kept = map.duration("body_retention", 24h, 36500 * 24h)) engine.body_retention = std::chrono::floor<std::chrono::days>(*kept);
  if (const auto kept = map.duration("attempt_retention", 24h, 36500 * 24h)) engine.attempt_retention = std::chrono::floor<std::chrono::days>(*kept);
  if (engine.attempt_retention < engine.body_retention)
    map.refuse("attempt_retention", "must not be shorter than `body_retention`");
}

/// A folder that was named must be there: by a slip of its name every integration would be gone without a word.
result<std::vector<std::filesystem::path>> integration_files(const std::filesystem::path& folder, const std::filesystem::path& otherwise) {
  std::error_code failure;
  std::vector<std::filesystem::path> files;
  auto entry = std::filesystem::directory_iterator(folder, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    const auto name = entry->path().filename().string();
    if (name.ends_with(".yaml") && !name.starts_with('.')) files.push_back(entry->path());
  }
  if (failure == std::errc::no_such_file_or_directory && folder != otherwise)
    return make_error(errc::invalid_input, "`integrations_folder`: there is no folder " + folder.string() + "; make it, or correct the path");
  if (failure && failure != std::errc::no_such_file_or_directory)
    return make_error(errc::io, "`integrations_folder`: " + folder.string() + " cannot be listed: " + failure.message());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

result<app_settings> parse_config(std::string_view text, const std::filesystem::path& file) try {
  problem_list problems(file);
  const auto root = parse_yaml(text, problems);
  if (!root) return problems.as_error();
  yaml_map map(*root, "", problems);
  const auto folder = file.parent_path();

  app_settings settings;
  settings.file = file;
  settings.socket = read_path(map, "socket", settings.socket, folder);
  if (settings.socket.string().size() > 107) map.refuse("socket", "must be a path of at most 107 bytes");
  settings.engine.state_folder = read_path(map, "state_folder", default_state_folder(), folder);
  settings.integrations_folder = read_path(map, "integrations_folder", folder / default_integrations_folder, folder);
  settings.engine.plugin_folders = {"/usr/local/lib/leadsync/plugins", LEADSYNC_PLUGIN_FOLDER};
  if (const auto folders = map.texts("plugin_folders")) {
    settings.engine.plugin_folders.clear();
    for (const auto& given : *folders) settings.engine.plugin_folders.push_back((folder / given).lexically_normal());
  }
  settings.log_level = map.text("log_level").value_or(settings.log_level);
  const std::vector<std::string> levels = {"debug", "info", "warning", "error"};
  if (std::find(levels.begin(), levels.end(), settings.log_level) == levels.end())
    map.refuse("log_level", "must be one of " + join(levels, ", "));
  read_engine(map, settings.engine);
  map.finish();
  if (!problems.empty()) return problems.as_error();
  return settings;
} catch (const YAML::Exception& failure) {
  problem_list problems(file);
  problems.add(failure.mark, failure.msg);
  return problems.as_error();
}

result<app_settings> load_config(const std::filesystem::path& file) {
  std::error_code failure;
  const auto path = std::filesystem::absolute(file, failure);
  const auto text = read_text_file(path);
  if (!text) return with_context(text.error(), "configuration");
  auto settings = parse_config(*text, path);
  if (!settings) return settings.error();

  const auto files = integration_files(settings->integrations_folder, path.parent_path() / default_integrations_folder);
  if (!files) return with_context(files.error(), path.string());
  std::vector<std::string> problems;
  std::map<std::string, std::string> file_of_name;
  for (const auto& one : *files) {
    auto integration = load_integration(one);
    if (!integration) {
      problems.push_back(integration.error().context);
      continue;
    }
    const auto [first, is_new] = file_of_name.emplace(integration->name, one.string());
    if (!is_new) problems.push_back(one.string() + ": integration `" + integration->name + "` is already defined by " + first->second + "; give one of them another `name`");
    settings->engine.integrations.push_back(std::move(*integration));
  }
  if (!problems.empty()) return make_error(errc::invalid_input, join(problems, "\n"));
  return settings;
}

std::vector<std::string> secret_problems(const app_settings& settings) {
  std::vector<std::string> problems;
  for (const auto& integration : settings.engine.integrations)
    if (!integration.secrets_problem.empty()) problems.push_back(integration.file.string() + ": " + integration.secrets_problem);
  return problems;
}

}  // namespace leadsync
