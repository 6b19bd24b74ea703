#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// One record; its views live until the next call on the reader.
struct csv_record {
  std::uint64_t number = 0;  ///< from 1, as a spreadsheet counts
  std::vector<std::string_view> cells;
  std::string_view raw;        ///< without the end of line
  bool too_large = false;      ///< more cells or bytes than any export has; `cells` is not complete
};

/// Parts UTF-8 text into records, as exports are and not as RFC 4180 wants them: line ends of any kind, quotes inside of unquoted cells,
/// unescaped quotes inside of quoted ones ("Said "later", maybe"), quotes never closed (then the line is taken as it stands).
class csv_reader {
 public:
  static constexpr std::size_t most_cells = 4096;
  static constexpr std::size_t most_bytes = std::size_t(1) << 20;
  /// A quoted cell that goes on for longer was opened by a stray quote.
  static constexpr std::size_t longest_quoted = std::size_t(64) << 10;

  void set_delimiter(char delimiter) { delimiter_ = delimiter; }
  /// The text not yet read; append to it between calls of `next`.
  [[nodiscard]] std::string& buffer() { return buffer_; }
  /// Whether there was a whole record. `ended`: no text follows, so the last line needs no end.
  [[nodiscard]] bool next(csv_record& record, bool ended);
  /// Goes back to the first record, for another delimiter. Only before `compact` was called.
  void rewind();
  /// Frees what has been read.
  void compact();
  [[nodiscard]] std::size_t unread() const { return buffer_.size() - position_; }

 private:
  enum class scan { whole, incomplete, stray_quote };

  scan scan_record(csv_record& record, bool ended, bool quotes_count);
  scan scan_quoted(csv_record& record, bool ended, std::size_t& at);
  void add(csv_record& record, std::string_view cell);
  bool skip_to_end_of_line(csv_record& record, bool ended);

  char delimiter_ = ',';
  std::string buffer_;
  std::size_t position_ = 0;
  std::uint64_t number_ = 0;
  bool skipping_ = false;  ///< inside of a record that was too large
  std::deque<std::string> unescaped_;
};

}  // namespace leadsync
