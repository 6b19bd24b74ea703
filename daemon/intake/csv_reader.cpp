#include "intake/csv_reader.h"

namespace leadsync {
namespace {

bool ends_line(char c) { return c == '\n' || c == '\r'; }

/// Behind the end of line at `at`; npos where it may be cut between \r and \n.
std::size_t behind_line_end(std::string_view text, std::size_t at, bool ended) {
  if (text[at] == '\n') return at + 1;
  if (at + 1 == text.size()) return ended ? at + 1 : std::string_view::npos;
  return text[at + 1] == '\n' ? at + 2 : at + 1;
}

}  // namespace

void csv_reader::add(csv_record& record, std::string_view cell) {
  if (record.cells.size() < most_cells) record.cells.push_back(cell);
  else record.too_large = true;
}

/// The cell whose quote is at `at`; moves on to the delimiter or end of line behind it.
csv_reader::scan csv_reader::scan_quoted(csv_record& record, bool ended, std::size_t& at) {
  const std::string_view text = buffer_;
  const auto start = at + 1;
  std::string* copy = nullptr;
  auto copied = start;
  int nested = 0;  // quotations opened inside of the cell by a writer that does not escape
  for (auto end = start;; ++end) {
    end = text.find('"', end);
    if (end == text.npos) return ended || text.size() - start > longest_quoted ? scan::stray_quote : scan::incomplete;
    if (end - start > longest_quoted) return scan::stray_quote;
    if (end + 1 == text.size() && !ended) return scan::incomplete;
    const auto next = text.find_first_not_of(' ', end + 1);  // some writers pad: `"Ada" ,`
    if (next == text.npos && !ended) return scan::incomplete;
    const bool closes = next == text.npos || text[next] == delimiter_ || ends_line(text[next]);
    if (closes && nested > 0 && next != text.npos && !ends_line(text[next])) {
      // The quotation ends here and not the cell, if the cell's own quote is still to come in this line.
      const auto quote = text.find('"', next);
      const bool same_line = text.substr(next, quote == text.npos ? quote : quote - next).find_first_of("\r\n") == text.npos;
      if (same_line && quote == text.npos && !ended) return scan::incomplete;
      if (same_line && quote != text.npos) {
        --nested;
        continue;
      }
    }
    if (closes) {
      if (copy) copy->append(text.substr(copied, end - copied));
      add(record, copy ? std::string_view(*copy) : text.substr(start, end - start));
      at = next == text.npos ? text.size() : next;
      return scan::whole;
    }
    if (text[end + 1] == '"') {
      if (!copy) copy = &unescaped_.emplace_back();
      copy->append(text.substr(copied, end + 1 - copied));
      copied = end + 2;
      ++end;
    } else if (end == start || text[end - 1] == ' ') {
      ++nested;
    } else if (nested > 0) {
      --nested;
    }
  }
}

csv_reader::scan csv_reader::scan_record(csv_record& record, bool ended, bool quotes_count) {
  const std::string_view text = buffer_;
  record.cells.clear();
  record.too_large = false;
  unescaped_.clear();
  for (auto at = position_;;) {
    if (quotes_count && at < text.size() && text[at] == '"') {
      if (const auto quoted = scan_quoted(record, ended, at); quoted != scan::whole) return quoted;
    } else {
      const auto start = at;
      while (at < text.size() && text[at] != delimiter_ && !ends_line(text[at])) ++at;
      if (at == text.size() && !ended) return scan::incomplete;
      add(record, text.substr(start, at - start));
    }
    if (at < text.size() && text[at] == delimiter_) {
      ++at;
      continue;
    }
    const auto behind = at == text.size() ? at : behind_line_end(text, at, ended);
    if (behind == text.npos) return scan::incomplete;
    record.raw = text.substr(position_, at - position_);
    position_ = behind;
    return scan::whole;
  }
}

bool csv_reader::skip_to_end_of_line(csv_record& record, bool ended) {
  const auto end = buffer_.find_first_of("\r\n", position_);
  skipping_ = false;
  if (end == buffer_.npos) {
    position_ = buffer_.size();
    skipping_ = !ended;
    return false;
  }
  const auto behind = behind_line_end(buffer_, end, ended);
  if (behind == buffer_.npos) {
    position_ = end;
    skipping_ = true;
    return false;
  }
  position_ = behind;
  return next(record, ended);
}

bool csv_reader::next(csv_record& record, bool ended) {
  if (skipping_) return skip_to_end_of_line(record, ended);
  if (position_ >= buffer_.size()) return false;
  auto outcome = scan_record(record, ended, true);
  if (outcome == scan::stray_quote) outcome = scan_record(record, ended, false);
  if (outcome == scan::incomplete) {
    if (unread() <= most_bytes) return false;
    record.cells.clear();
    record.too_large = true;
    record.raw = std::string_view(buffer_).substr(position_);
    position_ = buffer_.size();
    skipping_ = true;
  }
  record.number = ++number_;
  return true;
}

void csv_reader::rewind() {
  position_ = 0;
  number_ = 0;
  skipping_ = false;
}

void csv_reader::compact() {
  buffer_.erase(0, position_);
  position_ = 0;
}

}  // namespace leadsync
