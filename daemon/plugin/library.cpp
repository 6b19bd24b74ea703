// Boost.DLL over std::filesystem: nothing to link.
#define BOOST_DLL_USE_STD_FS

#include "plugin/library.h"

#include "base/text.h"
#include "leadsync/plugin.h"
#include "plugin/crash_note.h"

#include <boost/dll/shared_library.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <vector>

namespace leadsync {
namespace {

result<> check_file(const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0)
    return make_error(errno == ENOENT ? errc::not_found : errc::io, std::string("cannot be read: ") + std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return make_error(errc::invalid_input, "is not a regular file");
  if (status.st_uid != 0 && status.st_uid != geteuid())
    return make_error(errc::not_permitted, "belongs to user " + std::to_string(status.st_uid) +
                                               ", who could change the daemon's code: chown it to root");
  if (status.st_mode & (S_IWGRP | S_IWOTH))
    return make_error(errc::not_permitted, "can be written by others than its owner: chmod go-w " + file.string());
  return {};
}

result<const leadsync_plugin*> entry_of(const std::filesystem::path& file, const std::string& name, const std::string& digest) {
  // Never closed, and reachable for leak checkers.
  static auto& loaded = *new std::vector<boost::dll::shared_library>;
  static std::mutex mutex;
  const current_plugin_call call(name, digest, 0);
  try {
    boost::dll::shared_library library(file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (!library.has("leadsync_plugin_entry"))
      return make_error(errc::invalid_input,
                        "exports no leadsync_plugin_entry: build it with leadsync_add_plugin and LEADSYNC_DEFINE_PLUGIN");
    const auto entry = library.get<const leadsync_plugin*()>("leadsync_plugin_entry");
    const std::scoped_lock lock(mutex);
    loaded.push_back(std::move(library));
    return entry();
  } catch (const std::exception& failure) {
    return make_error(errc::invalid_input, std::string("does not load: ") + failure.what());
  } catch (...) {
    return make_error(errc::invalid_input, "does not load: its entry threw an exception");
  }
}

result<> check_entry(const leadsync_plugin* plugin) {
  if (!plugin) return make_error(errc::invalid_input, "its leadsync_plugin_entry returned nothing");
  if (plugin->struct_size >= offsetof(leadsync_plugin, manifest_json) && plugin->abi_major != LEADSYNC_ABI_MAJOR)
    return make_error(errc::invalid_input, "is built for plugin ABI " + std::to_string(plugin->abi_major) + "; this daemon has " +
                                               std::to_string(LEADSYNC_ABI_MAJOR) + ": install a matching version of the plugin");
  if (plugin->struct_size < sizeof(leadsync_plugin))
    return make_error(errc::invalid_input, "describes itself in " + std::to_string(plugin->struct_size) + " bytes, at least " +
                                               std::to_string(sizeof(leadsync_plugin)) + " are needed: rebuild it with this SDK");
  if (!plugin->open || !plugin->resume || !plugin->close) return make_error(errc::invalid_input, "lacks open, resume or close");
  if (!plugin->manifest_json.data) return make_error(errc::invalid_input, "has no manifest");
  return {};
}

}  // namespace

result<std::string> plugin_library::digest_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::string bytes(in.is_open() ? std::size_t(in.tellg()) : 0, '\0');
  if (!in.is_open() || !in.seekg(0).read(bytes.data(), std::streamsize(bytes.size()))) return make_error(errc::io, "cannot be read");
  return sha256_hex(bytes);
}

result<std::shared_ptr<const plugin_library>> plugin_library::load(const std::filesystem::path& file) {
  const auto at = [&](error failure) { return with_context(std::move(failure), file.string()); };
  if (auto checked = check_file(file); !checked) return at(checked.error());
  auto digest = digest_of(file);
  if (!digest) return at(digest.error());
  auto entry = entry_of(file, file.stem().string(), *digest);
  if (!entry) return at(entry.error());
  if (auto checked = check_entry(*entry); !checked) return at(checked.error());
  auto manifest = parse_manifest(std::string_view((*entry)->manifest_json.data, (*entry)->manifest_json.size));
  if (!manifest) return at(manifest.error());

  std::shared_ptr<plugin_library> made(new plugin_library);
  made->path_ = file;
  made->sha256_ = std::move(*digest);
  made->manifest_ = std::move(*manifest);
  made->entry_ = *entry;
  return std::shared_ptr<const plugin_library>(std::move(made));
}

std::string plugin_library::quarantine_reason() const {
  if (!quarantined_) return {};
  return path_.string() + ": in quarantine, because it took longer than 5 s for a step: install another version of it and restart leadsyncd";
}

}  // namespace leadsync
