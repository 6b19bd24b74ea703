#include "plugin/crash_book.h"

#include "plugin/system_error.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace leadsync {
namespace {

result<> write_durably(const std::filesystem::path& file, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return system_error("opening " + file.string());
  const bool written = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(descriptor) == 0;
  auto failure = written ? result<>() : result<>(system_error("writing " + file.string()));
  ::close(descriptor);
  return failure;
}

/// The old file or the new one, whenever the power fails.
result<> replace_durably(const std::filesystem::path& file, std::string_view text) {
  auto fresh = file;
  fresh += ".new";
  if (auto written = write_durably(fresh, text); !written) return written;
  if (rename(fresh.c_str(), file.c_str()) != 0) return system_error("renaming " + fresh.string());
  const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return system_error("opening " + file.parent_path().string());
  auto synced = fsync(folder) == 0 ? result<>() : result<>(system_error("writing " + file.parent_path().string()));
  ::close(folder);
  return synced;
}

}  // namespace

result<crash_book> crash_book::open(std::filesystem::path file) {
  crash_book book;
  book.file_ = std::move(file);
  std::error_code failure;
  if (!std::filesystem::exists(book.file_, failure) && !failure) return book;
  std::ifstream in(book.file_);
  if (!in.is_open()) return make_error(errc::io, "reading " + book.file_.string());
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    entry read;
    if (words >> read.sha256 >> read.crashes >> std::ws && std::getline(words, read.plugin)) book.entries_.push_back(std::move(read));
  }
  return book;
}

result<> crash_book::add(const crash_note& note) {
  // Of one plugin only its present file is remembered: the book does not grow with its versions.
  std::erase_if(entries_, [&](const entry& each) { return each.plugin == note.plugin && each.sha256 != note.sha256; });
  auto found = std::find_if(entries_.begin(), entries_.end(), [&](const entry& each) { return each.sha256 == note.sha256; });
  if (found == entries_.end()) found = entries_.insert(entries_.end(), entry{note.sha256, 0, note.plugin});
  ++found->crashes;
  found->plugin = note.plugin;
  std::string text;
  for (const auto& each : entries_) text += each.sha256 + ' ' + std::to_string(each.crashes) + ' ' + each.plugin + '\n';
  return replace_durably(file_, text);
}

const crash_book::entry* crash_book::disabling(std::string_view sha256) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const entry& each) { return each.sha256 == sha256; });
  return found != entries_.end() && found->crashes >= crashes_that_disable ? &*found : nullptr;
}

std::string crash_book::explain(const entry& disabled) const {
  return "disabled, because it crashed leadsyncd " + std::to_string(disabled.crashes) +
         " times: install another version of it and restart leadsyncd; to try this one again, remove " + file_.string() + " first";
}

}  // namespace leadsync
