#include "app/config/integration_config.h"

#include "app/config/schedule_config.h"
#include "app/config/yaml_json.h"
#include "base/text.h"

#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace leadsync {
namespace {

bool is_name(std::string_view text) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= 64 && text.front() != '-' && std::all_of(text.begin(), text.end(), good);
}

std::optional<secret_source> read_source(yaml_map& credential, const std::string& name, const std::filesystem::path& folder) {
  const auto node = credential.node(name);
  if (!node) return std::nullopt;
  if (!node->IsMap()) {
    // The text itself stays out of the message.
    credential.refuse(name, "must not hold the secret itself; say where it is kept: {file: PATH}, {env: NAME} or {credential: NAME}");
    return std::nullopt;
  }
  auto map = credential.map(name);
  const auto file = map->text("file");
  const auto variable = map->text("env");
  const auto from_manager = map->text("credential");
  map->finish();
  if (int(file.has_value()) + int(variable.has_value()) + int(from_manager.has_value()) != 1) {
    credential.refuse(name, "must have one of {file: PATH}, {env: NAME} or {credential: NAME}");
    return std::nullopt;
  }
  if (file) return secret_source{secret_source::kind::file, (folder / *file).string()};
  if (variable) return secret_source{secret_source::kind::environment, *variable};
  if (from_manager->find('/') != std::string::npos || from_manager->starts_with('.')) {
    credential.refuse(name, "must name a credential, not a path");
    return std::nullopt;
  }
  return secret_source{secret_source::kind::credential, *from_manager};
}

void read_credential(yaml_map& map, integration_settings& settings, const std::filesystem::path& folder) {
  auto credential = map.map("credential");
  if (!credential) {
    map.refuse("credential", "is missing; write it as in `credential: {kind: token, access_token: {file: /etc/leadsync/token}}`");
    return;
  }
  settings.credential_kind = credential->text("kind").value_or("token");
  for (const auto& name : credential->rest()) {
    if (!is_name(name)) continue;
    const auto source = read_source(*credential, name, folder);
    if (!source) continue;
    if (auto text = read_secret(*source)) {
      settings.secrets.emplace(name, std::move(*text));
    } else if (settings.secrets_problem.empty()) {
      settings.secrets_problem = "secret `" + name + "`: " + text.error().context;
    }
  }
  credential->finish();
}

bool is_loopback(std::string_view host) { return host == "127.0.0.1" || host == "localhost" || host == "[::1]"; }

std::string read_base_url(yaml_map& map) {
  auto text = map.text("base_url").value_or("");
  if (text.empty()) return text;
  const auto url = boost::urls::parse_uri(text);
  if (!url || (url->scheme() != "https" && url->scheme() != "http") || url->host().empty())
    map.refuse("base_url", "must be an address such as https://api.example.com");
  else if (url->has_userinfo())
    map.refuse("base_url", "must not hold a user name or password");
  else if (url->has_query() || url->has_fragment())
    map.refuse("base_url", "must end before any `?` or `#`");
  else if (url->scheme() == "http" && !is_loopback(url->encoded_host()))
    map.refuse("base_url", "would send credentials unencrypted; use https:// (http:// is for this machine only)");
  while (text.ends_with('/')) text.pop_back();
  return text;
}

std::string read_proxy(yaml_map& map) {
  auto text = map.text("proxy").value_or("");
  if (text.empty()) return text;
  const auto url = boost::urls::parse_uri(text);
  const auto scheme = url ? std::string(url->scheme()) : "";
  if (scheme != "http" && scheme != "https" && scheme != "socks5" && scheme != "socks5h")
    map.refuse("proxy", "must be an address that begins with http://, https://, socks5:// or socks5h://");
  else if (url->has_userinfo())
    map.refuse("proxy", "must not hold a user name or password; let the proxy know this machine by its address");
  return text;
}

std::string read_ca_file(yaml_map& map, const std::filesystem::path& folder) {
  const auto text = map.text("ca_file").value_or("");
  if (text.empty()) return text;
  const auto path = (folder / text).string();
  if (!std::ifstream(path)) map.refuse("ca_file", "cannot be read: " + path + ": " + std::strerror(errno));
  return path;
}

void read_limits(yaml_map& map, integration_settings& settings) {
  auto limits = map.map("limits");
  if (!limits) return;
  for (const auto& id : limits->rest())
    if (const auto amount = limits->integer(id, 1, 100'000'000)) settings.limits[id] = std::uint32_t(*amount);
}

void read_plugin_settings(yaml_map& map, integration_settings& settings, problem_list& problems) {
  const auto node = map.node("settings");
  if (!node) return;
  if (!node->IsMap()) {
    map.refuse("settings", "must be a mapping of the plugin's own settings");
    return;
  }
  if (const auto json = to_json(*node, problems)) settings.settings_json = boost::json::serialize(*json);
}

void read_name(yaml_map& map, integration_settings& settings) {
  const auto given = map.text("name");
  settings.name = given.value_or(settings.file.stem().string());
  if (is_name(settings.name)) return;
  map.refuse("name", "must be of lower-case letters, digits, `-` and `_`, at most 64" +
                         std::string(given ? "" : "; the file's name is not, so give the integration a `name`"));
}

}  // namespace

result<integration_settings> parse_integration(std::string_view text, const std::filesystem::path& file) try {
  problem_list problems(file);
  const auto root = parse_yaml(text, problems);
  if (!root) return problems.as_error();
  yaml_map map(*root, "", problems);
  const auto folder = file.parent_path();

  integration_settings settings;
  settings.file = file;
  read_name(map, settings);
  settings.plugin = map.text("plugin").value_or("");
  if (settings.plugin.empty()) map.refuse("plugin", "is missing; it names the plugin, as `leadsync plugins` lists them");
  else if (!is_name(settings.plugin)) map.refuse("plugin", "is no plugin's name, as `leadsync plugins` lists them; is a quote left open?");
  settings.events = map.texts("events").value_or(std::vector<std::string>());
  if (const auto mode = map.text("sync_mode")) {
    if (const auto parsed = parse_sync_mode(*mode)) settings.mode = *parsed;
    else map.refuse("sync_mode", "must be automatic, manual or disabled");
  }
  settings.when = read_schedule(map);
  read_credential(map, settings, folder);
  settings.base_url = read_base_url(map);
  settings.ca_file = read_ca_file(map, folder);
  settings.proxy = read_proxy(map);
  read_limits(map, settings);
  read_plugin_settings(map, settings, problems);
  settings.provision = map.boolean("provision").value_or(settings.provision);
  settings.max_in_flight = int(map.integer("max_in_flight", 1, 256).value_or(settings.max_in_flight));
  map.finish();
  if (!problems.empty()) return problems.as_error();
  return settings;
} catch (const YAML::Exception& failure) {
  problem_list problems(file);
  problems.add(failure.mark, failure.msg);
  return problems.as_error();
}

result<integration_settings> load_integration(const std::filesystem::path& file) {
  const auto text = read_text_file(file);
  if (!text) return text.error();
  return parse_integration(*text, file);
}

result<std::string> read_text_file(const std::filesystem::path& file) {
  constexpr std::size_t longest = 1024 * 1024;
  std::ifstream in(file, std::ios::binary);
  if (!in) return make_error(errc::not_found, file.string() + ": cannot be read: " + std::strerror(errno));
  std::string text(longest + 1, '\0');
  in.read(text.data(), std::streamsize(text.size()));
  if (in.bad() || (in.fail() && !in.eof())) return make_error(errc::io, file.string() + ": cannot be read; is it a file?");
  text.resize(std::size_t(in.gcount()));
  if (text.size() > longest) return make_error(errc::invalid_input, file.string() + ": is longer than 1 MiB; is it the right file?");
  return text;
}

}  // namespace leadsync
