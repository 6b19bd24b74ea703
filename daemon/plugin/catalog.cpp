#include "plugin/catalog.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace leadsync {

plugin_catalog plugin_catalog::scan(const std::vector<std::filesystem::path>& directories, const crash_book& crashes) {
  plugin_catalog catalog;
  for (const auto& directory : directories) {
    std::error_code failure;
    std::set<std::filesystem::path> files;
    std::filesystem::directory_iterator at(directory, failure);
    for (; !failure && at != std::filesystem::directory_iterator(); at.increment(failure))
      if (at->path().extension() == ".so") files.insert(at->path());
    for (const auto& file : files) catalog.add(file, crashes);
    if (failure) {
      catalog_entry broken;
      broken.name = directory.filename().string();
      broken.path = directory;
      broken.error = directory.string() + ": plugins cannot be looked for: " + failure.message();
      catalog.entries_.push_back(std::move(broken));
    }
  }
  return catalog;
}

void plugin_catalog::add(const std::filesystem::path& file, const crash_book& crashes) {
  catalog_entry entry;
  entry.path = file;
  entry.name = file.stem().string();
  const auto digest = plugin_library::digest_of(file);
  if (const auto* crashed = digest ? crashes.disabling(*digest) : nullptr) {
    entry.name = crashed->plugin;
    entry.sha256 = *digest;
    entry.error = file.string() + ": " + crashes.explain(*crashed);
    entries_.push_back(std::move(entry));
    return;
  }
  auto library = plugin_library::load(file);
  if (library) {
    const auto& manifest = (*library)->manifest();
    entry.name = manifest.name;
    entry.version = manifest.version;
    entry.title = manifest.title;
    entry.sha256 = (*library)->sha256();
    const auto same = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const catalog_entry& other) { return other.library && other.name == entry.name; });
    if (same == entries_.end())
      entry.library = std::move(*library);
    else
      entry.error = file.string() + ": " + same->path.string() + " has the same name \"" + entry.name + "\" and comes first: remove one";
  } else {
    entry.error = library.error().context;
  }
  entries_.push_back(std::move(entry));
}

result<std::shared_ptr<const plugin_library>> plugin_catalog::find(std::string_view name) const {
  std::vector<std::string> usable;
  const catalog_entry* broken = nullptr;
  for (const auto& entry : entries_) {
    if (entry.library && entry.name == name) return entry.library;
    if (entry.library) usable.push_back(entry.name);
    if (!entry.library && entry.name == name && !broken) broken = &entry;
  }
  if (broken) return make_error(errc::unavailable, broken->error);
  return make_error(errc::not_found, "there is no plugin \"" + std::string(name) + "\"; there " +
                                         (usable.empty() ? std::string("is none") : "are: " + join(usable, ", ")));
}

}  // namespace leadsync
