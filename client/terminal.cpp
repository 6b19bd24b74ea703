#include "terminal.h"

#include "base/text.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace leadsync::client {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t least_width = 6;

const char* code_of(colour with) {
  switch (with) {
    case colour::green: return "\x1b[32m";
    case colour::red: return "\x1b[31m";
    case colour::yellow: return "\x1b[33m";
    case colour::blue: return "\x1b[34m";
    case colour::dim: return "\x1b[2m";
    case colour::bold: return "\x1b[1m";
    case colour::none: break;
  }
  return "";
}

template <class Visit>
void each_code_point(std::string_view text, Visit visit) {
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), utf8proc_ssize_t(text.size()), &code_point);
    const auto size = length > 0 ? std::size_t(length) : 1;
    if (!visit(text.substr(0, size), length > 0 ? code_point : 0xFFFD)) return;
    text.remove_prefix(size);
  }
}

std::string padded(std::string_view text, std::size_t width, bool right) {
  const auto shown = cut_to(text, width);
  const std::string blanks(width - std::min(width, display_width(shown)), ' ');
  return right ? blanks + shown : shown + blanks;
}

std::string one_cell(std::string_view text) {
  auto cell = printable(text);
  std::replace(cell.begin(), cell.end(), '\t', ' ');
  std::replace(cell.begin(), cell.end(), '\n', ' ');
  return cell;
}

}  // namespace

std::string style::paint(std::string_view text, colour with) const {
  if (!colours || with == colour::none) return std::string(text);
  return code_of(with) + std::string(text) + "\x1b[0m";
}

style style_of_output(bool terminal) {
  style how;
  how.terminal = terminal;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* kind = std::getenv("TERM");
  how.colours = terminal && !(no_colour && *no_colour) && !(kind && std::string_view(kind) == "dumb");
  winsize size{};
  if (const char* columns = std::getenv("COLUMNS"); columns && std::atoi(columns) > 0) how.width = std::size_t(std::atoi(columns));
  else if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) how.width = size.ws_col;
  return how;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  each_code_point(utf8, [&width](std::string_view, utf8proc_int32_t code_point) {
    width += std::size_t(std::max(0, utf8proc_charwidth(code_point)));
    return true;
  });
  return width;
}

std::string cut_to(std::string_view utf8, std::size_t width) {
  if (display_width(utf8) <= width) return std::string(utf8);
  std::string shown;
  std::size_t used = 0;
  each_code_point(utf8, [&](std::string_view bytes, utf8proc_int32_t code_point) {
    const auto columns = std::size_t(std::max(0, utf8proc_charwidth(code_point)));
    if (used + columns + 1 > width) return false;
    shown += bytes;
    used += columns;
    return true;
  });
  return width > 0 ? shown + "…" : shown;
}

std::string printable(std::string_view text) {
  std::string clean;
  each_code_point(text, [&clean](std::string_view bytes, utf8proc_int32_t code_point) {
    const bool control = (code_point < 0x20 && code_point != '\n' && code_point != '\t') || (code_point >= 0x7F && code_point < 0xA0);
    const bool turns_direction = (code_point >= 0x202A && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069);
    if (code_point == 0xFFFD) clean += "\xEF\xBF\xBD";
    else if (!control && !turns_direction) clean += bytes;
    return true;
  });
  return clean;
}

std::string grouped(std::int64_t number) {
  auto digits = std::to_string(number);
  for (auto at = std::ptrdiff_t(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) digits.insert(std::size_t(at), ",");
  return digits;
}

std::string short_time(std::string_view rfc3339) {
  if (rfc3339.size() < 16) return std::string(rfc3339);
  auto text = std::string(rfc3339.substr(0, 16));
  text[10] = ' ';
  return text;
}

std::string counted(std::int64_t count, std::string_view singular, std::string_view plural) {
  return grouped(count) + " " + std::string(count == 1 ? singular : plural);
}

table::table(std::vector<std::string> headings) : headings_(std::move(headings)), right_(headings_.size(), false) {}

void table::align_right(std::size_t column) { right_[column] = true; }

void table::add(std::vector<std::string> cells) {
  cells.resize(headings_.size());
  for (auto& cell : cells) cell = one_cell(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> table::widths(std::size_t available) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    auto width = display_width(headings_[column]);
    for (const auto& row : rows_) width = std::max(width, display_width(row[column]));
    widths.push_back(width);
  }
  const auto gaps = gap.size() * (widths.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > available) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= least_width) break;
    --*widest;
  }
  return widths;
}

void table::print(std::ostream& out, const style& how) const {
  if (!how.terminal) {
    out << join(headings_, "\t") << '\n';
    for (const auto& row : rows_) out << join(row, "\t") << '\n';
    return;
  }
  const auto columns = widths(how.width);
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text += gap;
      text += padded(cells[i], columns[i], right_[i]);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  out << how.paint(line(headings_), colour::dim) << '\n';
  for (const auto& row : rows_) out << line(row) << '\n';
}

std::string bar(const std::vector<bar_part>& parts, std::size_t width, const style& how) {
  std::int64_t total = 0;
  for (const auto& part : parts) total += part.count;
  if (total == 0) return how.paint(std::string(width, '-'), colour::dim);
  std::vector<std::size_t> cells;
  for (const auto& part : parts) {
    const auto share = std::size_t(double(part.count) / double(total) * double(width));
    cells.push_back(part.count > 0 ? std::max<std::size_t>(1, share) : 0);
  }
  auto& largest = cells[std::size_t(std::max_element(cells.begin(), cells.end()) - cells.begin())];
  const auto used = std::accumulate(cells.begin(), cells.end(), std::size_t(0));
  largest += width;
  largest -= std::min(largest - 1, used);
  std::string line;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string glyphs;
    for (std::size_t n = 0; n < cells[i]; ++n) glyphs += parts[i].glyph;
    line += how.paint(glyphs, parts[i].with);
  }
  return line;
}

}  // namespace leadsync::client
