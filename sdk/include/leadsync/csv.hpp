// SPDX-License-Identifier: Apache-2.0
//
// Optional, for CRMs whose bulk interface takes and gives CSV. plugin.hpp does not include it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leadsync::sdk {

struct csv_row {
  std::vector<std::string> cells;
  std::size_t begin = 0, end = 0;  ///< bytes of the text, without the line's end
};

namespace detail {

/// From `at`, which it moves behind the cell.
inline std::string read_csv_cell(std::string_view text, std::size_t& at) {
  std::string cell;
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      if (quoted && at + 1 < text.size() && text[at + 1] == '"') cell += text[++at];
      else quoted = !quoted;
      continue;
    }
    if (!quoted && (c == ',' || c == '\n' || c == '\r')) break;
    cell += c;
  }
  return cell;
}

}  // namespace detail

/// RFC 4180, with either line ending. Blank lines are left out; a quote that is never closed ends with the text.
inline std::vector<csv_row> read_csv(std::string_view text) {
  std::vector<csv_row> rows;
  for (std::size_t at = 0; at < text.size();) {
    csv_row row;
    row.begin = at;
    row.cells.push_back(detail::read_csv_cell(text, at));
    while (at < text.size() && text[at] == ',') row.cells.push_back(detail::read_csv_cell(text, ++at));
    row.end = at;
    while (at < text.size() && (text[at] == '\n' || text[at] == '\r')) ++at;
    const bool is_blank = row.cells.size() == 1 && row.cells.front().empty();
    if (!is_blank) rows.push_back(std::move(row));
  }
  return rows;
}

/// One line, ended by \n. Quotes what must be.
inline void append_csv(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    const bool plain = cells[i].find_first_of(",\"\r\n") == std::string::npos;
    if (!plain) out += '"';
    for (const char c : cells[i]) out.append(c == '"' ? 2 : 1, c);
    if (!plain) out += '"';
  }
  out += '\n';
}

}  // namespace leadsync::sdk
