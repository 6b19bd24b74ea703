#include "commands.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace leadsync::client {
namespace {

namespace json = boost::json;

constexpr std::size_t rejected_shown = 10;

struct open_file {
  std::FILE* handle = nullptr;
  std::int64_t size = -1;  ///< unknown for standard input and pipes
  bool owned = false;

  ~open_file() {
    if (owned && handle) std::fclose(handle);
  }
};

std::unique_ptr<open_file> open(const std::string& name) {
  auto file = std::make_unique<open_file>();
  if (name == "-") {
    file->handle = stdin;
    return file;
  }
  struct stat found{};
  if (stat(name.c_str(), &found) != 0)
    throw failure(exit_code::failed, "cannot read " + name, std::strerror(errno), errno == ENOENT ? "check the file's name" : "");
  if (S_ISDIR(found.st_mode)) throw failure(exit_code::failed, name + " is a folder", "name the file itself", "");
  file->handle = std::fopen(name.c_str(), "rb");
  file->owned = true;
  if (!file->handle) throw failure(exit_code::failed, "cannot read " + name, std::strerror(errno), "check the file's permissions");
  if (S_ISREG(found.st_mode)) file->size = found.st_size;
  if (file->size == 0) throw failure(exit_code::failed, name + " is empty", "there is nothing in it to read", "");
  return file;
}

std::string content_type_of(const std::string& name) {
  auto ending = std::filesystem::path(name).extension().string();
  for (auto& c : ending) c = char(std::tolower(static_cast<unsigned char>(c)));
  if (ending == ".csv" || ending == ".tsv" || ending == ".txt") return "text/csv";
  if (ending == ".json") return "application/json";
  if (ending == ".ndjson" || ending == ".jsonl") return "application/x-ndjson";
  return "application/octet-stream";  // the daemon looks at the first bytes
}

/// On a terminal, drawn again every percent.
class progress_line {
 public:
  progress_line(session& run, std::int64_t size) : run_(run), size_(size) {}
  ~progress_line() {
    if (drawn_) run_.err() << "\r\x1b[K" << std::flush;
  }
  void show(std::uint64_t sent) {
    if (!run_.shows_progress() || size_ <= 0) return;
    const auto percent = int(100 * sent / std::uint64_t(size_));
    if (percent == last_) return;
    last_ = percent;
    drawn_ = true;
    const style plain;
    const std::vector<bar_part> parts{{percent, colour::none, "█"}, {100 - percent, colour::none, "░"}};
    run_.err() << '\r' << bar(parts, 40, plain) << ' ' << percent << " %" << std::flush;
  }

 private:
  session& run_;
  std::int64_t size_;
  int last_ = -1;
  bool drawn_ = false;
};

struct import_options {
  std::string file, event, time_zone;
};

void print_report(session& run, const json::object& report) {
  run.out() << grouped(number_of(report, "added")) << " added, " << grouped(number_of(report, "updated")) << " updated, "
            << grouped(number_of(report, "unchanged")) << " unchanged, " << grouped(number_of(report, "rejected")) << " rejected\n";
  std::size_t shown = 0;
  for (const auto& entry : array_of(report, "rejected_rows")) {
    if (shown++ == rejected_shown) break;
    run.err() << "  row " << text_of(object_of(entry), "row") << ": " << printable(text_of(object_of(entry), "reason")) << '\n';
  }
  const auto import = text_of(report, "import");
  if (number_of(report, "rejected") > std::int64_t(rejected_shown) && !import.empty())
    run.err() << "  → leadsync imports show " << import << '\n';
}

/// What the daemon refuses as a whole is refused of this file.
answer upload(session& run, const call& request, const open_file& file, const std::string& source) try {
  progress_line progress(run, file.size);
  return run.daemon().upload(
      request, file.size, [&file](char* buffer, std::size_t size) { return std::fread(buffer, 1, size, file.handle); },
      [&progress](std::uint64_t sent) { progress.show(sent); });
} catch (const failure& reason) {
  if (reason.code != exit_code::failed) throw;
  throw failure(reason.code, source + " was not imported: " + reason.what(), reason.why, reason.next);
}

void import(session& run, const import_options& options) {
  const auto file = open(options.file);
  call request;
  request.method = "POST";
  const auto source = options.file == "-" ? std::string("standard input") : std::filesystem::path(options.file).filename().string();
  request.path = "/v1/leads" + query_of({{"event", options.event}, {"source", source}, {"time_zone", options.time_zone}});
  request.headers.emplace_back("Content-Type", content_type_of(options.file));
  const auto given = upload(run, request, *file, source);
  const auto document = given.document();
  const auto& report = object_of(document);
  if (number_of(report, "rejected") > 0) run.outcome = exit_code::partial;
  if (run.printed_as_json(given)) return;
  print_report(run, report);
  const bool nothing = number_of(report, "added") + number_of(report, "updated") + number_of(report, "unchanged") + number_of(report, "rejected") == 0;
  if (nothing) run.err() << "  " << printable(source) << " has no rows of leads; is it the right file?\n";
}

void list_imports(session& run) {
  const auto document = run.get("/v1/imports?limit=100");
  if (run.printed_as_json(document)) return;
  table shown({"import", "started", "source", "event", "by", "rows", "added", "updated", "unchanged", "rejected", "failure"});
  for (const std::size_t column : {5, 6, 7, 8, 9}) shown.align_right(column);
  for (const auto& entry : array_of(object_of(document), "imports")) {
    const auto& record = object_of(entry);
    shown.add({text_of(record, "id"), short_time(text_of(record, "started_at")), text_of(record, "source"), text_of(record, "event"),
               text_of(object_of(record, "by"), "name"), text_of(record, "rows"), text_of(record, "added"), text_of(record, "updated"),
               text_of(record, "unchanged"), text_of(record, "rejected"), text_of(record, "failure")});
  }
  shown.print(run.out(), run.how());
}

void show_import(session& run, const std::string& id) {
  const auto path = "/v1/imports/" + percent_encoded(id) + "?limit=500";
  auto document = run.get(path);
  if (run.printed_as_json(document)) return;
  table shown({"row", "reason", "as read"});
  shown.align_right(0);
  for (;;) {
    const auto& page = object_of(document);
    for (const auto& entry : array_of(page, "rejected_rows"))
      shown.add({text_of(object_of(entry), "row"), text_of(object_of(entry), "reason"), text_of(object_of(entry), "raw")});
    const auto cursor = text_of(page, "next_cursor");
    if (cursor.empty()) break;
    document = run.get(path + "&cursor=" + percent_encoded(cursor));
  }
  const auto& record = object_of(document);
  if (run.how().terminal) {
    run.out() << "Import " << id << " of " << printable(text_of(record, "source")) << ", " << short_time(text_of(record, "started_at")) << ": "
              << text_of(record, "added") << " added, " << text_of(record, "updated") << " updated, " << text_of(record, "unchanged")
              << " unchanged, " << text_of(record, "rejected") << " rejected\n";
    if (const auto why = text_of(record, "failure"); !why.empty()) run.out() << "It ended early: " << printable(why) << '\n';
    if (shown.empty()) return;
  }
  shown.print(run.out(), run.how());
}

}  // namespace

std::string read_file(const std::string& name) {
  const auto file = open(name);
  std::string text;
  char buffer[16384];
  while (const auto size = std::fread(buffer, 1, sizeof buffer, file->handle)) text.append(buffer, size);
  return text;
}

void add_import_commands(CLI::App& app, session& run) {
  auto* command = app.add_subcommand("import", "Import leads from a CSV, NDJSON or JSON file; - is standard input");
  auto options = std::make_shared<import_options>();
  command->add_option("file", options->file, "The file")->required();
  command->add_option("--event", options->event, "The event of rows that name none");
  command->add_option("--time-zone", options->time_zone, "Of times written without a zone, such as Europe/Paris");
  command->callback([&run, options] { import(run, *options); });

  auto* imports = app.add_subcommand("imports", "Earlier imports, and the rows that they rejected")->require_subcommand(1);
  imports->add_subcommand("list", "The newest hundred")->callback([&run] { list_imports(run); });
  auto* show = imports->add_subcommand("show", "One of them, with its rejected rows");
  auto id = std::make_shared<std::string>();
  show->add_option("id", *id, "The import")->required();
  show->callback([&run, id] { show_import(run, *id); });
}

}  // namespace leadsync::client
