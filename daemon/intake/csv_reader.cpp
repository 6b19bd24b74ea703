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

csv_reader::scan csv_reader::scan_record(csv_record& record, bool ended, bool quotes_count) {
  const std::string_view text = buffer_;
  record.cells.clear();
  record.too_large = false;
  unescaped_.clear();
  std::size_t at = position_;
  const auto add = [&](std::string_view cell) {
    if (record.cells.size() < most_cells) record.cells.push_back(cell);
    else record.too_large = true;
  };
  const auto finish = [&](std::size_t line_end, std::size_t behind) {
    record.raw = text.substr(position_, line_end - position_);
    position_ = behind;
    return scan::whole;
  };

  for (;;) {
    if (quotes_count && at < text.size() && text[at] == '"') {
      const auto start = at + 1;
      std::string* copy = nullptr;
      auto resume = text.size();
      std::size_t copied = start;
      for (at = start;;) {
        at = text.find('"', at);
        if (at == text.npos || at - start > longest_quoted) {
          if (at != text.npos || ended || text.size() - start > longest_quoted) return scan::stray_quote;
          return scan::incomplete;
        }
        if (at + 1 == text.size()) {
          if (!ended) return scan::incomplete;
          break;
        }
        // Some writers pad: `"Ada" ,`
        const auto next = text.find_first_not_of(' ', at + 1);
        if (next == text.npos && !ended) return scan::incomplete;
        if (next == text.npos || text[next] == delimiter_ || ends_line(text[next])) {
          resume = next == text.npos ? text.size() : next;
          break;
        }
        if (text[at + 1] == '"') {
          if (!copy) copy = &unescaped_.emplace_back();
          copy->append(text.substr(copied, at + 1 - copied));
          copied = at + 2;
          at += 2;
          continue;
        }
        ++at;  // not escaped, but no end of the cell either
      }
      if (copy) copy->append(text.substr(copied, at - copied));
      add(copy ? std::string_view(*copy) : text.substr(start, at - start));
      at = resume;
    } else {
      const auto start = at;
      while (at < text.size() && text[at] != delimiter_ && !ends_line(text[at])) ++at;
      if (at == text.size() && !ended) return scan::incomplete;
      add(text.substr(start, at - start));
    }
    if (at == text.size()) return finish(at, at);
    if (text[at] == delimiter_) {
      ++at;
      continue;
    }
    const auto behind = behind_line_end(text, at, ended);
    if (behind == text.npos) return scan::incomplete;
    return finish(at, behind);
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
