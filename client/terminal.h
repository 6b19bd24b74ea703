#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync::client {

enum class colour { none, green, red, yellow, blue, dim, bold };

/// How to write: on a terminal with colours and to its width, elsewhere plain.
struct style {
  bool terminal = false;
  bool colours = false;
  std::size_t width = 80;

  [[nodiscard]] std::string paint(std::string_view text, colour with) const;
};

/// Of standard output, by NO_COLOR, TERM, COLUMNS and the terminal itself.
[[nodiscard]] style style_of_output(bool terminal);

[[nodiscard]] std::size_t display_width(std::string_view utf8);
/// At most `width` columns, with an ellipsis where something is cut.
[[nodiscard]] std::string cut_to(std::string_view utf8, std::size_t width);
/// What a terminal must not obey is left out: text comes from leads and CRMs.
[[nodiscard]] std::string printable(std::string_view text);
/// "1,234"
[[nodiscard]] std::string grouped(std::int64_t number);
/// "2026-11-25 22:10" of an RFC 3339 time; empty for empty.
[[nodiscard]] std::string short_time(std::string_view rfc3339);
/// "1 lead", "3 leads"
[[nodiscard]] std::string counted(std::int64_t count, std::string_view singular, std::string_view plural);

/// Columns side by side on a terminal, the widest cut until all fit; tab-separated lines elsewhere.
class table {
 public:
  explicit table(std::vector<std::string> headings);

  void align_right(std::size_t column);
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  void print(std::ostream& out, const style& how) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t available) const;

  std::vector<std::string> headings_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

/// Parts of a whole as one coloured line; a part that is not 0 shows.
struct bar_part {
  std::int64_t count;
  colour with;
  std::string_view glyph;
};
[[nodiscard]] std::string bar(const std::vector<bar_part>& parts, std::size_t width, const style& how);

}  // namespace leadsync::client
