#include "intake/lead_reader.h"

#include "base/text.h"
#include "intake/csv_leads.h"
#include "intake/json_leads.h"
#include "intake/json_to_lead.h"

#include <optional>

namespace leadsync {
namespace {

enum class format { unknown, csv, json, ndjson };

format format_named(std::string_view content_type) {
  const auto type = ascii_lower(trim(content_type.substr(0, content_type.find(';'))));
  const auto ends = [&](std::string_view ending) { return type.ends_with(ending); };
  if (ends("ndjson") || ends("jsonl") || ends("jsonlines") || ends("json-seq")) return format::ndjson;
  if (ends("/json") || ends("+json") || ends(".json")) return format::json;
  if (ends("/csv") || ends(".csv") || ends(".tsv") || ends("/tab-separated-values")) return format::csv;
  return format::unknown;
}

/// What other programs call a table and is none that can be read here.
std::optional<std::string_view> refusal_of(std::string_view head) {
  if (head.starts_with("PK\x03\x04") || head.starts_with("\xD0\xCF\x11\xE0"))
    return "this is a spreadsheet file: open it and save it as CSV (UTF-8)";
  if (head.starts_with("%PDF")) return "this is a PDF: export the leads as CSV";
  if (head.starts_with("\x1F\x8B")) return "this is compressed: unpack it first";
  if (trim(head).starts_with('<')) return "this is HTML or XML: export the leads as CSV or JSON";
  return std::nullopt;
}

/// Chooses once there is something to see.
class sniffing_reader : public lead_reader {
 public:
  sniffing_reader(format named, const intake_options& options, capture_clock clock)
      : format_(named), options_(options), clock_(std::move(clock)) {}

  result<> feed(std::string_view bytes, lead_sink& sink) override {
    if (reader_) return reader_->feed(bytes, sink);
    head_ += bytes;
    // Only blanks so far, or less than the longest signature.
    if (head_.size() < 8 || (trim(head_).size() < 2 && head_.size() < 4096)) return {};
    return choose(sink);
  }

  result<> finish(lead_sink& sink) override {
    if (!reader_)
      if (auto chosen = choose(sink); !chosen) return chosen;
    return reader_->finish(sink);
  }

 private:
  result<> choose(lead_sink& sink) {
    if (const auto refusal = refusal_of(head_)) return make_error(errc::invalid_input, std::string(*refusal));
    const auto start = trim(head_);
    if (format_ == format::unknown) format_ = start.starts_with('{') || start.starts_with('[') ? format::json : format::csv;
    if (format_ == format::json) reader_ = std::make_unique<json_leads>(options_, clock_);
    else if (format_ == format::ndjson) reader_ = std::make_unique<ndjson_reader>(options_, clock_);
    else reader_ = std::make_unique<csv_leads>(options_, clock_);
    const auto head = std::move(head_);
    return reader_->feed(head, sink);
  }

  format format_;
  intake_options options_;
  capture_clock clock_;
  std::string head_;
  std::unique_ptr<lead_reader> reader_;
};

}  // namespace

result<std::unique_ptr<lead_reader>> make_lead_reader(std::string_view content_type, const intake_options& options) {
  auto clock = capture_clock::make(options.time_zone);
  if (!clock) return clock.error();
  return std::unique_ptr<lead_reader>(std::make_unique<sniffing_reader>(format_named(content_type), options, std::move(*clock)));
}

result<captured_lead> parse_api_lead(std::string_view json, const intake_options& options) {
  const auto clock = capture_clock::make(options.time_zone);
  if (!clock) return clock.error();
  return lead_from_json(json, options, *clock);
}

}  // namespace leadsync
