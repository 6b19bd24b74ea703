#pragma once

#include "intake/capture_clock.h"
#include "intake/header_dictionary.h"
#include "intake/lead_reader.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// What each column of one file is for, decided once from its header and first rows.
class column_plan {
 public:
  using row = std::vector<std::string_view>;

  /// `sample`: the first rows behind the header.
  column_plan(const std::vector<std::string>& headers, std::span<const std::vector<std::string>> sample, const intake_options& options,
              capture_clock clock);

  /// A row that has as many cells as the header; an error says why it is no lead.
  [[nodiscard]] result<captured_lead> read(const row& cells);

  [[nodiscard]] std::size_t width() const { return width_; }
  /// Free text, in which writers forget to quote line ends.
  [[nodiscard]] bool is_free_text(std::size_t column) const;
  /// Whether the cells are the start of a row, rather than the rest of a broken one.
  [[nodiscard]] bool starts_a_row(const row& cells) const;

 private:
  struct step {
    header_target target;
    std::string header;
    std::size_t column;
  };

  void resolve(std::vector<step>& steps, std::span<const std::vector<std::string>> sample);

  intake_options options_;
  capture_clock clock_;
  std::size_t width_ = 0;
  std::vector<step> steps_;  ///< in the order of the document's fields, so that each is appended
  std::size_t date_column_;  ///< npos where there is none
  std::size_t time_column_;
  std::size_t email_column_;
};

}  // namespace leadsync
