#pragma once

#include "intake/column_plan.h"
#include "intake/csv_reader.h"
#include "intake/lead_reader.h"
#include "intake/text_decoder.h"

#include <optional>
#include <string>
#include <vector>

namespace leadsync {

/// A vendor's CSV export. Delimiter, header row, and what the columns are for, come from the first 64 KiB.
class csv_leads : public lead_reader {
 public:
  csv_leads(const intake_options& options, capture_clock clock) : options_(options), clock_(std::move(clock)) {}

  result<> feed(std::string_view bytes, lead_sink& sink) override;
  result<> finish(lead_sink& sink) override;

 private:
  struct broken_row {
    std::uint64_t number;
    std::vector<std::string> cells;
    std::string raw;
  };

  result<> start(bool ended);
  void read_rows(bool ended, lead_sink& sink);
  void take(const csv_record& record, lead_sink& sink);
  bool join(const csv_record& record, lead_sink& sink);
  void flush(lead_sink& sink);
  void emit(std::uint64_t number, column_plan::row cells, std::string_view raw, lead_sink& sink);

  intake_options options_;
  capture_clock clock_;
  text_decoder decoder_;
  csv_reader reader_;
  std::optional<column_plan> plan_;  ///< once the header is known
  std::size_t surplus_ = 0;          ///< blank cells that this writer ends every row with, and not its header
  std::optional<broken_row> broken_;
};

}  // namespace leadsync
