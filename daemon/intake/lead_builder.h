#pragma once

#include "intake/capture_clock.h"
#include "intake/lead_reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace leadsync {

/// Puts one lead together from cells or members, with the care that all sources need: two columns for one field, numbers that a
/// spreadsheet has damaged, text that is not UTF-8.
class lead_builder {
 public:
  lead_builder(const intake_options& options, const capture_clock& clock) : options_(options), clock_(clock) {}

  /// `header` names what is kept besides where the field has a value already.
  void field(std::string_view name, std::string_view header, std::string_view value);
  void custom(std::string_view name, std::string_view value);
  void qualifier(std::string_view question, std::vector<std::string> values);
  void id(std::string_view value);
  /// An export's own numbering of rows: it says nothing at another event, so it is an id within this one.
  void row_number(std::string_view value);
  void event(std::string_view value);
  void captured(std::string_view date, std::string_view time);

  /// An error says what the row lacks, and what to do.
  [[nodiscard]] result<captured_lead> finish();

 private:
  const intake_options& options_;
  const capture_clock& clock_;
  captured_lead lead_;
  bool numbered_ = false;
};

/// "a; b|c" to its parts.
[[nodiscard]] std::vector<std::string> split_values(std::string_view text);
/// "4.41234E+11": digits are lost, and different numbers have become one.
[[nodiscard]] bool is_damaged_number(std::string_view text);

}  // namespace leadsync
