#pragma once

#include "model/lead.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace leadsync {

struct intake_options {
  std::string event;      ///< of rows that name none
  std::string source;     ///< kept on each lead as custom:source; empty: not. Other text is another revision of the lead
  std::string time_zone;  ///< IANA name, for times written without a zone; empty: they stay local
};

/// A row that became no lead.
struct refused_row {  // not the store's rejected_row, which stands beside it in the runtime
  std::uint64_t row_number;  ///< as a spreadsheet counts, header included; of NDJSON the line, of a JSON array the element
  std::string reason;        ///< what is wrong and what to do
  std::string raw;           ///< as read, in UTF-8, at most 64 KiB of it
};

class lead_sink {
 public:
  virtual ~lead_sink() = default;
  virtual void accept(std::uint64_t row_number, captured_lead lead) = 0;
  virtual void reject(refused_row row) = 0;
};

/// Reads one file or body, piece by piece. An error means that nothing more of it can be read; what the sink was given before holds.
class lead_reader {
 public:
  virtual ~lead_reader() = default;
  [[nodiscard]] virtual result<> feed(std::string_view bytes, lead_sink& sink) = 0;
  [[nodiscard]] virtual result<> finish(lead_sink& sink) = 0;
};

/// `content_type` as in HTTP (parameters are ignored), or a file's name; where it says nothing, the first bytes decide.
[[nodiscard]] result<std::unique_ptr<lead_reader>> make_lead_reader(std::string_view content_type, const intake_options& options);

/// One lead of the API: {"id", "event", "email", "firstName", …, "qualifiers": {"Timeline": "x"}, "custom": {…}}.
[[nodiscard]] result<captured_lead> parse_api_lead(std::string_view json, const intake_options& options);

}  // namespace leadsync
