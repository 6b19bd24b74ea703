#include "intake/csv_leads.h"

#include "base/text.h"

#include <algorithm>
#include <set>

namespace leadsync {
namespace {

constexpr std::size_t sniffed_bytes = std::size_t(64) << 10;
constexpr std::size_t header_search_rows = 40;
constexpr std::size_t sample_rows = 300;
constexpr std::size_t most_columns = 1000;
constexpr std::size_t kept_raw_bytes = std::size_t(64) << 10;

struct header_row {
  char delimiter = ',';
  std::size_t skipped = 0;  ///< records above it
  std::vector<std::string> names;
  std::size_t recognised = 0;
};

/// Distinct known names: a header has many, a data row hardly one.
std::size_t recognised_in(const csv_record& record) {
  std::set<std::pair<int, std::string>> known;
  for (const auto cell : record.cells)
    if (const auto target = target_of(cell); target.recognised()) known.emplace(int(target.what), target.name);
  return known.size();
}

bool identifies(const std::vector<std::string>& headers) {
  return std::any_of(headers.begin(), headers.end(), [](const std::string& header) {
    using kind = header_target::kind;
    const auto target = target_of(header);
    if (target.what == kind::id || target.what == kind::name) return true;
    return target.what == kind::field && (target.name == "email" || target.name == "badge" || target.name.ends_with("_name"));
  });
}

/// "sep=;" is a hint for spreadsheets; it counts as a row.
std::optional<char> declared_delimiter(std::string_view text) {
  if (text.size() < 6 || ascii_lower(text.substr(0, 4)) != "sep=" || (text[5] != '\r' && text[5] != '\n')) return std::nullopt;
  return text[4];
}

/// Blank cells behind the header's width that every row has. Where only some have them, their cells have shifted.
std::size_t surplus_of(const std::vector<std::vector<std::string>>& sample, std::size_t width) {
  auto surplus = std::size_t(-1);
  for (const auto& row : sample) {
    if (row.size() <= 1) continue;
    if (row.size() <= width) return 0;
    for (auto i = width; i < row.size(); ++i)
      if (!trim(row[i]).empty()) return 0;
    surplus = std::min(surplus, row.size() - width);
  }
  return surplus == std::size_t(-1) ? 0 : surplus;
}

header_row find_header(csv_reader& reader, bool ended) {
  header_row best;
  const auto declared = declared_delimiter(reader.buffer());
  const std::string candidates = declared ? std::string(1, *declared) : ",;\t|";
  for (const char delimiter : candidates) {
    reader.set_delimiter(delimiter);
    reader.rewind();
    csv_record record;
    for (std::size_t row = 0; row < header_search_rows && reader.next(record, ended); ++row) {
      const auto recognised = recognised_in(record);
      const bool better = recognised > best.recognised || (recognised == best.recognised && recognised > 0 && best.skipped == row &&
                                                           record.cells.size() > best.names.size());
      if (best.names.empty() || better)
        best = {delimiter, row, std::vector<std::string>(record.cells.begin(), record.cells.end()), recognised};
    }
  }
  return best;
}

bool is_blank(const column_plan::row& cells) {
  return std::all_of(cells.begin(), cells.end(), [](std::string_view cell) { return trim(cell).empty(); });
}

/// "Total;523" at the end of a report.
bool is_total(const column_plan::row& cells) {
  std::size_t filled = 0;
  std::string_view first;
  for (const auto cell : cells) {
    if (trim(cell).empty()) continue;
    if (filled++ == 0) first = cell;
    if (cell.find('@') != cell.npos) return false;
  }
  if (filled > 2) return false;
  const auto word = fold_loosely(first.substr(0, 40));
  for (const std::string_view total : {"total", "totals", "gesamt", "summe", "sum", "grand total", "total leads", "total records", "anzahl", "somme"})
    if (word == total || (word.starts_with(total) && word.find_first_of("0123456789", total.size()) == total.size() + 1)) return true;
  return false;
}

/// Of a file that is no table anyhow: whether it is worth telling what a table needs.
bool looks_like_text(std::string_view head) {
  head = head.substr(0, 4096);
  return std::none_of(head.begin(), head.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && (c < '\t' || c > '\r'); });
}

}  // namespace

result<> csv_leads::feed(std::string_view bytes, lead_sink& sink) {
  // Pieces of bounded size keep the buffer bounded, whatever the caller maps into memory.
  while (!bytes.empty()) {
    const auto piece = bytes.substr(0, sniffed_bytes);
    bytes.remove_prefix(piece.size());
    decoder_.feed(piece, reader_.buffer());
    if (!plan_) {
      if (reader_.unread() < sniffed_bytes) continue;
      if (auto started = start(false); !started) return started;
    }
    read_rows(false, sink);
  }
  return {};
}

result<> csv_leads::finish(lead_sink& sink) {
  decoder_.finish(reader_.buffer());
  if (!plan_)
    if (auto started = start(true); !started) return started;
  read_rows(true, sink);
  flush(sink);
  return {};
}

result<> csv_leads::start(bool ended) {
  if (trim(reader_.buffer()).empty()) return make_error(errc::invalid_input, "the file is empty");
  const auto header = find_header(reader_, ended);
  if (header.names.empty()) return make_error(errc::invalid_input, "the first row is longer than 64 KiB: this is no export of leads");
  if (header.names.size() > most_columns)
    return make_error(errc::invalid_input, "the header has more than " + std::to_string(most_columns) + " columns; export the leads alone");
  if (!identifies(header.names) && !looks_like_text(reader_.buffer()))
    return make_error(errc::invalid_input, "this is no text: export the leads as CSV (UTF-8), NDJSON or JSON");
  if (!identifies(header.names))
    return make_error(errc::invalid_input,
                      "no header row was found: one of the first rows must name the columns, such as Email, First Name, Last Name, Badge ID");
  reader_.set_delimiter(header.delimiter);
  reader_.rewind();
  csv_record record;
  std::vector<std::vector<std::string>> sample;
  for (std::size_t row = 0; row < header.skipped + sample_rows && reader_.next(record, ended); ++row)
    if (row > header.skipped) sample.emplace_back(record.cells.begin(), record.cells.end());
  surplus_ = surplus_of(sample, header.names.size());
  plan_.emplace(header.names, sample, options_, clock_);
  reader_.rewind();
  for (std::size_t row = 0; row <= header.skipped; ++row)
    if (!reader_.next(record, ended)) break;
  return {};
}

void csv_leads::read_rows(bool ended, lead_sink& sink) {
  csv_record record;
  while (reader_.next(record, ended)) take(record, sink);
  reader_.compact();
}

void csv_leads::take(const csv_record& record, lead_sink& sink) {
  if (record.too_large) {
    flush(sink);
    sink.reject({record.number, "the row is larger than any lead: a quote or a line end is missing", scrub_utf8(record.raw.substr(0, kept_raw_bytes))});
    return;
  }
  if (broken_ && join(record, sink)) return;
  if (is_blank(record.cells)) return;
  const auto& cells = record.cells;
  if (cells.size() < plan_->width() && plan_->is_free_text(cells.size() - 1)) {
    broken_ = broken_row{record.number, std::vector<std::string>(cells.begin(), cells.end()), std::string(record.raw)};
    return;
  }
  emit(record.number, cells, record.raw, sink);
}

/// Line ends that a writer forgot to quote break a row in its free text: its parts have as many cells as the whole.
bool csv_leads::join(const csv_record& record, lead_sink& sink) {
  const auto& cells = record.cells;
  const auto joined = broken_->cells.size() + cells.size() - 1;
  const bool fits = joined <= plan_->width() && cells.size() < plan_->width() && broken_->raw.size() < csv_reader::longest_quoted;
  if (!fits || plan_->starts_a_row(cells)) {
    flush(sink);
    return false;
  }
  broken_->cells.back() += '\n';
  broken_->cells.back() += cells.front();
  broken_->cells.insert(broken_->cells.end(), cells.begin() + 1, cells.end());
  broken_->raw += '\n';
  broken_->raw += record.raw;
  if (joined == plan_->width() || !plan_->is_free_text(joined - 1)) flush(sink);
  return true;
}

void csv_leads::flush(lead_sink& sink) {
  if (!broken_) return;
  const auto row = std::move(*broken_);
  broken_.reset();
  emit(row.number, column_plan::row(row.cells.begin(), row.cells.end()), row.raw, sink);
}

void csv_leads::emit(std::uint64_t number, column_plan::row cells, std::string_view raw, lead_sink& sink) {
  const auto reject = [&](std::string reason) {
    sink.reject({number, std::move(reason), scrub_utf8(raw.substr(0, kept_raw_bytes))});
  };
  const auto width = plan_->width();
  for (auto left = surplus_; left > 0 && cells.size() > width && trim(cells.back()).empty(); --left) cells.pop_back();
  if (cells.size() > width)
    return reject("the row has " + std::to_string(cells.size()) + " cells and the header " + std::to_string(width) +
                  ": a quote or a delimiter inside of a cell is not escaped");
  cells.resize(width);
  if (is_total(cells)) return reject("the row looks like a total, not like a lead");
  auto lead = plan_->read(cells);
  if (!lead) return reject(lead.error().context);
  sink.accept(number, std::move(*lead));
}

}  // namespace leadsync
